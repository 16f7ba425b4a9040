//! The proof that nothing is left: a fresh read, never an exit code. Pure.
//!
//! A state is proven destroyed if and only if it is still there, has the lineage from before and a higher serial, holds
//! no managed and no deposed object, and its lock is free. For a state that was empty already, the serial stays.

use std::collections::BTreeSet;

use backend::{StateDoc, StateError};
use ledger::{environment::Evidence, fact::LockFact};

use super::strategy::Strategy;

/// The most addresses that are named when something is left.
const MOST_NAMED: usize = 10;

/// What was there before, and what was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// The lineage.
    pub lineage: String,
    /// The serial.
    pub serial: u64,
    /// How it was destroyed.
    pub strategy: Strategy,
    /// What was deleted.
    pub deletes: Vec<String>,
    /// The SHA-256 of the event stream; `None` where terraform did not run.
    pub events_sha256: Option<String>,
}

/// Why the fresh read is no proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotProven {
    /// What was found.
    pub reason: String,
    /// Managed objects left; `None` if that is unknown.
    pub left: Option<u64>,
}

/// What of `planned` was deleted by an apply that did not come to its end: what it reported to have `begun` with, and
/// what a fresh read no longer shows. Either alone would not do.
#[must_use]
pub fn deleted(planned: &[String], begun: &BTreeSet<String>, after: &StateDoc) -> Vec<String> {
    let left: BTreeSet<String> = after.managed().map(|one| one.key.to_string()).collect();
    let was_begun = |address: &str| {
        // A deposed object is reported under the address it was deposed at.
        let current = address.split(" (deposed ").next().unwrap_or(address);
        begun.contains(current)
    };
    let gone = planned.iter().filter(|address| !left.contains(*address));
    gone.filter(|address| was_begun(address)).cloned().collect()
}

/// What a fresh read and a look at the lock prove.
///
/// # Errors
/// What speaks against it.
pub fn prove(
    before: Before,
    after: Result<Option<StateDoc>, StateError>,
    lock: Result<Option<LockFact>, StateError>,
) -> Result<Evidence, NotProven> {
    let unknown = |reason: String| NotProven { reason, left: None };
    let after = match after {
        Ok(Some(after)) => after,
        Ok(None) => return Err(unknown("the state is no longer there".to_owned())),
        Err(error) => return Err(unknown(error.to_string())),
    };
    let left = after.managed_count();
    let against = |reason: String| {
        Err(NotProven {
            reason,
            left: Some(left),
        })
    };
    if after.lineage != before.lineage {
        return Err(unknown(format!(
            "another state lies there, with lineage {} in place of {}",
            after.lineage, before.lineage
        )));
    }
    if 0 < left {
        let names: Vec<String> = after
            .managed()
            .take(MOST_NAMED)
            .map(|one| one.key.to_string())
            .collect();
        return against(format!(
            "{left} objects are left in the state: {}",
            names.join(", ")
        ));
    }
    let grown = match before.strategy {
        Strategy::Empty => before.serial <= after.serial,
        _ => before.serial < after.serial,
    };
    if !grown {
        return against(format!(
            "its serial was {} and is {}, so it was not written",
            before.serial, after.serial
        ));
    }
    match lock {
        Ok(None) => {}
        Ok(Some(lock)) => {
            return against(format!("it is locked by {} ({})", lock.who, lock.operation));
        }
        Err(error) => return against(error.to_string()),
    }
    Ok(Evidence {
        lineage: before.lineage,
        serial_before: before.serial,
        serial_after: after.serial,
        deleted: before.deletes,
        strategy: before.strategy.to_string(),
        events_sha256: before.events_sha256,
    })
}

#[cfg(test)]
mod tests {
    use backend::read::read;

    use super::*;

