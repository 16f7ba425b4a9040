//! The stored form of a scope.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Form, time::instant};
use crate::{
    clock::to_millis,
    fact::Cause,
    id::{EnvironmentId, ScopeName},
    scope::Scope,
};

#[derive(Serialize, Deserialize)]
pub(super) struct ScopeV1 {
    kind: String,
    version: u64,
    name: String,
    first_swept_at_ms: i64,
    last_swept_at_ms: i64,
    last_due: BTreeSet<String>,
    last_fleet: u64,
}

impl Form for ScopeV1 {
    type Core = Scope;
    const KIND: &'static str = "scope";
    const VERSION: u64 = 1;

    fn from_core(scope: &Scope) -> Self {
        Self {
            kind: Self::KIND.to_owned(),
            version: Self::VERSION,
            name: scope.name.as_str().to_owned(),
            first_swept_at_ms: to_millis(scope.first_swept_at),
            last_swept_at_ms: to_millis(scope.last_swept_at),
            last_due: scope
                .last_due
                .iter()
                .map(|id| id.as_str().to_owned())
                .collect(),
            last_fleet: scope.last_fleet,
        }
    }

    fn into_core(self) -> Result<Scope, Cause> {
        Ok(Scope {
            name: ScopeName::parse(&self.name).map_err(|error| Cause(error.to_string()))?,
            first_swept_at: instant("first_swept_at_ms", self.first_swept_at_ms)?,
            last_swept_at: instant("last_swept_at_ms", self.last_swept_at_ms)?,
            last_due: self
                .last_due
                .iter()
                .map(|id| EnvironmentId::parse(id).map_err(|error| Cause(error.to_string())))
                .collect::<Result<_, _>>()?,
            last_fleet: self.last_fleet,
        })
    }
}
