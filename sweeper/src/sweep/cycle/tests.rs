//! The promises of the cycle, in one process: a ledger in memory, sources that answer as they are told, and an act that
//! only writes down what it would have done.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use ledger::{
    book::contract::sample,
    change_request::{ChangeRequest, Forge as Which},
    event::EventKind,
    fact::{Cause, Observed, RequestFact},
    plan::ActionKind,
};

use super::*;
use crate::{
    forge::{Forge, MemoryForge},
    kind::Named,
    notify::MemoryNotifier,
};

mod place;

use place::{Place, state_of};

#[tokio::test]
async fn who_only_looks_writes_nothing_and_sees_what_a_sweep_would_do() {
    let place = Place::new();
    place.seen("a").await;
    let opened = place.open().swept_before().await;
    let before = opened.book.events(None).await.expect("events");
    let looked = opened.cycle(Approval::None).await;
    assert_eq!(opened.book.events(None).await.expect("events"), before);
    assert!(opened.done().is_empty() && opened.reporter.lines().is_empty());
    assert_eq!((looked.acted, looked.status()), (false, ExitStatus::Due));
    let swept = opened.cycle(Approval::Unattended).await;
    assert_eq!(swept.digest, looked.digest, "one code path");
    assert_eq!(opened.done(), ["a"]);
    assert_eq!(swept.status(), ExitStatus::Clean);
    assert!(swept.remembered.is_ok());
}

