//! One run of Terraform: `show`, `list --runs` and `audit verify` take it, and nothing that changes something does.

use chrono::TimeDelta;
use ledger::{
    clock::rfc3339,
    event::Subject,
    id::Fence,
    run::{Run, RunEnd},
};
use serde_json::Value;

use super::place::{Place, living, now};
use super::runs::{HASH, dead, put, run};

#[test]
fn everything_the_ledger_knows_of_a_run_is_shown() {
    let place = Place::new();
    let shown = Run {
        environment: Some("pr-128".to_owned()),
        interrupted_at: Some(now()),
        fence: Some(Fence(7)),
        ..run(&living("pr-128"))
    };
    let run = put(&place, shown);
    let told = place.run(&["show", run.id.as_str()]).ends_with(0);
    for said in [
        run.id.as_str(),
        &format!("alive until {}", rfc3339(run.alive_until())),
        "terraform apply",
        "ana@shop (local, claimed)",
        "runner-1",
        "https://ci.example/jobs/7",
        "pr-128",
        "local:/nowhere/pr-128.tfstate",
        "step=deploy",
        "1h",
        &rfc3339(run.renewed_at),
        "interrupted",
        "part of a sweeper's destroy, with token 7",
        "Events (the last 1 of 1)",
        "opened",
    ] {
        assert!(told.stdout.contains(said), "{said}: {told:?}");
    }
    assert!(told.stderr.is_empty(), "{told:?}");
    let document = place.run(&["show", run.id.as_str(), "--json"]);
    let document = document.ends_with(0).json();
    let shown = &document["run"];
    assert_eq!(shown["id"], run.id.as_str());
    assert_eq!(shown["life"], "alive");
    assert_eq!(shown["command"], "terraform apply");
    assert_eq!(shown["opened_by"]["standing"], "claimed");
    assert_eq!(shown["state"], "local:/nowhere/pr-128.tfstate");
    assert_eq!(shown["labels"]["step"], "deploy");
    assert_eq!(shown["renewed_at"], rfc3339(run.renewed_at));
    assert_eq!(shown["fence"], 7);
    assert_eq!(shown["superseded"], false);
    assert_eq!(document["events"].as_array().map(Vec::len), Some(1));
    for nothing in ["environment", "lease"] {
        assert_eq!(document[nothing], Value::Null);
    }
    for text in [told.stdout, document.to_string()] {
        assert!(!text.contains(&HASH[..8]), "not even the hash of a token");
    }
}

#[test]
fn the_life_of_a_run_is_told_with_its_time() {
    let place = Place::new();
    let environment = living("pr-128");
    let at = dead(&environment).alive_until();
    let noted_at = at + TimeDelta::hours(1);
    let ended = |end: Option<RunEnd>| {
        put(
            &place,
            Run {
                end,
                ..dead(&environment)
            },
        )
    };
    let since = rfc3339(at);
    for (run, parts) in [
        (
            put(&place, run(&environment)),
            ["alive until TIME (in ", ""],
        ),
        (ended(Some(RunEnd::Closed { at })), ["closed SINCE (", ""]),
        (
            ended(None),
            ["dead since TIME (", "; a late sign of life revives it"],
        ),
        (
            ended(Some(RunEnd::Died { at, noted_at })),
            ["dead since SINCE (", ", noted NOTED ("],
        ),
    ] {
        let told = place.run(&["show", run.id.as_str()]).ends_with(0);
        for part in parts {
            let part = part
                .replace("TIME", &rfc3339(run.alive_until()))
                .replace("SINCE", &since)
                .replace("NOTED", &rfc3339(noted_at));
            assert!(told.stdout.contains(&part), "{part}: {told:?}");
        }
    }
}

#[test]
fn an_unknown_run_is_said_to_be_one_and_one_that_cannot_be_read_is_not_unknown() {
    let place = Place::new();
    let run = run(&living("pr-128"));
    for command in ["show", "explain"] {
        place
            .run(&[command, run.id.as_str()])
            .ends_with(64)
            .says(&format!("there is no run `{}`", run.id))
            .says("sweeper list --runs --all");
    }
    let run = put(&place, run);
    place.falsify(&format!(
        "UPDATE records SET body = '{{}}' WHERE subject = '{}'",
        run.id
    ));
    let unreadable = place.run(&["show", run.id.as_str()]).ends_with(5);
    assert!(!unreadable.stderr.contains("there is no run"));
    place
        .run(&["list", "--runs"])
        .ends_with(5)
        .says(&format!("warning: cannot read {}", run.id));
}

#[test]
fn nobody_but_terraform_changes_a_run() {
    let place = Place::new();
    let run = put(&place, run(&living("pr-128")));
    let id = run.id.as_str();
    for command in [
        &["extend", id, "--by", "1h", "--reason", "x"][..],
        &["hold", id, "--reason", "x"],
        &["unhold", id, "--reason", "x"],
        &["release", id, "--reason", "x"],
        &["explain", id],
    ] {
        place
            .run(command)
            .ends_with(64)
            .says("is a run of Terraform")
            .says(&format!("sweeper show {id}"));
    }
    let subject = Subject::Run(run.id.clone());
    assert_eq!(place.stored(&subject).revision.0, 1);
}

#[test]
fn the_events_of_one_run_can_be_audited_alone() {
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    let run = put(&place, run(&environment));
    let audit = &["audit", "verify", run.id.as_str(), "--json"];
    let document = place.run(audit).ends_with(0).json();
    assert_eq!(document["chain"]["chains"], 1);
    assert_eq!(document["heads"][0]["subject"], run.id.as_str());
    place.falsify(&format!(
        "UPDATE events SET body = replace(body, 'ana@shop', 'eve@shop') WHERE subject = '{}'",
        run.id
    ));
    place.run(audit).ends_with(3);
}

#[test]
fn runs_are_listed_latest_first_without_what_tells_nothing_any_more() {
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    let dead_run = put(&place, dead(&environment));
    let alive = put(&place, run(&environment));
    let superseded = put(
        &place,
        Run {
            superseded: true,
            ..dead(&environment)
        },
    );
    let listed = place.run(&["list", "--runs"]).ends_with(0);
    let lines: Vec<&str> = listed.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{listed:?}");
    assert!(lines[1].contains(alive.id.as_str()) && lines[1].contains("alive until"));
    assert!(lines[2].contains(dead_run.id.as_str()) && lines[2].contains("dead since"));
    assert!(
        lines[2].contains("local:/nowhere/pr-128.tfstate"),
        "{listed:?}"
    );
    let ids = |arguments: &[&str]| -> Vec<String> {
        let document = place.run(arguments).ends_with(0).json();
        assert_eq!(document["environments"], serde_json::json!([]));
        let runs = document["runs"].as_array().expect("a list").clone();
        let ids = runs.iter().map(|run| run["id"].as_str().expect("an id"));
        ids.map(str::to_owned).collect()
    };
    assert_eq!(
        ids(&["list", "--runs", "--json"]),
        [alive.id.as_str(), dead_run.id.as_str()]
    );
    let all = ids(&["list", "--runs", "--all", "--json"]);
    assert!(all.len() == 3 && all.contains(&superseded.id.to_string()));
    let of_ana = ["list", "--runs", "--owner", "ana@shop", "--json"];
    assert_eq!(ids(&of_ana).len(), 2);
    let of_ben = ["list", "--runs", "--owner", "ben@shop"];
    place.run(&of_ben).ends_with(0).says("no runs to list");
    for conflict in [["--leases", "--runs"], ["--runs", "--phase=active"]] {
        place.run(&["list", conflict[0], conflict[1]]).ends_with(64);
    }
}
