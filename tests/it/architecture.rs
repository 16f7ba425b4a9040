//! The dependency arrows of docs/architecture.md, asked of cargo and of the module tree.

use std::collections::BTreeSet;
use std::process::Command;

use acceptance::repository;
use serde_json::Value;

const PROVIDER: &str = "terraform-provider-ephemeral";

/// Which other crates of ours each crate may name. A new crate is placed here first.
const ARROWS: [(&str, &[&str]); 9] = [
    ("ledger", &[]),
    ("http", &[]),
    ("identity", &["ledger", "http"]),
    ("backend", &["ledger"]),
    ("capsule", &["ledger"]),
    ("terraform", &["ledger", "backend"]),
    ("plugin", &[]),
    (
        PROVIDER,
        &["ledger", "identity", "backend", "capsule", "plugin"],
    ),
    ("sweeper", &["ledger", "backend", "capsule", "terraform"]),
];

/// Which other crates of ours a crate names, tests and build scripts included.
fn arrows_of(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .current_dir(repository::root())
        .output()
        .expect("cargo can be asked about this workspace");
    let metadata: Value =
        serde_json::from_slice(&output.stdout).expect("cargo metadata answers in JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let found = packages.iter().find(|found| found["name"] == package);
    let dependencies =
        found.unwrap_or_else(|| panic!("no crate {package}"))["dependencies"].as_array();
    let names = dependencies
        .expect("a list of dependencies")
        .iter()
        .filter_map(|dependency| dependency["name"].as_str());
    names
        .filter(|name| *name != package)
        .filter(|name| *name == "acceptance" || ARROWS.iter().any(|(ours, _)| ours == name))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_crate_knows_what_its_place_allows_and_the_provider_and_the_sweeper_never_each_other() {
    for (package, allowed) in ARROWS {
        let allowed = allowed.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(arrows_of(package), allowed, "{package}");
    }
}

/// The modules of the ledger, by what they may know. A new module is placed here first.
const NOUNS: [&str; 16] = [
    "change_request",
    "clock",
    "environment",
    "event",
    "fact",
    "id",
    "identity",
    "inventory",
    "lease",
    "lifetime",
    "reason",
    "run",
    "scope",
    "state_address",
    "tags",
    "ttl",
];
const DECISIONS: [&str; 6] = ["chain", "brake", "judge", "liveness", "phase", "plan"];
/// What is written down, where, and what is asked of it.
const WRITTEN: [&str; 3] = ["stored", "book", "request"];

/// The modules that `module` must not name. A decision may name `stored`: a digest is taken of what would be written.
fn out_of_reach(module: &str) -> Option<Vec<&'static str>> {
    match module {
        noun if NOUNS.contains(&noun) => Some([&DECISIONS[..], &WRITTEN].concat()),
        decision if DECISIONS.contains(&decision) => Some(vec!["book"]),
        written if WRITTEN.contains(&written) => Some(Vec::new()),
        _ => None,
    }
}

/// The modules of this crate that a file names: `crate::ttl::Ttl`, `crate::{clock::Timestamp, ttl}`; comments left out.
fn modules_named(text: &str) -> BTreeSet<String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    // A test may look further than the code it tests.
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|letter| letter.is_ascii_lowercase() || *letter == '_')
            .collect()
    };
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            found.insert(name(rest));
            continue;
        };
        // The items of the group itself: a comma inside an inner group separates something else.
        let mut depth = 0_usize;
        let mut item = String::new();
        for letter in group.chars() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    found.insert(name(&std::mem::take(&mut item)));
                    continue;
                }
                _ => {}
            }
            item.push(letter);
        }
        found.insert(name(&item));
    }
    found.remove("");
    found
}

#[test]
fn a_use_of_a_group_is_read_as_the_modules_it_names() {
    let text = "use crate::{clock::{Clock, Timestamp}, ttl};\n// crate::judge\nfn f() { crate::plan::x() }\n";
    let expected = ["clock", "plan", "ttl"].map(str::to_owned);
    assert_eq!(modules_named(text), BTreeSet::from(expected));
}

