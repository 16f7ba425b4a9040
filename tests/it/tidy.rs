//! The habits of the repository that a machine can check.

use acceptance::repository::{self, RepositoryFile};

/// Beyond this a file is looked at: it may be two.
const MOST_LINES: usize = 400;

/// Files of tables, which were looked at: a row more makes them no harder to read.
const TABLES: [&str; 2] = [
    "provider/src/diag/table.rs",
    "provider/src/function/profile_for/rules.rs",
];

/// Fails with every file that breaks the rule, not with the first alone.
#[track_caller]
fn check(
    rule: &str,
    files: Vec<RepositoryFile>,
    broken: impl Fn(&RepositoryFile) -> Option<String>,
) {
    assert!(!files.is_empty(), "no file was looked at for: {rule}");
    let found: Vec<String> = files
        .iter()
        .filter_map(|file| broken(file).map(|what| format!("{}: {what}", file.path)))
        .collect();
    assert!(found.is_empty(), "{rule}\n{}", found.join("\n"));
}

#[test]
fn no_rust_file_is_longer_than_one_noun_or_verb_needs() {
    check(
        "a Rust file has at most 400 lines without its inline tests: one noun or one verb",
        repository::files_of_kind("rs"),
        |file| {
            let text = file.text();
            let code = text
                .split("\n#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default();
            let lines = code.lines().count();
            let is_long = MOST_LINES < lines && !TABLES.contains(&file.path.as_str());
            is_long.then(|| format!("{lines} lines"))
        },
    );
}

#[test]
fn every_rust_file_begins_by_saying_what_it_is_for() {
    check(
        "a Rust file begins with `//!`",
        repository::files_of_kind("rs"),
        |file| (!file.text().starts_with("//! ")).then(|| "begins otherwise".to_owned()),
    );
}

#[test]
fn nothing_is_skipped_or_left_to_do() {
    // Put together here, so that this file does not hold what it looks for.
    let forbidden = [
        concat!("#[", "ignore"),
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("should_", "panic]"),
    ];
    check(
        "no test is skipped, no stub is left",
        repository::files_of_kind("rs"),
        |file| {
            let text = file.text();
            forbidden
                .iter()
                .find(|word| text.contains(**word))
                .map(|word| format!("holds `{word}`"))
        },
    );
}

#[test]
fn the_licence_is_the_mozilla_public_license_in_full() {
    let text = std::fs::read_to_string(repository::root().join("LICENSE"))
        .expect("LICENSE is in the root");
    assert!(text.starts_with("Mozilla Public License Version 2.0"));
    assert!(text.contains("Exhibit A - Source Code Form License Notice"));
}

#[test]
fn the_changelog_has_an_entry_for_this_version() {
    let text = std::fs::read_to_string(repository::root().join("CHANGELOG.md"))
        .expect("CHANGELOG.md is in the root");
    let heading = format!("## {} (", env!("CARGO_PKG_VERSION"));
    assert!(
        text.lines().any(|line| line.starts_with(&heading)),
        "CHANGELOG.md has no line that begins with `{heading}`"
    );
}

#[test]
fn every_script_is_executable_and_stops_at_its_first_error() {
    use std::os::unix::fs::PermissionsExt;
    let scripts = repository::files()
        .into_iter()
        .filter(|file| file.path.starts_with("scripts/") || file.path == ".ci/run");
    check(
        "a script is executable and begins with #! and `set -e`",
        scripts.collect(),
        |file| {
            let metadata = std::fs::metadata(repository::root().join(&file.path))
                .expect("a listed file has metadata");
            if metadata.permissions().mode() & 0o111 == 0 {
                return Some("is not executable".to_owned());
            }
            let text = file.text();
            let shell = text
                .lines()
                .next()
                .is_some_and(|line| line.starts_with("#!") && line.ends_with("sh"));
            (shell && !text.contains("\nset -e")).then(|| "goes on after an error".to_owned())
        },
    );
}
