//! What tells two objects of one resource type apart, for clients since Terraform 1.12 and OpenTofu 1.12. Apart from the
//! state, so that an object can be found, listed and imported by it.
//!
//! Every part is a text that is always known once the object exists. Older clients never see any of this.

use std::collections::BTreeMap;

use rmpv::Value;
use tf_provider::Diagnostics;

use super::proto::tfplugin6 as proto;
use super::raw::{self, Raw};
use super::report::Report;

/// The identity of one object: each part of its [`IdentitySchema`] with its value.
pub type ObjectIdentity = BTreeMap<&'static str, String>;

/// The parts of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentitySchema {
    /// Counts from zero, apart from the version of the state's schema.
    pub version: i64,
    /// All are needed for an import.
    pub parts: &'static [IdentityPart],
}

/// One part of an identity: a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityPart {
    /// Its name, as in `identity = { NAME = "…" }`.
    pub name: &'static str,
    /// What it is, as a sentence.
    pub description: &'static str,
}

impl IdentitySchema {
    /// The schema as the protocol sends it.
    pub(crate) fn to_proto(self) -> proto::ResourceIdentitySchema {
        use proto::resource_identity_schema::IdentityAttribute;
        let parts = self.parts.iter().map(|part| IdentityAttribute {
            name: part.name.to_owned(),
            r#type: br#""string""#.to_vec(),
            required_for_import: true,
            optional_for_import: false,
            description: part.description.to_owned(),
        });
        proto::ResourceIdentitySchema {
            version: self.version,
            identity_attributes: parts.collect(),
        }
    }

    /// The identity of the object whose state, or planned state, is `state`; `None` while a part is not known.
    pub(crate) fn of_state(self, state: &Raw) -> Option<ObjectIdentity> {
        let parts = self.parts.iter().map(|part| {
            let value = raw::entry(state, part.name).as_str()?;
            Some((part.name, value.to_owned()))
        });
        parts.collect()
    }

    /// An identity as the protocol sends it; `None` unless it has every part.
    pub(crate) fn send(self, identity: &ObjectIdentity) -> Option<proto::ResourceIdentityData> {
        let parts = self.parts.iter().map(|part| {
            let value = identity.get(part.name)?;
            Some((Value::from(part.name), Value::from(value.as_str())))
        });
        let parts: Option<Vec<_>> = parts.collect();
        Some(proto::ResourceIdentityData {
            identity_data: Some(raw::encode(Value::Map(parts?))),
        })
    }

    /// An identity that came in, decoded; `None` if it does not fit, which was reported.
    pub(crate) fn receive(self, value: &Raw, diags: &mut Diagnostics) -> Option<ObjectIdentity> {
        let Value::Map(entries) = value else {
            diags.fail(
                "Unusable Identity",
                format!(
                    "An identity is an object, and {} was found.",
                    raw::kind(value)
                ),
            );
            return None;
        };
        let known = |key: &Value| {
            self.parts
                .iter()
                .any(|part| Some(part.name) == key.as_str())
        };
        let before = diags.errors.len();
        for (key, _) in entries.iter().filter(|(key, _)| !known(key)) {
            let name = key.as_str().unwrap_or("(not a text)").to_owned();
            diags.fail(
                "Unusable Identity",
                format!("The identity of this type has no `{name}`. Remove it."),
            );
        }
        let mut identity = ObjectIdentity::new();
        for part in self.parts {
            let value = entries
                .iter()
                .find(|(key, _)| key.as_str() == Some(part.name));
            match value.and_then(|(_, value)| value.as_str()) {
                Some(text) if !text.is_empty() => {
                    identity.insert(part.name, text.to_owned());
                }
                _ => diags.fail(
                    "Unusable Identity",
                    format!(
                        "The identity needs `{}`, a text that is known and not empty: {}",
                        part.name, part.description
                    ),
                ),
            }
        }
        (diags.errors.len() == before).then_some(identity)
    }
}
