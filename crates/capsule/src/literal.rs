//! What stands at a place of a configuration or of a state, as it is written. What has to be evaluated is not known here.

use hcl_edit::{
    expr::{Expression, FuncCall},
    structure::{Body, Structure},
    template::Element,
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
    /// Something that has to be evaluated.
    Expression(Box<Expression>),
    /// Something that nobody here can tell.
    Unknown,
}

impl Seen {
    /// `text` as a value: the language takes `"true"` for `true`.
    #[must_use]
    pub fn text(text: &str) -> Self {
        match text {
            "true" => Self::Bool(true),
            "false" => Self::Bool(false),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// As the truth value it is converted to where one is expected.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Text(text) if text == "1" => Some(true),
            Self::Text(text) if text == "0" => Some(false),
            _ => None,
        }
    }
}

/// The body of a block, or the attributes of an object of a state.
pub trait Arguments {
    /// What stands at `path`: blocks by their names, and then an argument. Of several blocks of one name, the first that
    /// says anything counts.
    fn look(&self, path: &[&str]) -> Seen;

    /// The references at `path`, one or a list of them, as they are written.
    fn references(&self, path: &[&str]) -> Vec<String>;

    /// Whether the argument `name` is there, be it `null`.
    fn has(&self, name: &str) -> bool;
}

/// The first that is not absent.
fn first(all: impl IntoIterator<Item = Seen>) -> Seen {
    all.into_iter()
        .find(|seen| *seen != Seen::Absent)
        .unwrap_or(Seen::Absent)
}

/// Several bodies of one thing: what stands in one goes before what stands in a later one.
pub struct Layers<'a>(pub Vec<&'a dyn Arguments>);

impl Arguments for Layers<'_> {
    fn look(&self, path: &[&str]) -> Seen {
        first(self.0.iter().map(|one| one.look(path)))
    }

    fn references(&self, path: &[&str]) -> Vec<String> {
        let mut all = self.0.iter().map(|one| one.references(path));
        all.find(|found| !found.is_empty()).unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|one| one.has(name))
    }
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

    fn references(&self, path: &[&str]) -> Vec<String> {
        let written = |expression: &Expression| match expression.as_str() {
            Some(text) => text.to_owned(),
            None => expression.to_string().trim().to_owned(),
        };
        match path {
            [] => Vec::new(),
            [name] => match self.get_attribute(name).map(|found| &found.value) {
                Some(Expression::Array(list)) => list.iter().map(written).collect(),
                Some(one) => vec![written(one)],
                None => Vec::new(),
            },
            [name, rest @ ..] => self
                .get_blocks(name)
                .flat_map(|block| block.body.references(rest))
                .collect(),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.has_attribute(name)
    }
}

/// What `expression` says without being evaluated.
#[must_use]
pub fn literal(expression: &Expression) -> Seen {
    match expression {
        Expression::Null(_) => Seen::Absent,
        Expression::Bool(value) => Seen::Bool(**value),
        Expression::Number(value) => Seen::Text(value.to_string()),
        Expression::String(value) => Seen::text(value.as_str()),
        Expression::Parenthesis(inner) => literal(inner.inner()),
        Expression::Array(elements) if elements.is_empty() => Seen::Empty,
        Expression::Object(members) if members.is_empty() => Seen::Empty,
        Expression::FuncCall(call) if converts(call) => Seen::Empty,
        // A template of nothing but one expression is that expression.
        Expression::StringTemplate(template) => match template.as_single_element() {
            Some(Element::Interpolation(only)) => literal(&only.expr),
            _ => Seen::Unknown,
        },
        other => Seen::Expression(Box::new(other.clone())),
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

/// A template of JSON that is nothing but one expression: `"${toset([])}"`.
fn template(text: &str) -> Seen {
    let inner = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    inner
        .and_then(|inner| inner.parse::<Expression>().ok())
        .map_or(Seen::Unknown, |expression| literal(&expression))
}

/// What stands at `path` of an object of JSON, where `text` says what a text is and `missing` what a member that is not
/// there is.
fn look_in(
    json: &Json,
    path: &[&str],
    text: fn(&str) -> Seen,
    missing: fn(&Json, &str) -> Seen,
) -> Seen {
    let Some((name, rest)) = path.split_first() else {
        return Seen::Unknown;
    };
    let Some(found) = json.get(name) else {
        return missing(json, name);
    };
    let below = |block: &Json| look_in(block, rest, text, missing);
    match (found, rest) {
        (Json::Null, _) => Seen::Absent,
        (Json::Bool(value), []) => Seen::Bool(*value),
        (Json::Number(value), []) => Seen::Text(value.to_string()),
        (Json::String(value), []) => text(value),
        (Json::Array(elements), []) if elements.is_empty() => Seen::Empty,
        (Json::Object(members), []) if members.is_empty() => Seen::Empty,
        (Json::Array(blocks), [_, ..]) => first(blocks.iter().map(below)),
        (block @ Json::Object(_), [_, ..]) => below(block),
        _ => Seen::Unknown,
    }
}

/// Configuration.
impl Arguments for Json {
    fn look(&self, path: &[&str]) -> Seen {
        // In JSON every text is a template.
        let text = |text: &str| {
            if text.contains("${") || text.contains("%{") {
                template(text)
            } else {
                Seen::text(text)
            }
        };
        look_in(self, path, text, |within, name| {
            let dynamic = within.get("dynamic").and_then(|all| all.get(name));
            if dynamic.is_some() {
                Seen::Unknown
            } else {
                Seen::Absent
            }
        })
    }

    fn references(&self, path: &[&str]) -> Vec<String> {
        let mut found: Vec<&Json> = vec![self];
        for name in path {
            let below =
                |json| crate::source::many(Some(json)).filter_map(|one: &Json| one.get(name));
            found = found.into_iter().flat_map(below).collect();
        }
        let all = found
            .into_iter()
            .flat_map(|json| crate::source::many(Some(json)));
        all.filter_map(Json::as_str).map(str::to_owned).collect()
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// The attributes of an object of a state: every text is a text, and what is not there is no attribute of that version of
/// the provider.
#[derive(Debug)]
pub struct Attributes(pub Json);

impl Arguments for Attributes {
    fn look(&self, path: &[&str]) -> Seen {
        look_in(&self.0, path, Seen::text, |_, _| Seen::Unknown)
    }

    fn references(&self, _path: &[&str]) -> Vec<String> {
        Vec::new()
    }

    fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some()
    }
}
