//! The provider itself: its configuration and the list of what it serves. The same list whatever local name a
//! configuration gives the provider.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tf_provider::Diagnostics;
use tf_provider::schema::{Block, Description, Schema};
use tf_provider::value::ValueEmpty;

use crate::wire::{Managed, ProviderDefinition, Session};

/// The provider `ephemeral`.
#[derive(Debug, Default)]
pub struct Ephemeral {}

#[async_trait]
impl ProviderDefinition for Ephemeral {
    type Config = ValueEmpty;

    fn schema(&self) -> Schema {
        Schema {
            version: 0,
            block: Block {
                version: 0,
                description: Description::markdown("Lifetimes for environments and leases."),
                ..Block::default()
            },
        }
    }

    async fn configure(&self, _: &mut Diagnostics, _: Session, _: Self::Config) {}

    fn resources(&self) -> BTreeMap<&'static str, Box<dyn Managed>> {
        BTreeMap::new()
    }
}
