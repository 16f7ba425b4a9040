//! `audit verify`: whether any event was changed, removed or slipped in.
//!
//! A chain cannot show that its end was cut off. Who keeps the last hash of each elsewhere can tell; `--json` prints
//! them.

use ledger::book::Book;

use super::{Session, render::count};
use crate::{
    cli::{AuditCommand, VerifyArgs},
    event_chain::{self, EventChains},
    exit::ExitStatus,
    failure::Failure,
    json::document::AuditJson,
    lookup,
};

/// Audits.
///
/// # Errors
/// If nothing or more than one is named, or the ledger does not answer.
pub async fn run(session: &Session, command: &AuditCommand) -> Result<ExitStatus, Failure> {
    match command {
        AuditCommand::Verify(args) => verify(session, args).await,
    }
}

async fn verify(session: &Session, args: &VerifyArgs) -> Result<ExitStatus, Failure> {
    let book: &dyn Book = session.world.book.as_ref();
    let reading = session.world.reading().await?;
    let chains = match &args.selector {
        Some(selector) => event_chain::of(book, &lookup::subject(book, selector).await?).await?,
        None => event_chain::of_everything(book).await?,
    };
    if session.screen.json {
        let document = AuditJson {
            chain: chains.json(),
            heads: chains.heads(),
            unreadable: chains.unreadable.iter().map(Into::into).collect(),
        };
        session.document(&reading, document)?;
    } else {
        session.screen.data(&in_words(&chains))?;
    }
    for (subject, cause) in &chains.unreadable {
        session.screen.warn(&format!(
            "cannot read {subject}; its events were checked, the record was not: {cause}"
        ));
    }
    if !chains.broken.is_empty() {
        session.screen.note(
            "hint: the ledger was damaged, or changed by other software; compare it with a backup before you trust it",
        );
    }
    Ok(
        match (chains.broken.is_empty(), chains.unreadable.is_empty()) {
            (false, _) => ExitStatus::Failed,
            (true, false) => ExitStatus::Blind,
            (true, true) => ExitStatus::Clean,
        },
    )
}

/// How many were checked, and each break in a line of its own.
fn in_words(chains: &EventChains) -> String {
    let checked = format!(
        "{} and {} checked",
        count(chains.count, "chain"),
        count(chains.events.len(), "event")
    );
    if chains.broken.is_empty() {
        return format!("{checked}, nothing is broken");
    }
    let mut lines = vec![format!(
        "{checked}, {} found",
        count(chains.broken.len(), "break")
    )];
    lines.extend(
        chains
            .broken
            .iter()
            .map(|broken| format!("broken: {}", crate::table::clean(&broken.found))),
    );
    lines.join("\n")
}
