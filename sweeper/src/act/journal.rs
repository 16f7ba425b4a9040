//! The journal: what a teardown is about to do is in the ledger before it is done, under the teardown's claim.
//!
//! Every write reads first. A person's word that came meanwhile is never written over, and a lost claim stops
//! everything. What was decided on a record is written onto that very record, or not at all.

use std::sync::Arc;

use ledger::{
    book::{self, Book, BookError, Decision, Precondition, Reading, Record, Stored, Under, Write},
    clock::Timestamp,
    environment::{Environment, Lifecycle},
    event::{Event, EventKind, Subject},
    id::{Fence, Revision},
    identity::Identity,
};

/// The journal of one teardown.
#[derive(Clone)]
pub struct Journal {
    book: Arc<dyn Book>,
    subject: Subject,
    fence: Fence,
    by: Identity,
    operation: String,
}

impl Journal {
    /// A journal for `subject` under the claim `fence`.
    #[must_use]
    pub fn new(
        book: Arc<dyn Book>,
        subject: Subject,
        fence: Fence,
        by: Identity,
        operation: String,
    ) -> Self {
        Self {
            book,
            subject,
            fence,
            by,
            operation,
        }
    }

    /// The operation all its events belong to.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The claim it writes under.
    #[must_use]
    pub fn fence(&self) -> Fence {
        self.fence
    }

    /// An event of this operation.
    #[must_use]
    pub fn event(&self, kind: EventKind, at: Timestamp) -> Event {
        Event::new(kind, at, self.by.clone()).in_operation(&self.operation)
    }

    /// The record as it stands.
    ///
    /// # Errors
    /// The ledger could not be read, or the record is gone.
    pub async fn read(&self) -> Result<(Stored, Environment), BookError> {
        let stored = self.book.get(&self.subject).await?;
        self.environment(stored)
    }

    fn environment(&self, stored: Option<Stored>) -> Result<(Stored, Environment), BookError> {
        let environment = stored
            .as_ref()
            .and_then(|stored| stored.record.environment());
        let environment = environment.cloned();
        stored.zip(environment).ok_or_else(|| BookError::Missing {
            subject: self.subject.to_string(),
        })
    }

    /// Writes what `change` makes of the record as it stands, with the events `tell` finds; `now` is handed to both.
    ///
    /// # Errors
    /// The claim was lost ([`BookError::Fenced`]: stop at once), or the ledger could not be written.
    pub async fn write<C, E>(
        &self,
        change: C,
        tell: E,
        then: Claim,
    ) -> Result<Environment, BookError>
    where
        C: Fn(&mut Environment, Timestamp),
        E: Fn(&Self, Timestamp) -> Vec<Event>,
    {
        let under = Under {
            fence: self.fence,
            ends: then == Claim::Drop,
        };
        let decide = |stored, reading: &Reading| {
            let (_, mut environment) = self.environment(stored)?;
            change(&mut environment, reading.now);
            Ok(Decision::Write {
                record: Record::Environment(environment.clone()),
                under: Some(under),
                events: tell(self, reading.now),
                answer: environment,
            })
        };
        book::update(self.book.as_ref(), &self.subject, decide).await?
    }

    /// Writes `environment` in the place of the record as it was at `revision`.
    ///
    /// # Errors
    /// [`BookError::Conflict`] if the record was written since, however little: what was decided then may not hold
    /// any more. Else
    /// as for [`Self::write`].
    pub async fn put(
        &self,
        revision: Revision,
        environment: Environment,
        events: Vec<Event>,
        then: Claim,
    ) -> Result<(), BookError> {
        let write = Write {
            record: Record::Environment(environment),
            precondition: Precondition::Fence {
                fence: self.fence,
                revision,
            },
            drop_claim: then == Claim::Drop,
            events,
        };
        self.book.put(write).await.map(drop)
    }

    /// Whether `environment` is being destroyed under this very claim. Once it is not (given back, renewed), its lifecycle
    /// is no longer this teardown's to write.
    #[must_use]
    pub fn is_at_work_on(&self, environment: &Environment) -> bool {
        matches!(&environment.lifecycle, Lifecycle::Destroying(teardown) if teardown.fence == self.fence)
    }
}

/// What becomes of the claim with a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It goes on.
    Keep,
    /// It ends.
    Drop,
}
