//! `explain`: who, which rule, what was done.

use std::fs;

use ledger::{
    environment::{Environment, Evidence, Hold, Lifecycle},
    state_address::StateAddress,
};

use super::place::{Place, ana, expired, lease, living, now, subject};

/// `environment` with a state file in `place` that holds its marker.
fn with_state(place: &Place, environment: Environment) -> Environment {
    let path = place.path(&format!("{}.tfstate", environment.name));
    let state = serde_json::json!({
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 7,
        "lineage": "4a4a4a4a-0000-4000-8000-000000000000",
        "outputs": {},
        "check_results": null,
        "resources": [{
            "mode": "managed",
            "type": "ephemeral_environment",
            "name": "this",
            "provider": "provider[\"registry.terraform.io/ephemeral-environments/ephemeral\"]",
            "instances": [{
                "schema_version": 0,
                "attributes": {"id": environment.id.as_str(), "generation": 1},
            }],
        }],
    });
    fs::write(&path, state.to_string()).expect("a state");
    let setting = ("path".to_owned(), path.display().to_string());
    Environment {
        state: Some(StateAddress::new("local", [setting], "default")),
        ..environment
    }
}

#[test]
fn an_expired_environment_is_explained_with_rule_facts_and_trail() {
    let place = Place::new();
    let environment = place.environment(with_state(&place, expired("pr-128")));
    let run = place.run(&["explain", "pr-128"]).ends_with(0);
    for said in [
        "created by",
        "ana@shop (local, claimed)",
        "serial 7, 1 managed instance, 1 marker, lineage 4a4a4a4a",
        "destroy by the rule `expiry`: it expired at",
        "nobody holds it",
        "its state holds its marker",
        "created",
        "1 event, nothing is broken",
    ] {
        assert!(run.stdout.contains(said), "{said}: {run:?}");
    }
    let document = place
        .run(&["explain", "pr-128", "--json"])
        .ends_with(0)
        .json();
    assert_eq!(document["decision"]["verdict"], "destroy");
    assert_eq!(document["decision"]["rule"], "expiry");
    assert_eq!(document["decision"]["derivation"][0]["rule"], "over");
    assert_eq!(
        document["decision"]["derivation"][0]["verdict"],
        serde_json::Value::Null
    );
    assert_eq!(document["facts"]["state"]["answer"], "known");
    assert_eq!(document["facts"]["state"]["value"]["serial"], 7);
    assert_eq!(
        document["facts"]["state"]["value"]["markers"][0]["id"],
        environment.id.as_str()
    );
    assert_eq!(document["facts"]["change_request"]["answer"], "absent");
    assert_eq!(document["chain"]["whole"], true);
    assert_eq!(document["events"][0]["seq"], 1);
    assert_eq!(
        place.stored(&subject(&environment)).revision.0,
        1,
        "explaining changes nothing"
    );
}

#[test]
fn a_hold_decides_before_its_expiry() {
    let place = Place::new();
    place.environment(with_state(
        &place,
        Environment {
            hold: Some(Hold {
                by: ana(),
                reason: "demo".to_owned(),
                since: now(),
                until: None,
            }),
            ..expired("pr-128")
        },
    ));
    place
        .run(&["explain", "pr-128"])
        .ends_with(0)
        .says("hold by the rule `hold`: held by ana@shop");
}

#[test]
fn a_state_that_cannot_be_read_is_explained_and_the_answer_is_blind() {
    let place = Place::new();
    let environment = with_state(&place, expired("pr-128"));
    fs::write(place.path("pr-128.tfstate"), "not a state").expect("written");
    place.environment(environment);
    let run = place.run(&["explain", "pr-128"]).ends_with(5);
    run.says("review by the rule `expiry`")
        .says("nothing is destroyed without proof");
    let document = place
        .run(&["explain", "pr-128", "--json"])
        .ends_with(5)
        .json();
    assert_eq!(document["facts"]["state"]["answer"], "unreadable");
    assert!(document["facts"]["state"]["cause"].is_string());
}

#[test]
fn what_was_destroyed_is_explained_with_its_evidence() {
    let place = Place::new();
    place.environment(Environment {
        lifecycle: Lifecycle::Destroyed {
            at: now(),
            evidence: Evidence {
                lineage: "4a4a".to_owned(),
                serial_before: 7,
                serial_after: 9,
                deleted: vec!["terraform_data.page".to_owned()],
                strategy: "state-only".to_owned(),
                events_sha256: Some("ab12".to_owned()),
            },
        },
        ..expired("pr-128")
    });
    place
        .run(&["explain", "pr-128"])
        .ends_with(0)
        .says("Evidence")
        .says("7 before, 9 after")
        .says("terraform_data.page")
        .says("SHA-256 ab12");
    let document = place
        .run(&["explain", "pr-128", "--json"])
        .ends_with(0)
        .json();
    let lifecycle = &document["environment"]["course"];
    assert_eq!(lifecycle["kind"], "destroyed");
    assert_eq!(lifecycle["evidence"]["serial_after"], 9);
    assert_eq!(document["decision"]["rule"], "over");
}

#[test]
fn a_lease_is_explained_without_a_decision() {
    let place = Place::new();
    let lease = place.lease(lease("ana"));
    place
        .run(&["explain", lease.id.as_str()])
        .ends_with(0)
        .says("nothing is broken");
    let document = place.run(&["explain", lease.id.as_str(), "--json"]);
    let document = document.ends_with(0).json();
    assert_eq!(document["decision"], serde_json::Value::Null);
    assert_eq!(document["lease"]["holder"], "ana");
}

#[test]
fn a_broken_chain_is_said_and_answered_as_a_failure() {
    let place = Place::new();
    let environment = place.environment(with_state(&place, living("pr-128")));
    let id = subject(&environment);
    place.falsify(&format!(
        "UPDATE events SET body = replace(body, 'ana@shop', 'eve@shop') WHERE subject = '{id}'"
    ));
    let run = place.run(&["explain", "pr-128"]).ends_with(3);
    run.says("broken: ")
        .says("was changed after it was written");
    let document = place
        .run(&["explain", "pr-128", "--json"])
        .ends_with(3)
        .json();
    assert_eq!(document["chain"]["whole"], false);
}
