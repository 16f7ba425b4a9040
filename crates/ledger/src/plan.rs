//! The plan of a sweep: from everything that was observed to everything that will be done, and why. Pure.
//!
//! `plan` shows it, `apply` consumes it; there is no other way to a destroy. What is not in the plan is not done, and
//! what drifted from it is skipped.

use std::collections::BTreeSet;

use chrono::SecondsFormat;

use crate::{
    brake::{Brake, BrakeKind, Gauge, Guards},
    clock::Timestamp,
    environment::Environment,
    fact::{Cause, Facts, Observed},
    id::{EnvironmentId, EnvironmentName, Generation, Revision, ScopeName},
    judge::{Decision, Policy, Verdict, judge},
    phase::{Phase, phase},
    scope::Scope,
};

mod action;

pub use action::{Action, ActionKind, Pin};

/// One environment with all that was observed of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The record.
    pub environment: Environment,
    /// Its revision when it was read.
    pub revision: Revision,
    /// The facts.
    pub facts: Facts,
}

/// Everything a plan follows from, besides `now`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepInput {
    /// Which ledger was read.
    pub ledger: String,
    /// Which scope is swept.
    pub scope: ScopeName,
    /// Its memory; `None` if it was never swept.
    pub memory: Option<Scope>,
    /// The live environments.
    pub candidates: Vec<Candidate>,
    /// Records that are there and could not be read.
    pub unreadable: Vec<(String, Cause)>,
    /// The host's clock, to be held against the ledger's.
    pub host_now: Timestamp,
    /// The limits.
    pub guards: Guards,
    /// Brakes a person released.
    pub released: BTreeSet<BrakeKind>,
    /// The operator's policy.
    pub policy: Policy,
}

/// What becomes of an environment in this sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// This is done, if it is still what it is pinned to.
    Act(Action),
    /// It is due, and another sweep does it: why not this one.
    Deferred(String),
    /// Nothing is done.
    Left,
}

/// One line of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which environment.
    pub id: EnvironmentId,
    /// Its name.
    pub name: EnvironmentName,
    /// Which life of the name.
    pub generation: Generation,
    /// Who answers for it.
    pub owner: String,
    /// Where it is in its life.
    pub phase: Phase,
    /// When it expires.
    pub expires_at: Timestamp,
    /// What should happen, with the derivation.
    pub decision: Decision,
    /// What will.
    pub disposition: Disposition,
    /// Why its state or its runs could not be seen; `None` if they were.
    pub unseen: Option<String>,
}

impl Item {
    /// Whether a teardown of it was begun before and did not come to its end.
    #[must_use]
    pub fn is_again(&self) -> bool {
        matches!(self.phase, Phase::Stuck | Phase::Destroying)
    }
}

/// Whether the plan may be acted on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// It may.
    Act,
    /// The scope was never swept: the first sweep only reports.
    FirstSweep,
    /// A brake stopped it.
    Braked,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Act, Self::FirstSweep, Self::Braked];

    /// The word used in plans and reports.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Act => "act",
            Self::FirstSweep => "first-sweep",
            Self::Braked => "braked",
        }
    }
}

/// What will be done, what will not, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a plan that is not reported cannot be audited"]
pub struct SweepPlan {
    /// Which ledger it was made from.
    pub ledger: String,
    /// For which scope.
    pub scope: ScopeName,
    /// When, by the ledger's clock.
    pub made_at: Timestamp,
    /// Whether it may be acted on.
    pub mode: Mode,
    /// Brakes that stopped it, or would have.
    pub brakes: Vec<Brake>,
    /// Those a person released.
    pub released: BTreeSet<BrakeKind>,
    /// Every live environment, what is due first, oldest first.
    pub items: Vec<Item>,
    /// Records that could not be read, by key.
    pub unreadable: Vec<(String, Cause)>,
    /// How many live.
    pub fleet: u64,
}

impl SweepPlan {
    /// What will be done, in order.
    pub fn actions(&self) -> impl Iterator<Item = (&Item, &Action)> {
        self.items
            .iter()
            .filter_map(|item| match &item.disposition {
                Disposition::Act(action) => Some((item, action)),
                Disposition::Deferred(_) | Disposition::Left => None,
            })
    }

    /// What is due, done now or not.
    pub fn due(&self) -> impl Iterator<Item = &Item> {
        self.items
            .iter()
            .filter(|item| item.decision.verdict == Verdict::Destroy)
    }

    /// Whether something was not seen.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        !self.unreadable.is_empty() || self.items.iter().any(|item| item.unseen.is_some())
    }
}

