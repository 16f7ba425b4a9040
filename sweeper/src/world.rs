//! The world of one run: its configuration, the open ledger, the clock, who runs it, and the wish to stop.
//!
//! Everything a command needs, made once, and nothing that decides.

use std::sync::Arc;

use ledger::{
    book::{self, BookError, Ledger, Missing, Reading},
    clock::{Clock, SystemClock},
    id::Holder,
    identity::Identity,
};
use thiserror::Error;

use crate::{
    config::Config,
    exit::ExitStatus,
    failure::Expected,
    invocation::Invocation,
    observe::{LiveSources, Sources},
    reporter::Reporter,
    stop::Stop,
};

/// What a command runs in.
#[derive(Clone)]
pub struct World {
    /// What this run is configured to do.
    pub config: Arc<Config>,
    /// The ledger.
    pub book: Arc<dyn Ledger>,
    /// Where facts come from.
    pub sources: Arc<dyn Sources>,
    /// Who hears of what a sweep does.
    pub reporter: Arc<dyn Reporter>,
    /// The host's clock. What is due is decided by the ledger's: [`World::reading`].
    pub clock: Arc<dyn Clock>,
    /// Who runs this, as far as that is known.
    pub identity: Identity,
    /// The name under which this process holds claims.
    pub holder: Holder,
    /// The wish to stop.
    pub stop: Stop,
    /// What the process was started with.
    pub invocation: Arc<Invocation>,
}

/// The ledger could not be opened or asked.
#[derive(Debug, Error)]
#[error("cannot open the ledger")]
pub struct LedgerError {
    source: BookError,
    /// Whether that ledger was configured.
    is_chosen: bool,
}

impl Expected for LedgerError {
    fn status(&self) -> ExitStatus {
        ExitStatus::Blind
    }

    fn hint(&self) -> Option<String> {
        let remedy = self.source.remedy().unwrap_or_default();
        Some(if self.is_chosen {
            remedy.to_owned()
        } else {
            format!(
                "no ledger configured; using the default location. Configure yours with `--ledger`, \
                 EPHEMERAL_LEDGER or `ledger` in the configuration file; if this is the right one: {remedy}"
            )
        })
    }
}

impl World {
    /// Opens the ledger that `config` names. It is never created here: an empty ledger would look like a clean one.
    ///
    /// # Errors
    /// If there is no ledger or it cannot be opened.
    pub async fn open(
        config: Config,
        invocation: Invocation,
        reporter: Arc<dyn Reporter>,
    ) -> Result<Self, LedgerError> {
        let book = book::open(&config.ledger, Missing::Refuse)
            .await
            .map_err(|source| LedgerError {
                source,
                is_chosen: config.ledger_is_chosen,
            })?;
        let clock = SystemClock;
        Ok(Self {
            sources: Arc::new(LiveSources::new(Arc::clone(&book), config.forges.clone())),
            reporter,
            identity: invocation.identity(),
            holder: invocation.holder(clock.now()),
            config: Arc::new(config),
            book,
            clock: Arc::new(clock),
            stop: Stop::default(),
            invocation: Arc::new(invocation),
        })
    }

    /// Which ledger this is, and what time it is there: the clock that decides what is due.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn reading(&self) -> Result<Reading, BookError> {
        self.book.reading().await
    }
}
