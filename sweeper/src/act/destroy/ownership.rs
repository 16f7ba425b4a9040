//! The proof that a state belongs to the environment a record names. Pure.
//!
//! An address alone proves nothing: another state may lie there by now. A state is proven to be ours if and only if it
//! holds the marker of the record, with the same id and generation, no marker of another environment, and the lineage
//! that was seen before. Where an earlier pass of the same teardown deleted the marker, the lineage proves it, and that
//! every object left was there when that pass began: what was made since is not ours.

use backend::StateDoc;
use ledger::{
    fact::Observed,
    id::{EnvironmentId, Generation},
    inventory::Inventory,
};
use thiserror::Error;

/// What the record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedMarker {
    /// Which environment.
    pub id: EnvironmentId,
    /// Which life of it.
    pub generation: Generation,
    /// The lineage that a sweep has seen; `None` if none has.
    pub lineage: Option<String>,
    /// Whether the ledger says that the marker was deleted under this very operation.
    pub deleted_before: bool,
    /// What was in the state when this operation last began to apply; `Absent` if that is not on record.
    pub begun_with: Observed<Inventory>,
}

/// That a state was proven to be ours. Only [`prove`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    lineage: String,
    serial: u64,
}

impl Proof {
    /// The lineage of the proven state.
    #[must_use]
    pub fn lineage(&self) -> &str {
        &self.lineage
    }

    /// The serial it had.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.serial
    }
}

/// Why a state is not taken to be ours.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotOurs {
    /// It has another lineage.
    #[error("the state has lineage {found}, and the one of `{id}` had {expected}")]
    Lineage {
        /// Of the record.
        id: EnvironmentId,
        /// Seen before.
        expected: String,
        /// Seen now.
        found: String,
    },
    /// It holds the marker of another environment.
    #[error("the state holds the marker of `{found}`, and `{id}` was expected")]
    Foreign {
        /// Of the record.
        id: EnvironmentId,
        /// In the state.
        found: EnvironmentId,
    },
    /// It holds the marker of another life.
    #[error("the marker of `{id}` has generation {found}, and {expected} was expected")]
    Generation {
        /// Of the record.
        id: EnvironmentId,
        /// Of the record.
        expected: Generation,
        /// In the state.
        found: Generation,
    },
    /// It holds a marker that cannot be read.
    #[error("the marker at `{address}` cannot be read")]
    Broken {
        /// Where in the state.
        address: String,
    },
    /// It holds no marker, and what it held at the beginning is not known.
    #[error(
        "the state no longer holds the marker of `{id}`, and what it held at the beginning {why}"
    )]
    Unknown {
        /// Of the record.
        id: EnvironmentId,
        /// Why it is not known.
        why: String,
    },
    /// It holds no marker, and something that was not there at the beginning.
    #[error(
        "the state no longer holds the marker of `{id}`, and {count} of its objects were not in it when its teardown \
         began, for example `{address}`"
    )]
    Strangers {
        /// Of the record.
        id: EnvironmentId,
        /// How many.
        count: usize,
        /// The first of them.
        address: String,
    },
    /// It holds no marker.
    #[error("the state does not hold the marker of `{id}`")]
    Missing {
        /// Of the record.
        id: EnvironmentId,
    },
}

impl NotOurs {
    /// What a person can do.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Lineage { .. } | Self::Missing { .. } | Self::Generation { .. } => {
                "check what is at the address now; if the environment is gone, release its record with `sweeper \
                 release NAME --reason TEXT`"
            }
            Self::Unknown { .. } => {
                "look at what is left; destroy it by hand, and release the record with `sweeper release NAME --reason TEXT`"
            }
            Self::Strangers { .. } => {
                "the state was applied again without its environment: to keep it, release the record with `sweeper \
                 release NAME --reason TEXT`; otherwise destroy it with `terraform destroy` where it is applied"
            }
            Self::Foreign { .. } => {
                "give each environment a state of its own; two in one state cannot be destroyed apart"
            }
            Self::Broken { .. } => {
                "run `terraform apply` on the environment once, so that its marker is written whole"
            }
        }
    }
}

