//! The contract of the book, for both engines, and that they never differ.

use std::sync::Arc;

use async_trait::async_trait;
use ledger::{
    book::{contract::Engine, memory::MemoryBook},
    clock::Clock,
    event::{ChainedEvent, Subject},
};

struct Memory;

#[async_trait]
impl Engine for Memory {
    type Ledger = MemoryBook;

    async fn fresh(&self, clock: Arc<dyn Clock>) -> MemoryBook {
        MemoryBook::new(clock)
    }

    async fn text(&self, ledger: &MemoryBook, subject: &Subject) -> String {
        ledger.text(subject).expect("it is stored")
    }

    async fn plant(&self, ledger: &MemoryBook, subject: &Subject, body: &str) {
        ledger.plant(subject, body);
    }

    async fn plant_event(&self, ledger: &MemoryBook, event: &ChainedEvent, body: &str) {
        ledger.plant_event(event, body);
    }
}

mod in_memory {
    ledger::book_contract!(super::Memory);
}

mod in_sqlite {
    ledger::book_contract!(crate::sqlite::Sqlite::new());
}
