//! The token of a run: shown once, to Terraform, and known to the ledger by its hash only.
//!
//! It knows no randomness: who opens a run brings the bytes.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::id::RunId;

/// How many random bytes a token has.
pub const TOKEN_BYTES: usize = 32;

/// What stands between the id and the secret.
const SEPARATOR: char = '.';

/// `run-….<64 hexadecimal digits>`. Neither shown by `Debug` nor comparable: it is checked by its hash.
#[derive(Clone)]
pub struct RunToken {
    run: RunId,
    secret: String,
}

/// A text is not a token. It may be a mistyped one, so it is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not a run token; expected what `ephemeral.ttl_lease.run.token` gives, which begins with `run-`"
)]
pub struct RunTokenError;

impl RunToken {
    /// The token of `run` over `bytes`, which must be random and used once.
    #[must_use]
    pub fn new(run: RunId, bytes: &[u8; TOKEN_BYTES]) -> Self {
        Self {
            run,
            secret: hex(bytes),
        }
    }

    /// Reads what [`Self::reveal`] writes.
    ///
    /// # Errors
    /// It is something else.
    pub fn parse(text: &str) -> Result<Self, RunTokenError> {
        let (run, secret) = text.split_once(SEPARATOR).ok_or(RunTokenError)?;
        let whole = secret.len() == 2 * TOKEN_BYTES
            && secret
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if !whole || !run.starts_with("run-") {
            return Err(RunTokenError);
        }
        Ok(Self {
            run: RunId::parse(run).map_err(|_| RunTokenError)?,
            secret: secret.to_owned(),
        })
    }

    /// Whose token it is.
    #[must_use]
    pub fn run(&self) -> &RunId {
        &self.run
    }

    /// What the ledger keeps of it: the SHA-256 of its text, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> String {
        hex(&Sha256::digest(self.reveal()))
    }

    /// The token itself, for Terraform alone.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{}{SEPARATOR}{}", self.run, self.secret)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for RunToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunToken")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}