#[tokio::test]
async fn the_first_sweep_of_a_scope_only_reports_even_what_is_long_due() {
    let place = Place::new();
    place.seen("a").await;
    place.later();
    let opened = place.open();
    let report = opened.cycle(Approval::Unattended).await;
    assert_eq!(report.seen.mode, Mode::FirstSweep);
    assert!(opened.done().is_empty());
    assert_eq!(opened.reporter.lines(), Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_seen_is_never_acted_on_and_never_hidden() {
    let place = Place::new();
    place.seen("a").await;
    place.put(sample::environment("dark", "dark", 1)).await;
    let mut gone = sample::environment("gone", "gone", 1);
    gone.marker_seen_at = Some(sample::at(0));
    place.observed("gone", Observed::Absent);
    place.put(gone).await;
    let opened = place.open().swept_before().await;
    let report = opened.cycle(Approval::Unattended).await;
    assert_eq!(opened.done(), ["a"]);
    let ended: Vec<_> = report.results.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(ended, ["a"]);
    assert_ne!(report.status(), ExitStatus::Clean);
    assert!(
        report
            .remaining()
            .all()
            .any(|item| item.name.as_str() == "gone")
    );
}

#[tokio::test]
async fn a_saved_plan_is_done_as_it_was_reviewed_and_never_replaced_by_a_new_match() {
    let place = Place::new();
    place.seen("a").await;
    place.seen("b").await;
    let opened = place.open().swept_before().await;
    let mut plan = opened.cycle(Approval::None).await.seen;
    plan.items.retain(|item| item.name.as_str() == "a");
    let saved = |plan: &SweepPlan| Approval::Saved {
        name: "sweep.plan".to_owned(),
        plan: Box::new(plan.clone()),
    };
    let report = opened.cycle(saved(&plan)).await;
    assert_eq!(opened.done(), ["a"]);
    assert_eq!(report.digest, ledger::stored::plan::digest(&plan));
    assert!(
        !opened
            .reporter
            .lines()
            .iter()
            .any(|line| line.starts_with("planned"))
    );
    // Once more: it is over, so there is nothing to do again.
    let report = opened.cycle(saved(&plan)).await;
    let outcomes: Vec<_> = report
        .results
        .iter()
        .map(|one| one.outcome.as_str())
        .collect();
    assert_eq!(
        (outcomes, opened.done()),
        (vec!["skipped"], vec!["a".to_owned()])
    );
}

#[tokio::test]
async fn a_saved_plan_of_another_ledger_is_refused_before_anything_is_read() {
    let place = Place::new();
    place.seen("a").await;
    let opened = place.open().swept_before().await;
    let mut plan = opened.cycle(Approval::None).await.seen;
    plan.ledger = "another".to_owned();
    let request = SweepRequest {
        approval: Approval::Saved {
            name: "sweep.plan".to_owned(),
            plan: Box::new(plan),
        },
        ..SweepRequest::default()
    };
    let refused = run(&opened.world, &opened.acts, &request).await;
    let refused = refused.expect_err("another ledger");
    assert_eq!(refused.status(), ExitStatus::Usage);
    assert!(
        refused
            .message()
            .contains("was made for the ledger `another`")
    );
    assert!(opened.done().is_empty());
}

#[tokio::test]
async fn a_pass_that_breaks_off_stops_no_other_and_nothing_leaves_without_an_outcome() {
    let mut place = Place::new();
    place.act.breaks_at = Some("b");
    for name in ["a", "b", "c"] {
        place.seen(name).await;
    }
    let opened = place.open().swept_before().await;
    let report = opened.cycle(Approval::Unattended).await;
    assert_eq!(opened.done(), ["a", "c"]);
    let outcomes: Vec<_> = report
        .results
        .iter()
        .map(|one| (one.name.as_str(), one.outcome.as_str()))
        .collect();
    assert_eq!(
        outcomes,
        [("a", "destroyed"), ("b", "failed"), ("c", "destroyed")]
    );
    assert_eq!(report.status(), ExitStatus::Failed);
}

#[tokio::test]
async fn who_listens_hears_the_plan_first_and_each_end() {
    let place = Place::new();
    place.seen("a").await;
    let opened = place.open().swept_before().await;
    let _ = opened.cycle(Approval::Unattended).await;
    let expected = ["planned 1", "begun a", "ended a destroyed"];
    assert_eq!(opened.reporter.lines(), expected);
}

#[tokio::test]
async fn a_closed_request_ends_an_environment_and_a_silent_forge_never_does() {
    let closed = Observed::Known(RequestFact::Closed {
        at: sample::at(1),
        merged: true,
    });
    let silent = Observed::Unreadable(Cause("503".to_owned()));
    for (answer, done) in [(closed, vec!["a"]), (silent, vec![])] {
        let mut place = Place::new();
        let forge: Arc<dyn Forge> = Arc::new(MemoryForge(answer));
        place.sources.forges = Named(BTreeMap::from([("main".to_owned(), forge)]));
        let mut environment = sample::environment("a", "a", 1);
        environment.change_request = Some(ChangeRequest {
            forge: Which::Github,
            repository: "acme/shop".to_owned(),
            number: 7,
        });
        let state = Observed::Known(state_of(&environment));
        place.observed("a", state);
        place.put(environment).await;
        let opened = place.open();
        let _ = opened.cycle(Approval::Unattended).await;
        opened.clock.advance(TimeDelta::hours(1));
        let _ = opened.cycle(Approval::Unattended).await;
        assert_eq!(opened.done(), done);
    }
}

#[tokio::test]
async fn each_end_is_told_once_under_the_key_of_its_operation() {
    let place = Place::new();
    place.seen("a").await;
    let opened = place.open().swept_before().await;
    let _ = opened.cycle(Approval::Unattended).await;
    let id = sample::environment("a", "a", 1);
    let operation = ActionKind::Destroy.operation(&id.id, id.generation);
    let taken = opened.notifier.taken();
    assert_eq!(
        taken.keys().collect::<Vec<_>>(),
        [&format!("{operation}/destroyed")]
    );
    let events = opened.book.events(None).await.expect("events");
    let of = |kind| events.iter().find(|chained| chained.event.kind == kind);
    let destroyed = of(EventKind::Destroyed).expect("told to the ledger");
    assert_eq!(destroyed.event.operation.as_deref(), Some(&*operation));
}

#[tokio::test]
async fn a_channel_that_takes_nothing_stops_nothing() {
    let mut place = Place::new();
    place.notifier = Arc::new(MemoryNotifier::that_refuses("it is down"));
    place.seen("a").await;
    let opened = place.open().swept_before().await;
    let report = opened.cycle(Approval::Unattended).await;
    assert_eq!(report.status(), ExitStatus::Clean);
    let warned = opened.reporter.lines().pop().unwrap_or_default();
    assert!(
        warned.starts_with("warning `[notify.team]` did not take"),
        "{warned}"
    );
}
