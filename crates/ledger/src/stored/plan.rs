//! The stored form of a plan: what `sweeper plan --out` writes and `sweeper apply` consumes.
//!
//! The digest covers the whole plan, so that what was reviewed is what runs.

use serde::{Deserialize, Serialize};

use crate::{
    brake::{Brake, BrakeKind},
    chain,
    clock::{from_millis, to_millis},
    fact::Cause,
    id::{EnvironmentId, EnvironmentName, Generation, ScopeName},
    judge::{Decision, Finding, Rule, Verdict},
    phase::Phase,
    plan::{Action, Disposition, Item, Mode, Pin, SweepPlan},
};

/// What every plan says first. The rest is read once the version is known.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

/// Which format, so that another file is not taken for a plan.
const FORMAT: &str = "ephemeral-sweep-plan";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanV1 {
    format: String,
    version: u32,
    ledger: String,
    scope: String,
    made_at_ms: i64,
    mode: String,
    fleet: u64,
    brakes: Vec<BrakeV1>,
    released: Vec<String>,
    items: Vec<ItemV1>,
    unreadable: Vec<UnreadableV1>,
    digest: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BrakeV1 {
    kind: String,
    because: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnreadableV1 {
    subject: String,
    cause: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemV1 {
    id: String,
    name: String,
    generation: u64,
    owner: String,
    phase: String,
    expires_at_ms: i64,
    verdict: String,
    rule: String,
    because: String,
    derivation: Vec<FindingV1>,
    action: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pin: Option<PinV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deferred: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unseen: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingV1 {
    rule: String,
    verdict: Option<String>,
    because: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PinV1 {
    address: String,
    lineage: String,
    serial: u64,
    instances: u64,
    expires_at_ms: i64,
}

/// Why a text is not a plan that may be applied.
#[derive(Debug, thiserror::Error)]
pub enum PlanFileError {
    /// Not JSON, or not this shape.
    #[error("it is not a sweep plan; make one with `sweeper plan --out FILE`")]
    Shape(#[source] serde_json::Error),
    /// Another format or version.
    #[error(
        "it is a `{format}` of version {version}, and this sweeper reads `{FORMAT}` of version 1; make a new one with \
         `sweeper plan --out FILE`"
    )]
    Version {
        /// As found.
        format: String,
        /// As found.
        version: u32,
    },
    /// A word or number that means nothing.
    #[error(
        "its {what} `{found}` means nothing to this sweeper; make a new plan with `sweeper plan --out FILE`"
    )]
    Word {
        /// Which field.
        what: &'static str,
        /// As found.
        found: String,
    },
    /// The digest does not fit: it was changed after it was made.
    #[error("it was changed after it was made; make a new one with `sweeper plan --out FILE`")]
    Altered,
}

/// The plan as text, pretty, with its digest.
#[must_use]
pub fn encode(plan: &SweepPlan) -> String {
    let record = to_record(plan, digest(plan));
    serde_json::to_string_pretty(&record).unwrap_or_default()
}

/// The SHA-256 over everything in `plan`, in hexadecimal.
#[must_use]
pub fn digest(plan: &SweepPlan) -> String {
    let record = to_record(plan, String::new());
    chain::sha256(&serde_json::to_vec(&record).unwrap_or_default())
}

/// Reads what [`encode`] wrote, and checks the digest.
///
/// # Errors
/// Why it may not be applied.
pub fn decode(text: &str) -> Result<SweepPlan, PlanFileError> {
    let head: Head = serde_json::from_str(text).map_err(PlanFileError::Shape)?;
    if head.format != FORMAT || head.version != 1 {
        return Err(PlanFileError::Version {
            format: head.format,
            version: head.version,
        });
    }
    let record: PlanV1 = serde_json::from_str(text).map_err(PlanFileError::Shape)?;
    let reviewed = record.digest.clone();
    let plan = from_record(record)?;
    if digest(&plan) != reviewed {
        return Err(PlanFileError::Altered);
    }
    Ok(plan)
}

fn to_record(plan: &SweepPlan, digest: String) -> PlanV1 {
    PlanV1 {
        format: FORMAT.to_owned(),
        version: 1,
        ledger: plan.ledger.clone(),
        scope: plan.scope.as_str().to_owned(),
        made_at_ms: to_millis(plan.made_at),
        mode: plan.mode.as_str().to_owned(),
        fleet: plan.fleet,
        brakes: plan
            .brakes
            .iter()
            .map(|brake| BrakeV1 {
                kind: brake.kind.as_str().to_owned(),
                because: brake.because.clone(),
            })
            .collect(),
        released: plan
            .released
            .iter()
            .map(|kind| kind.as_str().to_owned())
            .collect(),
        items: plan.items.iter().map(item_to_record).collect(),
        unreadable: plan
            .unreadable
            .iter()
            .map(|(subject, cause)| UnreadableV1 {
                subject: subject.clone(),
                cause: cause.to_string(),
            })
            .collect(),
        digest,
    }
}

fn item_to_record(item: &Item) -> ItemV1 {
    let (action, pin, deferred) = match &item.disposition {
        Disposition::Act(action) => (action.kind().as_str(), Some(action.pin()), None),
        Disposition::Deferred(because) => ("defer", None, Some(because.clone())),
        Disposition::Left => ("none", None, None),
    };
    ItemV1 {
        id: item.id.as_str().to_owned(),
        name: item.name.as_str().to_owned(),
        generation: item.generation.get(),
        owner: item.owner.clone(),
        phase: item.phase.as_str().to_owned(),
        expires_at_ms: to_millis(item.expires_at),
        verdict: item.decision.verdict.as_str().to_owned(),
        rule: item.decision.rule.as_str().to_owned(),
        because: item.decision.because.clone(),
        derivation: item
            .decision
            .derivation
            .iter()
            .map(|finding| FindingV1 {
                rule: finding.rule.as_str().to_owned(),
                verdict: finding.verdict.map(|verdict| verdict.as_str().to_owned()),
                because: finding.because.clone(),
            })
            .collect(),
        action: action.to_owned(),
        pin: pin.map(|pin| PinV1 {
            address: pin.address.clone(),
            lineage: pin.lineage.clone(),
            serial: pin.serial,
            instances: pin.instances,
            expires_at_ms: to_millis(pin.expires_at),
        }),
        deferred,
        unseen: item.unseen.clone(),
    }
}

fn from_record(record: PlanV1) -> Result<SweepPlan, PlanFileError> {
    Ok(SweepPlan {
        ledger: record.ledger,
        scope: ScopeName::parse(&record.scope).map_err(|_| word("scope", &record.scope))?,
        made_at: instant(record.made_at_ms)?,
        mode: Mode::ALL
            .into_iter()
            .find(|mode| mode.as_str() == record.mode)
            .ok_or_else(|| word("mode", &record.mode))?,
        brakes: record
            .brakes
            .into_iter()
            .map(|brake| {
                Ok(Brake {
                    kind: brake_kind(&brake.kind)?,
                    because: brake.because,
                })
            })
            .collect::<Result<_, PlanFileError>>()?,
        released: record
            .released
            .iter()
            .map(|kind: &String| brake_kind(kind))
            .collect::<Result<_, _>>()?,
        items: record
            .items
            .into_iter()
            .map(item_from_record)
            .collect::<Result<_, _>>()?,
        unreadable: record
            .unreadable
            .into_iter()
            .map(|unreadable| (unreadable.subject, Cause(unreadable.cause)))
            .collect(),
        fleet: record.fleet,
    })
}

fn item_from_record(item: ItemV1) -> Result<Item, PlanFileError> {
    let disposition = match (item.action.as_str(), item.pin, item.deferred) {
        ("destroy", Some(pin), None) => Disposition::Act(Action::Destroy(Pin {
            address: pin.address,
            lineage: pin.lineage,
            serial: pin.serial,
            instances: pin.instances,
            expires_at: instant(pin.expires_at_ms)?,
        })),
        ("defer", None, Some(because)) => Disposition::Deferred(because),
        ("none", None, None) => Disposition::Left,
        (action, ..) => return Err(word("action", action)),
    };
    Ok(Item {
        id: EnvironmentId::parse(&item.id).map_err(|_| word("id", &item.id))?,
        name: EnvironmentName::parse(&item.name).map_err(|_| word("name", &item.name))?,
        generation: Generation::new(item.generation).ok_or_else(|| word("generation", "0"))?,
        owner: item.owner,
        phase: Phase::parse(&item.phase).ok_or_else(|| word("phase", &item.phase))?,
        expires_at: instant(item.expires_at_ms)?,
        decision: Decision {
            verdict: verdict(&item.verdict)?,
            rule: rule(&item.rule)?,
            because: item.because,
            derivation: item
                .derivation
                .into_iter()
                .map(|finding| {
                    Ok(Finding {
                        rule: rule(&finding.rule)?,
                        verdict: finding.verdict.as_deref().map(verdict).transpose()?,
                        because: finding.because,
                    })
                })
                .collect::<Result<_, PlanFileError>>()?,
        },
        disposition,
        unseen: item.unseen,
    })
}

fn word(what: &'static str, found: &str) -> PlanFileError {
    PlanFileError::Word {
        what,
        found: found.to_owned(),
    }
}

fn instant(millis: i64) -> Result<crate::clock::Timestamp, PlanFileError> {
    from_millis(millis).ok_or_else(|| word("time", &millis.to_string()))
}

fn brake_kind(text: &str) -> Result<BrakeKind, PlanFileError> {
    find(&BrakeKind::ALL, BrakeKind::as_str, text, "brake")
}

fn verdict(text: &str) -> Result<Verdict, PlanFileError> {
    find(&Verdict::ALL, Verdict::as_str, text, "verdict")
}

fn rule(text: &str) -> Result<Rule, PlanFileError> {
    find(&Rule::PRECEDENCE, Rule::as_str, text, "rule")
}

fn find<T: Copy>(
    all: &[T],
    name: fn(T) -> &'static str,
    text: &str,
    what: &'static str,
) -> Result<T, PlanFileError> {
    all.iter()
        .copied()
        .find(|candidate| name(*candidate) == text)
        .ok_or_else(|| word(what, text))
}
