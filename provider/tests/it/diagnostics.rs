//! The table of diagnostics, the code and the page that lists them say the same.
//!
//! `scripts/docs` runs this with UPDATE_DOCS=1, which writes the page anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use provider::diag::table::{NAMED, WRITTEN};
use provider::diag::title::{Row, Severity};

const PAGE: &str = "../docs/guides/diagnostics.md";

/// What is about no argument: about the ledger or a record in it, about the host, about an id on the command line, about a
/// variable, or about the provider block where a resource says it.
const WITHOUT_PLACE: &[&str] = &[
    "already_over",
    "another_ledger",
    "being_destroyed",
    "claim_is_over",
    "identity_required",
    "incomplete_capsule",
    "incomplete_plan",
    "invalid_variable",
    "ledger",
    "ledger_not_known",
    "list_with_gaps",
    "nothing_to_import",
    "records_left_out",
    "run_counted_as_dead",
    "run_lost",
    "run_not_closed",
    "run_not_opened",
    "unreadable_records",
    "will_resist",
];

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The provider's sources, without their inline tests, by their path below `src`.
fn sources() -> BTreeMap<String, String> {
    let found = sources_below(&here().join("src"));
    assert!(50 < found.len(), "the sources were not found");
    found
}

/// The same of the crate `plugin`, which writes its titles itself.
fn plugin_sources() -> BTreeMap<String, String> {
    let found = sources_below(&here().join("../crates/plugin/src"));
    assert!(20 < found.len(), "the sources of plugin were not found");
    found
}

fn sources_below(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut ahead = vec![root.to_owned()];
    while let Some(folder) = ahead.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder") {
            let path: PathBuf = entry.expect("a readable entry").path();
            if path.is_dir() {
                ahead.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = fs::read_to_string(&path).expect("a readable source");
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                let short = path.strip_prefix(root).expect("below the root");
                found.insert(short.to_string_lossy().into_owned(), text.to_owned());
            }
        }
    }
    found
}

/// What stands between `before` and `after`, wherever `before` occurs.
fn between<'a>(text: &'a str, before: &'a str, after: &'a [char]) -> impl Iterator<Item = &'a str> {
    let parts = text.split(before).skip(1);
    parts.filter_map(move |rest| rest.split(after).next())
}

fn word_at_start(text: &str) -> &str {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.split(|letter: char| !is_word(letter))
        .next()
        .unwrap_or_default()
}

fn is_table(path: &str) -> bool {
    path == "diag/table.rs" || path == "diag/title.rs"
}

fn in_diag(path: &str) -> bool {
    path == "diag.rs" || path.starts_with("diag/")
}

/// Each constructor of `diag/` with the titles it names.
fn constructors(sources: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let areas = sources
        .iter()
        .filter(|(path, _)| path.starts_with("diag/") && !is_table(path));
    let mut found = BTreeMap::new();
    for (path, text) in areas {
        for function in text.split("\npub fn ").skip(1) {
            let name = word_at_start(function).to_owned();
            let titles = between(function, "Title::", &[',', ')', ' ', '\n']);
            let titles: BTreeSet<String> = titles.map(str::to_owned).collect();
            assert_eq!(
                titles.len(),
                1,
                "{path}: `{name}` makes one diagnostic, not {titles:?}"
            );
            found.insert(name, titles);
        }
    }
    found
}

/// The words of a variant as its title is kept in the enum, in the table's order.
fn variants(sources: &BTreeMap<String, String>) -> Vec<(String, &'static Row)> {
    let table = &sources["diag/table.rs"];
    let names = table.lines().filter_map(|line| {
        let (name, rest) = line.trim().split_once(": ")?;
        (rest.starts_with("Error \"") || rest.starts_with("Warning \"")).then(|| name.to_owned())
    });
    let names: Vec<String> = names.collect();
    assert_eq!(
        names.len(),
        NAMED.len(),
        "one line of the table for each name"
    );
    names.into_iter().zip(NAMED).collect()
}

#[test]
fn every_listed_diagnostic_has_a_constructor_and_every_constructor_a_use() {
    let sources = sources();
    let constructors = constructors(&sources);
    let named: BTreeSet<&String> = constructors.values().flatten().collect();
    for (variant, row) in variants(&sources) {
        assert!(
            named.contains(&variant),
            "nothing in src/diag makes `{}`; remove its row or write it",
            row.title
        );
    }
    for name in constructors.keys() {
        let call = format!("diag::{name}(");
        let used = sources
            .iter()
            .any(|(path, text)| !in_diag(path) && text.contains(&call));
        assert!(used, "nobody calls diag::{name}; remove it and its row");
    }
}

#[test]
fn every_diagnostic_points_at_an_argument_but_those_that_are_about_none() {
    let mut without = BTreeSet::new();
    for (path, text) in sources() {
        if !path.starts_with("diag/") || is_table(&path) {
            continue;
        }
        let found = text.split("\npub fn ").skip(1);
        let found = found.filter(|function| function.contains("AttributePath::root()"));
        without.extend(found.map(|function| word_at_start(function).to_owned()));
    }
    let expected = WITHOUT_PLACE.iter().map(|name| (*name).to_owned());
    assert_eq!(without, expected.collect());
}

