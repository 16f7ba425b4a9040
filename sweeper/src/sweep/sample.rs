//! Items and plans for tests: what does not matter to them is the same in all.

use std::collections::BTreeSet;

use ledger::{
    book::contract::sample,
    id::{EnvironmentId, EnvironmentName, Generation, ScopeName},
    judge::{Decision, Rule, Verdict},
    phase::Phase,
    plan::{Disposition, Item, Mode, SweepPlan},
};

/// The environment `name`, left alone.
pub(super) fn item(name: &str, verdict: Verdict, rule: Rule, phase: Phase) -> Item {
    Item {
        id: EnvironmentId::parse(&format!("env-{name}")).expect("a right id"),
        name: EnvironmentName::parse(name).expect("a right name"),
        generation: Generation::FIRST,
        owner: "ana".to_owned(),
        phase,
        expires_at: sample::at(0),
        decision: Decision {
            verdict,
            rule,
            because: "it expired".to_owned(),
            derivation: Vec::new(),
        },
        disposition: Disposition::Left,
        unseen: None,
    }
}

/// A plan of `items` that acts.
pub(super) fn plan(items: Vec<Item>) -> SweepPlan {
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
    }
}
