//! Values that nobody thought of, for whoever sends them: of any shape, and texts that are nearly durations, instants, ids
//! and names.

use proptest::prelude::*;
use rmpv::Value;

/// Texts at the edges of what is parsed, and beyond them.
pub(super) fn odd_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?[0-9]{1,21}(ns|ms|s|m|h|d|w|y)?",
        "([0-9]{1,20}[wdhms]){1,3}",
        "P[0-9]{0,20}[YMWD]?(T[0-9]{0,20}[HMS]?)?",
        "[0-9+-]{0,2}[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,12})?(Z|[+-][0-2][0-9]:[0-9]{2})",
        "(env|lease|run|scope)-[0-9a-f]{30,34}",
        "(env|lease|run):?[0-9]{0,3}",
        "[a-z0-9./*?{}\\[\\]!,-]{0,20}",
        "-?[0-9]{0,30}\\.?[0-9]{0,30}([eE][+-]?[0-9]{1,6})?",
        ".{0,12}",
    ]
}

/// A value of any shape.
pub(super) fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Nil),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        odd_text().prop_map(Value::from),
        Just(Value::from("72h")),
        prop::collection::vec(any::<u8>(), 0..8).prop_map(Value::Binary),
        (any::<i8>(), prop::collection::vec(any::<u8>(), 0..4))
            .prop_map(|(kind, bytes)| Value::Ext(kind, bytes)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = prop_oneof!["[a-z_]{1,8}".prop_map(Value::from), inner.clone()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key, inner), 0..4).prop_map(Value::Map),
        ]
    })
}

/// A value to stand at one place of a right one: more often of its kind than not.
pub(super) fn intruder() -> impl Strategy<Value = Value> {
    prop_oneof![2 => odd_text().prop_map(Value::from), 1 => any_value()]
}

/// How many places there are in `value`, itself included.
pub(super) fn places(value: &Value) -> usize {
    let inside: usize = match value {
        Value::Array(items) => items.iter().map(places).sum(),
        Value::Map(entries) => entries.iter().map(|(_, item)| places(item)).sum(),
        _ => 0,
    };
    1 + inside
}

/// Puts `intruder` at a place of `value`, counted from itself, the first.
pub(super) fn replace(value: &mut Value, place: usize, intruder: Value) {
    let Some(mut left) = place.checked_sub(1) else {
        *value = intruder;
        return;
    };
    let inside: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Map(entries) => entries.iter_mut().map(|(_, item)| item).collect(),
        _ => Vec::new(),
    };
    for part in inside {
        let size = places(part);
        if left < size {
            return replace(part, left, intruder);
        }
        left -= size;
    }
}
