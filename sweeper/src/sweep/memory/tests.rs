//! What counts as known to a scope, and what does not.

use std::sync::Arc;

use ledger::{
    book::{contract::sample, memory::MemoryBook},
    clock::ManualClock,
    id::{EnvironmentName, Generation, ScopeName},
    judge::{Decision, Rule, Verdict},
    phase::Phase,
    plan::Disposition,
};

use super::*;

fn item(name: &str, verdict: Verdict, phase: Phase) -> Item {
    Item {
        id: EnvironmentId::parse(&format!("env-{name}")).expect("a right id"),
        name: EnvironmentName::parse(name).expect("a right name"),
        generation: Generation::FIRST,
        owner: "ana".to_owned(),
        phase,
        expires_at: sample::at(0),
        decision: Decision {
            verdict,
            rule: Rule::Expiry,
            because: "it expired".to_owned(),
            derivation: Vec::new(),
        },
        disposition: Disposition::Left,
        unseen: None,
    }
}

fn due(name: &str) -> Item {
    item(name, Verdict::Destroy, Phase::Expired)
}

fn plan(items: Vec<Item>) -> SweepPlan {
    SweepPlan {
        ledger: "ledger".to_owned(),
        scope: ScopeName::parse("default").expect("a right name"),
        made_at: sample::at(0),
        mode: Mode::Act,
        brakes: Vec::new(),
        released: BTreeSet::new(),
        fleet: 4,
        items,
        unreadable: Vec::new(),
        digest: String::new(),
    }
}

/// What is known after each of `sweeps` (what was found, what was reviewed), in turn.
async fn known_after(sweeps: &[(SweepPlan, SweepPlan)]) -> Vec<String> {
    let book = MemoryBook::new(Arc::new(ManualClock::at(sample::at(0))));
    let by = Identity::claimed("local", "sweeper@host");
    let mut known = Vec::new();
    for (found, reviewed) in sweeps {
        remember(&book, found, reviewed, &by, &[])
            .await
            .expect("written");
        let (scope, _) = memory(&book, &found.scope)
            .await
            .expect("read")
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
    let kept = plan(vec![item("a", Verdict::Keep, Phase::Ready)]);
    let sweeps = [(due_once.clone(), due_once), (kept.clone(), kept)];
    assert!(known_after(&sweeps).await.is_empty());
}

#[tokio::test]
async fn a_teardown_that_waits_for_its_next_try_is_not_new_when_it_comes() {
    for phase in [Phase::Stuck, Phase::Destroying] {
        let waits = plan(vec![item("a", Verdict::Keep, phase)]);
        assert_eq!(
            known_after(&[(waits.clone(), waits)]).await,
            ["env-a"],
            "{phase}"
        );
    }
}
