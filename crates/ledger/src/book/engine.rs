//! What an engine says of itself before a ledger is opened.

use std::{pin::Pin, sync::Arc};

use super::{
    BookError, Ledger,
    location::{Location, LocationError},
};

/// What is known of an engine before a ledger is opened.
pub(super) struct Engine {
    /// What its locations begin with, before `://`.
    pub(super) scheme: &'static str,
    /// A location, for messages.
    pub(super) example: &'static str,
    /// Reads what follows `://`.
    pub(super) parse: fn(&str) -> Result<Location, LocationError>,
    /// Opens a ledger.
    pub(super) open: for<'a> fn(&'a Location, Missing) -> Opening<'a>,
}

/// A ledger on its way to be open.
pub(super) type Opening<'a> =
    Pin<Box<dyn Future<Output = Result<Arc<dyn Ledger>, BookError>> + Send + 'a>>;

/// What happens where there is no ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is an error: a ledger that is not there proves nothing about what it held.
    Refuse,
    /// It is created.
    Create,
}
