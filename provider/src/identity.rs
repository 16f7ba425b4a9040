//! Who runs this: vouched for where a token can be had and holds, else as the surroundings claim.
//!
//! A token that is there and does not hold is an error, never a claim. A token that cannot be checked now, because an
//! issuer is down, leaves the claim, with the reason beside it. It knows no environment, no lease and no ledger.

mod cache;
mod claims;
mod establish;
mod fetch;
mod issuer;
mod keys;
mod problem;
mod signature;
mod source;
mod subject;
mod token;

use std::collections::BTreeMap;

use ledger::identity::Identity;

pub use self::{
    establish::{Edge, Patience, establish},
    issuer::{IssuerError, TrustedIssuer},
    problem::{InvalidToken, Problem, Unchecked},
};

/// Who runs this, and what is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Whom records and events name.
    pub identity: Identity,
    /// What the issuer vouches for beside the subject, such as a repository and a run; never a secret. Empty for a claim.
    pub facts: BTreeMap<String, String>,
    /// Why a token that could be had was not checked.
    pub doubt: Option<Unchecked>,
}

impl Who {
    /// Somebody whom nobody vouches for.
    #[must_use]
    pub fn claimed(identity: Identity) -> Self {
        Self {
            identity,
            facts: BTreeMap::new(),
            doubt: None,
        }
    }
}
