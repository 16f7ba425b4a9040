//! What a selector names: exactly one record, or a reason why not.
//!
//! A name means its living generation, else its latest. Where a record of the name cannot be read, it is not known
//! which is meant, and none is.

use ledger::{
    book::{Book, BookError, Claim, Kind, Query, Record, Stored},
    environment::Environment,
    event::Subject,
    fact::Cause,
    id::{EnvironmentName, Revision, RunId},
    lease::Lease,
    run::Run,
};
use thiserror::Error;

use crate::{cli::Selector, exit::ExitStatus, failure::Expected};

/// What was named.
#[expect(
    clippy::large_enum_variant,
    reason = "an environment is the common case, and there is one of it"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An environment, and the last claim on it.
    Environment(Environment, Option<Claim>),
    /// A lease.
    Lease(Lease),
}

/// What was named, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The record.
    pub target: Target,
    /// Its revision.
    pub revision: Revision,
    /// How many other generations have its name, if a name was given.
    pub others: usize,
}

impl Found {
    /// The key of the record.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match &self.target {
            Target::Environment(environment, _) => Subject::Environment(environment.id.clone()),
            Target::Lease(lease) => Subject::Lease(lease.id.clone()),
        }
    }

    /// `stored`, if it is an environment or a lease.
    #[must_use]
    pub fn of(stored: Stored, others: usize) -> Option<Self> {
        let target = match stored.record {
            Record::Environment(environment) => Target::Environment(environment, stored.claim),
            Record::Lease(lease) => Target::Lease(lease),
            Record::Scope(_) | Record::Run(_) => return None,
        };
        Some(Self {
            target,
            revision: stored.revision,
            others,
        })
    }
}

/// Why nothing, or not exactly one record, is named.
#[derive(Debug, Error)]
pub enum LookupError {
    /// There is none.
    #[error("no record in the ledger is named `{0}`")]
    Nothing(Selector),
    /// There is no such run.
    #[error("there is no run `{0}` in the ledger")]
    NoRun(RunId),
    /// It is a run, which only Terraform changes.
    #[error("`{0}` is a run of Terraform; this command takes an environment or a lease")]
    IsRun(RunId),
    /// There are several.
    #[error("`{selector}` names more than one: {}", ids.join(", "))]
    Ambiguous {
        /// What was typed.
        selector: Selector,
        /// What it could mean.
        ids: Vec<String>,
    },
    /// There may be several.
    #[error("`{selector}` may name {subject}, which cannot be read")]
    Unreadable {
        /// What was typed.
        selector: Selector,
        /// The record.
        subject: String,
        /// Why it cannot be read.
        source: BookError,
    },
    /// The ledger does not answer.
    #[error("cannot look up `{selector}`")]
    Book {
        /// What was typed.
        selector: Selector,
        /// Why not.
        source: BookError,
    },
}

impl Expected for LookupError {
    fn status(&self) -> ExitStatus {
        match self {
            Self::Nothing(_) | Self::NoRun(_) | Self::IsRun(_) | Self::Ambiguous { .. } => {
                ExitStatus::Usage
            }
            Self::Unreadable { .. } => ExitStatus::Blind,
            Self::Book { source, .. } => source.status(),
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Nothing(_) => {
                "`sweeper list --all` shows every environment, `sweeper list --leases` every lease"
            }
            Self::NoRun(_) => {
                "`sweeper list --runs --all` shows every run; check `--ledger` if it was another ledger's"
            }
            Self::IsRun(run) => {
                return Some(format!(
                    "`sweeper show {run}` shows it, and `sweeper audit verify {run}` checks its events"
                ));
            }
            Self::Ambiguous { .. } => "name one by its id",
            Self::Unreadable { .. } => {
                "name the one you mean by its id; `sweeper list` says why the other cannot be read"
            }
            Self::Book { source, .. } => return source.hint(),
        };
        Some(hint.to_owned())
    }
}