#[test]
fn in_the_ledger_nouns_know_nothing_decisions_know_nouns_and_the_book_knows_both() {
    let files: Vec<_> = repository::files_of_kind("rs")
        .into_iter()
        .filter(|file| file.path.starts_with("crates/ledger/src/"))
        .collect();
    assert!(10 < files.len(), "the ledger's sources were not found");
    let mut broken = Vec::new();
    for file in files {
        let inside = file
            .path
            .trim_start_matches("crates/ledger/src/")
            .trim_end_matches(".rs");
        let module = inside.split('/').next().unwrap_or_default();
        if module == "lib" {
            continue;
        }
        let Some(out_of_reach) = out_of_reach(module) else {
            broken.push(format!(
                "{}: `{module}` has no place in tests/it/architecture.rs",
                file.path
            ));
            continue;
        };
        let named = modules_named(&file.text())
            .into_iter()
            .filter(|named| out_of_reach.contains(&named.as_str()));
        broken.extend(named.map(|named| format!("{}: uses crate::{named}", file.path)));
    }
    assert!(
        broken.is_empty(),
        "an arrow points up:\n{}",
        broken.join("\n")
    );
}

#[test]
fn in_the_ledger_only_the_records_and_the_engines_derive_serialize() {
    let files = repository::files_of_kind("rs")
        .into_iter()
        .filter(|file| file.path.starts_with("crates/ledger/src/"));
    let treaty = |path: &str| {
        ["crates/ledger/src/stored", "crates/ledger/src/book"]
            .iter()
            .any(|allowed| path.starts_with(allowed))
    };
    let broken: Vec<String> = files
        .filter(|file| {
            !treaty(&file.path)
                && file
                    .text()
                    .lines()
                    .any(|line| line.contains("derive(") && line.contains("Serialize"))
        })
        .map(|file| file.path)
        .collect();
    assert_eq!(
        broken,
        Vec::<String>::new(),
        "what is stored is written in crates/ledger/src/stored only"
    );
}

/// A new engine is a folder and a line in the ledger: whoever works with a ledger knows its port.
#[test]
fn no_engine_is_named_outside_the_ledger() {
    let engines = [["Sqlite", "Book"].concat(), ["Memory", "Book"].concat()];
    let named: Vec<String> = repository::files_of_kind("rs")
        .into_iter()
        .filter(|file| !file.path.starts_with("crates/ledger/"))
        .filter(|file| {
            let text = file.text();
            engines.iter().any(|engine| text.contains(engine))
        })
        .map(|file| file.path)
        .collect();
    assert_eq!(named, Vec::<String>::new(), "open it by ledger::book::open");
}

/// The modules of the provider by floors, the lowest first: each names only what lies on a lower one.
const PROVIDER_FLOORS: [&[&str]; 8] = [
    &["config", "diag", "invocation", "private"],
    &["docs", "function", "settings"],
    &["context"],
    &["object", "update"],
    &["action", "environment", "run_lease"],
    &["data", "lease"],
    &["list"],
    &["ephemeral"],
];

#[test]
fn in_the_provider_every_arrow_points_down() {
    let floor_of = |module: &str| {
        PROVIDER_FLOORS
            .iter()
            .position(|floor| floor.contains(&module))
    };
    let mut broken = Vec::new();
    for file in repository::files_of_kind("rs") {
        let Some(inside) = file.path.strip_prefix("provider/src/") else {
            continue;
        };
        let module = inside.split('/').next().unwrap_or_default();
        let module = module.trim_end_matches(".rs");
        // A file of tests may look further than the code it tests.
        if ["lib", "main"].contains(&module) || inside.ends_with("tests.rs") {
            continue;
        }
        let Some(own) = floor_of(module) else {
            broken.push(format!("{}: `{module}` has no floor", file.path));
            continue;
        };
        let named = modules_named(&file.text()).into_iter();
        let up =
            named.filter(|named| named != module && floor_of(named).is_some_and(|at| own <= at));
        broken.extend(up.map(|named| format!("{}: uses crate::{named}", file.path)));
    }
    assert!(
        broken.is_empty(),
        "an arrow points up:\n{}",
        broken.join("\n")
    );
}
