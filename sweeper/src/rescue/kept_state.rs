//! The directory of kept states: what terraform could not save, sealed, until it is back where it belongs.
//!
//! An edge: makes, lists, opens and removes files in one directory. Decides nothing about what is done with them.
//! Invariant: a kept state is never written over, and never removed here but by [`Keeper::remove`].

use std::{
    fs, io,
    io::Read,
    path::{Path, PathBuf},
};

use backend::{StateRefusal, read::read};
use ledger::{
    clock::Timestamp,
    id::{EnvironmentId, Generation},
};
use terraform::durable;
use thiserror::Error;

use super::{
    seal::{self, Header, SealError},
    seal_key::{self, SealKeyError},
};

/// How the name of a sealed state ends.
const SEALED: &str = ".sealed";

/// How the name of a state ends that could not be sealed.
const PLAIN: &str = "-errored.tfstate";

/// Where states are kept, and under which key they are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeper {
    /// The directory.
    pub directory: PathBuf,
    /// The file of the key.
    pub key_file: PathBuf,
}

/// Whose teardown left a state behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Which environment.
    pub environment: EnvironmentId,
    /// Which life of it.
    pub generation: Generation,
    /// The teardown.
    pub operation: String,
    /// Where the state belongs, in words.
    pub address: String,
    /// The serials that teardown itself found there.
    pub found: Vec<u64>,
}

/// A file in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptState {
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: KeptKind,
}

/// What a file in the directory is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptKind {
    /// A sealed state, as far as its header says. Believe it only when it was opened.
    Sealed(Box<Header>),
    /// A state that could not be sealed.
    Plain,
    /// A file that was sealed once, and cannot be read as one; with the reason.
    Odd(String),
}

/// Why a state cannot be kept, listed or opened.
#[derive(Debug, Error)]
pub enum KeepError {
    /// A file or the directory.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    File {
        /// The verb.
        doing: &'static str,
        /// What it was done to.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// There is no key, or it cannot be used.
    #[error(transparent)]
    Key(#[from] SealKeyError),
    /// It is no sealed state, or cannot be opened.
    #[error("cannot open `{}`: {source}", path.display())]
    Seal {
        /// The file.
        path: PathBuf,
        /// Why.
        source: SealError,
    },
    /// What was to be sealed is no state.
    #[error("the file that Terraform left is not a state: {0}")]
    NoState(#[from] StateRefusal),
}

fn failed<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> KeepError + 'a {
    move |source| KeepError::File {
        doing,
        path: path.to_owned(),
        source,
    }
}

impl Keeper {
    /// Seals the bytes of a state and answers where it is now. When it returns, it survives a loss of power, and was
    /// opened again. A state that is kept already is not kept twice.
    ///
    /// # Errors
    /// If it is no state, if there is no key, or if it could not be written.
    pub fn seal(&self, origin: &Origin, plain: &[u8], at: Timestamp) -> Result<PathBuf, KeepError> {
        let state = read(plain)?;
        let header = Header {
            environment: origin.environment.clone(),
            generation: origin.generation,
            operation: origin.operation.clone(),
            address: origin.address.clone(),
            found: origin.found.clone(),
            lineage: state.lineage,
            serial: state.serial,
            at,
        };
        let key = seal_key::load_or_make(&self.key_file)?;
        durable::make_directory(&self.directory).map_err(failed("make", &self.directory))?;
        let name = durable::file_name(&origin.operation);
        for number in 0..u32::MAX {
            let path = self
                .directory
                .join(format!("{name}-{}-{number}{SEALED}", header.serial));
            let sealed = seal::seal(&header, plain, &key).map_err(|source| KeepError::Seal {
                path: path.clone(),
                source,
            })?;
            match durable::write_new(&path, &sealed) {
                Ok(()) => {
                    // What cannot be opened is not kept.
                    self.open(&path)?;
                    return Ok(path);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    let same = self
                        .open(&path)
                        .is_ok_and(|(kept, bytes)| kept.is_of(&header) && bytes == plain);
                    if same {
                        return Ok(path);
                    }
                }
                Err(error) => return Err(failed("write", &path)(error)),
            }
        }
        Err(failed("keep a state in", &self.directory)(
            io::ErrorKind::AlreadyExists.into(),
        ))
    }

