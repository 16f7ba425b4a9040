//! Deaths are final once noted, a renewal that comes first wins, and nothing is looked at for ever.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use ledger::{
    book::{
        Claim, ClaimRequest, Kind, Ledger, Listing, Make, Query, Reading, Stored,
        contract::{in_memory, sample},
    },
    clock::ManualClock,
    event::{ChainedEvent, Subject},
    run::{Renewal, RunEnd},
};

use super::*;

fn sweeper() -> Identity {
    Identity::claimed("local", "sweeper@host")
}

fn ledger() -> (Arc<dyn Ledger>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(sample::at(0)));
    (in_memory(clock.clone()), clock)
}

async fn opened(book: &dyn Book, run: &Run) {
    let write = Write {
        record: Record::Run(run.clone()),
        precondition: Precondition::Create,
        drop_claim: false,
        events: vec![Event::new(EventKind::Opened, sample::at(0), sweeper())],
    };
    book.put(write).await.expect("a fresh subject");
}

async fn stored(book: &dyn Book, id: &str) -> Run {
    let subject = Subject::parse(id).expect("an id");
    match book.get(&subject).await.expect("readable") {
        Some(Stored {
            record: Record::Run(run),
            ..
        }) => run,
        other => panic!("{other:?}"),
    }
}

async fn kinds(book: &dyn Book, id: &str) -> Vec<String> {
    let subject = Subject::parse(id).expect("an id");
    let events = book.events(Some(&subject)).await.expect("readable");
    events
        .iter()
        .map(|event| event.event.kind.as_str().to_owned())
        .collect()
}

#[tokio::test]
async fn a_death_is_noted_once_with_its_time_and_not_before_the_ttl_is_over() {
    let (book, clock) = ledger();
    opened(book.as_ref(), &sample::run("a", false)).await;
    clock.advance(TimeDelta::milliseconds(119_999));
    note(book.as_ref(), &sweeper()).await.expect("noted");
    assert_eq!(
        stored(book.as_ref(), "run-a").await,
        sample::run("a", false)
    );

    clock.advance(TimeDelta::milliseconds(1));
    note(book.as_ref(), &sweeper()).await.expect("noted");
    note(book.as_ref(), &sweeper()).await.expect("noted again");
    let died = RunEnd::Died {
        at: sample::at(120),
        noted_at: sample::at(120),
    };
    assert_eq!(stored(book.as_ref(), "run-a").await.end, Some(died));
    assert_eq!(kinds(book.as_ref(), "run-a").await, ["opened", "died"]);
}

/// A ledger in which a renewal of `run-a` comes between a look and the write that follows from it.
struct Renewing(Arc<dyn Ledger>);

#[async_trait]
impl Book for Renewing {
    async fn reading(&self) -> Result<Reading, BookError> {
        self.0.reading().await
    }

    async fn get(&self, subject: &Subject) -> Result<Option<Stored>, BookError> {
        self.0.get(subject).await
    }

    async fn find(&self, query: &Query) -> Result<Listing, BookError> {
        let listing = self.0.find(query).await?;
        for known in &listing.records {
            let Record::Run(run) = &known.record else {
                continue;
            };
            if let Renewal::Renewed(run) = run.renewed(self.0.reading().await?.now) {
                let renewed = Write {
                    record: Record::Run(*run),
                    precondition: Precondition::Revision(known.revision),
                    drop_claim: false,
                    events: Vec::new(),
                };
                self.0.put(renewed).await?;
            }
        }
        Ok(listing)
    }

    async fn put(&self, write: Write) -> Result<Revision, BookError> {
        self.0.put(write).await
    }

    async fn create(&self, make: Make) -> Result<(Record, Reading), BookError> {
        self.0.create(make).await
    }

    async fn claim(&self, request: &ClaimRequest) -> Result<(Claim, Stored), BookError> {
        self.0.claim(request).await
    }

    async fn events(&self, subject: Option<&Subject>) -> Result<Vec<ChainedEvent>, BookError> {
        self.0.events(subject).await
    }
}

#[tokio::test]
async fn a_renewal_that_comes_first_wins_over_the_note_of_a_death() {
    let (book, clock) = ledger();
    opened(book.as_ref(), &sample::run("a", false)).await;
    clock.advance(TimeDelta::hours(1));
    let book = Renewing(book);
    note(&book, &sweeper()).await.expect("noted");
    let run = stored(&book, "run-a").await;
    assert_eq!((run.end, run.renewed_at), (None, sample::at(3600)));
    assert_eq!(kinds(&book, "run-a").await, ["opened"]);
}

#[tokio::test]
async fn a_thousand_runs_of_one_place_leave_one_to_look_at() {
    let (book, clock) = ledger();
    for number in 0..1000 {
        opened(book.as_ref(), &sample::run(&format!("r{number}"), false)).await;
    }
    clock.advance(TimeDelta::hours(1));
    note(book.as_ref(), &sweeper()).await.expect("noted");
    let query = Query {
        kind: Kind::Run,
        name: None,
        live_only: true,
    };
    let left = book.find(&query).await.expect("listed").records;
    assert_eq!(left.len(), 1);
    let events = kinds(book.as_ref(), "run-r0").await;
    assert_eq!(events, ["opened", "died", "superseded"]);
}