    fn state(serial: u64, lineage: &str, objects: usize) -> StateDoc {
        let all: Vec<String> = (0..objects)
            .map(|number| {
                format!(
                    r#"{{"mode":"managed","type":"x","name":"r{number}","provider":"provider[\"a/b/c\"]","instances":[{{"schema_version":0,"deposed":"0a1b2c3d"}}]}}"#
                )
            })
            .collect();
        let text = format!(
            r#"{{"version":4,"terraform_version":"1.11.4","serial":{serial},"lineage":"{lineage}","resources":[{}]}}"#,
            all.join(",")
        );
        read(text.as_bytes()).expect("well formed")
    }

    fn before(strategy: Strategy) -> Before {
        Before {
            lineage: "l".to_owned(),
            serial: 7,
            strategy,
            deletes: vec!["x.r0".to_owned()],
            events_sha256: Some("ab".to_owned()),
        }
    }

    const STATE_ONLY: Strategy = Strategy::StateOnly { refresh: true };

    #[track_caller]
    fn not_proven(
        strategy: Strategy,
        after: Result<Option<StateDoc>, StateError>,
        expect: &str,
        left: Option<u64>,
    ) {
        let found = prove(before(strategy), after, Ok(None)).expect_err(expect);
        assert!(found.reason.contains(expect), "{}", found.reason);
        assert_eq!(found.left, left);
    }

    #[test]
    fn the_same_lineage_a_higher_serial_and_nothing_left_is_the_proof() {
        let evidence =
            prove(before(STATE_ONLY), Ok(Some(state(9, "l", 0))), Ok(None)).expect("proven");
        assert_eq!((evidence.serial_before, evidence.serial_after), (7, 9));
        assert_eq!(evidence.strategy, "state-only");
        assert_eq!(evidence.deleted, ["x.r0"]);
        assert_eq!(evidence.events_sha256.as_deref(), Some("ab"));
    }

    #[test]
    fn what_an_apply_that_failed_deleted_was_begun_by_it_and_is_gone() {
        let planned = [
            "x.r0 (deposed 0a1b2c3d)",
            "x.r5 (deposed 7f)",
            "x.r6",
            "x.r7",
        ];
        let planned = planned.map(str::to_owned);
        let begun = ["x.r0", "x.r5", "x.r7"].map(str::to_owned);
        let found = deleted(&planned, &begun.into(), &state(9, "l", 1));
        assert_eq!(
            found,
            ["x.r5 (deposed 7f)", "x.r7"],
            "x.r6 was somebody else's work"
        );
    }

    #[test]
    fn an_empty_state_is_proven_without_a_write() {
        prove(
            before(Strategy::Empty),
            Ok(Some(state(7, "l", 0))),
            Ok(None),
        )
        .expect("proven");
        not_proven(
            Strategy::Empty,
            Ok(Some(state(6, "l", 0))),
            "its serial was 7 and is 6",
            Some(0),
        );
    }

    #[test]
    fn anything_else_is_no_proof() {
        not_proven(STATE_ONLY, Ok(None), "no longer there", None);
        not_proven(
            STATE_ONLY,
            Err(backend::StateRefusal::ZeroLength.into()),
            "the state is empty",
            None,
        );
        not_proven(
            STATE_ONLY,
            Ok(Some(state(9, "m", 0))),
            "another state",
            None,
        );
        not_proven(
            STATE_ONLY,
            Ok(Some(state(7, "l", 0))),
            "was not written",
            Some(0),
        );
        not_proven(
            STATE_ONLY,
            Ok(Some(state(9, "l", 2))),
            "x.r0 (deposed 0a1b2c3d), x.r1",
            Some(2),
        );
    }

    #[test]
    fn a_state_somebody_works_on_is_not_proven_destroyed() {
        let lock = LockFact {
            who: "ana@host".to_owned(),
            operation: "OperationTypeApply".to_owned(),
            since: None,
        };
        let found = prove(
            before(STATE_ONLY),
            Ok(Some(state(9, "l", 0))),
            Ok(Some(lock)),
        )
        .expect_err("locked");
        assert!(found.reason.contains("ana@host"));
    }
}
