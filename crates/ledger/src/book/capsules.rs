//! Where packed capsules are kept: a second, small port beside [`super::Book`], by content.

use async_trait::async_trait;

use super::BookError;

/// Content-addressed storage for capsules.
#[async_trait]
pub trait Capsules: Send + Sync {
    /// Stores `packed` durably; answers its SHA-256 in hexadecimal. Storing the same twice is one copy.
    async fn keep(&self, packed: &[u8]) -> Result<String, BookError>;

    /// What is stored under `sha256`, checked against it; `Ok(None)` if nothing is.
    async fn fetch(&self, sha256: &str) -> Result<Option<Vec<u8>>, BookError>;
}