/// The one record `selector` names.
///
/// # Errors
/// If it names none or several, or if that is not known.
pub async fn find(book: &dyn Book, selector: &Selector) -> Result<Found, LookupError> {
    let failed = |source| LookupError::Book {
        selector: selector.clone(),
        source,
    };
    match selector {
        Selector::Name(name) => by_name(book, selector, name).await,
        Selector::Id(Subject::Run(id)) => {
            find_run(book, id).await?;
            Err(LookupError::IsRun(id.clone()))
        }
        Selector::Id(subject) => {
            let stored = book.get(subject).await.map_err(failed)?;
            let found = stored.and_then(|stored| Found::of(stored, 0));
            // An environment may have been given the looks of an id for a name.
            let Subject::Environment(id) = subject else {
                return found.ok_or_else(|| LookupError::Nothing(selector.clone()));
            };
            let name = EnvironmentName::parse(id.as_str())
                .map_err(|_| LookupError::Nothing(selector.clone()))?;
            match (found, by_name(book, selector, &name).await) {
                (Some(found), Err(LookupError::Nothing(_))) => Ok(found),
                (None, by_name) => by_name,
                (Some(found), Ok(other)) if other.subject() == found.subject() => Ok(found),
                (Some(found), Ok(other)) => Err(LookupError::Ambiguous {
                    selector: selector.clone(),
                    ids: vec![found.subject().to_string(), other.subject().to_string()],
                }),
                (Some(_), Err(error)) => Err(error),
            }
        }
    }
}

/// The run of Terraform with this id.
///
/// # Errors
/// If there is none, or it cannot be read.
pub async fn find_run(book: &dyn Book, id: &RunId) -> Result<Run, LookupError> {
    let subject = Subject::Run(id.clone());
    let stored = book.get(&subject).await;
    let stored = stored.map_err(|source| LookupError::Book {
        selector: Selector::Id(subject),
        source,
    })?;
    match stored.map(|stored| stored.record) {
        Some(Record::Run(run)) => Ok(run),
        _ => Err(LookupError::NoRun(id.clone())),
    }
}

/// The key of the one record `selector` names, runs included.
///
/// # Errors
/// If it names none or several, or if that is not known.
pub async fn subject(book: &dyn Book, selector: &Selector) -> Result<Subject, LookupError> {
    if let Selector::Id(Subject::Run(id)) = selector {
        return Ok(Subject::Run(find_run(book, id).await?.id));
    }
    Ok(find(book, selector).await?.subject())
}

async fn by_name(
    book: &dyn Book,
    selector: &Selector,
    name: &EnvironmentName,
) -> Result<Found, LookupError> {
    let query = Query {
        kind: Kind::Environment,
        name: Some(name.clone()),
        live_only: false,
    };
    let listing = book
        .find(&query)
        .await
        .map_err(|source| LookupError::Book {
            selector: selector.clone(),
            source,
        })?;
    if let Some((subject, cause)) = listing.unreadable.into_iter().next() {
        return Err(unreadable(selector, subject, cause));
    }
    let others = listing.records.len().saturating_sub(1);
    let (living, over): (Vec<Stored>, Vec<Stored>) = listing
        .records
        .into_iter()
        .partition(|stored| stored.record.is_live());
    if let [_, _, ..] = living.as_slice() {
        let ids = living
            .iter()
            .map(|stored| stored.record.subject().to_string());
        return Err(LookupError::Ambiguous {
            selector: selector.clone(),
            ids: ids.collect(),
        });
    }
    let generation = |stored: &Stored| {
        stored
            .record
            .environment()
            .map(|environment| environment.generation)
    };
    living
        .into_iter()
        .next()
        .or_else(|| over.into_iter().max_by_key(generation))
        .and_then(|stored| Found::of(stored, others))
        .ok_or_else(|| LookupError::Nothing(selector.clone()))
}

fn unreadable(selector: &Selector, subject: String, cause: Cause) -> LookupError {
    LookupError::Unreadable {
        selector: selector.clone(),
        source: BookError::Corrupt {
            subject: subject.clone(),
            cause,
        },
        subject,
    }
}