/// Proves that `state` is the one `expected` describes.
///
/// # Errors
/// The first reason against it.
pub fn prove(state: &StateDoc, expected: &ExpectedMarker) -> Result<Proof, NotOurs> {
    let id = expected.id.clone();
    if let Some(lineage) = &expected.lineage
        && *lineage != state.lineage
    {
        return Err(NotOurs::Lineage {
            id,
            expected: lineage.clone(),
            found: state.lineage.clone(),
        });
    }
    if let Some(foreign) = state.markers.iter().find(|marker| marker.id != id) {
        return Err(NotOurs::Foreign {
            id,
            found: foreign.id.clone(),
        });
    }
    if let Some(other) = state
        .markers
        .iter()
        .find(|marker| marker.generation != expected.generation)
    {
        return Err(NotOurs::Generation {
            id,
            expected: expected.generation,
            found: other.generation,
        });
    }
    // It may be the marker of another environment.
    if let Some(address) = state.broken_markers.first() {
        return Err(NotOurs::Broken {
            address: address.clone(),
        });
    }
    let carried_on = expected.deleted_before && expected.lineage.is_some();
    if state.markers.is_empty() {
        if !carried_on {
            return Err(NotOurs::Missing { id });
        }
        nothing_new(state, expected)?;
    }
    Ok(Proof {
        lineage: state.lineage.clone(),
        serial: state.serial,
    })
}

