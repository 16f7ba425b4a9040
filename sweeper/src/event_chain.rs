//! The chains: the events of one record or of all, and whether they can be trusted.
//!
//! An event that cannot even be read is a broken chain, not a ledger that does not answer.

use std::collections::BTreeSet;

use ledger::{
    book::{Book, BookError, Kind, Query},
    chain,
    event::{ChainedEvent, Subject},
    fact::Cause,
};

use crate::json::document::{BrokenJson, ChainJson, HeadJson};

/// Events, and what is wrong with them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventChains {
    /// The events that could be read, ordered by subject and place.
    pub events: Vec<ChainedEvent>,
    /// How many chains were checked.
    pub count: usize,
    /// Everything that is broken.
    pub broken: Vec<BrokenJson>,
    /// Records that are there and could not be read. Their events were checked all the same.
    pub unreadable: Vec<(String, Cause)>,
}

impl EventChains {
    /// The last event of each chain.
    #[must_use]
    pub fn heads(&self) -> Vec<HeadJson> {
        let chains = self
            .events
            .chunk_by(|left, right| left.subject == right.subject);
        chains
            .filter_map(|chain| chain.last())
            .map(|last| HeadJson {
                subject: last.subject.to_string(),
                seq: last.seq,
                hash: last.hash.clone(),
            })
            .collect()
    }

    /// The result in JSON.
    #[must_use]
    pub fn json(&self) -> ChainJson {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        ChainJson {
            chains: count(self.count),
            events: count(self.events.len()),
            whole: self.broken.is_empty(),
            broken: self.broken.clone(),
        }
    }
}

/// The events of `subject`, which has a record.
///
/// # Errors
/// If the ledger does not answer.
pub async fn of(book: &dyn Book, subject: &Subject) -> Result<EventChains, BookError> {
    let mut chains = EventChains {
        count: 1,
        ..EventChains::default()
    };
    match book.events(Some(subject)).await {
        Ok(events) => {
            if events.is_empty() {
                chains.broken.push(BrokenJson {
                    subject: subject.to_string(),
                    found: format!(
                        "{subject}: there is a record and no event; its chain was removed"
                    ),
                });
            }
            chains.broken.extend(breaks(&events));
            chains.events = events;
        }
        Err(BookError::Corrupt {
            subject: event,
            cause,
        }) => chains.broken.push(BrokenJson {
            subject: subject.to_string(),
            found: format!("{event} cannot be understood: {cause}"),
        }),
        Err(error) => return Err(error),
    }
    Ok(chains)
}

/// Every event of every record, over or not, and of what has no record any more.
///
/// # Errors
/// If the ledger does not answer.
pub async fn of_everything(book: &dyn Book) -> Result<EventChains, BookError> {
    let mut chains = EventChains::default();
    let mut subjects = BTreeSet::new();
    for kind in Kind::ALL {
        let query = Query {
            kind,
            name: None,
            live_only: false,
        };
        let listing = book.find(&query).await?;
        subjects.extend(listing.records.iter().map(|stored| stored.record.subject()));
        for (subject, cause) in listing.unreadable {
            subjects.extend(Subject::parse(&subject));
            chains.unreadable.push((subject, cause));
        }
    }
    // What has events and no record is found only by reading all at once, and that only if all can be read.
    let all = match book.events(None).await {
        Ok(events) => events,
        Err(BookError::Corrupt { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    let without_record: BTreeSet<Subject> = all
        .iter()
        .map(|event| event.subject.clone())
        .filter(|subject| !subjects.contains(subject))
        .collect();
    for subject in &subjects {
        let one = of(book, subject).await?;
        chains.count += one.count;
        chains.events.extend(one.events);
        chains.broken.extend(one.broken);
    }
    for subject in without_record {
        let events: Vec<ChainedEvent> = all
            .iter()
            .filter(|event| event.subject == subject)
            .cloned()
            .collect();
        chains.count += 1;
        chains.broken.extend(breaks(&events));
        chains.broken.push(BrokenJson {
            subject: subject.to_string(),
            found: format!("{subject}: there are events and no record; the record was removed"),
        });
        chains.events.extend(events);
    }
    Ok(chains)
}

fn breaks(events: &[ChainedEvent]) -> impl Iterator<Item = BrokenJson> {
    let subject = events
        .first()
        .map_or_else(String::new, |event| event.subject.to_string());
    chain::verify(events)
        .into_iter()
        .map(move |broken| BrokenJson {
            subject: subject.clone(),
            found: broken.to_string(),
        })
}
