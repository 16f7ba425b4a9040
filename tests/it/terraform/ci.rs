//! In CI a ledger on the job's own disk dies with the job; the provider says so before anything is lost.

use acceptance::World;

use super::{apply, environment};

const WARNING: &str = "Ledger Dies With This CI Job";

#[test]
fn a_ci_job_without_a_chosen_ledger_is_warned_and_one_with_a_ledger_is_not() {
    let world = World::new();
    let chosen = apply(&world, "chosen", "").with_env("CI", "true");
    chosen.plan().expect_success().expect_not_saying(WARNING);

    let default = world
        .workspace("default")
        .with_env("CI", "true")
        .with_env("EPHEMERAL_LEDGER", "");
    default.write("main.tf", &environment("default", ""));
    let place = world
        .root()
        .join("home/.local/state/ephemeral/ledger.sqlite3");
    default
        .apply()
        .expect_success()
        .expect_saying(WARNING)
        .expect_saying(&format!("sqlite://{}", place.display()))
        .expect_saying("EPHEMERAL_LEDGER");
    assert!(place.exists());

    let at_home = default.with_env("CI", "false");
    at_home.expect_no_changes().expect_not_saying(WARNING);
    let argument = "provider \"ephemeral\" {\n  default_owner = \"ana\"\n  ledger        = ";
    let place = format!("\"sqlite://{}\"\n", place.display());
    let configured = environment("default", "").replace(
        "provider \"ephemeral\" {\n  default_owner = \"ana\"\n",
        &format!("{argument}{place}"),
    );
    at_home.write("main.tf", &configured);
    let in_ci = at_home.with_env("CI", "true");
    in_ci.apply().expect_success().expect_not_saying(WARNING);
}
