//! Values as they travel: Terraform's msgpack (or JSON) to a tree and back. Knows the encoding, not the schema.
//!
//! An unknown value is any msgpack extension; Terraform refines some (extension 12), and returning them unrefined is
//! allowed. Numbers that fit neither an integer nor a binary fraction exactly travel as decimal text.

use rmpv::Value;
use thiserror::Error;

use super::proto::tfplugin6::DynamicValue;

/// A value as it was sent: `Nil` is null, `Ext` is unknown.
pub(crate) type Raw = Value;

/// Values nested deeper than this are refused, so that no message can exhaust the stack. Terraform's own types nest a
/// few levels.
pub(crate) const MAX_DEPTH: usize = 64;

/// Why a message holds no value.
#[derive(Debug, Error)]
pub(crate) enum Unreadable {
    /// Truncated, or not msgpack at all.
    #[error("not a complete msgpack value: {0}")]
    Msgpack(#[source] rmpv::decode::Error),
    /// The one byte that begins nothing; the decoder takes it for null.
    #[error("begins with the reserved byte 0xc1")]
    Reserved,
    /// A whole value with something after it.
    #[error("{0} bytes follow the msgpack value, where none should")]
    Trailing(usize),
    /// The JSON encoding, with the parser's position.
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Nested beyond the limit.
    #[error("nested deeper than {MAX_DEPTH} levels")]
    Depth,
}

/// The unknown value.
pub(crate) fn unknown() -> Raw {
    Value::Ext(0, Vec::new())
}

/// Whether the value is unknown.
pub(crate) fn is_unknown(value: &Raw) -> bool {
    matches!(value, Value::Ext(..))
}

/// Whether anything in the value is unknown.
pub(crate) fn has_unknowns(value: &Raw) -> bool {
    match value {
        Value::Ext(..) => true,
        Value::Array(items) => items.iter().any(has_unknowns),
        Value::Map(entries) => entries.iter().any(|(_, item)| has_unknowns(item)),
        _ => false,
    }
}

/// Reads a value; an absent or empty message is null.
///
/// # Errors
///
/// Whatever the bytes are, the answer is a value or an [`Unreadable`], never a panic.
pub(crate) fn decode(message: Option<&DynamicValue>) -> Result<Raw, Unreadable> {
    match message {
        None => Ok(Value::Nil),
        Some(message) if !message.msgpack.is_empty() => from_msgpack(&message.msgpack),
        Some(message) if !message.json.is_empty() => from_json(&message.json),
        Some(_) => Ok(Value::Nil),
    }
}

/// Reads one msgpack value.
pub(crate) fn from_msgpack(mut bytes: &[u8]) -> Result<Raw, Unreadable> {
    if bytes.first() == Some(&0xc1) {
        return Err(Unreadable::Reserved);
    }
    let read = rmpv::decode::read_value_with_max_depth(&mut bytes, MAX_DEPTH);
    let value = read.map_err(|error| match error {
        rmpv::decode::Error::DepthLimitExceeded => Unreadable::Depth,
        error => Unreadable::Msgpack(error),
    })?;
    if !bytes.is_empty() {
        return Err(Unreadable::Trailing(bytes.len()));
    }
    Ok(value)
}

/// Reads one JSON value, as states are stored in. JSON has no unknown.
pub(crate) fn from_json(bytes: &[u8]) -> Result<Raw, Unreadable> {
    // By way of msgpack, which has the limit of depth.
    from_msgpack(&to_bytes(&serde_json::from_slice(bytes)?))
}

/// The value as msgpack.
pub(crate) fn to_bytes(value: &Raw) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail: it grows.
    let written = rmpv::encode::write_value(&mut bytes, value);
    debug_assert!(written.is_ok());
    bytes
}

/// Wraps a value for sending. Fractions go as decimal text, because Terraform compares numbers exactly: `1.1` read
/// from a configuration is not the binary fraction nearest to it.
pub(crate) fn encode(mut value: Raw) -> DynamicValue {
    everywhere(&mut value, &exact_number);
    DynamicValue {
        msgpack: to_bytes(&value),
        json: Vec::new(),
    }
}

fn exact_number(value: &mut Raw) {
    let number = match value {
        Value::F32(number) => f64::from(*number),
        Value::F64(number) => *number,
        _ => return,
    };
    *value = whole(number).map_or_else(|| Value::from(number.to_string()), Value::from);
}

