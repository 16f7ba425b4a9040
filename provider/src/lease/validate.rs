//! Validates a typed lease: each part parsed once, every problem reported at its own attribute. Unknown parts are left
//! out without a word.

use ledger::ttl::Ttl;
use tf_provider::{AttributePath, Diagnostics, value::Value};

use super::model::LeaseModel;
use crate::diag;

/// The parts that are known and right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validated {
    /// From the last renewal.
    pub ttl: Option<Ttl>,
    /// `Some(None)`: known to have none.
    pub max_ttl: Option<Option<Ttl>>,
    /// Its targets.
    pub targets: Option<Vec<String>>,
}

/// Validates `model`.
#[must_use]
pub fn validate(model: &LeaseModel, diags: &mut Diagnostics) -> Validated {
    let ttl = duration("ttl", &model.ttl, diags);
    let max_ttl = match &model.max_ttl {
        Value::Null => Some(None),
        value => duration("max_ttl", value, diags).map(Some),
    };
    if let (Some(ttl), Some(Some(max))) = (&ttl, &max_ttl)
        && max < ttl
    {
        diags.add_error(diag::over_maximum_ttl(ttl.spelling(), max.spelling()));
    }
    for (attribute, value) in [
        ("holder", &model.holder),
        ("environment", &model.environment),
    ] {
        if let Value::Value(text) = value
            && text.trim().is_empty()
        {
            diags.add_error(diag::empty_value(attribute));
        }
    }
    Validated {
        ttl,
        max_ttl,
        targets: targets(&model.targets, diags),
    }
}

fn duration(
    attribute: &'static str,
    value: &Value<String>,
    diags: &mut Diagnostics,
) -> Option<Ttl> {
    let parsed = Ttl::parse(value.as_ref_option()?)
        .map_err(|error| diag::invalid_duration(AttributePath::new(attribute), &error));
    parsed.map_err(|problem| diags.add_error(problem)).ok()
}

fn targets(value: &Value<Vec<Value<String>>>, diags: &mut Diagnostics) -> Option<Vec<String>> {
    let elements = match value {
        Value::Value(elements) => elements,
        Value::Null => return Some(Vec::new()),
        Value::Unknown => return None,
    };
    let mut targets = Vec::new();
    let mut whole = true;
    for (place, element) in (0_i64..).zip(elements) {
        match element {
            Value::Value(target) if !target.trim().is_empty() => targets.push(target.clone()),
            Value::Unknown => whole = false,
            Value::Value(_) | Value::Null => {
                whole = false;
                diags.add_error(diag::empty_target(place));
            }
        }
    }
    whole.then_some(targets)
}
