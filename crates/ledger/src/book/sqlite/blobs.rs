//! Blobs in the same file as the records, by content.

use async_trait::async_trait;

use super::{SqliteBook, rows};
use crate::{
    book::{Blobs, BookError, rules},
    chain,
};

#[async_trait]
impl Blobs for SqliteBook {
    async fn keep(&self, content: &[u8]) -> Result<String, BookError> {
        let sha256 = chain::sha256(content);
        let content = content.to_owned();
        let kept = self.writer.write(move |transaction| {
            rows::keep(transaction.connection, &sha256, &content)?;
            Ok(sha256)
        });
        kept.await
    }

    async fn fetch(&self, sha256: &str) -> Result<Option<Vec<u8>>, BookError> {
        let named = sha256.to_owned();
        let content = self
            .readers
            .read(move |connection| rows::kept(connection, &named));
        let content = content.await?;
        content
            .map(|content| rules::whole_blob(sha256, content))
            .transpose()
    }
}
