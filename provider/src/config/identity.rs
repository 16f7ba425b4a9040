//! The `identity` attribute of the provider block, as typed.

use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use crate::attributes::attributes;

attributes! {
    /// `identity = { … }`.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct IdentityModel {
        /// For whom a token must be made (its `aud`). Default: `terraform-provider-ephemeral`. Variable:
        /// `EPHEMERAL_IDENTITY_AUDIENCE`.
        pub audience: Optional String,
        /// Whose tokens are believed: their `iss`, letter for letter. An empty list turns tokens off. Default: GitHub
        /// Actions (`https://token.actions.githubusercontent.com`) and `https://gitlab.com`. Variable:
        /// `EPHEMERAL_IDENTITY_ISSUERS`, separated by commas.
        pub issuers: Optional Vec<Value<String>>,
        /// A file with a token, relative to the root module. Where there is no such file, `token_variable` is looked at.
        /// Variable: `EPHEMERAL_IDENTITY_TOKEN_FILE`.
        pub token_file: Optional String,
        /// The name of the environment variable with a token, as GitLab's `id_tokens` sets it. Where it is not set, GitHub
        /// Actions is asked in a job that may. Default: `EPHEMERAL_ID_TOKEN`. Variable:
        /// `EPHEMERAL_IDENTITY_TOKEN_VARIABLE`.
        pub token_variable: Optional String,
        /// Whether nothing may be created, changed or renewed without a verified identity. Default: `false`. Variable:
        /// `EPHEMERAL_IDENTITY_REQUIRED`.
        pub required: Optional bool,
    }
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
