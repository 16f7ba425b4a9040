//! The promises every engine of the book keeps, as one suite.
//!
//! An engine's own test implements [`Engine`] and says `ledger::book_contract!(ItsEngine);`, which makes one test of
//! every promise. The suite knows the port, and nothing of rows.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;

use crate::{
    book::{
        Book, BookError, Claim, ClaimRequest, Ledger, Precondition, Record, Write,
        memory::MemoryBook,
    },
    clock::{Clock, ManualClock, Timestamp},
    event::{ChainedEvent, Event, EventKind, Subject},
    id::{Fence, Holder, Revision},
    identity::Identity,
};

mod claims;
mod growth;
mod records;
pub mod sample;
mod trail;

pub use claims::*;
pub use growth::*;
pub use records::*;
pub use trail::*;

/// A ledger in memory whose time is `clock`'s, for tests of what stands on a ledger.
#[must_use]
pub fn in_memory(clock: Arc<dyn Clock>) -> Arc<dyn Ledger> {
    Arc::new(MemoryBook::new(clock))
}

/// How the suite gets ledgers of an engine.
#[async_trait]
pub trait Engine: Send + Sync {
    /// The engine.
    type Ledger: Ledger + 'static;

    /// An empty ledger whose time is `clock`'s.
    async fn fresh(&self, clock: Arc<dyn Clock>) -> Self::Ledger;

    /// The stored text of `subject`.
    async fn text(&self, ledger: &Self::Ledger, subject: &Subject) -> String;

    /// Puts `body` in the place of the stored text of `subject`, as another version of this software would.
    async fn plant(&self, ledger: &Self::Ledger, subject: &Subject, body: &str);

    /// Adds the stored text `body` of `event` to its chain, as another version of this software would.
    async fn plant_event(&self, ledger: &Self::Ledger, event: &ChainedEvent, body: &str);

    /// Makes the stored record of `subject` unreadable, as a damaged disk would.
    async fn spoil(&self, ledger: &Self::Ledger, subject: &Subject) {
        self.plant(ledger, subject, "spoiled").await;
    }
}

/// One test of every promise, for the engine that `$engine` makes.
#[macro_export]
macro_rules! book_contract {
    ($engine:expr) => {
        $crate::book_contract! { @each $engine;
            what_is_put_is_what_is_got
            what_was_never_put_is_authoritatively_absent
            a_put_adds_one_to_the_revision
            a_put_by_an_old_revision_conflicts
            a_put_on_nothing_says_that_it_is_missing
            a_subject_is_created_once
            what_is_created_is_made_at_the_time_of_its_write
            nothing_is_created_over_another
            a_name_and_generation_is_taken_once
            the_next_generation_may_take_the_name
            find_keeps_to_its_filters_and_order
            what_cannot_be_read_is_named_not_hidden
            of_many_writers_of_one_revision_one_wins
            a_claim_answers_the_record_under_it
            nothing_can_be_claimed_that_is_not_there
            a_live_claim_keeps_others_out
            a_claim_is_over_at_its_end_and_the_next_has_a_higher_token
            an_old_holder_is_powerless
            a_holder_never_writes_over_what_another_wrote
            a_renewal_prolongs_and_keeps_its_token
            a_renewal_never_shortens
            a_dropped_claim_is_gone_and_its_token_is_never_reused
            a_claim_leaves_the_revision_alone
            a_put_keeps_the_claim_unless_told
            of_many_claimants_one_wins
            a_record_nobody_can_read_is_not_claimed
            what_a_newer_version_added_survives_every_write
            what_is_replaced_takes_along_what_was_added_to_it
            nothing_is_written_over_a_record_of_a_newer_version
            events_of_a_newer_version_verify_and_are_followed
            events_form_a_chain_that_verifies
            a_refused_put_appends_nothing
            events_are_ordered_by_subject_and_place
            the_clock_never_runs_backwards
            every_ledger_has_an_id_of_its_own
            a_capsule_comes_back_by_its_hash
        }
    };
    (@each $engine:expr; $($promise:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                $crate::book::contract::$promise(&$engine).await;
            }
        )*
    };
}

/// A fresh ledger and the clock it goes by.
async fn ledger<E: Engine>(engine: &E) -> (Arc<E::Ledger>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(sample::at(0)));
    let ledger = engine.fresh(clock.clone()).await;
    (Arc::new(ledger), clock)
}

fn write(record: &Record, precondition: Precondition) -> Write {
    Write {
        record: record.clone(),
        precondition,
        drop_claim: false,
        events: Vec::new(),
    }
}

async fn create(book: &impl Book, record: &Record) -> Revision {
    book.put(write(record, Precondition::Create))
        .await
        .expect("a fresh subject can be created")
}

fn event(kind: EventKind, at: Timestamp) -> Event {
    Event::new(kind, at, Identity::claimed("local", "me@host")).with("reason", "a promise")
}

const HOLDER: &str = "host:1";
const OTHER: &str = "host:2";

fn request(record: &Record, holder: &str) -> ClaimRequest {
    ClaimRequest {
        subject: record.subject(),
        holder: Holder(holder.to_owned()),
        span: TimeDelta::seconds(60),
        renew: None,
    }
}

fn renewal(record: &Record, fence: Fence) -> ClaimRequest {
    ClaimRequest {
        renew: Some(fence),
        ..request(record, HOLDER)
    }
}

async fn claimed(book: &impl Book, record: &Record, holder: &str) -> Claim {
    book.claim(&request(record, holder))
        .await
        .expect("a free record can be claimed")
        .0
}

async fn refused(book: &impl Book, write: Write) -> BookError {
    book.put(write).await.expect_err("the put is refused")
}
