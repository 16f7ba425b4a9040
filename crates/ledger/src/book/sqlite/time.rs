//! The time of one ledger, as this process knows it: never below what it has answered before. It reads no clock of its
//! own; SQLite's is asked in a statement.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicI64, Ordering},
};

use crate::{
    book::BookError,
    clock::{Clock, Timestamp, from_millis, to_millis},
    fact::Cause,
};

/// What this process knows of a ledger's time.
#[derive(Default)]
pub(super) struct Time {
    /// In the place of SQLite's clock, for simulations.
    clock: RwLock<Option<Arc<dyn Clock>>>,
    /// The highest instant answered so far, in milliseconds.
    floor: AtomicI64,
}

impl Time {
    /// From now on the time is `clock`'s.
    pub(super) fn take(&self, clock: Arc<dyn Clock>) {
        *self.clock.write().unwrap_or_else(PoisonError::into_inner) = Some(clock);
        self.floor.store(0, Ordering::SeqCst);
    }

    /// What the clock in the place of SQLite's says, in milliseconds.
    pub(super) fn injected(&self) -> Option<i64> {
        let clock = self.clock.read().unwrap_or_else(PoisonError::into_inner);
        clock.as_ref().map(|clock| to_millis(clock.now()))
    }

    /// `millis`, or what was answered before if that is later.
    pub(super) fn observed(&self, millis: i64) -> Result<Timestamp, BookError> {
        let before = self.floor.fetch_max(millis, Ordering::SeqCst);
        from_millis(before.max(millis)).ok_or_else(|| {
            let cause = format!("{millis} milliseconds since 1970 is no point in time");
            BookError::corrupt("the ledger's clock", Cause(cause))
        })
    }
}
