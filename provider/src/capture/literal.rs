//! What a resource literally says, in either syntax of configuration. What has to be evaluated is not known here.

use hcl_edit::{
    expr::{Expression, FuncCall},
    structure::{Body, Structure},
};
use serde_json::Value as Json;

/// What stands at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nothing, or `null`.
    Absent,
    /// `true` or `false`, also as a text.
    Bool(bool),
    /// A text or a number, as it is written.
    Text(String),
    /// An empty list, set or map.
    Empty,
    /// Something that has to be evaluated, or is no single value.
    Unknown,
}

/// The body of a resource.
pub trait Arguments {
    /// What stands at `path`: blocks by their names, and then an argument. Of several blocks of one name, the first that
    /// says anything counts.
    fn look(&self, path: &[&str]) -> Seen;
}

fn text(text: &str) -> Seen {
    match text {
        "true" => Seen::Bool(true),
        "false" => Seen::Bool(false),
        _ => Seen::Text(text.to_owned()),
    }
}

/// The first that is not absent.
fn first(all: impl IntoIterator<Item = Seen>) -> Seen {
    all.into_iter()
        .find(|seen| *seen != Seen::Absent)
        .unwrap_or(Seen::Absent)
}

impl Arguments for Body {
    fn look(&self, path: &[&str]) -> Seen {
        let Some((name, rest)) = path.split_first() else {
            return Seen::Unknown;
        };
        if let Some(attribute) = self.get_attribute(name) {
            // An object in an argument is as good as a block, but nobody's rule needs one yet.
            return if rest.is_empty() {
                literal(&attribute.value)
            } else {
                Seen::Unknown
            };
        }
        first(self.iter().filter_map(Structure::as_block).map(|block| {
            if block.has_ident(name) {
                block.body.look(rest)
            } else if block.has_ident("dynamic") && block.has_labels(&[*name]) {
                Seen::Unknown
            } else {
                Seen::Absent
            }
        }))
    }
}

fn literal(expression: &Expression) -> Seen {
    match expression {
        Expression::Null(_) => Seen::Absent,
        Expression::Bool(value) => Seen::Bool(**value),
        Expression::Number(value) => Seen::Text(value.to_string()),
        Expression::String(value) => text(value.as_str()),
        Expression::Parenthesis(inner) => literal(inner.inner()),
        Expression::Array(elements) if elements.is_empty() => Seen::Empty,
        Expression::Object(members) if members.is_empty() => Seen::Empty,
        Expression::FuncCall(call) if converts(call) => Seen::Empty,
        _ => Seen::Unknown,
    }
}

/// Whether `call` makes a set or a map of nothing: `toset([])`.
fn converts(call: &FuncCall) -> bool {
    let name = &call.name;
    let arguments: Vec<&Expression> = call.args.iter().collect();
    name.namespace.is_empty()
        && ["toset", "tomap"].contains(&name.name.as_str())
        && matches!(arguments[..], [one] if literal(one) == Seen::Empty)
}

/// A template of JSON that says nothing but such an expression: `"${toset([])}"`.
fn template(text: &str) -> Seen {
    let inner = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    let empty = inner
        .and_then(|inner| inner.parse::<Expression>().ok())
        .is_some_and(|expression| literal(&expression) == Seen::Empty);
    if empty { Seen::Empty } else { Seen::Unknown }
}

impl Arguments for Json {
    fn look(&self, path: &[&str]) -> Seen {
        let Some((name, rest)) = path.split_first() else {
            return Seen::Unknown;
        };
        let Some(found) = self.get(name) else {
            let dynamic = self.get("dynamic").and_then(|dynamic| dynamic.get(name));
            return if dynamic.is_some() {
                Seen::Unknown
            } else {
                Seen::Absent
            };
        };
        match (found, rest) {
            (Json::Null, _) => Seen::Absent,
            (Json::Bool(value), []) => Seen::Bool(*value),
            (Json::Number(value), []) => Seen::Text(value.to_string()),
            // In JSON every text is a template.
            (Json::String(value), []) if value.contains("${") || value.contains("%{") => {
                template(value)
            }
            (Json::String(value), []) => text(value),
            (Json::Array(elements), []) if elements.is_empty() => Seen::Empty,
            (Json::Object(members), []) if members.is_empty() => Seen::Empty,
            (Json::Array(blocks), [_, ..]) => first(blocks.iter().map(|block| block.look(rest))),
            (block @ Json::Object(_), [_, ..]) => block.look(rest),
            _ => Seen::Unknown,
        }
    }
}
