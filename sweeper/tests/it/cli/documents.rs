//! What `--json` prints is what docs/operations.md says, field by field.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use ledger::{environment::Environment, state_address::StateAddress};
use serde_json::{Value, json};
use sweeper::json::kept::{KeptStateJson, OpenedJson};

use super::place::{Place, expired, living};

/// The fields of the document of each command, as the table says.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md");
    let page = fs::read_to_string(page).expect("the page");
    let (_, table) = page
        .split_once("| Command | Fields of the document |\n|---|---|\n")
        .expect("the table");
    let quoted = |cell: &str| -> Vec<String> {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let mut found = BTreeMap::new();
    for row in table.lines().take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        for command in quoted(cells[0]) {
            found.insert(command, quoted(cells[1]).into_iter().collect());
        }
    }
    found
}

fn keys(document: &Value) -> BTreeSet<String> {
    let fields = document.as_object().expect("an object");
    fields.keys().cloned().collect()
}

#[test]
fn every_document_has_the_fields_that_the_documentation_lists_and_a_version() {
    let place = Place::new();
    place.environment(living("pr-128"));
    place.environment(living("pr-129"));
    let mut documented = documented();
    let hour = ["extend", "pr-128", "--by", "1h", "--reason", "x"];
    for (command, line) in [
        ("plan", &["plan"][..]),
        ("apply", &["apply", "--auto-approve"]),
        ("list", &["list"]),
        ("show", &["show", "pr-128"]),
        ("extend", &hour),
        ("hold", &["hold", "pr-128", "--reason", "x"]),
        ("unhold", &["unhold", "pr-128", "--reason", "x"]),
        ("release", &["release", "pr-129", "--reason", "x"]),
        ("explain", &["explain", "pr-128"]),
        ("audit verify", &["audit", "verify"]),
        ("state list", &["state", "list"]),
    ] {
        let run = place.run(&[line, &["--json"]].concat());
        let expected = documented.remove(command).expect(command);
        assert_eq!(keys(&run.json()), expected, "{command}: {run:?}");
    }
    let opened = OpenedJson {
        version: sweeper::json::VERSION,
        out: "kept.tfstate".to_owned(),
        kept: KeptStateJson {
            file: "x.sealed".to_owned(),
            sound: true,
            problem: None,
            header: None,
        },
    };
    let opened = serde_json::to_value(&opened).expect("a document");
    let expected = documented.remove("state open").expect("a row");
    assert_eq!(keys(&opened), expected);
    assert!(
        documented.is_empty(),
        "commands without one: {documented:?}"
    );
}

#[test]
fn a_sweep_prints_one_document_whether_it_is_the_first_or_acts() {
    let place = Place::new();
    for name in ["pr-1", "pr-2"] {
        // Where it was is there and can be read, and its state is gone: that is to review.
        let path = place.path(&format!("{name}.tfstate")).display().to_string();
        place.environment(Environment {
            state: Some(StateAddress::new(
                "local",
                [("path".to_owned(), path)],
                "default",
            )),
            ..expired(name)
        });
    }
    let sweep = ["apply", "--auto-approve", "--json"];
    let first = place.run(&sweep).ends_with(2).json();
    assert_eq!(first["mode"], "first-sweep");
    let acted = place.run(&sweep).ends_with(3).json();
    assert_eq!(acted["mode"], "act");
    for document in [&first, &acted] {
        assert_eq!(document["results"], json!([]));
        assert_eq!(document["brakes"], json!([]));
        let left = document["left"].as_array().expect("a list");
        assert_eq!(left.len(), 2, "{document}");
        assert!(
            left.iter().all(|one| one["verdict"] == "review"),
            "{document}"
        );
    }
    assert_eq!(keys(&first), keys(&acted));
}
