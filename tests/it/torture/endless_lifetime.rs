//! Endless lifetime: a lifetime of zero was accepted, so nothing was ever collected. Here no lifetime is zero, endless or unreadable,
//! and none that nobody set is endless either.

use acceptance::World;

use crate::terraform::ledger::Ledger;
use crate::terraform::{PAGE, REQUIRED, apply, environment, errors};

#[test]
fn no_lifetime_is_zero_endless_or_unreadable() {
    let world = World::new();
    let workspace = world.workspace("shop");
    let wrong = [
        "0", "0s", "00:00", "PT0S", "-1h", "", "72", "never", "9999999d",
    ];
    let wrong_members = ["ttl", "max", "idle", "hibernate_after", "grace"];
    let cases = wrong
        .map(|text| ("ttl", text))
        .into_iter()
        .chain(wrong_members.map(|member| (member, "0h")));
    for (member, text) in cases {
        let lifetime = format!("lifetime = {{\n    {member} = \"{text}\"\n  }}");
        workspace.write("main.tf", &environment("shop", &lifetime));
        let refused = workspace.terraform(&["apply", "-auto-approve", "-json"]);
        let said = format!("Invalid Duration at {member} = \"{text}\"");
        assert_eq!(errors(&refused), [said], "{refused}");
    }
    assert!(
        !workspace.path("page.html").exists(),
        "nothing was created beside it"
    );
    assert!(!world.ledger_file().exists());
}

#[test]
fn the_provider_block_and_the_variables_take_no_endless_lifetime_either() {
    let world = World::new();
    let workspace = world.workspace("shop");
    let resource = "resource \"ephemeral_environment\" \"this\" {\n  name = \"shop\"\n}\n";
    let block = "default_owner = \"ana\"\n  default_lifetime = { ttl = \"0\" }";
    let required = REQUIRED.replace("default_owner = \"ana\"", block);
    workspace.write("main.tf", &format!("{required}{resource}{PAGE}"));
    workspace.plan().expect_failure_containing("`0` is zero");
    workspace.write("main.tf", &environment("shop", ""));
    let endless = workspace.with_env("EPHEMERAL_DEFAULT_LIFETIME", "ttl=0s");
    endless
        .plan()
        .expect_failure_containing("EPHEMERAL_DEFAULT_LIFETIME")
        .expect_saying("`0s` is zero");
}

#[test]
fn a_lifetime_that_nobody_set_is_the_default_and_never_none() {
    let world = World::new();
    let _ = apply(&world, "shop", "");
    let record = Ledger::of(&world).environment();
    let three_days = chrono::TimeDelta::hours(72);
    assert_eq!(record.expires_at() - record.created_at, three_days);
    assert_eq!(record.hard_expires_at() - record.created_at, three_days);
    assert_eq!(
        record.due_at() - record.expires_at(),
        chrono::TimeDelta::hours(1)
    );
}

#[test]
fn a_lifetime_over_the_maximum_is_refused_before_anything_is_created() {
    let world = World::new();
    let workspace = world
        .workspace("shop")
        .with_env("EPHEMERAL_MAX_LIFETIME", "ttl=24h,max=48h");
    let lifetime = "lifetime = {\n    ttl = \"25h\"\n    max = \"1w\"\n  }";
    workspace.write("main.tf", &environment("shop", lifetime));
    let refused = workspace.terraform(&["apply", "-auto-approve", "-json"]);
    let mut told = errors(&refused);
    told.sort();
    assert_eq!(
        told,
        [
            "Lifetime Over The Maximum at max = \"1w\"",
            "Lifetime Over The Maximum at ttl = \"25h\"",
        ]
    );
    assert!(!workspace.path("page.html").exists());
    workspace.write("main.tf", &environment("shop", ""));
    workspace.apply().expect_success();
    let record = Ledger::of(&world).environment();
    assert_eq!(
        record.hard_expires_at() - record.created_at,
        chrono::TimeDelta::hours(48),
        "a default gives way to the maximum"
    );
}
