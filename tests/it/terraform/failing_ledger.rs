//! A ledger that cannot answer: nothing is dropped from the state, nothing is released, and the words say what to do.

use std::path::Path;

use acceptance::World;
use acceptance::workspace::TerraformWorkspace;

use super::ledger::Ledger;
use super::{apply, state_file};

/// Every command that asks the ledger must fail with `said` and leave the state byte-identical.
#[track_caller]
fn everything_fails(workspace: &TerraformWorkspace<'_>, said: &str) {
    let before = state_file(workspace);
    let runs = [
        workspace.plan(),
        workspace.refresh(),
        workspace.apply(),
        workspace.destroy(),
        workspace.terraform(&[
            "destroy",
            "-auto-approve",
            "-no-color",
            "-refresh=false",
            "-target=ephemeral_environment.this",
        ]),
    ];
    for run in runs {
        run.expect_failure_containing(said);
        assert_eq!(state_file(workspace), before, "the state is left as it was");
    }
    assert!(workspace.path("page.html").exists());
}

/// Puts the ledger away with SQLite's side files, and back.
fn rename(from: &Path, to: &Path) {
    for side in ["", "-wal", "-shm"] {
        let with = |path: &Path| format!("{}{side}", path.display());
        if Path::new(&with(from)).exists() {
            std::fs::rename(with(from), with(to)).expect("renamed");
        }
    }
}

#[test]
fn a_missing_ledger_drops_nothing_and_is_not_made_anew_by_a_read() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    let away = world.root().join("away.db");
    rename(&world.ledger_file(), &away);
    everything_fails(&workspace, "there is no ledger here");
    assert!(!world.ledger_file().exists());
    rename(&away, &world.ledger_file());
    workspace.expect_no_changes();
}

#[test]
fn a_corrupt_ledger_drops_nothing() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    let away = world.root().join("away.db");
    rename(&world.ledger_file(), &away);
    std::fs::write(world.ledger_file(), "this is no database\n".repeat(500)).expect("written");
    everything_fails(&workspace, "file is not a database");
    std::fs::remove_file(world.ledger_file()).expect("removed");
    std::fs::create_dir(world.ledger_file()).expect("made");
    everything_fails(&workspace, "Ledger Not Available");
    std::fs::remove_dir(world.ledger_file()).expect("removed");
    rename(&away, &world.ledger_file());
    workspace.expect_no_changes();
}

#[test]
fn another_ledger_in_its_place_drops_nothing() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    let away = world.root().join("away.db");
    rename(&world.ledger_file(), &away);
    let other = Ledger::of(&world);
    everything_fails(&workspace, "Another Ledger");
    assert_eq!(other.environments(), []);
    other.close();
    rename(&world.ledger_file(), &world.root().join("other.db"));
    rename(&away, &world.ledger_file());
    workspace.expect_no_changes();
}

#[test]
fn a_record_that_cannot_be_understood_is_neither_gone_nor_superseded() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    Ledger::of(&world)
        .sql("UPDATE records SET body = '{\"kind\": \"environment\", \"version\": 999}'");
    everything_fails(&workspace, "Ledger Not Available");
    workspace
        .terraform(&["state", "rm", "ephemeral_environment.this"])
        .expect_success();
    workspace
        .apply()
        .expect_failure_containing("Ledger Not Available");
}
