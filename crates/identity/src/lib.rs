//! Who runs this: vouched for where a token can be had and holds, else as claimed.
//!
//! A token that is there and does not hold is an error, never a claim. A token that cannot be checked now, because an
//! issuer is down, leaves the claim, with the reason beside it.
//!
//! Invariant: it verifies, and asks no more than that takes: no network where no token can be had.
//! Invariant: it knows no environment, no lease, no book, and nothing of the provider; variables, directory and clock are arguments.

mod cache;
mod claims;
mod establish;
mod issuer;
mod keys;
mod problem;
mod signature;
mod source;
mod subject;
mod token;

use std::{collections::BTreeMap, path::PathBuf};

use ledger::identity::Identity;

pub use self::{
    establish::{Edge, Patience, establish},
    issuer::{IssuerError, TrustedIssuer},
    problem::{InvalidToken, Problem, Unchecked},
};

/// The variables of a process; one that is set to nothing counts as not set.
pub type Variable<'a> = &'a (dyn Fn(&str) -> Option<&'a str> + Sync);

/// Whose tokens are believed, and where one may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// For whom a token must be made.
    pub audience: String,
    /// Whose tokens are believed. None: no token is looked for.
    pub issuers: Vec<TrustedIssuer>,
    /// A file with a token, relative to the root module.
    pub token_file: Option<PathBuf>,
    /// The name of a variable with a token.
    pub token_variable: String,
}

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
    /// An identity without proof.
    #[must_use]
    pub fn claimed(identity: Identity) -> Self {
        Self {
            identity,
            facts: BTreeMap::new(),
            doubt: None,
        }
    }
}