#[test]
fn a_warning_is_listed_as_a_warning_and_an_error_as_an_error() {
    let sources = sources();
    let constructors = constructors(&sources);
    let severity: BTreeMap<String, Severity> = variants(&sources)
        .into_iter()
        .map(|(variant, row)| (variant, row.severity))
        .collect();
    let mut seen = 0;
    for (path, text) in sources.iter().filter(|(path, _)| !in_diag(path)) {
        for (raise, expected) in [
            ("add_error(diag::", Severity::Error),
            ("add_warning(diag::", Severity::Warning),
        ] {
            for name in between(text, raise, &['(']) {
                seen += 1;
                for title in &constructors[name] {
                    assert_eq!(severity[title], expected, "{path}: diag::{name}");
                }
            }
        }
    }
    assert!(20 < seen, "the calls were not found: {seen}");
}

#[test]
fn nothing_outside_the_table_reaches_a_user() {
    let sources = sources();
    let by_hand = [
        "Diagnostic {",
        "Diagnostic::new(",
        ".root_error(",
        ".root_warning(",
        ".refuse(",
        ".fail(",
        ".warn(",
    ];
    for (path, text) in &sources {
        if in_diag(path) {
            continue;
        }
        // Part of a type or of a trait's method is no diagnostic.
        let text = text.replace("-> Diagnostic {", "");
        for way in by_hand {
            assert!(
                !text.contains(way),
                "{path} raises a diagnostic by hand with `{way}`: give it a constructor in src/diag"
            );
        }
    }
}

/// The titles that `plugin` writes itself: the first text after each raise, or the constant that stands there.
fn written_by_plugin(sources: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut titles = BTreeSet::new();
    for (path, text) in sources {
        if path == "report.rs" {
            continue;
        }
        for raise in [".refuse(", ".fail(", ".warn("] {
            for call in text.split(raise).skip(1) {
                titles.extend(title_of(call, text));
            }
        }
        for named in ["no_such(", "Table::of("] {
            let calls = text.split(named).skip(1);
            let kinds =
                calls.filter_map(|call| call.trim_start().strip_prefix('"')?.split('"').next());
            titles.extend(kinds.map(|kind| format!("Unsupported {kind}")));
        }
    }
    titles
}

fn title_of(call: &str, file: &str) -> Option<String> {
    let literal = call
        .find('"')
        .map(|at| &call[at + 1..])?
        .split('"')
        .next()?;
    let before = &call[..call.find('"')?];
    let constant = before.split([',', '(', '\n', ' ']).rfind(|word| {
        !word.is_empty()
            && word
                .chars()
                .all(|letter| letter.is_ascii_uppercase() || letter == '_')
    });
    match constant {
        Some(name) => {
            let value = file.split(&format!("const {name}: &str = \"")).nth(1)?;
            Some(value.split('"').next()?.to_owned())
        }
        // Assembled from a kind, which is looked for where the kind is named.
        None if literal.starts_with("Unsupported {") => None,
        None => Some(literal.to_owned()),
    }
}

#[test]
fn titles_written_by_the_plugin_crate_are_listed_and_those_listed_for_it_are_written() {
    let sources = plugin_sources();
    let mut said = written_by_plugin(&sources);
    let listed: BTreeSet<String> = WRITTEN.iter().map(|row| row.title.to_owned()).collect();
    // A kind may reach its title by way of a parameter.
    let kinds = listed.iter().filter(|title| {
        let kind = title.strip_prefix("Unsupported ");
        kind.is_some_and(|kind| {
            let text = format!("\"{kind}\"");
            sources.values().any(|source| source.contains(&text))
        })
    });
    said.extend(kinds.cloned());
    assert_eq!(
        said, listed,
        "left is what crates/plugin says, right what the table lists for it"
    );
}

#[test]
fn titles_are_titles_and_the_rest_is_sentences() {
    let mut titles = BTreeSet::new();
    for row in NAMED.iter().chain(WRITTEN) {
        assert!(titles.insert(row.title), "`{}` is listed twice", row.title);
        assert!(
            !row.title.contains(['.', '`', '{']),
            "`{}` has no stop and no value",
            row.title
        );
        let small = [
            "a", "an", "by", "from", "the", "to", "for", "of", "in", "on",
        ];
        let capital = |word: &&str| word.starts_with(|letter: char| letter.is_uppercase());
        let lower: Vec<&str> = row
            .title
            .split([' ', '-'])
            .filter(|word| !capital(word) && !small.contains(word))
            .collect();
        assert!(lower.is_empty(), "`{}` is in title case", row.title);
        for text in [row.cause, row.remedy] {
            assert!(
                text.ends_with('.') && !text.contains('|') && !text.contains('\n'),
                "`{}`: {text}",
                row.title
            );
        }
    }
}

#[test]
fn the_page_lists_the_table() {
    let expected = provider::docs::diagnostics();
    let path = here().join(PAGE);
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| !value.is_empty()) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("making the folder");
        fs::write(&path, &expected).expect("writing the page");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == expected,
        "docs/guides/diagnostics.md is stale, run `make docs`"
    );
}
