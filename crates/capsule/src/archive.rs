//! The capsule: the sealed copy of the files a destroy needs, packed into bytes and unpacked again.
//!
//! It knows bytes, and no directory. The same files are always the same bytes, so that a capsule's hash names it.
//! What is unpacked is not trusted: nothing but plain files with relative paths comes out, and not too much of it.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use flate2::{Compression, GzBuilder, read::GzDecoder};
use tar::{Archive, Builder, EntryType, Header};

/// The most bytes a capsule's files may have together: 64 MiB.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The most files in a capsule.
pub const MAX_FILES: usize = 10_000;

/// What the archive's own headers may take for each file: its header, a long name, the filling.
const MAX_HEADERS: u64 = 8 * 1024;

/// Readable by all, written by the owner. A capsule is run by the terraform that unpacks it, never by itself.
const MODE: u32 = 0o644;

/// Files by their relative path, `/` between the parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capsule {
    /// Path and content.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The reason that files are not packed, or bytes not unpacked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CapsuleError {
    /// A path that could lead out of the directory it is unpacked in, or is none.
    #[error(
        "the path {path:?} {why}; a capsule holds relative paths with `/` between their parts, for example \
         `modules/network/main.tf`"
    )]
    Path {
        /// The path.
        path: String,
        /// The problem.
        why: &'static str,
    },
    /// A link, a directory, a device.
    #[error("`{path}` is {what}; a capsule holds plain files only")]
    NotAFile {
        /// Its path.
        path: String,
        /// Its kind.
        what: &'static str,
    },
    /// The same path twice.
    #[error("`{path}` is in the capsule twice")]
    Twice {
        /// The path.
        path: String,
    },
    /// More than [`MAX_BYTES`].
    #[error(
        "the files have more than {MAX_BYTES} bytes together; leave out what a destroy does not need"
    )]
    TooLarge,
    /// More than [`MAX_FILES`].
    #[error("more than {MAX_FILES} files; leave out what a destroy does not need")]
    TooMany,
    /// Not a packed capsule, or a damaged one.
    #[error("unpacking the capsule: {0}; expected a whole gzip-compressed tar archive")]
    Malformed(String),
}

impl Capsule {
    /// The files as a gzip-compressed tar archive: sorted by path, without times, owners or modes of their own.
    ///
    /// # Errors
    /// The first path that is not relative, or which limit is passed.
    pub fn pack(&self) -> Result<Vec<u8>, CapsuleError> {
        if MAX_FILES < self.files.len() {
            return Err(CapsuleError::TooMany);
        }
        let mut total = 0;
        for (path, content) in &self.files {
            check_path(path)?;
            self.check_not_a_directory(path)?;
            total = add(total, content.len() as u64)?;
        }
        let gzip = GzBuilder::new()
            .mtime(0)
            .write(Vec::new(), Compression::default());
        let mut archive = Builder::new(gzip);
        for (path, content) in &self.files {
            let mut header = Header::new_gnu();
            header.set_entry_type(EntryType::Regular);
            header.set_size(content.len() as u64);
            header.set_mode(MODE);
            header.set_mtime(0);
            header.set_uid(0);
            header.set_gid(0);
            archive
                .append_data(&mut header, path, content.as_slice())
                .map_err(|error| malformed(&error))?;
        }
        archive
            .into_inner()
            .and_then(flate2::write::GzEncoder::finish)
            .map_err(|error| malformed(&error))
    }

