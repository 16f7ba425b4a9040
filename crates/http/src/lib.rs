//! One bounded HTTP client: a deadline, a limit of bytes and redirects within the origin for every request, and nothing secret in
//! a message.
//!
//! Invariant: it knows neither tokens nor issuers, and no ledger. Who else talks HTTP uses it.

mod address;
mod client;
mod redact;

pub use reqwest::Url;

pub use self::{
    address::{is_loopback, may_be_asked},
    client::{Http, Request, RequestError},
    redact::{Secret, shown},
};
