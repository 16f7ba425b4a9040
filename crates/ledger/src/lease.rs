//! A lease: a lifetime for a part of a state, or for something outside Terraform.

use crate::{
    clock::{Timestamp, after},
    id::LeaseId,
    identity::Identity,
    ttl::Ttl,
};

/// Given back before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRelease {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Identity,
    /// Why, in words.
    pub reason: String,
}

/// A lease as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Unique for ever.
    pub id: LeaseId,
    /// The id or name of the environment it belongs to.
    pub environment: Option<String>,
    /// From the last renewal to the end.
    pub ttl: Ttl,
    /// From creation to the end no renewal passes.
    pub max_ttl: Option<Ttl>,
    /// Who uses it.
    pub holder: String,
    /// What it is for: resource addresses, or words.
    pub targets: Vec<String>,
    /// Who created it.
    pub created_by: Identity,
    /// A whole second.
    pub created_at: Timestamp,
    /// A whole second; creation counts.
    pub renewed_at: Timestamp,
    /// The end of an extension granted outside Terraform.
    pub extended_until: Option<Timestamp>,
    /// Grows with every grant: 1 at creation, one more at each renewal.
    pub fencing_token: u64,
    /// Set once it was given back.
    pub released: Option<LeaseRelease>,
}

impl Lease {
    /// When it ends.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        let renewed_end = after(self.renewed_at, self.ttl.delta());
        let end = self
            .extended_until
            .map_or(renewed_end, |until| until.max(renewed_end));
        match &self.max_ttl {
            Some(max) => end.min(after(self.created_at, max.delta())),
            None => end,
        }
    }

    /// Whether it holds at `now`: not given back, and not at its end.
    #[must_use]
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.released.is_none() && now < self.expires_at()
    }
}
