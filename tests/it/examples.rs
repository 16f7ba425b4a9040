//! The examples: formatted as terraform formats them, and each valid with the provider of this build.

use std::collections::BTreeSet;
use std::path::Path;

use acceptance::{RunningProcess, World, repository};

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
    let examples = repository::files_of_kind("tf")
        .into_iter()
        .filter(|file| file.path.starts_with("examples/"));
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
    assert!(!folders.is_empty(), "there is no example");
    let world = World::new();
    for folder in folders {
        let workspace = world.workspace(&folder.replace('/', "-"));
        for file in repository::files()
            .iter()
            .filter(|file| file.path.starts_with(&format!("{folder}/")))
        {
            workspace.write(&file.path[folder.len() + 1..], &file.text());
        }
        workspace.init().expect_success();
        workspace.validate().expect_success();
    }
}
