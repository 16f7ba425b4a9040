//! The book in memory: the twin for tests and simulations. It forgets everything when dropped.
//!
//! It keeps what the engines keep, the treaty's own texts, so that what does not survive being written down does not
//! survive here either.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use crate::{
    book::{
        Blobs, Book, BookError, Claim, ClaimRequest, Kind, Ledger, Listing, Make, Precondition,
        Query, Reading, Record, Stored, Write, rules,
    },
    chain,
    clock::{Clock, Timestamp, from_millis, to_millis},
    event::{ChainedEvent, Subject},
    fact::Cause,
    id::{EnvironmentName, Fence, Generation, Revision, fresh_ledger_id},
    stored,
};

/// A ledger in memory.
pub struct MemoryBook {
    clock: Arc<dyn Clock>,
    ledger: String,
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    last_seen: i64,
    /// By subject, as in the engines: the text decides the order.
    records: BTreeMap<String, Row>,
    /// By subject, oldest first.
    chains: BTreeMap<String, Vec<Told>>,
    blobs: BTreeMap<String, Vec<u8>>,
}

impl Shelf {
    fn put(&mut self, write: Write, now: Timestamp) -> Result<Revision, BookError> {
        let subject = write.record.subject();
        let key = subject.to_string();
        let before = self.records.get(&key);
        let head = before.map(|row| row.head.clone());
        let revision = rules::admit(write.precondition, &subject, head.as_ref(), now)?;
        let body = match before {
            None => stored::encode(&write.record),
            Some(before) => stored::encode_over(&write.record, &before.body)
                .map_err(|error| BookError::corrupt(&subject, error))?,
        };
        let name = write
            .record
            .unique_name()
            .map(|(name, generation)| (name.clone(), generation));
        let taken = name.is_some()
            && self
                .records
                .iter()
                .any(|(other, row)| *other != key && row.name == name);
        if taken {
            return Err(rules::name_is_taken(&write.record));
        }
        let claim = head.as_ref().and_then(|head| head.claim.clone());
        let row = Row {
            kind: Kind::of(&write.record),
            name,
            live: write.record.is_live(),
            head: rules::Head {
                revision,
                last_fence: head.map_or(Fence::default(), |head| head.last_fence),
                claim: claim.filter(|_| !write.drop_claim),
            },
            body,
        };
        self.records.insert(key.clone(), row);
        let chain = self.chains.entry(key).or_default();
        let last = chain.last().map(|last| (last.seq, last.hash.clone()));
        for chained in chain::link_all(&subject, last, write.events) {
            chain.push(Told {
                body: stored::event::encode(&chained),
                seq: chained.seq,
                hash: chained.hash,
            });
        }
        Ok(revision)
    }
}

/// An event as it is stored.
struct Told {
    seq: u64,
    hash: String,
    body: String,
}

struct Row {
    kind: Kind,
    name: Option<(EnvironmentName, Generation)>,
    live: bool,
    head: rules::Head,
    body: String,
}

impl Row {
    fn stored(&self, subject: &str) -> Result<Stored, Cause> {
        let record = stored::decode(&self.body)?;
        let named = record.subject().to_string();
        if named != subject {
            return Err(Cause(format!("the record stored here is that of {named}")));
        }
        Ok(Stored {
            revision: self.head.revision,
            record,
            claim: self.head.last_claim(),
        })
    }
}

impl MemoryBook {
    /// An empty ledger whose time is `clock`'s.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let ledger = fresh_ledger_id(to_millis(clock.now()));
        Self {
            clock,
            ledger,
            shelf: Mutex::default(),
        }
    }

    /// The stored text of `subject`, as it was written.
    #[must_use]
    pub fn text(&self, subject: &Subject) -> Option<String> {
        let shelf = self.lock();
        let row = shelf.records.get(&subject.to_string());
        row.map(|row| row.body.clone())
    }

    /// Puts `body` in the place of the stored text of `subject`, as another version or a damaged disk would.
    pub fn plant(&self, subject: &Subject, body: &str) {
        if let Some(row) = self.lock().records.get_mut(&subject.to_string()) {
            row.body = body.to_owned();
        }
    }

    /// Adds the stored text of `event` to its chain, as another version would.
    pub fn plant_event(&self, event: &ChainedEvent, body: &str) {
        let mut shelf = self.lock();
        let chain = shelf.chains.entry(event.subject.to_string()).or_default();
        chain.push(Told {
            seq: event.seq,
            hash: event.hash.clone(),
            body: body.to_owned(),
        });
    }

    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The shelf and the time, which never runs backwards.
    fn now(&self) -> (MutexGuard<'_, Shelf>, Timestamp) {
        let mut shelf = self.lock();
        shelf.last_seen = shelf.last_seen.max(to_millis(self.clock.now()));
        let now = from_millis(shelf.last_seen).unwrap_or_default();
        (shelf, now)
    }
}

