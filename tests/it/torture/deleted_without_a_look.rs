//! Deleted without a look: nothing looked before the delete; what was marked was deleted, whatever had become of it.

use acceptance::World;

use crate::sweep::{LONG, SHORT, apply, result_of, sweeper, wait_until_due};

#[test]
fn whatever_changed_between_plan_and_apply_is_left_alone() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let renewed = world.workspace("renewed");
    let configuration = |rev: &str| {
        let triggers = format!(
            "lifetime = {{ ttl = \"2s\", grace = \"1s\" }}\ntriggers = {{ rev = \"{rev}\" }}"
        );
        crate::sweep::configuration("renewed", &triggers)
    };
    renewed.write("main.tf", &configuration("1"));
    renewed.apply().expect_success();
    let replaced = apply(&world, "replaced", SHORT);
    let grown = apply(&world, "grown", SHORT);
    let same = apply(&world, "same", SHORT);
    wait_until_due(&sweeper, 4);
    sweeper.run(&["plan", "--out", "sweep.plan"]).expect_exit(2);

    renewed.write("main.tf", &configuration("2").replace("2s", "2h"));
    renewed.apply().expect_success();
    replaced
        .terraform(&[
            "apply",
            "-auto-approve",
            "-no-color",
            "-replace=ephemeral_environment.this",
        ])
        .expect_success();
    grown.write("more.tf", "resource \"terraform_data\" \"more\" {}\n");
    grown.apply().expect_success();
    let changed = [renewed, replaced, grown];
    let before: Vec<String> = changed
        .iter()
        .map(|it| it.read("terraform.tfstate"))
        .collect();

    let run = sweeper
        .run(&["apply", "sweep.plan", "--json"])
        .expect_exit(3);

    for name in ["renewed", "replaced", "grown"] {
        assert_eq!(result_of(&run, name)["result"], "skipped", "{run}");
    }
    assert_eq!(result_of(&run, "same")["result"], "destroyed", "{run}");
    assert_eq!(same.addresses(), [""; 0]);
    let after: Vec<String> = changed
        .iter()
        .map(|it| it.read("terraform.tfstate"))
        .collect();
    assert_eq!(before, after);
}
