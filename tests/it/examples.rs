//! The examples: formatted as terraform formats them, each valid with the provider of this build, and those with tests
//! of their own pass them.

use std::collections::BTreeSet;
use std::path::Path;

use acceptance::{RunningProcess, TerraformWorkspace, World, repository};

/// The folders below `examples/` that hold a file whose name ends so.
fn folders_with(ending: &str) -> BTreeSet<String> {
    let examples = repository::files()
        .into_iter()
        .filter(|file| file.path.starts_with("examples/") && file.path.ends_with(ending));
    let folders: BTreeSet<String> = examples
        .filter_map(|file| {
            Some(
                Path::new(&file.path)
                    .parent()?
                    .to_string_lossy()
                    .into_owned(),
            )
        })
        .collect();
    assert!(!folders.is_empty(), "no example has a file `*{ending}`");
    folders
}

/// Whether a later terraform than the 1.11 of these tests is needed to read it: actions came with 1.14, imports by
/// identity with 1.12. They are formatted here, and what they say is driven over the wire in the provider's own tests.
fn is_for_a_later_terraform(path: &str) -> bool {
    path.starts_with("examples/actions/") || path.ends_with("/import-by-identity.tf")
}

/// A workspace with everything of an example.
fn copied<'a>(world: &'a World, folder: &str) -> TerraformWorkspace<'a> {
    let workspace = world.workspace(&folder.replace('/', "-"));
    for file in repository::files()
        .iter()
        .filter(|file| file.path.starts_with(&format!("{folder}/")))
        .filter(|file| !is_for_a_later_terraform(&file.path))
    {
        workspace.write(&file.path[folder.len() + 1..], &file.text());
    }
    workspace.init().expect_success();
    workspace
}

#[test]
fn every_example_is_formatted() {
    let world = World::new();
    let mut command = world.command("terraform");
    command
        .args(["fmt", "-check", "-recursive", "-diff", "-no-color"])
        .arg(repository::root().join("examples"));
    RunningProcess::run(command).expect_success();
}

#[test]
fn every_example_is_valid() {
    let world = World::new();
    let folders = folders_with(".tf").into_iter();
    for folder in folders.filter(|folder| !is_for_a_later_terraform(&format!("{folder}/"))) {
        copied(&world, &folder).validate().expect_success();
    }
}

#[test]
fn every_example_with_tests_passes_them_without_a_ledger() {
    let world = World::new();
    for tests in folders_with(".tftest.hcl") {
        let folder = tests.trim_end_matches("/tests");
        let run = copied(&world, folder).terraform(&["test", "-no-color"]);
        run.expect_success().expect_saying("0 failed");
    }
    assert!(
        !world.ledger_file().exists(),
        "a mocked provider made a ledger"
    );
}
