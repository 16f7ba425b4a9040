//! The context of the resources: the settings, the invocation, and the ledger, opened at first need.
//!
//! A missing ledger is created only where something is being created. Everywhere else it is an error: a ledger that
//! is not there proves nothing about what it held.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use ::identity::Who;
use ledger::{
    book::{self, Book, BookError, Kind, Ledger, Query, Reading, Record, Stored},
    clock::Timestamp,
    event::{Event, EventKind, Subject},
    id::{EnvironmentId, EnvironmentName, Fence, RunId},
    identity::{Identity, Standing},
};
use tf_provider::{Diagnostic, Diagnostics};
use tokio::sync::OnceCell;

pub use ledger::book::Missing;

use crate::{diag, invocation::Invocation, private::PrivateModel, settings::Settings};

/// A configured provider.
#[derive(Debug)]
pub struct Context {
    /// The validated provider block.
    pub settings: Settings,
    /// The start of the process.
    pub invocation: Invocation,
    /// The identity of the user or job.
    pub identity: Identity,
    who: Who,
    /// The run this is part of, if its token was given.
    pub run: Option<RunId>,
    book: OnceCell<Arc<dyn Ledger>>,
    created: Mutex<BTreeSet<EnvironmentId>>,
}

impl Context {
    /// A context whose ledger is not open yet.
    #[must_use]
    pub fn new(settings: Settings, invocation: Invocation, who: Who) -> Self {
        Self {
            settings,
            identity: who.identity.clone(),
            who,
            invocation,
            run: None,
            book: OnceCell::new(),
            created: Mutex::default(),
        }
    }

    /// An event of `kind` at `now`, done by who runs this, with what their issuer vouches for besides, and with the run
    /// it is part of.
    #[must_use]
    pub fn event(&self, kind: EventKind, now: Timestamp) -> Event {
        let mut event = Event::new(kind, now, self.identity.clone());
        if let Some(run) = &self.run {
            event = event.with("run", run.as_str());
        }
        let facts = self.who.facts.iter();
        facts.fold(event, |event, (name, fact)| {
            event.with(&format!("identity.{name}"), fact)
        })
    }

    /// `Some` if who runs this may create, change or renew anything: always, unless the configuration requires a
    /// verified identity and there is none, which is reported.
    pub fn may_write(&self, diags: &mut Diagnostics) -> Option<()> {
        let wanted = self.settings.identity.required && self.settings.identity.is_known;
        if wanted && self.identity.standing != Standing::Verified {
            diags.add_error(diag::identity_required(self.who.doubt.as_ref()));
            return None;
        }
        Some(())
    }

    /// The ledger, opened at the first call.
    ///
    /// # Errors
    /// It cannot be opened, or is missing and may not be created.
    pub async fn book(&self, missing: Missing) -> Result<Arc<dyn Ledger>, BookError> {
        let opened = self
            .book
            .get_or_try_init(|| book::open(&self.settings.ledger, missing));
        opened.await.map(Arc::clone)
    }

    /// The record of `subject`, with the reading that says which ledger spoke. Never creates one.
    ///
    /// # Errors
    /// The ledger cannot be opened or read.
    pub async fn look(&self, subject: &Subject) -> Result<(Option<Stored>, Reading), BookError> {
        let book = self.book(Missing::Refuse).await?;
        let stored = book.get(subject).await?;
        Ok((stored, book.reading().await?))
    }

    /// The token of the sweeper's claim, where a sweeper started this terraform; `Some(None)` if it is no token.
    #[must_use]
    pub fn fence(&self) -> Option<Option<Fence>> {
        self.invocation
            .variable("EPHEMERAL_FENCE")
            .map(|text| text.parse().ok().map(Fence))
    }

    /// Remembers that this very apply created `id`.
    pub fn note_created(&self, id: &EnvironmentId) {
        let mut created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        created.insert(id.clone());
    }

    /// Whether this very apply created `id`.
    #[must_use]
    pub fn has_created(&self, id: &EnvironmentId) -> bool {
        let created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        created.contains(id)
    }
}

/// The proof in the silence of the ledger of `reading` about `subject`: that it is gone, if this is the ledger that made
/// the promise; nothing otherwise.
///
/// # Errors
/// It proves nothing, in words for the user.
pub fn silence_is_proof(
    subject: &Subject,
    private: &PrivateModel,
    reading: &Reading,
) -> Result<(), Diagnostic> {
    let expected = private.ledger.as_ref_option();
    if expected.is_some_and(|expected| *expected == reading.ledger) {
        return Ok(());
    }
    Err(diag::another_ledger(
        &subject.to_string(),
        expected,
        &reading.ledger,
    ))
}

/// The record under an id, or under a living name. `Ok(None)` is authoritative for this ledger.
///
/// # Errors
/// The ledger could not answer.
pub async fn environment_by_id_or_name(
    book: &dyn Book,
    text: &str,
) -> Result<Option<Stored>, BookError> {
    if let Some(subject @ Subject::Environment(_)) = Subject::parse(text)
        && let Some(stored) = book.get(&subject).await?
    {
        return Ok(Some(stored).filter(|stored| stored.record.is_live()));
    }
    let Ok(name) = EnvironmentName::parse(text) else {
        return Ok(None);
    };
    let listing = book
        .find(&Query {
            kind: Kind::Environment,
            name: Some(name),
            live_only: true,
        })
        .await?;
    if let Some((subject, cause)) = listing.unreadable.into_iter().next() {
        return Err(BookError::Corrupt { subject, cause });
    }
    Ok(listing
        .records
        .into_iter()
        .max_by_key(|stored| match &stored.record {
            Record::Environment(environment) => Some(environment.generation),
            Record::Lease(_) | Record::Scope(_) | Record::Run(_) => None,
        }))
}
