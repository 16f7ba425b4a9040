//! What the events of cut off and failed passes add up to.

use ledger::{chain::link_all, clock::from_millis, event::Subject, identity::Identity};

use super::*;

const OWN: &str = "destroy-env-1-1";

fn event(kind: EventKind, detail: &[(&str, &str)]) -> Event {
    let at = from_millis(0).expect("in range");
    let event = Event::new(kind, at, Identity::claimed("local", "ana@shop")).in_operation(OWN);
    detail
        .iter()
        .fold(event, |event, (key, value)| event.with(key, *value))
}

fn chained(events: Vec<Event>) -> Vec<ChainedEvent> {
    let subject = Subject::parse("env-1").expect("a subject");
    link_all(&subject, None, events)
}

fn claimed(serial: &str) -> Event {
    event(EventKind::Claimed, &[("serial", serial)])
}

fn applying(to_delete: &str, before: &str) -> Event {
    let detail = [
        ("step", "applying"),
        (TO_DELETE, to_delete),
        (DELETED_BEFORE, before),
    ];
    event(EventKind::Step, &detail)
}

fn last(deleted: &[&str]) -> Evidence {
    Evidence {
        lineage: "l".to_owned(),
        serial_before: 11,
        serial_after: 13,
        deleted: texts(deleted),
        strategy: "state-only".to_owned(),
        events_sha256: Some("c3".to_owned()),
    }
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

#[test]
fn what_failed_passes_told_is_part_of_the_evidence_from_the_first_serial_on() {
    let events = chained(vec![
        claimed("5"),
        applying("aa", "[]"),
        event(
            EventKind::Failed,
            &[
                (DELETED, r#"["x.a","x.b[\"c d\"]"]"#),
                (EVENTS_SHA256, "a1"),
            ],
        ),
        // It did not come as far as applying.
        claimed("9"),
        event(EventKind::Failed, &[("because", "no plan")]),
        claimed("9"),
        applying("bb", "[]"),
        event(
            EventKind::Failed,
            &[(DELETED, r#"["x.e"]"#), (EVENTS_SHA256, "b2")],
        ),
    ]);
    let (earlier, open) = told(&events, OWN);
    assert_eq!(open, None);
    assert_eq!(earlier.streams(), ["a1", "b2"]);
    let whole = earlier.joined(last(&["x.f"]), &[]);
    assert_eq!((whole.serial_before, whole.serial_after), (5, 13));
    assert_eq!(whole.deleted, ["x.a", r#"x.b["c d"]"#, "x.e", "x.f"]);
}

#[test]
fn what_a_killed_pass_was_about_to_delete_and_is_gone_is_its_work() {
    let mut told_before = vec![claimed("5"), applying("aa", "[]")];
    let (mut earlier, open) = told(&chained(told_before.clone()), OWN);
    assert_eq!(open.as_deref(), Some("aa"));
    earlier.open = texts(&["x.a", "x.b", "x.c"]);
    // `x.b` is still in the state, and its provider does not find it; that is told apart.
    let whole = earlier.joined(last(&["x.c"]), &texts(&["x.b"]));
    assert_eq!(
        (whole.serial_before, whole.deleted),
        (5, texts(&["x.a", "x.c"]))
    );

    // The next pass says what it found, and is cut off itself.
    told_before.extend([claimed("8"), applying("bb", r#"["x.a"]"#)]);
    let (mut earlier, open) = told(&chained(told_before), OWN);
    assert_eq!(open.as_deref(), Some("bb"));
    earlier.open = texts(&["x.c"]);
    let whole = earlier.joined(last(&[]), &[]);
    assert_eq!(
        (whole.serial_before, whole.deleted),
        (5, texts(&["x.a", "x.c"]))
    );
}

#[test]
fn a_pass_that_failed_before_it_applied_leaves_the_killed_one_unaccounted_for() {
    let events = chained(vec![
        claimed("5"),
        applying("aa", "[]"),
        event(EventKind::Skipped, &[("because", "it still runs")]),
        claimed("8"),
        event(EventKind::Failed, &[("because", "no plan")]),
    ]);
    assert_eq!(told(&events, OWN).1.as_deref(), Some("aa"));
}

#[test]
fn a_state_that_moved_right_before_applying_was_not_touched() {
    let events = chained(vec![
        claimed("5"),
        applying("aa", "[]"),
        event(EventKind::Skipped, &[(DELETED, "[]")]),
    ]);
    assert_eq!(told(&events, OWN), (EarlierPasses::default(), None));
}

#[test]
fn a_renewal_and_other_operations_are_not_this_teardown() {
    let mut renewed = event(EventKind::Renewed, &[]);
    renewed.operation = None;
    let mut other = event(EventKind::Failed, &[(DELETED, r#"["x.z"]"#)]);
    other.operation = Some("destroy-env-1-0".to_owned());
    let events = chained(vec![claimed("5"), applying("aa", "[]"), renewed, other]);
    assert_eq!(told(&events, OWN), (EarlierPasses::default(), None));
}
