//! A slot: one of the few places at work at once in a sweep. It is given back when the CLI has ended, or with the pass.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedSemaphorePermit;

/// A place at work, held by a pass and its copies.
#[derive(Clone, Debug)]
pub struct Slot(Arc<Mutex<Option<OwnedSemaphorePermit>>>);

impl Slot {
    /// Holds `place`; without one the slot is over before it begins.
    #[must_use]
    pub fn new(place: Option<OwnedSemaphorePermit>) -> Self {
        Self(Arc::new(Mutex::new(place)))
    }

    /// Gives the place to the next.
    pub fn end(&self) {
        *self.place() = None;
    }

    /// Whether it has no place (any more).
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.place().is_none()
    }

    fn place(&self) -> MutexGuard<'_, Option<OwnedSemaphorePermit>> {
        // It is only looked at and emptied, which cannot be left half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::Semaphore;

    use super::*;

    #[test]
    fn a_place_is_given_back_once_and_by_whichever_copy_is_first() {
        let places = Arc::new(Semaphore::new(1));
        let slot = Slot::new(Arc::clone(&places).try_acquire_owned().ok());
        let copy = slot.clone();
        assert!(!slot.is_over());
        assert_eq!(places.available_permits(), 0);
        copy.end();
        slot.end();
        assert!(slot.is_over());
        assert_eq!(places.available_permits(), 1);
    }

    #[test]
    fn a_slot_that_is_dropped_gives_its_place_back() {
        let places = Arc::new(Semaphore::new(1));
        let slot = Slot::new(Arc::clone(&places).try_acquire_owned().ok());
        drop(slot.clone());
        assert_eq!(places.available_permits(), 0);
        drop(slot);
        assert_eq!(places.available_permits(), 1);
    }
}