/// Whether everything that is left was there at the beginning.
fn nothing_new(state: &StateDoc, expected: &ExpectedMarker) -> Result<(), NotOurs> {
    let id = expected.id.clone();
    let begun_with = match &expected.begun_with {
        Observed::Known(begun_with) => begun_with,
        Observed::Absent => {
            let why = "is not on record".to_owned();
            return Err(NotOurs::Unknown { id, why });
        }
        Observed::Unreadable(cause) => {
            let why = format!("could not be read: {cause}");
            return Err(NotOurs::Unknown { id, why });
        }
    };
    let mut strangers = state
        .managed()
        .filter(|one| !begun_with.holds(&one.fingerprint));
    match strangers.next() {
        None => Ok(()),
        Some(first) => Err(NotOurs::Strangers {
            id,
            count: 1 + strangers.count(),
            address: first.key.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use ledger::fact::{Cause, Marker};

    use super::*;

    fn id(text: &str) -> EnvironmentId {
        EnvironmentId::parse(text).expect(text)
    }

    fn generation(count: u64) -> Generation {
        Generation::new(count).expect("not zero")
    }

    fn state(markers: &[(&str, u64)]) -> StateDoc {
        StateDoc {
            lineage: "l-1".to_owned(),
            serial: 7,
            terraform_version: "1.11.4".to_owned(),
            instances: Vec::new(),
            markers: markers
                .iter()
                .map(|(name, count)| Marker {
                    id: id(name),
                    generation: generation(*count),
                })
                .collect(),
            leases: Vec::new(),
            broken_markers: Vec::new(),
        }
    }

    fn expected(lineage: Option<&str>, deleted_before: bool) -> ExpectedMarker {
        ExpectedMarker {
            id: id("env-1"),
            generation: generation(2),
            lineage: lineage.map(str::to_owned),
            deleted_before,
            begun_with: Observed::Known(Inventory::default()),
        }
    }

    #[test]
    fn the_marker_with_its_id_generation_and_lineage_proves_it() {
        for lineage in [None, Some("l-1")] {
            let proof = prove(&state(&[("env-1", 2)]), &expected(lineage, false)).expect("ours");
            assert_eq!((proof.lineage(), proof.serial()), ("l-1", 7));
        }
    }

    #[test]
    fn another_id_generation_or_lineage_is_another_state() {
        let of = |markers: &[(&str, u64)], lineage| {
            prove(&state(markers), &expected(lineage, true)).expect_err("not ours")
        };
        assert!(matches!(of(&[("env-2", 2)], None), NotOurs::Foreign { .. }));
        assert!(matches!(
            of(&[("env-1", 2), ("env-2", 2)], None),
            NotOurs::Foreign { .. }
        ));
        assert!(matches!(
            of(&[("env-1", 1)], None),
            NotOurs::Generation { .. }
        ));
        assert!(matches!(
            of(&[("env-1", 2)], Some("l-2")),
            NotOurs::Lineage { .. }
        ));
    }

    #[test]
    fn without_a_marker_nothing_is_ours_unless_this_operation_deleted_it_in_the_same_lineage() {
        let of = |lineage, deleted| prove(&state(&[]), &expected(lineage, deleted));
        assert!(matches!(of(None, false), Err(NotOurs::Missing { .. })));
        assert!(matches!(
            of(Some("l-1"), false),
            Err(NotOurs::Missing { .. })
        ));
        assert!(matches!(of(None, true), Err(NotOurs::Missing { .. })));
        assert!(matches!(
            of(Some("l-2"), true),
            Err(NotOurs::Lineage { .. })
        ));
        assert!(of(Some("l-1"), true).is_ok());
    }

    #[test]
    fn a_marker_that_cannot_be_read_is_no_proof_even_beside_a_good_one() {
        let mut odd = state(&[("env-1", 2)]);
        odd.broken_markers
            .push("ephemeral_environment.x".to_owned());
        let error = prove(&odd, &expected(None, true)).expect_err("odd");
        assert!(matches!(error, NotOurs::Broken { .. }));
        assert!(!error.remedy().is_empty());
    }
    /// A state of the lineage `l-1` without a marker, with an object for each of `ids`.
    fn unmarked(ids: &[&str]) -> StateDoc {
        let objects: Vec<String> = ids
            .iter()
            .enumerate()
            .map(|(number, id)| {
                format!(
                    r#"{{"mode":"managed","type":"x","name":"r{number}","provider":"provider[\"a/b/c\"]","instances":[{{"schema_version":0,"attributes":{{"id":"{id}"}}}}]}}"#
                )
            })
            .collect();
        let text = format!(
            r#"{{"version":4,"terraform_version":"1.11.4","serial":7,"lineage":"l-1","resources":[{}]}}"#,
            objects.join(",")
        );
        backend::read::read(text.as_bytes()).expect("a state")
    }

    #[test]
    fn what_was_made_since_the_beginning_is_somebody_elses() {
        let begun = unmarked(&["1", "2", "3"]);
        let expected = ExpectedMarker {
            begun_with: Observed::Known(begun.inventory()),
            ..expected(Some("l-1"), true)
        };
        for left in [&["1", "2", "3"][..], &["1", "2"], &[]] {
            assert!(prove(&unmarked(left), &expected).is_ok(), "{left:?}");
        }
        // Fewer objects, or as many, and one of them of another id.
        for left in [&["4"][..], &["1", "4"], &["1", "2", "4"]] {
            let refused = prove(&unmarked(left), &expected).expect_err("made since");
            let NotOurs::Strangers { count, address, .. } = &refused else {
                panic!("{refused}");
            };
            let last = format!("x.r{}", left.len() - 1);
            assert_eq!((*count, address), (1, &last));
            assert!(refused.remedy().contains("sweeper release"));
        }
    }

    #[test]
    fn without_the_inventory_of_the_beginning_nothing_is_ours_once_the_marker_went() {
        for (begun_with, said) in [
            (Observed::Absent, "is not on record"),
            (
                Observed::Unreadable(Cause("it is damaged".to_owned())),
                "could not be read: it is damaged",
            ),
        ] {
            let expected = ExpectedMarker {
                begun_with,
                ..expected(Some("l-1"), true)
            };
            for left in [&["1"][..], &[]] {
                let refused = prove(&unmarked(left), &expected).expect_err("unknown");
                assert!(refused.to_string().contains(said), "{refused}");
            }
            // A marker is proof by itself.
            assert!(prove(&state(&[("env-1", 2)]), &expected).is_ok());
        }
    }
}
