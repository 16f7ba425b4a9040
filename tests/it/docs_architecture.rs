//! docs/architecture.md shows the rooms as they are: every module of every crate has its place on the map, and nothing
//! else has.

use std::collections::BTreeSet;

use acceptance::repository;

const PAGE: &str = "docs/architecture.md";

fn read(path: &str) -> String {
    std::fs::read_to_string(repository::root().join(path))
        .unwrap_or_else(|error| panic!("reading {path}: {error}"))
}

/// The modules that the root of a crate declares.
fn modules_of(crate_folder: &str) -> BTreeSet<String> {
    let text = read(&format!("{crate_folder}/src/lib.rs"));
    let declared = text
        .lines()
        .map(|line| line.trim_start_matches("pub "))
        .filter_map(|line| line.strip_prefix("mod "))
        .filter_map(|rest| rest.strip_suffix(';'));
    declared.map(str::to_owned).collect()
}

/// The modules in the first column of the table under the heading of a crate.
fn modules_on_the_map(crate_folder: &str) -> BTreeSet<String> {
    let text = read(PAGE);
    let (_, below) = text
        .split_once(&format!("### `{crate_folder}/`"))
        .unwrap_or_else(|| panic!("{PAGE} has no heading for {crate_folder}"));
    let section = below.split("\n##").next().unwrap_or_default();
    section
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|row| row.split(" | ").next())
        .flat_map(|cell| cell.split('`'))
        .map(|word| word.trim().trim_end_matches('/'))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Every crate but the tests.
fn crate_folders() -> Vec<String> {
    let found = std::fs::read_dir(repository::root().join("crates")).expect("there are crates");
    let mut folders: Vec<String> = found
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| format!("crates/{}", name.to_string_lossy()))
        .collect();
    folders.extend(["provider", "sweeper"].map(str::to_owned));
    folders
}

#[test]
fn every_module_has_its_place_on_the_map_and_nothing_else_has() {
    for crate_folder in crate_folders() {
        let crate_folder = crate_folder.as_str();
        let (there, shown) = (modules_of(crate_folder), modules_on_the_map(crate_folder));
        assert!(
            2 < there.len(),
            "the modules of {crate_folder} were not found"
        );
        assert_eq!(
            shown, there,
            "{PAGE}, {crate_folder}: left is shown, right is there"
        );
    }
}
