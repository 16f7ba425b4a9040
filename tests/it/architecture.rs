//! The dependency arrows of docs/architecture.md, asked of cargo and of the module tree.

use std::collections::BTreeSet;
use std::process::Command;

use acceptance::module_graph::ModuleGraph;
use acceptance::repository;
use serde_json::Value;

const PROVIDER: &str = "terraform-provider-ephemeral";

/// Which other crates of ours each crate may name. A new crate is placed here first.
const ARROWS: [(&str, &[&str]); 9] = [
    ("ledger", &[]),
    ("bounded-http", &[]),
    ("identity", &["ledger", "bounded-http"]),
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

/// The rooms of a crate from the ground up: a room names only rooms on its own floor and below. A new room is placed here
/// first, and so is an arrow that would turn round.
struct Floors {
    folder: &'static str,
    floors: &'static [&'static [&'static str]],
}

const FLOORS: [Floors; 3] = [
    Floors {
        folder: "crates/ledger",
        floors: &[
            // Nouns know nothing but nouns.
            &[
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
                "record",
                "run",
                "scope",
                "state_address",
                "tags",
                "ttl",
            ],
            // Decisions know nouns.
            &["brake", "judge", "liveness", "phase"],
            // What is written down; a digest is taken of what would be written.
            &["chain", "plan", "stored"],
            &["book"],
            &["request"],
        ],
    },
    Floors {
        folder: "provider",
        floors: &[
            &["attributes", "config", "diag", "invocation", "private"],
            &["docs", "function", "settings"],
            &["context"],
            &["object", "update"],
            &["action", "environment", "run_lease"],
            &["data", "lease"],
            &["list"],
            &["ephemeral"],
        ],
    },
    Floors {
        folder: "sweeper",
        floors: &[
            &["age", "exit", "failure", "stop", "invocation"],
            &["cli", "kind"],
            &["forge", "notify"],
            &["config"],
            &[
                "outcome", "reporter", "observe", "screen", "table", "lookup",
            ],
            &["world"],
            &["rescue", "update"],
            &["act"],
            &["sweep"],
            &["json", "event_chain"],
            &["commands"],
        ],
    },
];

#[test]
fn every_room_names_only_rooms_on_its_own_floor_and_below() {
    for Floors { folder, floors } in FLOORS {
        let graph = ModuleGraph::of_crate(folder);
        let placed: BTreeSet<String> = floors
            .iter()
            .copied()
            .flatten()
            .map(|room| (*room).to_owned())
            .collect();
        assert_eq!(
            graph.rooms(),
            placed,
            "{folder}: left is there, right has a floor in tests/it/architecture.rs"
        );
        let floor = |room: &str| floors.iter().position(|rooms| rooms.contains(&room));
        let upward: Vec<String> = graph
            .arrows_between_rooms()
            .into_iter()
            .filter(|(from, to, _)| floor(from) < floor(to))
            .map(|(_, _, arrow)| arrow)
            .collect();
        assert!(
            upward.is_empty(),
            "{folder}: an arrow points up:\n{}",
            upward.join("\n")
        );
    }
}

#[test]
fn no_files_of_a_crate_name_each_other_in_a_circle() {
    let crates = [
        "http",
        "identity",
        "backend",
        "capsule",
        "terraform",
        "plugin",
    ];
    let crates = crates.map(|name| format!("crates/{name}"));
    let rooms = FLOORS.iter().map(|floors| floors.folder.to_owned());
    for folder in crates.into_iter().chain(rooms) {
        let circles = ModuleGraph::of_crate(&folder).circles();
        assert_eq!(circles, Vec::<Vec<String>>::new(), "{folder}");
    }
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

/// Only the backends know which settings are no secrets, so an address is made by `backend::address`, or read back from
/// where it was stored. Its literal does not compile outside the ledger.
#[test]
fn no_address_of_a_state_is_made_past_the_filter_of_the_backends() {
    let constructor = ["StateAddress", "new"].join("::");
    let made: Vec<String> = repository::files_of_kind("rs")
        .into_iter()
        .filter(|file| file.path.contains("/src/") && !file.path.ends_with("/tests.rs"))
        .filter(|file| {
            !["crates/ledger/", "crates/backend/"]
                .iter()
                .any(|allowed| file.path.starts_with(allowed))
        })
        .filter(|file| {
            let text = file.text();
            let code = text.split("#[cfg(test)]\nmod tests {").next();
            code.is_some_and(|code| code.contains(&constructor))
        })
        .map(|file| file.path)
        .collect();
    assert_eq!(made, Vec::<String>::new(), "make it by backend::address");
}

/// A new engine is a folder and a line in the ledger; everything else knows the port.
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