/// Does `change` to the value and to everything in it.
fn everywhere(value: &mut Raw, change: &impl Fn(&mut Raw)) {
    change(value);
    match value {
        Value::Array(items) => {
            for item in items {
                everywhere(item, change);
            }
        }
        Value::Map(entries) => {
            for (_, item) in entries {
                everywhere(item, change);
            }
        }
        _ => {}
    }
}

/// The number as a whole one, where it is one and surely the one that was meant.
pub(crate) fn whole(number: f64) -> Option<i64> {
    /// 2^53: beyond it not every whole number is a binary fraction.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number of at most 2^53"
    )]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// The same value with every unknown replaced by null: what may be stored after a failed create.
pub(crate) fn without_unknowns(mut value: Raw) -> Raw {
    everywhere(&mut value, &|value| {
        if is_unknown(value) {
            *value = Value::Nil;
        }
    });
    value
}

/// The same object with the attributes of `names` null.
pub(crate) fn with_nulls(value: Raw, names: &[&str]) -> Raw {
    with(value, names, &Value::Nil)
}

/// The object with `new` at each of the names it has.
pub(crate) fn with(mut value: Raw, names: &[&str], new: &Raw) -> Raw {
    if let Value::Map(entries) = &mut value {
        let named = |key: &Value| key.as_str().is_some_and(|name| names.contains(&name));
        for (_, item) in entries.iter_mut().filter(|(key, _)| named(key)) {
            *item = new.clone();
        }
    }
    value
}

/// The attribute `name` of an object; null where there is none.
pub(crate) fn entry<'a>(value: &'a Raw, name: &str) -> &'a Raw {
    entries(value)
        .find_map(|(key, item)| (key == name).then_some(item))
        .unwrap_or(&Value::Nil)
}

/// The entries of an object by their names; none of anything else.
pub(crate) fn entries(value: &Raw) -> impl Iterator<Item = (&str, &Raw)> {
    let entries = match value {
        Value::Map(entries) => entries.as_slice(),
        _ => &[],
    };
    entries
        .iter()
        .filter_map(|(key, item)| key.as_str().map(|key| (key, item)))
}

/// What to call a value in a message, without showing it.
pub(crate) fn kind(value: &Raw) -> &'static str {
    match value {
        Value::Nil => "null",
        Value::Boolean(_) => "a bool",
        Value::Integer(_) | Value::F32(_) | Value::F64(_) => "a number",
        Value::String(_) => "a string",
        Value::Binary(_) => "bytes",
        Value::Array(_) => "a list",
        Value::Map(_) => "an object",
        Value::Ext(..) => "an unknown value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_sent_so_that_they_equal_what_the_configuration_says() {
        for (mut number, sent) in [
            (Value::F64(2.0), Value::from(2)),
            (Value::F64(1.1), Value::from("1.1")),
            (Value::F64(1e20), Value::from("100000000000000000000")),
            (Value::F64(-0.25), Value::from("-0.25")),
        ] {
            exact_number(&mut number);
            assert_eq!(number, sent);
        }
    }

    #[test]
    fn every_prefix_and_every_nest_of_bytes_is_a_value_or_an_error() {
        let whole = to_bytes(&Value::Map(vec![(
            Value::from("tags"),
            Value::Array(vec![Value::from("a"), unknown(), Value::F64(1.5)]),
        )]));
        for end in 0..whole.len() {
            assert!(
                from_msgpack(&whole[..end]).is_err(),
                "prefix of {end} bytes"
            );
        }
        let deep = vec![0x91; 1_000_000];
        assert!(from_msgpack(&deep).is_err());
        let json = "[".repeat(1_000_000);
        assert!(from_json(json.as_bytes()).is_err());
        let nested = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        assert!(matches!(
            from_json(nested.as_bytes()),
            Err(Unreadable::Depth)
        ));
        assert!(matches!(
            from_msgpack(&[0xc0, 0xc0]),
            Err(Unreadable::Trailing(1))
        ));
        assert!(matches!(from_msgpack(&[0xc1]), Err(Unreadable::Reserved)));
        // An array that announces four thousand million elements must not be believed.
        assert!(from_msgpack(&[0xdd, 0xff, 0xff, 0xff, 0xff]).is_err());
    }
}
