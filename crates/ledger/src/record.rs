//! A record of any kind: what the ledger keeps of one subject. Knows neither how it is stored nor where.

use crate::{
    environment::Environment,
    event::Subject,
    id::{EnvironmentName, Generation},
    lease::Lease,
    run::Run,
    scope::Scope,
};

/// One record, of any kind.
#[expect(
    clippy::large_enum_variant,
    reason = "an environment is the common case, and records live one at a time"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// An environment.
    Environment(Environment),
    /// A lease.
    Lease(Lease),
    /// A scope.
    Scope(Scope),
    /// A run of Terraform.
    Run(Run),
}

impl Record {
    /// What it is about: its key.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Environment(environment) => Subject::Environment(environment.id.clone()),
            Self::Lease(lease) => Subject::Lease(lease.id.clone()),
            Self::Scope(scope) => Subject::Scope(scope.name.clone()),
            Self::Run(run) => Subject::Run(run.id.clone()),
        }
    }

    /// The environment, if it is one.
    #[must_use]
    pub fn environment(&self) -> Option<&Environment> {
        match self {
            Self::Environment(environment) => Some(environment),
            _ => None,
        }
    }

    /// The name and generation that no two records may share; `None` where there is no such rule.
    #[must_use]
    pub fn unique_name(&self) -> Option<(&EnvironmentName, Generation)> {
        self.environment()
            .map(|environment| (&environment.name, environment.generation))
    }

    /// Whether it still counts among the living: a lease until it is released, an environment until it is over, a run
    /// until a later one of the same place tells more.
    #[must_use]
    pub fn is_live(&self) -> bool {
        match self {
            Self::Environment(environment) => !environment.is_over(),
            Self::Lease(lease) => lease.released.is_none(),
            Self::Scope(_) => true,
            Self::Run(run) => !run.superseded,
        }
    }
}
