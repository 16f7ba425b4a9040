//! One setting of a backend that says where states are: its type, and whether it tells two states apart.
//!
//! An address keeps every setting as a text. The type belongs to the backend, as in Terraform itself, so a `true` that was
//! recorded as text is a `true` again in a generated root.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Whether it is one of those that together name one state for certain.
    pub tells_apart: bool,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// A URL, which may hold a user, a password or a signature.
    Url,
    Flag,
}

impl Setting {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            tells_apart: false,
            kind,
        }
    }

    /// Whether its value may hold credentials, which are cut out of it.
    pub(crate) fn is_url(&self) -> bool {
        self.kind == Kind::Url
    }

    /// `text`, as it is recorded, as a value of its type; a text that is none stays one, for the CLI to refuse.
    fn typed(&self, text: &str) -> Json {
        let flag = || text.parse().ok().map(Json::Bool);
        match self.kind {
            Kind::Flag => flag().unwrap_or_else(|| json!(text)),
            Kind::Text | Kind::Url => json!(text),
        }
    }
}

/// A setting that tells two states apart.
pub(crate) const fn telling(name: &'static str) -> Setting {
    Setting {
        tells_apart: true,
        ..text(name)
    }
}

/// A text.
pub(crate) const fn text(name: &'static str) -> Setting {
    Setting::new(name, Kind::Text)
}

/// An address with a scheme.
pub(crate) const fn url(name: &'static str) -> Setting {
    Setting::new(name, Kind::Url)
}

/// `true` or `false`.
pub(crate) const fn flag(name: &'static str) -> Setting {
    Setting::new(name, Kind::Flag)
}

/// The one called `name`.
pub(crate) fn find<'a>(settings: &'a [Setting], name: &str) -> Option<&'a Setting> {
    settings.iter().find(|setting| setting.name == name)
}

/// `recorded` as values of their types; what is not in `settings` is left out.
pub(crate) fn typed(
    settings: &[Setting],
    recorded: &BTreeMap<String, String>,
) -> Map<String, Json> {
    let known = |(name, text): (&String, &String)| {
        let setting = find(settings, name)?;
        Some((name.clone(), setting.typed(text)))
    };
    recorded.iter().filter_map(known).collect()
}

/// A value as an address keeps it; `None` for what has no text of its own.
pub(crate) fn plain(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Bool(value) => Some(value.to_string()),
        Json::Number(value) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Scheme, host and path of a URL. Whatever stands before the last `@` may be a password, however it is written.
pub(crate) fn without_credentials(url: &str) -> String {
    let (scheme, rest) = url
        .split_once("://")
        .map_or(("", url), |(scheme, rest)| (scheme, rest));
    let place = rest.rsplit('@').next().unwrap_or_default();
    let place = place.split(['?', '#']).next().unwrap_or_default();
    let separator = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{separator}{place}")
}
