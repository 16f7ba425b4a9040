//! Sealing a state: encrypted and authenticated, under a header that is readable and cannot be changed. Pure, but
//! for the randomness of a nonce and of a key.
//!
//! A sealed file is a line that names the format, a line of JSON (the header), a nonce, and the state under
//! ChaCha20-Poly1305. Both lines are authenticated with it: a header that was changed opens nothing.
//! Invariant: no error and no debug form here shows a key or a part of a state.

use std::fmt;

use ledger::{
    chain::hex,
    clock::Timestamp,
    id::{EnvironmentId, Generation},
};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::{SecureRandom, SystemRandom},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// The first line of every sealed file.
const MAGIC: &[u8] = b"ephemeral-sealed-state 1\n";

/// How long a key is, in bytes.
const KEY_LENGTH: usize = 32;

/// How many bytes of the hash of a key are its id.
const ID_LENGTH: usize = 8;

/// The longest header that is looked for, in bytes; real ones have some hundred.
pub const LONGEST_HEADER: usize = 64 * 1024;

/// The public description of a sealed state. Never a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Whose state it is.
    pub environment: EnvironmentId,
    /// Which life of it.
    pub generation: Generation,
    /// The teardown that could not save it.
    pub operation: String,
    /// Where it belongs, in words.
    pub address: String,
    /// The serials that this teardown itself found where the state belongs, before and right after it ran. Another
    /// one there shows that another program wrote.
    pub found: Vec<u64>,
    /// The lineage of the sealed state.
    pub lineage: String,
    /// Its serial.
    pub serial: u64,
    /// When it was sealed.
    pub at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHeader {
    environment: String,
    generation: u64,
    operation: String,
    address: String,
    found: Vec<u64>,
    lineage: String,
    serial: u64,
    at: Timestamp,
    key: String,
}

/// Why a sealed file cannot be made or opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SealError {
    /// It does not begin as one, or ends in its head.
    #[error(
        "it is not a sealed state of a known format; expected the first line `ephemeral-sealed-state 1`"
    )]
    NotSealed,
    /// It was sealed under another key.
    #[error(
        "it was sealed with the key {sealed}, and the configured key is {own}; set `seal_key` to the right one"
    )]
    OtherKey {
        /// The id of the key it was sealed under.
        sealed: String,
        /// The id of the key at hand.
        own: String,
    },
    /// It is not what was sealed.
    #[error("it was changed after it was sealed, or is damaged; restore the file from a backup")]
    Changed,
    /// The system gave no randomness.
    #[error("the system gave no random bytes; check `/dev/urandom`")]
    NoRandomness,
}

/// A key to seal and to open with.
#[derive(Clone, PartialEq, Eq)]
pub struct SealKey([u8; KEY_LENGTH]);

/// Shows which key it is, never the key.
impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKey({})", self.id())
    }
}

impl SealKey {
    /// A new key.
    ///
    /// # Errors
    /// If the system gives no randomness.
    pub fn fresh() -> Result<Self, SealError> {
        let mut bytes = [0; KEY_LENGTH];
        fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// Reads what [`Self::to_text`] writes; `None` if it is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_ascii_end();
        if text.len() != 2 * KEY_LENGTH || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; KEY_LENGTH];
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// The key itself, as its file holds it: 64 hexadecimal digits and a line break.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}\n", hex(&self.0))
    }

    /// Which key this is: the beginning of a hash of it, in hexadecimal. No secret.
    #[must_use]
    pub fn id(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"ephemeral seal key");
        hash.update(self.0);
        hex(&hash.finalize()[..ID_LENGTH])
    }

    fn cipher(&self) -> Result<LessSafeKey, SealError> {
        // It fails only for a key of another length.
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.0).map_err(|_| SealError::Changed)?;
        Ok(LessSafeKey::new(key))
    }
}

/// Seals `plain`, which `header` describes, under `key`.
///
/// # Errors
/// If the system gives no randomness.
pub fn seal(header: &Header, plain: &[u8], key: &SealKey) -> Result<Vec<u8>, SealError> {
    let raw = RawHeader {
        environment: header.environment.to_string(),
        generation: header.generation.get(),
        operation: header.operation.clone(),
        address: header.address.clone(),
        found: header.found.clone(),
        lineage: header.lineage.clone(),
        serial: header.serial,
        at: header.at,
        key: key.id(),
    };
    let mut sealed = MAGIC.to_vec();
    // Texts and numbers only, so it cannot fail.
    sealed.extend(serde_json::to_vec(&raw).map_err(|_| SealError::NotSealed)?);
    sealed.push(b'\n');
    let mut nonce = [0; NONCE_LEN];
    fill(&mut nonce)?;
    let mut body = plain.to_vec();
    key.cipher()?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(sealed.as_slice()),
            &mut body,
        )
        .map_err(|_| SealError::Changed)?;
    sealed.extend(nonce);
    sealed.append(&mut body);
    Ok(sealed)
}

