//! An inventory: which objects a state held at one moment, each as a fingerprint, so that nothing of them can be read.
//!
//! It answers one question: is everything that a state holds now among what it held then. It knows no state file and no
//! store; its packed form is kept by content, beside the capsules.

use sha2::{Digest, Sha256};

/// What a packed inventory begins with: what it is, and in which version.
const HEADER: &[u8] = b"ephemeral-inventory 1\n";

/// The length of a fingerprint, in bytes. The half of a SHA-256: no second object with the same one can be found.
const LENGTH: usize = 16;

/// What tells one object at an address from another that was made there later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectIdentity<'a> {
    /// The id that its provider gave it.
    Id(&'a str),
    /// All its attributes, as they are written in the state, where it has no id.
    Attributes(&'a str),
}

/// One object of one state, hashed: its lineage, its address and its identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; LENGTH]);

impl Fingerprint {
    /// The object at `address` in the state of `lineage`. The address names a deposed object as such.
    #[must_use]
    pub fn of(lineage: &str, address: &str, identity: ObjectIdentity<'_>) -> Self {
        let (kind, text) = match identity {
            ObjectIdentity::Id(text) => ("id", text),
            ObjectIdentity::Attributes(text) => ("attributes", text),
        };
        let mut hasher = Sha256::new();
        // Each with its length, so that no two objects are spelled alike when they are put together.
        for part in [lineage, address, kind, text] {
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let digest = hasher.finalize();
        Self(std::array::from_fn(|place| digest[place]))
    }
}

/// The objects of one state at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inventory(Vec<Fingerprint>);

/// Why bytes are no inventory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InventoryError {
    /// It begins otherwise: something else, or of a version of its own.
    #[error("it is not an inventory that this version reads")]
    Unknown,
    /// It is cut off, or not in order.
    #[error("it is damaged")]
    Damaged,
}

impl FromIterator<Fingerprint> for Inventory {
    fn from_iter<I: IntoIterator<Item = Fingerprint>>(objects: I) -> Self {
        let mut objects: Vec<Fingerprint> = objects.into_iter().collect();
        objects.sort_unstable();
        objects.dedup();
        Self(objects)
    }
}

impl Inventory {
    /// Whether the object was there.
    #[must_use]
    pub fn holds(&self, object: &Fingerprint) -> bool {
        self.0.binary_search(object).is_ok()
    }

    /// How many objects of `now` are not in it.
    #[must_use]
    pub fn strangers_in(&self, now: &Self) -> u64 {
        let strangers = now.0.iter().filter(|object| !self.holds(object));
        u64::try_from(strangers.count()).unwrap_or(u64::MAX)
    }

    /// Its objects, in the order of their fingerprints.
    pub fn iter(&self) -> impl Iterator<Item = &Fingerprint> {
        self.0.iter()
    }

    /// How many objects it holds.
    #[must_use]
    pub fn count(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    /// The form that is kept: 16 bytes for each object, in order. The same objects give the same bytes.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        let mut packed = Vec::with_capacity(HEADER.len() + self.0.len() * LENGTH);
        packed.extend_from_slice(HEADER);
        for Fingerprint(bytes) in &self.0 {
            packed.extend_from_slice(bytes);
        }
        packed
    }

    /// Reads what [`Self::pack`] wrote.
    ///
    /// # Errors
    /// If anything about it is odd.
    pub fn unpack(packed: &[u8]) -> Result<Self, InventoryError> {
        let body = packed.strip_prefix(HEADER).ok_or(InventoryError::Unknown)?;
        let (objects, rest) = body.as_chunks::<LENGTH>();
        let in_order = objects.is_sorted_by(|one, next| one < next);
        if !rest.is_empty() || !in_order {
            return Err(InventoryError::Damaged);
        }
        Ok(Self(objects.iter().copied().map(Fingerprint).collect()))
    }
}