    /// Everything that is kept, by name. A directory that is not there holds nothing.
    ///
    /// # Errors
    /// If it cannot be listed.
    #[expect(
        clippy::disallowed_methods,
        reason = "the edge that owns the directory of kept states"
    )]
    pub fn list(&self) -> Result<Vec<KeptState>, KeepError> {
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed("list", &self.directory)(error)),
        };
        let mut kept = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed("list", &self.directory))?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let kind = if name.ends_with(SEALED) {
                match head(&path) {
                    Ok(header) => KeptKind::Sealed(Box::new(header)),
                    Err(error) => KeptKind::Odd(error.to_string()),
                }
            } else if name.ends_with(PLAIN) {
                KeptKind::Plain
            } else {
                continue;
            };
            kept.push(KeptState { path, kind });
        }
        kept.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(kept)
    }

    /// What is kept of one life of an environment: by its header or, where that cannot be read, by its name.
    ///
    /// # Errors
    /// If the directory cannot be listed.
    pub fn of(
        &self,
        environment: &EnvironmentId,
        generation: Generation,
        operation: &str,
    ) -> Result<Vec<KeptState>, KeepError> {
        let prefix = format!("{}-", durable::file_name(operation));
        let mut kept = self.list()?;
        kept.retain(|one| {
            let by_header = matches!(&one.kind, KeptKind::Sealed(header)
                if (&header.environment, header.generation) == (environment, generation));
            let name = one.path.file_name().and_then(|name| name.to_str());
            by_header || name.is_some_and(|name| name.starts_with(&prefix))
        });
        Ok(kept)
    }

    /// Opens the sealed state at `path`: its header, now proven, and its bytes, which hold secrets.
    ///
    /// # Errors
    /// If it cannot be read, there is no key, or it is not what was sealed.
    pub fn open(&self, path: &Path) -> Result<(Header, Vec<u8>), KeepError> {
        let key = seal_key::load(&self.key_file)?;
        let sealed = bytes(path)?;
        seal::open(&sealed, &key).map_err(|source| KeepError::Seal {
            path: path.to_owned(),
            source,
        })
    }

    /// Removes what is kept at `path`, because it is where it belongs.
    ///
    /// # Errors
    /// If it stays.
    pub fn remove(&self, path: &Path) -> Result<(), KeepError> {
        durable::remove(path).map_err(failed("remove", path))
    }
}

/// The bytes of a file that was kept in clear.
///
/// # Errors
/// If it cannot be read.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that owns the directory of kept states"
)]
pub fn bytes(path: &Path) -> Result<Vec<u8>, KeepError> {
    fs::read(path).map_err(failed("read", path))
}

/// The head of a sealed file, without the rest of it.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that owns the directory of kept states"
)]
fn head(path: &Path) -> Result<Header, KeepError> {
    let mut beginning = Vec::new();
    let most = u64::try_from(seal::LONGEST_HEADER).unwrap_or(u64::MAX);
    fs::File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut beginning))
        .map_err(failed("read", path))?;
    let read = seal::header(&beginning).map_err(|source| KeepError::Seal {
        path: path.to_owned(),
        source,
    });
    read.map(|(header, _)| header)
}

impl Header {
    /// Whether both describe the same state of the same life.
    fn is_of(&self, other: &Self) -> bool {
        let what = |header: &Self| {
            (
                header.environment.clone(),
                header.generation,
                header.lineage.clone(),
                header.serial,
            )
        };
        what(self) == what(other)
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at real files")]
mod tests;
