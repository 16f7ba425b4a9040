//! The stored form of a lease.

use serde::{Deserialize, Serialize};

use super::{
    Form,
    identity::IdentityV1,
    time::{duration, instant, instant_if_any, millis_if_any},
};
use crate::{
    clock::to_millis,
    fact::Cause,
    id::LeaseId,
    lease::{Lease, LeaseRelease},
};

#[derive(Serialize, Deserialize)]
pub(super) struct LeaseV1 {
    kind: String,
    version: u64,
    id: String,
    #[serde(deserialize_with = "Option::deserialize")]
    environment: Option<String>,
    ttl: String,
    #[serde(deserialize_with = "Option::deserialize")]
    max_ttl: Option<String>,
    holder: String,
    targets: Vec<String>,
    created_by: IdentityV1,
    created_at_ms: i64,
    renewed_at_ms: i64,
    #[serde(deserialize_with = "Option::deserialize")]
    extended_until_ms: Option<i64>,
    fencing_token: u64,
    #[serde(deserialize_with = "Option::deserialize")]
    released: Option<LeaseReleaseV1>,
}

#[derive(Serialize, Deserialize)]
struct LeaseReleaseV1 {
    at_ms: i64,
    by: IdentityV1,
    reason: String,
}

impl Form for LeaseV1 {
    type Core = Lease;
    const KIND: &'static str = "lease";
    const VERSION: u64 = 1;

    fn from_core(lease: &Lease) -> Self {
        Self {
            kind: Self::KIND.to_owned(),
            version: Self::VERSION,
            id: lease.id.as_str().to_owned(),
            environment: lease.environment.clone(),
            ttl: lease.ttl.spelling().to_owned(),
            max_ttl: lease.max_ttl.as_ref().map(|ttl| ttl.spelling().to_owned()),
            holder: lease.holder.clone(),
            targets: lease.targets.clone(),
            created_by: IdentityV1::from_core(&lease.created_by),
            created_at_ms: to_millis(lease.created_at),
            renewed_at_ms: to_millis(lease.renewed_at),
            extended_until_ms: millis_if_any(lease.extended_until),
            fencing_token: lease.fencing_token,
            released: lease.released.as_ref().map(|release| LeaseReleaseV1 {
                at_ms: to_millis(release.at),
                by: IdentityV1::from_core(&release.by),
                reason: release.reason.clone(),
            }),
        }
    }

    fn into_core(self) -> Result<Lease, Cause> {
        Ok(Lease {
            id: LeaseId::parse(&self.id).map_err(|error| Cause(error.to_string()))?,
            environment: self.environment,
            ttl: duration("ttl", &self.ttl)?,
            max_ttl: self
                .max_ttl
                .map(|spelling| duration("max_ttl", &spelling))
                .transpose()?,
            holder: self.holder,
            targets: self.targets,
            created_by: self.created_by.into_core()?,
            created_at: instant("created_at_ms", self.created_at_ms)?,
            renewed_at: instant("renewed_at_ms", self.renewed_at_ms)?,
            extended_until: instant_if_any("extended_until_ms", self.extended_until_ms)?,
            fencing_token: self.fencing_token,
            released: self.released.map(LeaseReleaseV1::into_core).transpose()?,
        })
    }
}

impl LeaseReleaseV1 {
    fn into_core(self) -> Result<LeaseRelease, Cause> {
        Ok(LeaseRelease {
            at: instant("released.at_ms", self.at_ms)?,
            by: self.by.into_core()?,
            reason: self.reason,
        })
    }
}
