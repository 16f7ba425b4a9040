//! The contract of the book, for both engines, and that they never differ.

use std::sync::Arc;

use async_trait::async_trait;
use ledger::{
    book::{contract::Engine, memory::MemoryBook},
    clock::Clock,
    event::Subject,
};

struct Memory;

#[async_trait]
impl Engine for Memory {
    type Ledger = MemoryBook;

    async fn fresh(&self, clock: Arc<dyn Clock>) -> MemoryBook {
        MemoryBook::new(clock)
    }

    async fn spoil(&self, ledger: &MemoryBook, subject: &Subject) {
        ledger.spoil(subject);
    }
}

mod in_memory {
    ledger::book_contract!(super::Memory);
}

mod in_sqlite {
    ledger::book_contract!(crate::sqlite::Sqlite::new());
}
