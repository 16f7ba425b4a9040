//! Validates a typed run lease: each part parsed once, every problem reported at its own attribute. Unknown parts are left
//! out without a word.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use ledger::{id::EnvironmentName, ttl::Ttl};
use tf_provider::{AttributePath, Diagnostics, value::Value};

use super::model::RunModel;
use crate::{attributes::StringMap, diag};

/// Where none is typed.
const DEFAULT_TTL: &str = "2m";

/// Shorter, and a renewal could come too late on a busy machine.
const SHORTEST: TimeDelta = TimeDelta::seconds(5);

/// Longer, and a run that was killed would keep its environment for as long.
const LONGEST: TimeDelta = TimeDelta::hours(1);

/// The parts that are known and right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Validated {
    /// `Some(None)`: known to have none.
    pub(super) environment: Option<Option<String>>,
    /// From one sign of life to death.
    pub(super) ttl: Option<Ttl>,
    /// Its labels.
    pub(super) labels: Option<BTreeMap<String, String>>,
}

/// Validates `model`.
#[must_use]
pub(super) fn validate(model: &RunModel, diags: &mut Diagnostics) -> Validated {
    Validated {
        environment: environment(&model.environment, diags),
        ttl: ttl(&model.ttl, diags),
        labels: labels(&model.labels, diags),
    }
}

/// An id has the looks of a name, so one rule fits both.
fn environment(value: &Value<String>, diags: &mut Diagnostics) -> Option<Option<String>> {
    match value {
        Value::Null => Some(None),
        Value::Unknown => None,
        Value::Value(text) => match EnvironmentName::parse(text) {
            Ok(name) => Some(Some(name.as_str().to_owned())),
            Err(error) => {
                diags.add_error(diag::invalid_run_environment(&error));
                None
            }
        },
    }
}

fn ttl(value: &Value<String>, diags: &mut Diagnostics) -> Option<Ttl> {
    let text = match value {
        Value::Null => DEFAULT_TTL,
        Value::Unknown => return None,
        Value::Value(text) => text,
    };
    match Ttl::parse(text) {
        Ok(ttl) if ttl.delta() < SHORTEST || LONGEST < ttl.delta() => {
            diags.add_error(diag::run_ttl_out_of_bounds(ttl.spelling()));
            None
        }
        Ok(ttl) => Some(ttl),
        Err(error) => {
            diags.add_error(diag::invalid_duration(AttributePath::new("ttl"), &error));
            None
        }
    }
}

fn labels(value: &Value<StringMap>, diags: &mut Diagnostics) -> Option<BTreeMap<String, String>> {
    let elements = match value {
        Value::Value(elements) => elements,
        Value::Null => return Some(BTreeMap::new()),
        Value::Unknown => return None,
    };
    let mut labels = BTreeMap::new();
    for (key, element) in elements {
        match element {
            Value::Value(text) => {
                labels.insert(key.clone(), text.clone());
            }
            Value::Unknown => {}
            Value::Null => diags.add_error(diag::null_label(key)),
        }
    }
    (labels.len() == elements.len()).then_some(labels)
}
