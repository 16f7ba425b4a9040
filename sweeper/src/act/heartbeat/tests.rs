//! The promises of the heartbeat: a claim that may have run out counts as lost.

use async_trait::async_trait;
use ledger::{
    book::{
        Claim, Ledger, Listing, Make, Query, Reading, Record, Stored, Write,
        contract::{in_memory, sample},
    },
    clock::ManualClock,
    event::{ChainedEvent, Subject},
    id::{EnvironmentId, Fence, Holder, Revision},
};

use super::*;

/// A ledger whose claims hang; nothing else is asked of it.
struct Hung(Arc<dyn Ledger>);

#[async_trait]
impl Book for Hung {
    async fn reading(&self) -> Result<Reading, BookError> {
        self.0.reading().await
    }
    async fn get(&self, subject: &Subject) -> Result<Option<Stored>, BookError> {
        self.0.get(subject).await
    }
    async fn find(&self, query: &Query) -> Result<Listing, BookError> {
        self.0.find(query).await
    }
    async fn put(&self, write: Write) -> Result<Revision, BookError> {
        self.0.put(write).await
    }
    async fn create(&self, make: Make) -> Result<(Record, Reading), BookError> {
        self.0.create(make).await
    }
    async fn claim(&self, _: &ClaimRequest) -> Result<(Claim, Stored), BookError> {
        std::future::pending().await
    }
    async fn events(&self, subject: Option<&Subject>) -> Result<Vec<ChainedEvent>, BookError> {
        self.0.events(subject).await
    }
}

fn memory() -> Arc<dyn Ledger> {
    in_memory(Arc::new(ManualClock::at(sample::at(0))))
}

fn request() -> ClaimRequest {
    ClaimRequest {
        subject: Subject::Environment(EnvironmentId::parse("env-a").expect("a right id")),
        holder: Holder("sweeper".to_owned()),
        span: chrono::TimeDelta::milliseconds(300),
        renew: Some(Fence(1)),
    }
}

const SPANS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(300));

/// Far more than any of these takes, on any machine.
const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_ledger_that_hangs_loses_the_claim_when_it_must_have_run_out() {
    let heartbeat = Heartbeat::beat(Arc::new(Hung(memory())), request(), SPANS, Instant::now());
    assert!(!heartbeat.is_lost());
    tokio::time::timeout(LONG, heartbeat.lost())
        .await
        .expect("it must not wait for the answer");
    assert!(heartbeat.is_lost());
    heartbeat.stop().await;
}

#[tokio::test]
async fn a_claim_that_somebody_took_over_is_lost() {
    let heartbeat = Heartbeat::beat(memory(), request(), SPANS, Instant::now());
    tokio::time::timeout(LONG, heartbeat.lost())
        .await
        .expect("it is not there at all");
    heartbeat.stop().await;
}

#[tokio::test]
async fn a_pass_that_broke_off_prolongs_nothing() {
    let book = Arc::new(Hung(memory()));
    let heartbeat = Heartbeat::beat(book.clone(), request(), SPANS, Instant::now());
    drop(heartbeat);
    let gone = async {
        while 1 < Arc::strong_count(&book) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, gone)
        .await
        .expect("the beats must end with it");
}
