//! What was reviewed is what runs: whatever changes between plan and apply is skipped and said so.

use acceptance::{Sweeper, TerraformWorkspace, World};

use super::{LONG, SHORT, apply, result_of, sweeper, verdicts, wait_until_due};

/// Saves a plan with `name` in it, lets `change` happen, applies the plan, and checks that it was skipped because.
fn is_skipped(arguments: &str, change: fn(&TerraformWorkspace<'_>, &Sweeper<'_>), because: &str) {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = apply(&world, "due", arguments);
    wait_until_due(&sweeper, 1);
    sweeper.run(&["plan", "--out", "sweep.plan"]).expect_exit(2);
    change(&workspace, &sweeper);
    let before = workspace.read("terraform.tfstate");
    let run = sweeper
        .run(&["apply", "sweep.plan", "--json"])
        .expect_exit(3);
    let result = result_of(&run, "due");
    assert_eq!(result["result"], "skipped", "{run}");
    assert!(
        result["because"]
            .as_str()
            .is_some_and(|found| found.contains(because)),
        "expected {because:?}\n{run}"
    );
    assert_eq!(before, workspace.read("terraform.tfstate"));
}

#[test]
fn a_state_that_was_applied_after_the_plan_is_skipped() {
    fn grow(workspace: &TerraformWorkspace<'_>, _: &Sweeper<'_>) {
        workspace.write("more.tf", "resource \"terraform_data\" \"more\" {}\n");
        workspace.apply().expect_success();
    }
    is_skipped(SHORT, grow, "serial was");
}

#[test]
fn a_hold_after_the_plan_is_heard() {
    fn hold(_: &TerraformWorkspace<'_>, sweeper: &Sweeper<'_>) {
        sweeper
            .run(&["hold", "due", "--reason", "wait"])
            .expect_success();
    }
    is_skipped(SHORT, hold, "held by");
}

#[test]
fn an_extension_after_the_plan_is_heard() {
    fn extend(_: &TerraformWorkspace<'_>, sweeper: &Sweeper<'_>) {
        sweeper
            .run(&[
                "extend",
                "due",
                "--by",
                "1h",
                "--reason",
                "the demo is tomorrow",
            ])
            .expect_success();
    }
    is_skipped(SHORT, extend, "no longer to be destroyed");
}

#[test]
fn a_release_after_the_plan_is_heard() {
    fn release(_: &TerraformWorkspace<'_>, sweeper: &Sweeper<'_>) {
        sweeper
            .run(&["release", "due", "--reason", "we keep it"])
            .expect_success();
    }
    is_skipped(SHORT, release, "no longer to be destroyed");
}

#[test]
fn what_fell_due_after_the_plan_was_saved_is_not_done_and_not_called_clean() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let planned = apply(&world, "planned", SHORT);
    wait_until_due(&sweeper, 1);
    sweeper.run(&["plan", "--out", "sweep.plan"]).expect_exit(2);
    let later = apply(&world, "later", SHORT);
    wait_until_due(&sweeper, 2);
    sweeper
        .run(&["apply", "sweep.plan"])
        .expect_exit(2)
        .expect_saying("Left: 1 due; `sweeper plan` shows which and why.");
    assert_eq!((planned.addresses().len(), later.addresses().len()), (0, 4));
    sweeper.run(&["plan"]).expect_exit(2);
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    sweeper.run(&["plan"]).expect_success();
}

#[test]
fn a_plan_that_was_edited_is_refused_whole() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = apply(&world, "due", SHORT);
    wait_until_due(&sweeper, 1);
    sweeper.run(&["plan", "--out", "sweep.plan"]).expect_exit(2);
    let file = sweeper.folder().join("sweep.plan");
    let plan = std::fs::read_to_string(&file).expect("reading the plan");
    std::fs::write(&file, plan.replace("\"fleet\": 2", "\"fleet\": 3")).expect("editing the plan");
    sweeper
        .run(&["apply", "sweep.plan"])
        .expect_exit(64)
        .expect_saying("it was changed after it was made");
    assert_eq!(workspace.addresses().len(), 4);
}

#[test]
fn a_plan_of_another_ledger_is_refused_whole() {
    let (here, there) = (World::new(), World::new());
    apply(&there, "live", LONG);
    let elsewhere = sweeper(&there);
    elsewhere
        .run(&["plan", "--out", "sweep.plan"])
        .expect_success();
    apply(&here, "live", LONG);
    let file = elsewhere.folder().join("sweep.plan");
    here.sweeper()
        .run(&["apply", &file.to_string_lossy()])
        .expect_exit(64)
        .expect_saying("was made for the ledger");
}

#[test]
fn a_plan_is_consumed_once_what_it_destroyed_is_not_destroyed_again() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = apply(&world, "due", SHORT);
    wait_until_due(&sweeper, 1);
    sweeper.run(&["plan", "--out", "sweep.plan"]).expect_exit(2);
    sweeper.run(&["apply", "sweep.plan"]).expect_success();
    // The same name lives again, in the same place, expired again: it is another generation, and not in the plan.
    workspace.apply().expect_success();
    wait_until_due(&sweeper, 1);
    sweeper.run(&["apply", "sweep.plan"]).expect_exit(3);
    assert_eq!(workspace.addresses().len(), 4);
    assert_eq!(verdicts(&sweeper.json(&["plan"]), "destroy"), ["due"]);
}