/// What `sealed`, or its beginning, says it is, and the id of its key. Believe it only when it was opened.
///
/// # Errors
/// If it is no sealed state.
pub fn header(sealed: &[u8]) -> Result<(Header, String), SealError> {
    let (_, raw) = split(sealed)?;
    let raw: RawHeader = serde_json::from_slice(raw).map_err(|_| SealError::NotSealed)?;
    let header = Header {
        environment: EnvironmentId::parse(&raw.environment).map_err(|_| SealError::NotSealed)?,
        generation: Generation::new(raw.generation).ok_or(SealError::NotSealed)?,
        operation: raw.operation,
        address: raw.address,
        found: raw.found,
        lineage: raw.lineage,
        serial: raw.serial,
        at: raw.at,
    };
    Ok((header, raw.key))
}

/// Opens `sealed`: the header, now proven, and the state.
///
/// # Errors
/// Why it cannot be opened.
pub fn open(sealed: &[u8], key: &SealKey) -> Result<(Header, Vec<u8>), SealError> {
    let (header, used) = header(sealed)?;
    if used != key.id() {
        return Err(SealError::OtherKey {
            sealed: used,
            own: key.id(),
        });
    }
    let (head, _) = split(sealed)?;
    let (associated, rest) = sealed.split_at(head);
    let (nonce, body) = rest
        .split_first_chunk::<NONCE_LEN>()
        .ok_or(SealError::Changed)?;
    let mut body = body.to_vec();
    let length = key
        .cipher()?
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(associated),
            &mut body,
        )
        .map_err(|_| SealError::Changed)?
        .len();
    body.truncate(length);
    Ok((header, body))
}

/// How many bytes the two lines have, and the JSON of the second.
fn split(sealed: &[u8]) -> Result<(usize, &[u8]), SealError> {
    let rest = sealed.strip_prefix(MAGIC).ok_or(SealError::NotSealed)?;
    let length = rest
        .iter()
        .take(LONGEST_HEADER)
        .position(|&byte| byte == b'\n')
        .ok_or(SealError::NotSealed)?;
    Ok((MAGIC.len() + length + 1, &rest[..length]))
}

fn fill(bytes: &mut [u8]) -> Result<(), SealError> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_| SealError::NoRandomness)
}

#[cfg(test)]
mod tests {
    use ledger::clock::from_millis;

    use super::*;

    const PLAIN: &[u8] = br#"{"version":4,"password":"hunter2-and-more"}"#;

    fn sample() -> Header {
        Header {
            environment: EnvironmentId::parse("env-1").expect("an id"),
            generation: Generation::FIRST,
            operation: "destroy-env-1-1".to_owned(),
            address: "local path=/s".to_owned(),
            found: vec![7],
            lineage: "l-1".to_owned(),
            serial: 9,
            at: from_millis(0).expect("in range"),
        }
    }

    #[test]
    fn what_was_sealed_opens_again_with_its_header_and_with_no_other_key() {
        let key = SealKey::fresh().expect("random");
        let sealed = seal(&sample(), PLAIN, &key).expect("sealed");
        assert_eq!(open(&sealed, &key), Ok((sample(), PLAIN.to_vec())));
        assert_eq!(header(&sealed), Ok((sample(), key.id())));
        let other = SealKey::fresh().expect("random");
        assert!(matches!(
            open(&sealed, &other),
            Err(SealError::OtherKey { .. })
        ));
        assert_ne!(
            seal(&sample(), PLAIN, &key),
            Ok(sealed),
            "a nonce of its own"
        );
    }

    #[test]
    fn no_byte_can_be_changed_or_taken_away() {
        let key = SealKey::fresh().expect("random");
        let sealed = seal(&sample(), PLAIN, &key).expect("sealed");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            open(&changed, &key).expect_err("changed");
            open(&sealed[..place], &key).expect_err("cut off");
        }
        let mut longer = sealed;
        longer.push(b' ');
        assert_eq!(open(&longer, &key), Err(SealError::Changed));
    }

    #[test]
    fn a_header_of_another_environment_opens_nothing() {
        let key = SealKey::fresh().expect("random");
        let sealed = seal(&sample(), PLAIN, &key).expect("sealed");
        let found = String::from_utf8_lossy(&sealed)
            .find("env-1")
            .expect("named");
        let mut moved = sealed;
        moved[found + 4] = b'2';
        let (claimed, _) = header(&moved).expect("a header");
        assert_eq!(claimed.environment.as_str(), "env-2");
        assert_eq!(open(&moved, &key), Err(SealError::Changed));
    }

    #[test]
    fn a_sealed_state_shows_nothing_of_it_and_a_key_nothing_of_itself() {
        let key = SealKey::fresh().expect("random");
        let sealed = seal(&sample(), PLAIN, &key).expect("sealed");
        let shown = String::from_utf8_lossy(&sealed);
        assert!(!shown.contains("hunter2") && !shown.contains("password"));
        assert!(shown.contains("env-1") && shown.contains("l-1"));
        let secret = key.to_text();
        assert!(!format!("{key:?}").contains(secret.trim_end()));
        assert!(!secret.contains(&key.id()));
    }

    #[test]
    fn a_key_is_read_as_it_was_written_and_anything_else_is_none() {
        let key = SealKey::fresh().expect("random");
        assert_eq!(SealKey::parse(&key.to_text()), Some(key.clone()));
        let short = "ab".repeat(31);
        let odd = "ü".repeat(32);
        for text in ["", "\n", "hunter2", short.as_str(), odd.as_str()] {
            assert_eq!(SealKey::parse(text), None, "{text}");
        }
    }
}
