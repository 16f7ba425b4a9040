//! A transaction, during which no one else writes, and what may be done in it. What is admitted is
//! decided by the rules, what it looks like by the rows.

use rusqlite::Connection;

use super::{
    rows::{self, Taken},
    schema,
    time::Time,
};
use crate::{
    book::{
        BookError, Claim, ClaimRequest, Make, Precondition, Reading, Record, Stored, Write, rules,
    },
    chain,
    clock::to_millis,
    event::Event,
    id::Revision,
};

/// A transaction. Dropped, it is still open: the connection is to be closed.
pub(super) struct Transaction<'connection> {
    pub(super) connection: &'connection Connection,
    /// The ledger and its time, the same for everything in this transaction.
    reading: Reading,
}

/// Why something was not done.
pub(super) enum Failure {
    /// It alone: its condition did not hold, or it is about something unreadable.
    Refused(BookError),
    /// The store: nothing of this transaction can be trusted to be kept.
    Store(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error)
    }
}

impl From<BookError> for Failure {
    fn from(error: BookError) -> Self {
        Self::Refused(error)
    }
}

impl<'connection> Transaction<'connection> {
    /// Waits for the writes of other processes. The time of this transaction is not below any that was answered, and not
    /// below what any write has seen.
    pub(super) fn begin(connection: &'connection Connection, time: &Time) -> Result<Self, Failure> {
        rows::execute(connection, "BEGIN IMMEDIATE", [])?;
        let (ledger, millis) = schema::reading(connection, time.injected())?;
        let now = time.observed(millis)?;
        schema::note(connection, to_millis(now))?;
        Ok(Self {
            connection,
            reading: Reading { ledger, now },
        })
    }

    /// Makes everything durable.
    pub(super) fn commit(self) -> rusqlite::Result<()> {
        rows::execute(self.connection, "COMMIT", [])
    }

    /// See [`crate::book::Book::put`]. If it is refused, nothing of it stays: a condition that does not hold is seen before
    /// anything is written, and what another record has by the first statement, which SQLite then undoes.
    pub(super) fn put(&self, write: Write) -> Result<Revision, Failure> {
        let place = rows::place(self.connection, &write.record.subject())?;
        self.write(
            &write.record,
            write.precondition,
            write.drop_claim,
            write.events,
            place,
        )
    }

    /// See [`crate::book::Book::create`].
    pub(super) fn create(&self, make: Make) -> Result<(Record, Reading), Failure> {
        let (record, events) = make(&self.reading);
        // A subject that was made just now stands beside nothing; if it does, the first statement finds out.
        let place = (None, None);
        self.write(&record, Precondition::Create, false, events, place)?;
        Ok((record, self.reading.clone()))
    }

    fn write(
        &self,
        record: &Record,
        precondition: Precondition,
        drop_claim: bool,
        events: Vec<Event>,
        (row, last): rows::Place,
    ) -> Result<Revision, Failure> {
        let subject = record.subject();
        let unreadable = |cause| BookError::corrupt(&subject, cause);
        let head = row.as_ref().map(rows::Row::head).transpose();
        let head = head.map_err(unreadable)?;
        let revision = rules::admit(precondition, &subject, head.as_ref(), self.reading.now)?;
        let written = match row {
            None => rows::insert(self.connection, record, revision),
            Some(row) => {
                let body = row.over(record).map_err(unreadable)?;
                rows::update(self.connection, record, &body, revision, drop_claim)
            }
        };
        written.map_err(|error| match rows::taken(&error) {
            Some(Taken::Name) => Failure::Refused(rules::name_is_taken(record)),
            Some(Taken::Subject) => Failure::Refused(BookError::Exists {
                subject: subject.to_string(),
            }),
            None => Failure::Store(error),
        })?;
        for chained in chain::link_all(&subject, last, events) {
            rows::tell(self.connection, &chained)?;
        }
        Ok(revision)
    }

    /// See [`crate::book::Book::claim`]. A record that cannot be read is not claimed.
    pub(super) fn claim(&self, request: &ClaimRequest) -> Result<(Claim, Stored), Failure> {
        let subject = &request.subject;
        let unreadable = |cause| BookError::corrupt(subject, cause);
        let row = rows::row(self.connection, subject)?;
        let head = row.as_ref().map(rows::Row::head).transpose();
        let claim = rules::grant(
            request,
            head.map_err(unreadable)?.as_ref(),
            self.reading.now,
        )?;
        let row = row.ok_or_else(|| BookError::Missing {
            subject: subject.to_string(),
        })?;
        let stored = row.into_stored().map_err(unreadable)?;
        rows::set_claim(self.connection, subject, &claim)?;
        let stored = Stored {
            claim: Some(claim.clone()),
            ..stored
        };
        Ok((claim, stored))
    }
}
