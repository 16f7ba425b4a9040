//! The port for content that records name by its hash, such as packed capsules.

use async_trait::async_trait;

use super::BookError;

/// Content-addressed storage.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Stores `content` durably; answers its SHA-256 in hexadecimal. Storing the same twice is one copy.
    async fn keep(&self, content: &[u8]) -> Result<String, BookError>;

    /// What is stored under `sha256`, checked against it; `Ok(None)` if nothing is.
    async fn fetch(&self, sha256: &str) -> Result<Option<Vec<u8>>, BookError>;
}
