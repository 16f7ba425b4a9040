//! A lease in JSON.

use ledger::{
    clock::Timestamp,
    id::Revision,
    lease::{Lease, LeaseRelease},
};
use serde::Serialize;

use super::{IdentityJson, instant};

/// A lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeaseJson {
    /// Unique for ever.
    pub id: String,
    /// One more at each write.
    pub revision: u64,
    /// Whether it holds now.
    pub active: bool,
    /// The id or name of the environment it belongs to.
    pub environment: Option<String>,
    /// Who uses it.
    pub holder: String,
    /// What it is for.
    pub targets: Vec<String>,
    /// From the last renewal to the end.
    pub ttl: String,
    /// From creation to the end nothing passes.
    pub max_ttl: Option<String>,
    /// Who created it.
    pub created_by: IdentityJson,
    /// When it was created.
    pub created_at: String,
    /// When its time was last set back to full.
    pub renewed_at: String,
    /// The end of an extension.
    pub extended_until: Option<String>,
    /// When it ends.
    pub expires_at: String,
    /// Grows with every grant.
    pub fencing_token: u64,
    /// Set once it was given back.
    pub released: Option<LeaseReleaseJson>,
}

impl LeaseJson {
    /// `lease` as it stands at `now`.
    #[must_use]
    pub fn of(lease: &Lease, revision: Revision, now: Timestamp) -> Self {
        Self {
            id: lease.id.to_string(),
            revision: revision.0,
            active: lease.is_active(now),
            environment: lease.environment.clone(),
            holder: lease.holder.clone(),
            targets: lease.targets.clone(),
            ttl: lease.ttl.spelling().to_owned(),
            max_ttl: lease.max_ttl.as_ref().map(|max| max.spelling().to_owned()),
            created_by: (&lease.created_by).into(),
            created_at: instant(lease.created_at),
            renewed_at: instant(lease.renewed_at),
            extended_until: lease.extended_until.map(instant),
            expires_at: instant(lease.expires_at()),
            fencing_token: lease.fencing_token,
            released: lease.released.as_ref().map(Into::into),
        }
    }
}

/// Given back before its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeaseReleaseJson {
    /// When.
    pub at: String,
    /// By whom.
    pub by: IdentityJson,
    /// Why.
    pub reason: String,
}

impl From<&LeaseRelease> for LeaseReleaseJson {
    fn from(release: &LeaseRelease) -> Self {
        Self {
            at: instant(release.at),
            by: (&release.by).into(),
            reason: release.reason.clone(),
        }
    }
}
