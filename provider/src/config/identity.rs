//! The `identity` attribute of the provider block: its schema and its model, as typed.

use serde::{Deserialize, Serialize};
use tf_provider::{
    schema::{Attribute, AttributeConstraint::Optional, AttributeType},
    value::Value,
};

use super::string_list;

/// How it is found out who runs this, as typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct IdentityModel {
    /// For whom a token must be made.
    pub audience: Value<String>,
    /// Whose tokens are believed.
    pub issuers: Value<Vec<Value<String>>>,
    /// A file with a token.
    pub token_file: Value<String>,
    /// The name of a variable with a token.
    pub token_variable: Value<String>,
    /// Whether nothing may be created without a verified identity.
    pub required: Value<bool>,
}

impl IdentityModel {
    /// Whether everything in it is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        let texts = [&self.audience, &self.token_file, &self.token_variable];
        let issuers = match &self.issuers {
            Value::Value(issuers) => issuers.iter().all(|name| !matches!(name, Value::Unknown)),
            Value::Null => true,
            Value::Unknown => false,
        };
        issuers
            && !matches!(self.required, Value::Unknown)
            && texts.iter().all(|text| !matches!(text, Value::Unknown))
    }
}

/// The attribute.
pub(super) fn attribute() -> Attribute {
    let members = [
        (
            "audience",
            AttributeType::String,
            "For whom a token must be made (its `aud`). Default: `terraform-provider-ephemeral`. Variable: \
             `EPHEMERAL_IDENTITY_AUDIENCE`.",
        ),
        (
            "issuers",
            string_list(),
            "Whose tokens are believed: their `iss`, letter for letter. An empty list turns tokens off. Default: GitHub \
             Actions (`https://token.actions.githubusercontent.com`) and `https://gitlab.com`. Variable: \
             `EPHEMERAL_IDENTITY_ISSUERS`, separated by commas.",
        ),
        (
            "required",
            AttributeType::Bool,
            "Whether nothing may be created, changed or renewed without a verified identity. Default: `false`. Variable: \
             `EPHEMERAL_IDENTITY_REQUIRED`.",
        ),
        (
            "token_file",
            AttributeType::String,
            "A file with a token, relative to the root module. Where there is no such file, `token_variable` is looked \
             at. Variable: `EPHEMERAL_IDENTITY_TOKEN_FILE`.",
        ),
        (
            "token_variable",
            AttributeType::String,
            "The name of the environment variable with a token, as GitLab's `id_tokens` sets it. Where it is not set, \
             GitHub Actions is asked in a job that may. Default: `EPHEMERAL_ID_TOKEN`. Variable: \
             `EPHEMERAL_IDENTITY_TOKEN_VARIABLE`.",
        ),
    ];
    let members = members.into_iter().map(|(name, attr_type, text)| {
        let member = super::attribute(attr_type, Optional, text);
        (name.to_owned(), member)
    });
    super::attribute(
        AttributeType::AttributeSingle(members.collect()),
        Optional,
        "How it is found out who runs this. Where a token of OpenID Connect can be had, it is checked, and records say \
         `verified`; else the variables of the CI system or the local user are taken, and records say `claimed`.",
    )
}
