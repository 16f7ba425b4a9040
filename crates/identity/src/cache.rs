//! Keys that were fetched before, kept in a file of the user's for each issuer. A file that is not right is no file; one
//! that cannot be written costs a request next time. Holds public keys and nothing else.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta};
use ledger::{chain::hex, clock::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{issuer::TrustedIssuer, keys::KeySet};

/// For how long kept keys are used without asking the issuer.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// For how long kept keys are used if the issuer cannot be asked.
const STALE: TimeDelta = TimeDelta::hours(24);

const VERSION: u32 = 1;

/// How far kept keys can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    /// Without asking.
    Fresh,
    /// Only if the issuer cannot be asked.
    Stale,
    /// Not at all.
    Over,
}

/// The age at `now` of what was fetched at `at`. What comes from the future is not used.
pub(crate) fn age(at: Timestamp, now: Timestamp) -> Age {
    let age = now - at;
    if age < -TimeDelta::minutes(1) || STALE <= age {
        Age::Over
    } else if age < FRESH {
        Age::Fresh
    } else {
        Age::Stale
    }
}

/// Keys as kept.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The keys.
    pub(crate) keys: KeySet,
    /// When they were fetched, by this host's clock.
    pub(crate) at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    issuer: String,
    fetched_at: i64,
    keys: Json,
}

/// The folder of kept keys.
#[derive(Debug)]
pub(crate) struct KeyCache(PathBuf);

impl KeyCache {
    /// The one below `cache_home`.
    pub(crate) fn below(cache_home: &Path) -> Self {
        Self(cache_home.join("ephemeral").join("identity-keys"))
    }

    fn file(&self, issuer: &TrustedIssuer) -> PathBuf {
        let digest = ring::digest::digest(&ring::digest::SHA256, issuer.as_str().as_bytes());
        let name: String = hex(digest.as_ref()).chars().take(32).collect();
        self.0.join(format!("{name}.json"))
    }

    /// What is kept of `issuer`.
    #[expect(
        clippy::disallowed_methods,
        reason = "the cache of public keys is a file"
    )]
    pub(crate) fn load(&self, issuer: &TrustedIssuer) -> Option<Kept> {
        let text = std::fs::read_to_string(self.file(issuer)).ok()?;
        let file: File = serde_json::from_str(&text).ok()?;
        if file.version != VERSION || file.issuer != issuer.as_str() {
            return None;
        }
        Some(Kept {
            keys: KeySet::parse(file.keys.to_string().as_bytes())?,
            at: DateTime::from_timestamp(file.fetched_at, 0)?,
        })
    }

    /// Keeps `published`, a set of keys as `issuer` published it.
    pub(crate) fn store(&self, issuer: &TrustedIssuer, published: &[u8], at: Timestamp) {
        if let Err(error) = self.write(issuer, published, at) {
            tracing::debug!(%error, "the issuer's keys could not be kept for the next time");
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "an edge: the cache of keys is a file"
    )]
    fn write(
        &self,
        issuer: &TrustedIssuer,
        published: &[u8],
        at: Timestamp,
    ) -> std::io::Result<()> {
        let text = serde_json::to_vec(&File {
            version: VERSION,
            issuer: issuer.to_string(),
            fetched_at: at.timestamp(),
            keys: serde_json::from_slice(published)?,
        })?;
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&self.0)?;
        // A reader sees the old file or the new one, never half of one.
        let mut file = tempfile::NamedTempFile::new_in(&self.0)?;
        file.write_all(&text)?;
        file.persist(self.file(issuer))?;
        Ok(())
    }
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "the tests break the cache's files"
)]
mod tests {
    use super::*;

    const KEYS: &str = r#"{"keys":[{"kid":"k1","kty":"OKP","crv":"Ed25519","x":"eA"}, 7]}"#;

    fn at(seconds: i64) -> Timestamp {
        DateTime::from_timestamp(seconds, 0).expect("an instant")
    }

    #[test]
    fn keys_are_fresh_for_an_hour_and_used_for_a_day_if_need_be() {
        for (age_seconds, expected) in [
            (-61, Age::Over),
            (-60, Age::Fresh),
            (3_599, Age::Fresh),
            (3_600, Age::Stale),
            (86_399, Age::Stale),
            (86_400, Age::Over),
        ] {
            assert_eq!(age(at(0), at(age_seconds)), expected, "{age_seconds}");
        }
    }

    #[test]
    fn what_was_kept_of_an_issuer_is_found_again_and_nothing_of_another() {
        let home = tempfile::tempdir().expect("a folder");
        let cache = KeyCache::below(home.path());
        let [one, two] = ["https://one.test", "https://two.test"]
            .map(|name| TrustedIssuer::parse(name).expect("an issuer"));
        assert!(cache.load(&one).is_none());
        cache.store(&one, KEYS.as_bytes(), at(7));
        let kept = cache.load(&one).expect("kept");
        assert!(kept.at == at(7) && kept.keys.knows("k1") && !kept.keys.knows("k2"));
        assert!(cache.load(&two).is_none());
        std::fs::copy(cache.file(&one), cache.file(&two)).expect("copied");
        assert!(
            cache.load(&two).is_none(),
            "a file says whose keys it holds"
        );
    }

    #[test]
    fn a_broken_file_is_none_and_a_folder_that_cannot_be_made_does_no_harm() {
        let home = tempfile::tempdir().expect("a folder");
        let cache = KeyCache::below(home.path());
        let issuer = TrustedIssuer::parse("https://one.test").expect("an issuer");
        cache.store(&issuer, b"<html>", at(7));
        assert!(cache.load(&issuer).is_none(), "nothing was kept");
        cache.store(&issuer, KEYS.as_bytes(), at(7));
        std::fs::write(cache.file(&issuer), "{").expect("written");
        assert!(cache.load(&issuer).is_none());
        let file = home.path().join("file");
        std::fs::write(&file, "").expect("written");
        KeyCache::below(&file).store(&issuer, KEYS.as_bytes(), at(7));
    }
}
