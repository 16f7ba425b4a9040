//! An identity as written in every record and event.

use serde::{Deserialize, Serialize};

use crate::{
    fact::Cause,
    identity::{Identity, Standing},
};

#[derive(Serialize, Deserialize)]
pub(super) struct IdentityV1 {
    issuer: String,
    subject: String,
    standing: String,
}

impl IdentityV1 {
    pub(super) fn from_core(identity: &Identity) -> Self {
        Self {
            issuer: identity.issuer.clone(),
            subject: identity.subject.clone(),
            standing: identity.standing.as_str().to_owned(),
        }
    }

    pub(super) fn into_core(self) -> Result<Identity, Cause> {
        let standing = [Standing::Claimed, Standing::Verified]
            .into_iter()
            .find(|standing| standing.as_str() == self.standing)
            .ok_or_else(|| {
                Cause(format!(
                    "`standing` is `{}`; expected `claimed` or `verified`",
                    self.standing
                ))
            })?;
        Ok(Identity {
            issuer: self.issuer,
            subject: self.subject,
            standing,
        })
    }
}
