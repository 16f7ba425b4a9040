//! What the provider block configured, shared with the resources. Resources exist before the configuration does, and
//! a debug session configures again and again, so everyone asks anew for each call.

use std::sync::{Arc, PoisonError, RwLock};

use tf_provider::Diagnostics;

use super::report::Report;

/// A slot that `configure` fills and resources read. Clones share the slot.
#[derive(Debug)]
pub struct Configured<T>(Arc<RwLock<Option<Arc<T>>>>);

impl<T> Configured<T> {
    /// An empty slot.
    #[must_use]
    pub fn empty() -> Self {
        Self(Arc::new(RwLock::new(None)))
    }

    /// Fills the slot, replacing what was there; calls under way keep what they got.
    pub fn set(&self, settings: T) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(settings));
    }

    /// What is in the slot, if it was filled.
    #[must_use]
    pub fn get(&self) -> Option<Arc<T>> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What is in the slot; an empty one is an error, because Terraform configures before it reads, plans or applies.
    pub fn require(&self, diags: &mut Diagnostics) -> Option<Arc<T>> {
        let settings = self.get();
        if settings.is_none() {
            diags.fail(
                "Provider Not Configured",
                "The provider was asked to work before it was configured. This is a bug in Terraform or in the \
                 program that drives the provider.",
            );
        }
        settings
    }
}

impl<T> Clone for Configured<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Configured<T> {
    fn default() -> Self {
        Self::empty()
    }
}
