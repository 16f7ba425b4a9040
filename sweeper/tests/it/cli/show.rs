//! `show`, and what a name means.

use ledger::{clock::rfc3339, environment::Environment, id::Generation};

use super::place::{Place, lease, living, released, subject};

fn second(name: &str) -> Environment {
    Environment {
        generation: Generation::new(2).expect("not zero"),
        ..living(name)
    }
}

#[test]
fn everything_the_ledger_knows_is_shown() {
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    let run = place.run(&["show", "pr-128"]).ends_with(0);
    for said in [
        environment.id.as_str(),
        "provisioning",
        "checkout",
        "ana@shop (local, claimed)",
        &rfc3339(environment.expires_at()),
        &rfc3339(environment.hard_expires_at()),
        "ttl 4h, max 3d, idle 8h, hibernate after 4h, grace 1h",
        "tier=preview",
        "local:/nowhere/pr-128.tfstate",
        "living",
        "Events (the last 1 of 1)",
        "created",
    ] {
        assert!(run.stdout.contains(said), "{said}: {run:?}");
    }
    assert!(run.stderr.is_empty(), "{run:?}");
    let document = place.run(&["show", environment.id.as_str(), "--json"]);
    let document = document.ends_with(0).json();
    assert_eq!(document["environment"]["name"], "pr-128");
    assert_eq!(document["lease"], serde_json::Value::Null);
    assert_eq!(document["events"][0]["kind"], "created");
    assert_eq!(document["events"][0]["by"]["subject"], "ana@shop");
}

#[test]
fn a_lease_is_shown_by_its_id() {
    let place = Place::new();
    let lease = place.lease(lease("ana"));
    let run = place.run(&["show", lease.id.as_str()]).ends_with(0);
    run.says("fencing token").says("aws_instance.bastion");
    let document = place.run(&["show", lease.id.as_str(), "--json"]);
    let document = document.ends_with(0).json();
    assert_eq!(document["lease"]["fencing_token"], 1);
    assert_eq!(document["environment"], serde_json::Value::Null);
}

#[test]
fn a_name_means_its_living_generation_and_without_one_its_latest() {
    let place = Place::new();
    let first = place.environment(released("pr-128"));
    let other = Environment {
        lifecycle: first.lifecycle.clone(),
        ..second("pr-128")
    };
    let other = place.environment(other);
    let shown = |selector: &str| {
        let run = place.run(&["show", selector, "--json"]).ends_with(0);
        run.json()["environment"]["id"].clone()
    };
    assert_eq!(shown("pr-128"), other.id.as_str());
    let third = place.environment(Environment {
        generation: Generation::new(3).expect("not zero"),
        ..living("pr-128")
    });
    assert_eq!(shown("pr-128"), third.id.as_str());
    assert_eq!(shown(first.id.as_str()), first.id.as_str());
    place
        .run(&["show", "pr-128"])
        .ends_with(0)
        .says("has 3 generations");
}

#[test]
fn a_name_with_two_living_generations_is_ambiguous() {
    let place = Place::new();
    let first = place.environment(living("pr-128"));
    let second = place.environment(second("pr-128"));
    for line in [
        &["show", "pr-128"][..],
        &["release", "pr-128", "--reason", "x"],
    ] {
        let run = place.run(line).ends_with(64);
        run.says(first.id.as_str()).says(second.id.as_str());
    }
    assert_eq!(place.stored(&subject(&first)).revision.0, 1);
    place.run(&["show", first.id.as_str()]).ends_with(0);
}

#[test]
fn a_name_one_of_whose_records_cannot_be_read_names_nothing() {
    let place = Place::new();
    let first = place.environment(living("pr-128"));
    let second = place.environment(second("pr-128"));
    place.falsify(&format!(
        "UPDATE records SET body = '{{}}' WHERE subject = '{}'",
        subject(&second)
    ));
    place
        .run(&["hold", "pr-128", "--reason", "x"])
        .ends_with(5)
        .says(second.id.as_str());
    place
        .run(&["hold", first.id.as_str(), "--reason", "x"])
        .ends_with(0);
}

#[test]
fn an_environment_whose_name_looks_like_the_id_of_another_is_ambiguous() {
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    place.environment(living(environment.id.as_str()));
    place
        .run(&["show", environment.id.as_str()])
        .ends_with(64)
        .says("names more than one");
}