/// Makes the plan. `now` is the ledger's clock.
pub fn plan_sweep(input: &SweepInput, now: Timestamp) -> SweepPlan {
    let mut items: Vec<Item> = input
        .candidates
        .iter()
        .map(|candidate| item(candidate, &input.policy, now))
        .collect();
    items.sort_by(|left, right| {
        let rank = |item: &Item| item.decision.verdict != Verdict::Destroy;
        (rank(left), left.expires_at, &left.id).cmp(&(rank(right), right.expires_at, &right.id))
    });

    let fleet = count(input.candidates.len() + input.unreadable.len());
    let known_due = input.memory.as_ref().map(|memory| &memory.last_due);
    let gauge = Gauge {
        fleet,
        newly_due: count(
            items
                .iter()
                .filter(|item| item.decision.verdict == Verdict::Destroy)
                .filter(|item| !known_due.is_some_and(|due| due.contains(&item.id)))
                .count(),
        ),
        unseen: count(
            items.iter().filter(|item| item.unseen.is_some()).count() + input.unreadable.len(),
        ),
        store_now: now,
        host_now: input.host_now,
    };
    let brakes = input.guards.brakes(&gauge);
    let stops =
        |brake: &Brake| !(brake.kind.may_be_released() && input.released.contains(&brake.kind));
    let mode = if brakes.iter().any(stops) {
        Mode::Braked
    } else if input.memory.is_none() {
        Mode::FirstSweep
    } else {
        Mode::Act
    };
    defer(&mut items, &mode, input.guards.rate);
    let mut unreadable = input.unreadable.clone();
    unreadable.sort_by(|left, right| (&left.0, &left.1.0).cmp(&(&right.0, &right.1.0)));

    SweepPlan {
        ledger: input.ledger.clone(),
        scope: input.scope.clone(),
        made_at: now,
        mode,
        brakes,
        released: input.released.clone(),
        items,
        unreadable,
        fleet,
    }
}

/// One environment's line, before rate and mode are asked. Also how `apply` decides again inside the claim.
#[must_use]
pub fn item(candidate: &Candidate, policy: &Policy, now: Timestamp) -> Item {
    let Candidate {
        environment, facts, ..
    } = candidate;
    let decision = judge(environment, facts, policy, now);
    let disposition = match (decision.verdict, facts.state.seen()) {
        (Verdict::Destroy, Some(state)) => Disposition::Act(Action::Destroy(Pin {
            address: environment
                .state
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            lineage: state.lineage.clone(),
            serial: state.serial,
            instances: state.instances,
            expires_at: environment.expires_at(),
        })),
        _ => Disposition::Left,
    };
    Item {
        id: environment.id.clone(),
        name: environment.name.clone(),
        generation: environment.generation,
        owner: environment.owner.clone(),
        phase: phase(environment, Some(facts), now),
        expires_at: environment.expires_at(),
        decision,
        disposition,
        unseen: match &facts.state.answer {
            Observed::Unreadable(cause) => Some(cause.to_string()),
            _ if !facts.state.complete => Some("its state was not read whole".to_owned()),
            _ => match &facts.run.answer {
                Observed::Unreadable(cause) => {
                    Some(format!("whether a run is alive could not be read: {cause}"))
                }
                _ => None,
            },
        },
    }
}

/// Takes the destroys beyond the rate, or all of them where nothing may be done, out of this sweep.
///
/// What failed before is older than most and would take every place at every sweep, so that nothing else ever got one.
/// Where places are scarce it gets a quarter of them.
fn defer(items: &mut [Item], mode: &Mode, rate: u32) {
    let rate = rate.max(1);
    let planned = |item: &&Item| matches!(item.disposition, Disposition::Act(_));
    let again = items.iter().filter(planned).filter(|item| item.is_again());
    let again = u32::try_from(again.count()).unwrap_or(u32::MAX);
    let all = u32::try_from(items.iter().filter(planned).count()).unwrap_or(u32::MAX);
    let quarter = if 1 < rate { (rate / 4).max(1) } else { 0 };
    let mut for_again = rate.saturating_sub(all - again).max(quarter).min(again);
    let mut for_first = rate - for_again;
    for item in items {
        if !matches!(item.disposition, Disposition::Act(_)) {
            continue;
        }
        let left = if item.is_again() {
            &mut for_again
        } else {
            &mut for_first
        };
        let because = match mode {
            Mode::Act if 0 < *left => {
                *left -= 1;
                continue;
            }
            Mode::Act => format!("the rate is {rate} destroys a sweep; older ones go first"),
            Mode::FirstSweep => {
                "this scope was never swept before, and its first sweep only reports".to_owned()
            }
            Mode::Braked => "a brake stopped the sweep".to_owned(),
        };
        item.disposition = Disposition::Deferred(because);
    }
}

/// What makes `now` another thing than what was planned; `None` if it is still the same.
#[must_use]
pub fn drift(planned: &Item, action: &Action, now: &Item) -> Option<String> {
    if (&planned.id, planned.generation) != (&now.id, now.generation) {
        return Some(format!(
            "planned for {} generation {}, found {} generation {}",
            planned.id, planned.generation, now.id, now.generation
        ));
    }
    let found = match &now.disposition {
        Disposition::Act(found) if found.kind() == action.kind() => found,
        Disposition::Act(_) | Disposition::Deferred(_) | Disposition::Left => {
            return Some(format!(
                "it is no longer to be destroyed: {} ({})",
                now.decision.because, now.decision.rule
            ));
        }
    };
    if found == action {
        return None;
    }
    let (pin, found) = (action.pin(), found.pin());
    let changes = [
        ("address", pin.address.clone(), found.address.clone()),
        ("lineage", pin.lineage.clone(), found.lineage.clone()),
        ("serial", pin.serial.to_string(), found.serial.to_string()),
        (
            "instances",
            pin.instances.to_string(),
            found.instances.to_string(),
        ),
        ("expiry", exactly(pin.expires_at), exactly(found.expires_at)),
    ];
    let changed: Vec<String> = changes
        .into_iter()
        .filter(|(_, planned, found)| planned != found)
        .map(|(what, planned, found)| format!("{what} was {planned} and is {found}"))
        .collect();
    Some(format!("it changed since the plan: {}", changed.join(", ")))
}

/// With fractions of a second where there are any, so that two different instants never read alike.
fn exactly(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn count(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}
