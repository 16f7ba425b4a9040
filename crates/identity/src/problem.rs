//! What can be wrong with a token, in words for the user; and what can keep it from being checked. Never the token.

use http::RequestError;
use thiserror::Error;

/// Why there is no verified identity although there is a token, or could be one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// The token is there, and must not be believed.
    #[error(transparent)]
    Invalid(#[from] InvalidToken),
    /// Nothing was proven either way.
    #[error(transparent)]
    Unchecked(#[from] Unchecked),
}

/// What is wrong with a token.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidToken {
    /// It cannot be read.
    #[error("the token file {path} could not be read: {cause}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        cause: String,
    },
    /// It has not the form of a token.
    #[error("what was found is not a JSON Web Token: {0}")]
    Malformed(&'static str),
    /// Its signature is of a kind that proves nothing.
    #[error(
        "it is signed with `{found}`, which proves nothing here; expected RS256, RS384, RS512, ES256, ES384 or EdDSA"
    )]
    Algorithm {
        /// What its header says.
        found: String,
    },
    /// It lacks what is needed.
    #[error("it has no usable `{0}`")]
    Missing(&'static str),
    /// Its issuer is not trusted.
    #[error("its issuer is `{found}`, and trusted are only: {trusted}")]
    Issuer {
        /// Who issued it, as it says.
        found: String,
        /// Who is trusted.
        trusted: String,
    },
    /// It was made for another audience.
    #[error("its audience is `{found}`; expected `{expected}`")]
    Audience {
        /// For whom it was made.
        found: String,
        /// For whom it should be.
        expected: String,
    },
    /// Its time is over.
    #[error("it expired at {at}, and it is {now} here")]
    Expired {
        /// When.
        at: String,
        /// What time it is.
        now: String,
    },
    /// Its time has not come.
    #[error("it is valid from {at} only, and it is {now} here")]
    Early {
        /// From when on.
        at: String,
        /// What time it is.
        now: String,
    },
    /// Its issuer has no such key.
    #[error("it names the key `{key}`, which {issuer} does not have")]
    UnknownKey {
        /// The name of the key.
        key: String,
        /// The issuer.
        issuer: String,
    },
    /// The key is of another kind than the signature.
    #[error("it is signed with {algorithm}, and the key `{key}` is not for that")]
    WrongKey {
        /// The name of the key.
        key: String,
        /// The algorithm in its header.
        algorithm: String,
    },
    /// The signature is not the issuer's.
    #[error("its signature was not made with the key `{key}` of {issuer}")]
    Signature {
        /// The name of the key.
        key: String,
        /// The issuer.
        issuer: String,
    },
}

/// What kept a token from being had or checked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unchecked {
    /// A request had no useful answer.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// An address that may not be asked.
    #[error("the address of {what} cannot be used; expected one that begins with `https://`")]
    Address {
        /// What would be asked for.
        what: &'static str,
    },
    /// It took too long.
    #[error("the token could not be obtained and checked within {seconds} s")]
    Late {
        /// How long was waited.
        seconds: u64,
    },
    /// The user interrupted.
    #[error("the run was interrupted while the token was being checked")]
    Stopped,
}
