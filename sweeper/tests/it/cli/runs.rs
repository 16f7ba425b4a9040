//! Runs of Terraform, as `list`, `show`, `explain`, `plan` and `audit` tell of them.

use chrono::TimeDelta;
use ledger::{
    book::Record,
    clock::rfc3339,
    environment::Environment,
    id::RunId,
    run::{Run, RunEnd},
    ttl::Ttl,
};
use serde_json::Value;

use super::place::{Place, ana, expired, living, now};

/// The hash that no command may show.
pub(super) const HASH: &str = "2e5045ae62acbb288c2508ac390ca8253ebd5ba26265b2b4944e4427b468d6c8";

/// A run that opened just now at the state of `environment` and counts for an hour.
pub(super) fn run(environment: &Environment) -> Run {
    let now = now();
    Run {
        id: RunId::fresh(now),
        token_sha256: HASH.to_owned(),
        environment: None,
        state: environment.state.clone(),
        command: Some("terraform apply".to_owned()),
        opened_by: ana(),
        host: "runner-1".to_owned(),
        ci_job: Some("https://ci.example/jobs/7".to_owned()),
        labels: [("step".to_owned(), "deploy".to_owned())].into(),
        fence: None,
        ttl: Ttl::hours(1),
        opened_at: now,
        renewed_at: now,
        interrupted_at: None,
        end: None,
        superseded: false,
    }
}

/// Records it.
pub(super) fn put(place: &Place, run: Run) -> Run {
    place.put(Record::Run(run.clone()));
    run
}

/// The same, last heard of three hours ago.
pub(super) fn dead(environment: &Environment) -> Run {
    let then = now() - TimeDelta::hours(3);
    Run {
        opened_at: then,
        renewed_at: then,
        ..run(environment)
    }
}

#[test]
fn a_live_run_is_mentioned_beside_the_list_and_in_the_document() {
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    let other = place.environment(living("pr-9"));
    let alive = put(&place, run(&environment));
    put(&place, dead(&other));
    let listed = place.run(&["list"]).ends_with(0);
    assert_eq!(listed.stdout.lines().count(), 3, "{listed:?}");
    let words = format!(
        "{} (terraform apply, ana@shop, https://ci.example/jobs/7) is at work on `pr-128`",
        alive.id
    );
    assert!(listed.stderr.contains(&words), "{listed:?}");
    assert!(!listed.stderr.contains("pr-9"), "{listed:?}");
    let document = place.run(&["list", "--json"]).ends_with(0).json();
    let runs = document["runs"].as_array().expect("a list");
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0]["id"], alive.id.as_str());
    assert_eq!(runs[0]["life"], "alive");
    assert_eq!(runs[0]["over_since"], Value::Null);
    assert_eq!(runs[0]["labels"]["step"], "deploy");
}

#[test]
fn show_and_explain_tell_of_living_dead_and_closed_runs() {
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    let dead = put(&place, dead(&environment));
    let earlier = now() - TimeDelta::minutes(10);
    let closed = Run {
        opened_at: earlier,
        renewed_at: earlier,
        end: Some(RunEnd::Closed { at: earlier }),
        ..run(&environment)
    };
    let closed = put(&place, closed);
    let alive = put(&place, run(&environment));
    let since = rfc3339(dead.alive_until());
    for command in ["show", "explain"] {
        let told = place.run(&[command, "pr-128"]);
        let dead_since = format!("dead since {since}");
        for part in [
            dead.id.as_str(),
            closed.id.as_str(),
            alive.id.as_str(),
            &dead_since,
            "closed",
            "alive until",
            "runner-1",
            "https://ci.example/jobs/7",
        ] {
            assert!(told.stdout.contains(part), "{part}: {told:?}");
        }
        let document = place.run(&[command, "pr-128", "--json"]).json();
        let lives: Vec<&str> = document["runs"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|run| run["life"].as_str().expect("a word"))
            .collect();
        assert_eq!(lives, ["alive", "closed", "dead"]);
        assert!(!document.to_string().contains(&HASH[..8]));
    }
}

#[test]
fn a_live_run_keeps_what_is_expired_and_a_dead_one_is_told_with_its_time() {
    let place = Place::new();
    let environment = place.environment(expired("pr-128"));
    let dead = put(&place, dead(&environment));
    let document = |place: &Place| place.run(&["explain", "pr-128", "--json"]).json();
    let explained = document(&place);
    assert_eq!(explained["decision"]["rule"], "expiry");
    assert_eq!(explained["facts"]["run"]["value"]["run"], dead.id.as_str());
    let activity = &explained["facts"]["activity"];
    assert_eq!(activity["value"], rfc3339(dead.renewed_at));
    assert_eq!(activity["complete"], false, "people use it without runs");
    let words = place.run(&["explain", "pr-128"]);
    let last_sign = format!("last sign of life at {}", rfc3339(dead.renewed_at));
    assert!(words.stdout.contains(&last_sign), "{words:?}");

    let alive = put(&place, run(&environment));
    let explained = document(&place);
    assert_eq!(explained["decision"]["verdict"], "keep");
    assert_eq!(explained["decision"]["rule"], "live-run");
    assert_eq!(explained["facts"]["run"]["value"]["run"], alive.id.as_str());
    let plan = place.run(&["plan", "--json"]).json();
    assert_eq!(plan["items"][0]["rule"], "live-run");
}

#[test]
fn a_run_that_cannot_be_read_keeps_everything_and_everybody_says_so() {
    let place = Place::new();
    place.environment(expired("pr-128"));
    let elsewhere = put(&place, run(&living("pr-9")));
    place.falsify(&format!(
        "UPDATE records SET body = '{{}}' WHERE subject = '{}'",
        elsewhere.id
    ));
    for command in [&["list"][..], &["show", "pr-128"], &["explain", "pr-128"]] {
        let told = place.run(command).ends_with(5);
        told.says(elsewhere.id.as_str())
            .says("whether a run is alive is not known");
    }
    let listed = place.run(&["list", "--json"]).ends_with(5).json();
    assert_eq!(listed["unreadable"][0]["subject"], elsewhere.id.as_str());
    let plan = place.run(&["plan", "--json"]).ends_with(5).json();
    assert_eq!(plan["items"][0]["rule"], "live-run");
    assert_eq!(plan["items"][0]["verdict"], "keep");
}

#[test]
fn the_trail_of_runs_is_audited_like_every_other() {
    let place = Place::new();
    let run = put(&place, run(&living("pr-128")));
    let audit = place
        .run(&["audit", "verify", "--json"])
        .ends_with(0)
        .json();
    assert_eq!(audit["heads"][0]["subject"], run.id.as_str());
    place.falsify("UPDATE events SET body = replace(body, 'ana@shop', 'eve@shop')");
    place.run(&["audit", "verify"]).ends_with(3);
}
