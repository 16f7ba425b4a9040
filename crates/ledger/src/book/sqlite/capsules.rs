//! Capsules in the same file as the records, by content.

use async_trait::async_trait;

use super::{SqliteBook, rows};
use crate::{
    book::{BookError, capsules::Capsules, rules},
    chain,
};

#[async_trait]
impl Capsules for SqliteBook {
    async fn keep(&self, packed: &[u8]) -> Result<String, BookError> {
        let sha256 = chain::sha256(packed);
        let packed = packed.to_owned();
        let kept = self.writer.write(move |turn| {
            rows::keep(turn.connection, &sha256, &packed)?;
            Ok(sha256)
        });
        kept.await
    }

    async fn fetch(&self, sha256: &str) -> Result<Option<Vec<u8>>, BookError> {
        let named = sha256.to_owned();
        let packed = self
            .readers
            .read(move |connection| rows::kept(connection, &named));
        let packed = packed.await?;
        packed
            .map(|packed| rules::whole_capsule(sha256, packed))
            .transpose()
    }
}