    /// Reads what [`Self::pack`] wrote, and nothing that could do harm when it is written to a directory.
    ///
    /// # Errors
    /// The first entry that is not a plain file with a relative path, which limit is passed, or what is damaged.
    pub fn unpack(packed: &[u8]) -> Result<Self, CapsuleError> {
        let limit = MAX_BYTES + MAX_HEADERS * MAX_FILES as u64;
        let mut archive = Archive::new(Bounded {
            inner: GzDecoder::new(packed),
            left: limit,
        });
        let mut capsule = Self::default();
        let mut total = 0;
        for entry in archive.entries().map_err(|error| refusal(&error))? {
            let mut entry = entry.map_err(|error| refusal(&error))?;
            let path = String::from_utf8(entry.path_bytes().into_owned()).map_err(|error| {
                CapsuleError::Path {
                    path: error.to_string(),
                    why: "is not UTF-8",
                }
            })?;
            plain_file(&path, entry.header().entry_type())?;
            check_path(&path)?;
            if capsule.files.contains_key(&path) {
                return Err(CapsuleError::Twice { path });
            }
            if capsule.files.len() == MAX_FILES {
                return Err(CapsuleError::TooMany);
            }
            total = add(total, entry.size())?;
            let mut content = Vec::new();
            entry
                .read_to_end(&mut content)
                .map_err(|error| refusal(&error))?;
            if content.len() as u64 != entry.size() {
                return Err(CapsuleError::Malformed(format!("`{path}` is cut off")));
            }
            capsule.files.insert(path, content);
        }
        // To the very end, because only there is the checksum.
        io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(|error| refusal(&error))?;
        for path in capsule.files.keys() {
            capsule.check_not_a_directory(path)?;
        }
        Ok(capsule)
    }

    /// `a` and `a/b` cannot both be files.
    fn check_not_a_directory(&self, path: &str) -> Result<(), CapsuleError> {
        let mut parents = path.match_indices('/').map(|(end, _)| path.split_at(end).0);
        match parents.find(|parent| self.files.contains_key(*parent)) {
            None => Ok(()),
            Some(_) => Err(CapsuleError::Path {
                path: path.to_owned(),
                why: "lies under a path that is a file",
            }),
        }
    }
}

fn add(total: u64, size: u64) -> Result<u64, CapsuleError> {
    total
        .checked_add(size)
        .filter(|sum| *sum <= MAX_BYTES)
        .ok_or(CapsuleError::TooLarge)
}

fn check_path(path: &str) -> Result<(), CapsuleError> {
    let why = if path.is_empty() {
        Some("is empty")
    } else if path.starts_with('/') {
        Some("is absolute")
    } else if path.contains('\\') {
        Some("holds a backslash")
    } else if path.contains('\0') {
        Some("holds a NUL character")
    } else if path.split('/').any(str::is_empty) {
        Some("has an empty part")
    } else if path.split('/').any(|part| part == "." || part == "..") {
        Some("has a part `.` or `..`")
    } else {
        None
    };
    why.map_or(Ok(()), |why| {
        Err(CapsuleError::Path {
            path: path.to_owned(),
            why,
        })
    })
}

fn plain_file(path: &str, found: EntryType) -> Result<(), CapsuleError> {
    let what = match found {
        EntryType::Regular => return Ok(()),
        EntryType::Link => "a hard link",
        EntryType::Symlink => "a symbolic link",
        EntryType::Directory => "a directory",
        EntryType::Char | EntryType::Block => "a device",
        EntryType::Fifo => "a pipe",
        _ => "something special",
    };
    Err(CapsuleError::NotAFile {
        path: path.to_owned(),
        what,
    })
}

fn malformed(error: &io::Error) -> CapsuleError {
    CapsuleError::Malformed(error.to_string())
}

fn refusal(error: &io::Error) -> CapsuleError {
    // The tar reader wraps the errors of what it reads from.
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = source {
        if cause.is::<Overflow>() {
            return CapsuleError::TooLarge;
        }
        let wrapped = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        source = match wrapped {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    malformed(error)
}

/// More came out of the compression than a capsule may hold.
#[derive(Debug, thiserror::Error)]
#[error("more bytes than a capsule may hold")]
struct Overflow;

/// Fails instead of reading past its limit, so that a small archive never fills the memory.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other(Overflow))?;
        Ok(count)
    }
}
