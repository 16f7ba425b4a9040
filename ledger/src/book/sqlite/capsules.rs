//! Capsules in the same file as the records, by content.

use async_trait::async_trait;

use super::SqliteBook;
use crate::{
    book::{BookError, capsules::Capsules, rules},
    chain,
};

#[async_trait]
impl Capsules for SqliteBook {
    async fn keep(&self, packed: &[u8]) -> Result<String, BookError> {
        let failed = |error: sqlx::Error| self.failed("write", &error);
        let sha256 = chain::sha256(packed);
        let (mut turn, _) = self.writer.turn(None).await?;
        // A copy that rotted on disk is replaced by the good one.
        sqlx::query(
            "INSERT INTO capsules (sha256, packed) VALUES (?1, ?2) \
             ON CONFLICT (sha256) DO UPDATE SET packed = excluded.packed WHERE packed <> excluded.packed",
        )
        .bind(sha256.as_str())
        .bind(packed)
        .execute(&mut turn.connection)
        .await
        .map_err(failed)?;
        turn.commit().await?;
        Ok(sha256)
    }

    async fn fetch(&self, sha256: &str) -> Result<Option<Vec<u8>>, BookError> {
        let failed = |error: sqlx::Error| self.failed("read", &error);
        let mut connection = self.readers.acquire().await.map_err(failed)?;
        let packed: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT packed FROM capsules WHERE sha256 = ?1")
                .bind(sha256)
                .fetch_optional(&mut *connection)
                .await
                .map_err(failed)?;
        packed
            .map(|packed| rules::whole_capsule(sha256, packed))
            .transpose()
    }
}
