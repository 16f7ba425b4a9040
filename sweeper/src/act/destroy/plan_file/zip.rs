//! The entries of a zip file, as strictly as nobody else reads one. Pure.
//!
//! What is read here has to be what the CLI reads from the same file, so whatever two readers could understand in two
//! ways is refused: a second entry of one name, a comment, an encrypted, split or huge archive, lengths and checksums
//! that do not fit.

use std::{collections::BTreeMap, io::Read};

use flate2::{Crc, read::DeflateDecoder};

use super::NotUnderstood;

/// The length of the record at the end of an archive, without a comment.
const END: usize = 22;

/// The length of an entry in the directory, without its name.
const LISTED: usize = 46;

/// The length of the header before the bytes of an entry, without its name.
const LOCAL: usize = 30;

/// The flag of an encrypted entry.
const ENCRYPTED: u16 = 1;

/// The most bytes an entry may have unpacked: 1 GiB, a hundred times what 5,000 objects took.
const MOST: u32 = 1 << 30;

/// An archive whose directory was read.
pub(super) struct Archive<'a> {
    bytes: &'a [u8],
    entries: BTreeMap<&'a [u8], Entry>,
}

struct Entry {
    deflated: bool,
    crc: u32,
    packed: usize,
    length: u32,
    at: usize,
}

fn odd(found: &str) -> NotUnderstood {
    NotUnderstood(format!("its archive {found}"))
}

impl<'a> Archive<'a> {
    /// Reads the directory of `bytes`.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, NotUnderstood> {
        let end_at = bytes
            .len()
            .checked_sub(END)
            .ok_or_else(|| odd("is too short"))?;
        let end = part(bytes, end_at, END)?;
        if !end.starts_with(b"PK\x05\x06")
            || (two(end, 4)?, two(end, 6)?, two(end, 20)?) != (0, 0, 0)
        {
            return Err(odd("does not end as one that terraform wrote"));
        }
        let (count, same) = (two(end, 8)?, two(end, 10)?);
        let (length, at) = (whole(four(end, 12)?)?, whole(four(end, 16)?)?);
        if count != same || at.checked_add(length) != Some(end_at) {
            return Err(odd("has a directory that does not fit"));
        }
        let mut rest = part(bytes, at, length)?;
        let mut entries = BTreeMap::new();
        for _ in 0..count {
            let (name, entry, left) = listed(rest)?;
            rest = left;
            if entries.insert(name, entry).is_some() {
                return Err(odd("holds one name twice"));
            }
        }
        if !rest.is_empty() {
            return Err(odd("has a directory that does not fit"));
        }
        Ok(Self { bytes, entries })
    }

    /// The bytes of the entry `name`, unpacked and compared with their checksum.
    pub(super) fn entry(&self, name: &str) -> Result<Vec<u8>, NotUnderstood> {
        let entry = self
            .entries
            .get(name.as_bytes())
            .ok_or_else(|| odd(&format!("holds no `{name}`")))?;
        let wrong = || odd(&format!("holds a `{name}` that is damaged"));
        let header = part(self.bytes, entry.at, LOCAL)?;
        let name_at = entry.at.checked_add(LOCAL).ok_or_else(wrong)?;
        let named = part(self.bytes, name_at, usize::from(two(header, 26)?))?;
        if !header.starts_with(b"PK\x03\x04") || named != name.as_bytes() {
            return Err(wrong());
        }
        let at = name_at
            .checked_add(named.len() + usize::from(two(header, 28)?))
            .ok_or_else(wrong)?;
        let packed = part(self.bytes, at, entry.packed)?;
        let mut unpacked = Vec::new();
        if entry.deflated {
            // One byte more than there should be, to see that there are not more.
            DeflateDecoder::new(packed)
                .take(u64::from(entry.length) + 1)
                .read_to_end(&mut unpacked)
                .map_err(|_| wrong())?;
        } else {
            unpacked.extend_from_slice(packed);
        }
        let mut crc = Crc::new();
        crc.update(&unpacked);
        if u32::try_from(unpacked.len()) != Ok(entry.length) || crc.sum() != entry.crc {
            return Err(wrong());
        }
        Ok(unpacked)
    }
}

/// The first entry of a directory, and what comes after it.
fn listed(directory: &[u8]) -> Result<(&[u8], Entry, &[u8]), NotUnderstood> {
    let head = part(directory, 0, LISTED)?;
    let deflated = match two(head, 10)? {
        0 => false,
        8 => true,
        _ => return Err(odd("is packed in a way that is not known")),
    };
    let length = four(head, 24)?;
    let known = head.starts_with(b"PK\x01\x02") && two(head, 8)? & ENCRYPTED == 0;
    if !known || MOST < length || two(head, 34)? != 0 {
        return Err(odd("holds an entry that is not known"));
    }
    let name = part(directory, LISTED, usize::from(two(head, 28)?))?;
    let more = usize::from(two(head, 30)?) + usize::from(two(head, 32)?);
    let entry = Entry {
        deflated,
        crc: four(head, 16)?,
        packed: whole(four(head, 20)?)?,
        length,
        at: whole(four(head, 42)?)?,
    };
    let rest = directory
        .get(LISTED + name.len() + more..)
        .ok_or_else(|| odd("is cut off"))?;
    Ok((name, entry, rest))
}

fn part(bytes: &[u8], at: usize, length: usize) -> Result<&[u8], NotUnderstood> {
    at.checked_add(length)
        .and_then(|end| bytes.get(at..end))
        .ok_or_else(|| odd("is cut off"))
}

fn two(bytes: &[u8], at: usize) -> Result<u16, NotUnderstood> {
    let part = part(bytes, at, 2)?;
    Ok(part
        .iter()
        .rev()
        .fold(0, |all, byte| all << 8 | u16::from(*byte)))
}

fn four(bytes: &[u8], at: usize) -> Result<u32, NotUnderstood> {
    let part = part(bytes, at, 4)?;
    Ok(part
        .iter()
        .rev()
        .fold(0, |all, byte| all << 8 | u32::from(*byte)))
}

fn whole(number: u32) -> Result<usize, NotUnderstood> {
    usize::try_from(number).map_err(|_| odd("is too long"))
}
