//! `audit verify`.

use super::place::{Place, lease, living, subject};

#[test]
fn whole_chains_are_counted_and_nothing_is_found() {
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    place.environment(living("pr-129"));
    place.lease(lease("ana"));
    place.run(&["hold", "pr-128", "--reason", "x"]).ends_with(0);
    let run = place.run(&["audit", "verify"]).ends_with(0);
    assert_eq!(
        run.stdout.trim(),
        "3 chains and 4 events checked, nothing is broken"
    );
    let run = place.run(&["audit", "verify", "pr-128"]).ends_with(0);
    assert_eq!(
        run.stdout.trim(),
        "1 chain and 2 events checked, nothing is broken"
    );
    let document = place.run(&["audit", "verify", environment.id.as_str(), "--json"]);
    let document = document.ends_with(0).json();
    assert_eq!(
        document["chain"],
        serde_json::json!({"chains": 1, "events": 2, "whole": true, "broken": []})
    );
    let document = place.run(&["audit", "verify", "--json"]).ends_with(0);
    let heads = document.json()["heads"].clone();
    let heads = heads.as_array().expect("a list");
    assert_eq!(heads.len(), 3);
    let last = &place.events(&subject(&environment))[1];
    let head = serde_json::json!({
        "subject": last.subject.to_string(), "seq": 2, "hash": last.hash,
    });
    assert!(heads.contains(&head), "{heads:?}");
}

#[test]
fn every_way_of_falsifying_is_found_and_the_others_stay_whole() {
    for statement in [
        "UPDATE events SET body = replace(body, 'ana@shop', 'eve@shop') WHERE subject = '{id}' AND seq = 1",
        "DELETE FROM events WHERE subject = '{id}' AND seq = 1",
        "DELETE FROM events WHERE subject = '{id}'",
        "UPDATE events SET body = '{}' WHERE subject = '{id}' AND seq = 2",
        "UPDATE events SET prev_hash = hash WHERE subject = '{id}' AND seq = 2",
        "DELETE FROM records WHERE subject = '{id}'",
    ] {
        let place = Place::new();
        let environment = place.environment(living("pr-128"));
        place.environment(living("pr-129"));
        place.run(&["hold", "pr-128", "--reason", "x"]).ends_with(0);
        let id = subject(&environment);
        place.falsify(&statement.replace("{id}", &id.to_string()));
        let run = place.run(&["audit", "verify"]).ends_with(3);
        assert!(run.stdout.contains("broken: "), "{statement}: {run:?}");
        assert!(run.stdout.contains(&id.to_string()), "{statement}: {run:?}");
        let document = place
            .run(&["audit", "verify", "--json"])
            .ends_with(3)
            .json();
        assert_eq!(document["chain"]["broken"][0]["subject"], id.to_string());
        place.run(&["audit", "verify", "pr-129"]).ends_with(0);
    }
}

#[test]
fn a_record_that_cannot_be_read_leaves_the_audit_blind() {
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    let id = subject(&environment);
    place.falsify(&format!(
        "UPDATE records SET body = '{{}}' WHERE subject = '{id}'"
    ));
    let run = place.run(&["audit", "verify"]).ends_with(5);
    assert!(
        run.stdout.contains("1 chain and 1 event checked"),
        "{run:?}"
    );
    run.says(&format!("warning: cannot read {id}"));
}

#[test]
fn an_empty_ledger_has_nothing_to_break() {
    let place = Place::new();
    let run = place.run(&["audit", "verify"]).ends_with(0);
    assert_eq!(
        run.stdout.trim(),
        "0 chains and 0 events checked, nothing is broken"
    );
}
