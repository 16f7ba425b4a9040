//! `list`.

use chrono::TimeDelta;
use ledger::{
    clock::rfc3339,
    environment::{Environment, Hold},
    id::Generation,
};

use super::place::{Place, ana, expired, lease, living, now, released, subject};

#[test]
fn the_living_are_listed_soonest_to_expire_first() {
    let place = Place::new();
    let later = place.environment(living("pr-2"));
    place.environment(expired("pr-1"));
    place.environment(released("pr-3"));
    let run = place.run(&["list"]).ends_with(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{run:?}");
    let head: Vec<&str> = lines[0].split_whitespace().collect();
    assert_eq!(
        head,
        ["NAME", "OWNER", "PHASE", "EXPIRES", "GENERATION", "STATE"]
    );
    assert!(lines[1].starts_with("pr-1") && lines[1].contains("expired"));
    assert!(lines[1].contains("(2h ago)"), "{run:?}");
    assert!(lines[2].starts_with("pr-2") && lines[2].contains("provisioning"));
    assert!(lines[2].contains(&rfc3339(later.expires_at())), "{run:?}");
    assert!(lines[2].contains("(in 3h59m)") || lines[2].contains("(in 4h)"));
    assert!(lines[2].ends_with("local:/nowhere/pr-2.tfstate"));
    assert!(run.stderr.is_empty(), "{run:?}");
}

#[test]
fn what_is_over_is_listed_where_it_is_asked_for() {
    let place = Place::new();
    place.environment(living("pr-1"));
    place.environment(released("pr-2"));
    let names = |line: &[&str]| -> Vec<String> {
        let run = place.run(&[line, &["--json"]].concat()).ends_with(0);
        let listed = run.json()["environments"].as_array().cloned();
        let listed = listed.expect("a list").into_iter();
        listed
            .map(|one| one["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    assert_eq!(names(&["list"]), ["pr-1"]);
    assert_eq!(names(&["list", "--all"]).len(), 2);
    assert_eq!(names(&["list", "--phase", "released"]), ["pr-2"]);
    assert_eq!(names(&["list", "--phase", "provisioning"]), ["pr-1"]);
    assert_eq!(names(&["list", "--owner", "ana"]), ["pr-1"]);
    assert_eq!(names(&["list", "--owner", "ben"]), [""; 0]);
}

#[test]
fn an_empty_ledger_is_an_answer_and_prints_no_data() {
    let place = Place::new();
    let run = place.run(&["list"]).ends_with(0);
    assert!(run.stdout.is_empty(), "{run:?}");
    run.says("no environments");
    let document = place.run(&["list", "--json"]).ends_with(0).json();
    assert_eq!(document["environments"], serde_json::json!([]));
}

#[test]
fn the_document_has_every_field_of_an_environment() {
    let place = Place::new();
    let environment = place.environment(Environment {
        hold: Some(Hold {
            by: ana(),
            reason: "demo".to_owned(),
            since: now(),
            until: None,
        }),
        generation: Generation::new(3).expect("not zero"),
        ..living("pr-128")
    });
    let document = place.run(&["list", "--json"]).ends_with(0).json();
    assert_eq!(document["unreadable"], serde_json::json!([]));
    assert_eq!(document["leases"], serde_json::json!([]));
    let ledger = &document["ledger"];
    assert!(ledger["id"].is_string() && ledger["now"].is_string());
    assert_eq!(
        ledger["location"],
        format!("sqlite://{}", place.ledger().display())
    );
    let one = &document["environments"][0];
    let mut fields: Vec<&String> = one.as_object().expect("an object").keys().collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "capture",
            "change_request",
            "claim",
            "course",
            "created_at",
            "created_by",
            "due_at",
            "expires_at",
            "extended_until",
            "generation",
            "hard_expires_at",
            "hold",
            "id",
            "lifetime",
            "name",
            "on_expiry",
            "owner",
            "phase",
            "project",
            "renewed_at",
            "revision",
            "running",
            "state",
            "tags",
            "team",
        ]
    );
    assert_eq!(one["id"], environment.id.as_str());
    assert_eq!(one["generation"], 3);
    assert_eq!(one["phase"], "held");
    assert_eq!(one["hold"]["reason"], "demo");
    assert_eq!(one["hold"]["holds"], true);
    assert_eq!(one["created_by"]["standing"], "claimed");
    assert_eq!(one["lifetime"]["ttl"], "4h");
    assert_eq!(one["expires_at"], rfc3339(environment.expires_at()));
    assert_eq!(one["state"]["address"], "local:/nowhere/pr-128.tfstate");
    assert_eq!(one["tags"]["tier"], "preview");
    assert_eq!(one["course"], serde_json::json!({"kind": "living"}));
    assert_eq!(one["project"], serde_json::Value::Null);
    assert_eq!(one["claim"], serde_json::Value::Null);
}

#[test]
fn leases_are_listed_where_they_are_asked_for() {
    let place = Place::new();
    place.environment(living("pr-128"));
    let one = place.lease(lease("ana"));
    let mut ended = lease("ben");
    ended.created_at = now() - TimeDelta::hours(5);
    ended.renewed_at = ended.created_at;
    place.lease(ended);
    let run = place.run(&["list", "--leases"]).ends_with(0);
    assert!(run.stdout.contains(one.id.as_str()), "{run:?}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[1].contains("ended") && lines[1].contains("ben"));
    assert!(lines[2].contains("active") && lines[2].contains("aws_instance.bastion"));
    assert!(!run.stdout.contains("provisioning"));
    let document = place.run(&["list", "--leases", "--owner", "ana", "--json"]);
    let document = document.ends_with(0).json();
    assert_eq!(document["leases"][0]["id"], one.id.as_str());
    assert_eq!(document["leases"][0]["active"], true);
    assert_eq!(document["leases"][1], serde_json::Value::Null);
    assert_eq!(document["environments"], serde_json::json!([]));
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_the_list_is_blind() {
    let place = Place::new();
    place.environment(living("pr-1"));
    let broken = place.environment(living("pr-2"));
    let id = subject(&broken);
    place.falsify(&format!(
        "UPDATE records SET body = '{{}}' WHERE subject = '{id}'"
    ));
    let run = place.run(&["list"]).ends_with(5);
    assert!(run.stdout.contains("pr-1") && !run.stdout.contains("pr-2"));
    run.says(&format!("warning: cannot read {id}"));
    let run = place.run(&["list", "--json"]).ends_with(5);
    assert_eq!(run.json()["unreadable"][0]["subject"], id.to_string());
}