impl std::fmt::Debug for MemoryBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryBook")
            .field("ledger", &self.ledger)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Book for MemoryBook {
    async fn reading(&self) -> Result<Reading, BookError> {
        let (_shelf, now) = self.now();
        Ok(Reading {
            ledger: self.ledger.clone(),
            now,
        })
    }

    async fn get(&self, subject: &Subject) -> Result<Option<Stored>, BookError> {
        let key = subject.to_string();
        self.lock()
            .records
            .get(&key)
            .map(|row| {
                row.stored(&key)
                    .map_err(|cause| BookError::corrupt(subject, cause))
            })
            .transpose()
    }

    async fn find(&self, query: &Query) -> Result<Listing, BookError> {
        let mut listing = Listing::default();
        for (subject, row) in &self.lock().records {
            let named = query
                .name
                .as_ref()
                .is_none_or(|wanted| row.name.as_ref().is_some_and(|(name, _)| name == wanted));
            if row.kind != query.kind || !named || (query.live_only && !row.live) {
                continue;
            }
            match row.stored(subject) {
                Ok(stored) => listing.records.push(stored),
                Err(cause) => listing.unreadable.push((subject.clone(), cause)),
            }
        }
        Ok(listing)
    }

    async fn put(&self, write: Write) -> Result<Revision, BookError> {
        let (mut shelf, now) = self.now();
        shelf.put(write, now)
    }

    async fn create(&self, make: Make) -> Result<(Record, Reading), BookError> {
        let (mut shelf, now) = self.now();
        let reading = Reading {
            ledger: self.ledger.clone(),
            now,
        };
        let (record, events) = make(&reading);
        let write = Write {
            record: record.clone(),
            precondition: Precondition::Create,
            drop_claim: false,
            events,
        };
        shelf.put(write, now)?;
        Ok((record, reading))
    }

    async fn claim(&self, request: &ClaimRequest) -> Result<(Claim, Stored), BookError> {
        let (mut shelf, now) = self.now();
        let key = request.subject.to_string();
        let row = shelf.records.get_mut(&key);
        let claim = rules::grant(request, row.as_ref().map(|row| &row.head), now)?;
        let row = row.ok_or_else(|| BookError::Missing {
            subject: key.clone(),
        })?;
        let mut stored = row
            .stored(&key)
            .map_err(|cause| BookError::corrupt(&request.subject, cause))?;
        row.head.last_fence = claim.fence;
        row.head.claim = Some((claim.holder.clone(), claim.until));
        stored.claim = Some(claim.clone());
        Ok((claim, stored))
    }

    async fn events(&self, subject: Option<&Subject>) -> Result<Vec<ChainedEvent>, BookError> {
        let wanted = subject.map(ToString::to_string);
        let shelf = self.lock();
        let wanted = shelf
            .chains
            .iter()
            .filter(|(key, _)| wanted.as_ref().is_none_or(|wanted| wanted == *key));
        wanted
            .flat_map(|(key, chain)| chain.iter().map(move |told| (key, told)))
            .map(|(key, told)| {
                let event = format!("event {} of {key}", told.seq);
                stored::event::decode(&told.body).map_err(|error| BookError::corrupt(event, error))
            })
            .collect()
    }
}

#[async_trait]
impl Blobs for MemoryBook {
    async fn keep(&self, content: &[u8]) -> Result<String, BookError> {
        let sha256 = chain::sha256(content);
        self.lock().blobs.insert(sha256.clone(), content.to_vec());
        Ok(sha256)
    }

    async fn fetch(&self, sha256: &str) -> Result<Option<Vec<u8>>, BookError> {
        let content = self.lock().blobs.get(sha256).cloned();
        content
            .map(|content| rules::whole_blob(sha256, content))
            .transpose()
    }
}

#[async_trait]
impl Ledger for MemoryBook {
    async fn close(&self) {}
}
