//! From a value in its schema's shape to the type a resource thinks in, and back. The only place that meets serde.

use rmpv::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::{AttributePath, Diagnostics};

use super::raw::{self, Raw};
use super::report::Report;

/// The value as a `T`. A mismatch is an error on each attribute that does not fit. What was found is not shown: it may
/// be a secret.
pub(crate) fn read<T: DeserializeOwned>(value: &Raw, diags: &mut Diagnostics) -> Option<T> {
    let before = diags.errors.len();
    let typed = read_to_check(value, diags);
    typed.filter(|_| diags.errors.len() == before)
}

/// Like [`read`], for a value that is only looked at: beside its errors it is whatever of it fits, and unknown where
/// nothing does. `None` if there is nothing to look at.
pub(crate) fn read_to_check<T: DeserializeOwned>(
    value: &Raw,
    diags: &mut Diagnostics,
) -> Option<T> {
    if let Ok(typed) = parse(value) {
        return Some(typed);
    }
    let names = names_of(value);
    if names.is_empty() {
        diags.fail("Unusable Value", UNUSABLE);
        return None;
    }
    let nothing = raw::with_nulls(value.clone(), &names);
    if let Err(error) = parse::<T>(&nothing) {
        // Not even an object of nulls fits: schema and type of the resource disagree.
        report_bug(diags, &error.to_string());
        return None;
    }
    let mut misfits = Vec::new();
    for name in &names {
        let others: Vec<&str> = names
            .iter()
            .copied()
            .filter(|other| other != name)
            .collect();
        if parse::<T>(&raw::with_nulls(value.clone(), &others)).is_err() {
            misfits.push(*name);
            diags.refuse(
                AttributePath::new((*name).to_owned()),
                "Unusable Value",
                format!(
                    "The value of `{name}` is not what the provider can use there, for example a fraction where only \
                     a whole number makes sense."
                ),
            );
        }
    }
    if misfits.is_empty() {
        diags.fail("Unusable Value", UNUSABLE);
        return None;
    }
    parse(&raw::with(value.clone(), &misfits, &raw::unknown())).ok()
}

const UNUSABLE: &str = "The value is not what the provider can use there.";

/// Private state: what this provider stored beside the state. Nothing stored is null.
pub(crate) fn read_private<T: DeserializeOwned>(
    bytes: &[u8],
    diags: &mut Diagnostics,
) -> Option<T> {
    let read = match bytes {
        [] => Ok(Value::Nil),
        bytes => raw::from_msgpack(bytes).map_err(|error| error.to_string()),
    };
    match read.and_then(|value| parse(&value).map_err(|error| error.to_string())) {
        Ok(typed) => Some(typed),
        Err(error) => {
            diags.fail(
                "Unreadable Private State",
                format!(
                    "The data this provider keeps beside the resource's state cannot be read. If the state was edited \
                     by hand, restore it; otherwise please report this. Original Error: {error}"
                ),
            );
            None
        }
    }
}

/// A `T` as a value; failing is a bug in the provider and is reported as one.
pub(crate) fn write<T: Serialize>(typed: &T, diags: &mut Diagnostics) -> Option<Raw> {
    let bytes = write_private(typed, diags)?;
    match raw::from_msgpack(&bytes) {
        Ok(value) => Some(value),
        Err(error) => {
            report_bug(diags, &error.to_string());
            None
        }
    }
}

/// A `T` as the bytes of private state.
pub(crate) fn write_private<T: Serialize>(typed: &T, diags: &mut Diagnostics) -> Option<Vec<u8>> {
    match rmp_serde::to_vec_named(typed) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            report_bug(diags, &error.to_string());
            None
        }
    }
}

fn report_bug(diags: &mut Diagnostics, error: &str) {
    diags.fail(
        "Provider Produced an Unsendable Value",
        format!("This is a bug in the provider; please report it. Original Error: {error}"),
    );
}

fn parse<T: DeserializeOwned>(value: &Raw) -> Result<T, rmpv::ext::Error> {
    rmpv::ext::deserialize_from(value.as_ref())
}

/// serde cannot say which attribute does not fit, because a value, a null and an unknown are told apart by trying; so
/// [`read`] tries the attributes one by one.
fn names_of(value: &Raw) -> Vec<&str> {
    match value {
        Value::Map(entries) => entries.iter().filter_map(|(key, _)| key.as_str()).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use tf_provider::value::Value as Typed;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Model {
        name: Typed<String>,
        count: Typed<f64>,
        tags: Typed<BTreeMap<String, Typed<String>>>,
        running: Typed<bool>,
    }

    fn entries(entries: &[(&str, Value)]) -> Value {
        let entries = entries.iter().cloned();
        Value::Map(
            entries
                .map(|(key, item)| (Value::from(key), item))
                .collect(),
        )
    }

    #[test]
    fn a_value_a_null_and_an_unknown_are_told_apart_at_every_depth() {
        // Terraform refines what is unknown; the tag and the bytes are not ours to read.
        let refined = Value::Ext(12, vec![0x81, 1, 0xc2]);
        let tags = entries(&[("a", Value::from("1")), ("b", Value::Nil), ("c", refined)]);
        let value = entries(&[
            ("count", Value::from(3)),
            ("name", Value::Ext(0, Vec::new())),
            ("running", Value::Nil),
            ("tags", tags),
        ]);
        let tags = BTreeMap::from([
            ("a".to_owned(), Typed::Value("1".to_owned())),
            ("b".to_owned(), Typed::Null),
            ("c".to_owned(), Typed::Unknown),
        ]);
        let model = Model {
            name: Typed::Unknown,
            count: Typed::Value(3.0),
            tags: Typed::Value(tags),
            running: Typed::Null,
        };
        assert_eq!(parse::<Model>(&value).expect("it fits"), model);
    }

    #[test]
    fn what_does_not_fit_is_an_error_and_never_something_else() {
        let misfits = [
            Value::from("three"),
            Value::Array(vec![Value::from(3)]),
            Value::Binary(vec![3]),
            entries(&[]),
        ];
        for misfit in misfits {
            let value = entries(&[("count", misfit.clone())]);
            let read = parse::<Typed<BTreeMap<String, Typed<f64>>>>(&value);
            assert!(read.is_err(), "{misfit}");
        }
    }
}
