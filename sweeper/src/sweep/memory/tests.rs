//! What counts as known to a scope, and what does not.

use std::sync::Arc;

use ledger::{
    book::contract::{in_memory, sample},
    clock::ManualClock,
    judge::{Rule, Verdict},
    phase::Phase,
};

use super::*;
use crate::sweep::sample::{item, plan};

fn due(name: &str) -> Item {
    item(name, Verdict::Destroy, Rule::Expiry, Phase::Expired)
}

/// What is known after each of `sweeps` (what was found, what was reviewed), in turn.
async fn known_after(sweeps: &[(SweepPlan, SweepPlan)]) -> Vec<String> {
    let book = in_memory(Arc::new(ManualClock::at(sample::at(0))));
    let by = Identity::claimed("local", "sweeper@host");
    let mut known = Vec::new();
    for (found, reviewed) in sweeps {
        remember(book.as_ref(), found, reviewed, &by, &[])
            .await
            .expect("written");
        let stored = book.get(&Subject::Scope(found.scope.clone())).await;
        let scope = stored
            .expect("read")
            .and_then(memory)
            .expect("it was swept");
        known = scope.last_due.iter().map(ToString::to_string).collect();
    }
    known
}

#[tokio::test]
async fn a_saved_plan_makes_known_only_what_is_in_it() {
    let (old, all) = (plan(vec![due("a")]), plan(vec![due("a"), due("b")]));
    assert_eq!(known_after(&[(all.clone(), old.clone())]).await, ["env-a"]);
    // What was known before stays known.
    let first = (all.clone(), all.clone());
    assert_eq!(known_after(&[first, (all, old)]).await, ["env-a", "env-b"]);
}

#[tokio::test]
async fn what_is_no_longer_due_is_new_again_when_it_is() {
    let due_once = plan(vec![due("a")]);
    let kept = plan(vec![item("a", Verdict::Keep, Rule::Expiry, Phase::Ready)]);
    let sweeps = [(due_once.clone(), due_once), (kept.clone(), kept)];
    assert!(known_after(&sweeps).await.is_empty());
}

#[tokio::test]
async fn a_teardown_that_waits_for_its_next_try_is_not_new_when_it_comes() {
    for phase in [Phase::Stuck, Phase::Destroying] {
        let waits = plan(vec![item("a", Verdict::Keep, Rule::Expiry, phase)]);
        assert_eq!(
            known_after(&[(waits.clone(), waits)]).await,
            ["env-a"],
            "{phase}"
        );
    }
}
