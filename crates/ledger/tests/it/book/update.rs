//! The one optimistic loop: what was decided on an old record is never written.

use std::{
    cell::Cell,
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use chrono::TimeDelta;
use ledger::{
    book::{
        Book, BookError, Claim, ClaimRequest, Decision, Ledger, Listing, Make, Precondition, Query,
        Reading, Record, Stored, Under, Write,
        contract::{in_memory, sample},
        update,
    },
    clock::ManualClock,
    event::{ChainedEvent, Subject},
    id::{Fence, Holder, Revision},
};

/// A ledger in which another writer is faster, so many times.
struct Raced {
    ledger: Arc<dyn Ledger>,
    by: fn(Option<Stored>) -> Write,
    times: AtomicUsize,
}

#[async_trait]
impl Book for Raced {
    async fn reading(&self) -> Result<Reading, BookError> {
        self.ledger.reading().await
    }
    async fn get(&self, subject: &Subject) -> Result<Option<Stored>, BookError> {
        let found = self.ledger.get(subject).await;
        if self.times.load(Ordering::SeqCst) != 0 {
            self.times.fetch_sub(1, Ordering::SeqCst);
            let write = (self.by)(found.clone()?);
            self.ledger.put(write).await?;
        }
        found
    }
    async fn find(&self, query: &Query) -> Result<Listing, BookError> {
        self.ledger.find(query).await
    }
    async fn put(&self, write: Write) -> Result<Revision, BookError> {
        self.ledger.put(write).await
    }
    async fn create(&self, make: Make) -> Result<(Record, Reading), BookError> {
        self.ledger.create(make).await
    }
    async fn claim(&self, request: &ClaimRequest) -> Result<(Claim, Stored), BookError> {
        self.ledger.claim(request).await
    }
    async fn events(&self, subject: Option<&Subject>) -> Result<Vec<ChainedEvent>, BookError> {
        self.ledger.events(subject).await
    }
}

fn scope(fleet: u64) -> Record {
    let mut scope = sample::scope("default");
    scope.last_fleet = fleet;
    Record::Scope(scope)
}

/// What the other writer does: one more.
fn one_more(stored: Option<Stored>) -> Write {
    Write {
        record: scope(fleet(stored.as_ref()) + 1),
        precondition: stored.map_or(Precondition::Create, |stored| {
            Precondition::Revision(stored.revision)
        }),
        drop_claim: false,
        events: Vec::new(),
    }
}

fn fleet(stored: Option<&Stored>) -> u64 {
    match stored.map(|stored| &stored.record) {
        Some(Record::Scope(scope)) => scope.last_fleet,
        _ => 0,
    }
}

fn raced(times: usize) -> Raced {
    Raced {
        ledger: in_memory(Arc::new(ManualClock::at(sample::at(0)))),
        by: one_more,
        times: AtomicUsize::new(times),
    }
}

/// A hundred more than there was, under `under`; answers how often it was decided.
async fn hundred_more(book: &dyn Book, under: Option<Under>) -> Result<usize, BookError> {
    let decided = Cell::new(0);
    let decide = |stored: Option<Stored>, _: &Reading| {
        decided.set(decided.get() + 1);
        Ok(Decision::Write {
            record: scope(fleet(stored.as_ref()) + 100),
            under,
            events: Vec::new(),
            answer: (),
        })
    };
    let done: Result<Result<(), Infallible>, _> = update(book, &scope(0).subject(), decide).await;
    done.map(|Ok(())| decided.get())
}

async fn stored(book: &dyn Book) -> Option<Stored> {
    book.get(&scope(0).subject()).await.expect("readable")
}

#[tokio::test]
async fn a_lost_race_is_decided_anew_on_what_was_written_meanwhile() {
    let book = raced(3);
    assert_eq!(hundred_more(&book, None).await.expect("written"), 4);
    assert_eq!(fleet(stored(&book).await.as_ref()), 103);
}

#[tokio::test]
async fn races_that_are_lost_again_and_again_end_as_a_conflict() {
    let book = raced(usize::MAX);
    let error = hundred_more(&book, None).await.expect_err("a conflict");
    assert!(matches!(error, BookError::Conflict { .. }), "{error}");
}

#[tokio::test]
async fn a_refusal_and_nothing_to_do_write_nothing() {
    let book = raced(0);
    for expected in [Ok("nothing"), Err("refused")] {
        let decide = |stored: Option<Stored>, _: &Reading| {
            assert_eq!(stored, None);
            expected.map(Decision::Nothing)
        };
        let answered = update(&book, &scope(0).subject(), decide).await;
        assert_eq!(answered.expect("answered"), expected);
    }
    assert_eq!(stored(&book).await, None);
}

#[tokio::test]
async fn a_claim_is_written_under_and_ended_as_told() {
    let book = raced(0);
    hundred_more(&book, None).await.expect("created");
    let request = ClaimRequest {
        subject: scope(0).subject(),
        holder: Holder("host:1".to_owned()),
        span: TimeDelta::seconds(60),
        renew: None,
    };
    let (claim, _) = book.claim(&request).await.expect("free");
    for ends in [false, true] {
        let fence = claim.fence;
        let under = Some(Under { fence, ends });
        hundred_more(&book, under).await.expect("under the claim");
        assert_eq!(stored(&book).await.expect("there").claim.is_none(), ends);
    }
    let fence = Fence(claim.fence.0 + 1);
    let under = Some(Under { fence, ends: true });
    let error = hundred_more(&book, under).await.expect_err("no such claim");
    assert!(matches!(error, BookError::Fenced { .. }), "{error}");
}
