//! Values for tests: JSON in, JSON out, `"<unknown>"` for what is not known yet. Knows nothing of schemas.

use plugin::proto::tfplugin6::{AttributePath, Diagnostic, DynamicValue, attribute_path};
use rmpv::Value;
use serde_json::{Value as Json, json};

/// How an unknown value is written in JSON.
pub(crate) const UNKNOWN: &str = "<unknown>";

/// How an unknown value that is known not to be null is written in JSON; Terraform calls it refined.
pub(crate) const REFINED: &str = "<unknown, not null>";

/// The value with every unknown plainly unknown.
pub(crate) fn unrefined(json: &Json) -> Json {
    let text = json.to_string().replace(REFINED, UNKNOWN);
    serde_json::from_str(&text).expect("JSON with another text in it is JSON")
}

/// JSON as Terraform would send it.
pub(crate) fn dv(json: &Json) -> DynamicValue {
    let mut msgpack = Vec::new();
    rmpv::encode::write_value(&mut msgpack, &to_msgpack(json)).expect("a Vec takes every byte");
    DynamicValue {
        msgpack,
        json: Vec::new(),
    }
}

/// What the provider sent, as JSON. A fraction is sent as text; it stays text.
pub(crate) fn jv(value: &DynamicValue) -> Json {
    assert!(value.json.is_empty(), "the provider answers in msgpack");
    let value = rmpv::decode::read_value(&mut value.msgpack.as_slice()).expect("whole msgpack");
    from_msgpack(&value)
}

fn to_msgpack(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(flag) => Value::from(*flag),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::from(whole),
            // Terraform parses decimals exactly, so most fractions travel as text.
            (None, _) => Value::from(number.to_string()),
        },
        Json::String(text) if text == UNKNOWN => Value::Ext(0, vec![0]),
        // A map of one: refinement 1, which says whether it can be null, is false.
        Json::String(text) if text == REFINED => Value::Ext(12, vec![0x81, 0x01, 0xc2]),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::Array(items.iter().map(to_msgpack).collect()),
        Json::Object(members) => {
            let members = members.iter();
            Value::Map(
                members
                    .map(|(key, item)| (Value::from(key.as_str()), to_msgpack(item)))
                    .collect(),
            )
        }
    }
}

fn from_msgpack(value: &Value) -> Json {
    match value {
        Value::Nil => Json::Null,
        Value::Ext(..) => json!(UNKNOWN),
        Value::Boolean(flag) => json!(flag),
        Value::Integer(number) => json!(number.as_i64().expect("a number of 64 bits")),
        Value::F64(number) => json!(number),
        Value::String(text) => json!(text.as_str().expect("UTF-8")),
        Value::Array(items) => items.iter().map(from_msgpack).collect(),
        Value::Map(members) => {
            let members = members.iter();
            members
                .map(|(key, item)| {
                    let key = key.as_str().expect("a key of UTF-8");
                    (key.to_owned(), from_msgpack(item))
                })
                .collect()
        }
        other => panic!("the provider sent {other}, which no value of Terraform is"),
    }
}

/// A diagnostic in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// Error or warning.
    pub(crate) is_error: bool,
    /// The title.
    pub(crate) summary: String,
    /// The prose.
    pub(crate) detail: String,
    /// The attribute, for example `policy["mode"]`; empty for the whole.
    pub(crate) at: String,
}

/// The diagnostics of a response in words.
pub(crate) fn told(diagnostics: Vec<Diagnostic>) -> Vec<Told> {
    let diagnostics = diagnostics.into_iter();
    diagnostics
        .map(|diagnostic| Told {
            is_error: diagnostic.severity == 1,
            summary: diagnostic.summary,
            detail: diagnostic.detail,
            at: diagnostic.attribute.map(spelled).unwrap_or_default(),
        })
        .collect()
}

/// An attribute path as one would write it.
pub(crate) fn spelled(path: AttributePath) -> String {
    use attribute_path::step::Selector;
    let mut text = String::new();
    for step in path.steps {
        match step.selector.expect("a step selects something") {
            Selector::AttributeName(name) if text.is_empty() => text = name,
            Selector::AttributeName(name) => text = format!("{text}.{name}"),
            Selector::ElementKeyString(key) => text = format!("{text}[{key:?}]"),
            Selector::ElementKeyInt(index) => text = format!("{text}[{index}]"),
        }
    }
    text
}

/// `whole` with `value` at `path`, whose parts are separated by `.`.
pub(crate) fn with(whole: &Json, path: &str, value: Json) -> Json {
    let mut changed = whole.clone();
    let pointer = format!("/{}", path.replace('.', "/"));
    *changed
        .pointer_mut(&pointer)
        .unwrap_or_else(|| panic!("{path} is not in {whole}")) = value;
    changed
}

/// The paths of everything in `value`, itself left out.
pub(crate) fn paths(value: &Json) -> Vec<String> {
    let mut found = Vec::new();
    let children: Vec<(String, &Json)> = match value {
        Json::Object(members) => members.iter().map(|(key, at)| (key.clone(), at)).collect(),
        Json::Array(items) => (0..)
            .zip(items)
            .map(|(place, at): (usize, _)| (place.to_string(), at))
            .collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        found.push(key.clone());
        found.extend(paths(child).into_iter().map(|rest| format!("{key}.{rest}")));
    }
    found
}
