//! The directory in which one teardown works: on memory, readable only by its owner, removed at the end.
//!
//! A saved plan and a generated root hold secrets in clear, so the directory has mode 0700 and lies on tmpfs where there
//! is one. `errored.tfstate`, the only copy of what a failed apply could not save, is moved to a safe place first.
//! An edge: creates and removes files, only below directories it made itself.

use std::{
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, symlink},
    path::{Component, Path, PathBuf},
};

use nix::{sys::statvfs, unistd};
use thiserror::Error;

use crate::durable::file_name;

/// What the name of every work directory begins with. A directory with another name is never removed.
const PREFIX: &str = "ephemeral-sweep-";

/// Where memory-backed files are on Linux.
const SHARED_MEMORY: &str = "/dev/shm";

/// What Terraform writes when it cannot save the state.
const ERRORED_STATE: &str = "errored.tfstate";

/// Where teardowns work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Under which work directories are made; best [`default_base`].
    pub work_base: PathBuf,
    /// The system's temporary directory, where programs may be executed.
    pub temporary: PathBuf,
}

/// Something in the file system went wrong.
#[derive(Debug, Error)]
#[error("cannot {doing} `{}`: {source}", path.display())]
pub struct WorkDirError {
    /// The verb.
    pub doing: &'static str,
    /// What it was done to.
    pub path: PathBuf,
    /// What happened.
    pub source: io::Error,
}

fn failed<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> WorkDirError + 'a {
    move |source| WorkDirError {
        doing,
        path: path.to_owned(),
        source,
    }
}

/// A directory for one teardown.
#[derive(Debug)]
pub struct WorkDir {
    path: PathBuf,
}

/// The directory under which work directories are made by default: memory if it can be written, else
/// `temporary`.
#[must_use]
pub fn default_base(temporary: &Path) -> PathBuf {
    let memory = Path::new(SHARED_MEMORY);
    if unistd::access(memory, unistd::AccessFlags::W_OK).is_ok() {
        memory.to_owned()
    } else {
        temporary.to_owned()
    }
}

impl WorkDir {
    /// Makes a new one under `base`; what has to be executed goes under `temporary` where `base` does not allow that.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn create(base: &Path, temporary: &Path) -> Result<Self, WorkDirError> {
        let path = fresh(base)?;
        let work_dir = Self { path };
        make(&work_dir.root())?;
        let data = work_dir.data();
        if may_execute(base) {
            make(&data)?;
        } else {
            // Containers mount /dev/shm without the right to execute, and providers are installed below the data
            // directory. It holds no secret but the providers' own files.
            let elsewhere = fresh(temporary)?;
            symlink(&elsewhere, &data).map_err(failed("link", &data))?;
        }
        Ok(work_dir)
    }

    /// The whole.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the configuration is, and where the CLI runs.
    #[must_use]
    pub fn root(&self) -> PathBuf {
        self.path.join("root")
    }

    /// Terraform's own data directory.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// The saved plan.
    #[must_use]
    pub fn plan(&self) -> PathBuf {
        self.path.join("destroy.plan")
    }

    /// Empties the configuration and Terraform's data, for another try in the same place.
    ///
    /// # Errors
    /// If it cannot be emptied.
    #[expect(
        clippy::disallowed_methods,
        reason = "the edge that owns work directories"
    )]
    pub fn clear(&self) -> Result<(), WorkDirError> {
        for directory in [
            self.root(),
            fs::canonicalize(self.data()).unwrap_or_else(|_| self.data()),
        ] {
            fs::remove_dir_all(&directory).map_err(failed("empty", &directory))?;
            make(&directory)?;
        }
        match fs::remove_file(self.plan()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(failed("remove", &self.plan())(error))
            }
            _ => Ok(()),
        }
    }

    /// Writes `files`, named by paths relative to [`Self::root`].
    ///
    /// # Errors
    /// If one cannot be written, or its path leads elsewhere.
    pub fn write<'a>(
        &self,
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<(), WorkDirError> {
        write_below(&self.root(), files)
    }

    /// Writes `files`, named by paths relative to [`Self::data`].
    ///
    /// # Errors
    /// If one cannot be written, or its path leads elsewhere.
    pub fn write_data<'a>(
        &self,
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<(), WorkDirError> {
        write_below(&self.data(), files)
    }

    /// Moves `errored.tfstate`, if there is one, to `kept_dir` under a name that begins with `name`.
    ///
    /// # Errors
    /// If there is one and it could not be saved. The work directory must then be left as it is.
    pub fn salvage(&self, kept_dir: &Path, name: &str) -> Result<Option<PathBuf>, WorkDirError> {
        salvage(&self.path, kept_dir, name)
    }

    /// Removes it.
    ///
    /// # Errors
    /// If something of it stays.
    pub fn remove(self) -> Result<(), WorkDirError> {
        remove(&self.path)
    }
}

/// Clears up the work directory a killed sweeper left: saves its `errored.tfstate` to `kept_dir`, then removes it.
/// Answers where that state now is. Call it only when no process of that teardown lives any more.
///
/// # Errors
/// If `path` is no work directory, or if something could not be saved or removed.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that owns work directories"
)]
pub fn clear_leftover(
    path: &Path,
    kept_dir: &Path,
    name: &str,
) -> Result<Option<PathBuf>, WorkDirError> {
    if !is_ours(path) {
        return Err(failed("clear up", path)(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("it is no work directory; for example `{SHARED_MEMORY}/{PREFIX}x4Tq1c`"),
        )));
    }
    if fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Ok(None);
    }
    let kept = salvage(path, kept_dir, name)?;
    remove(path)?;
    Ok(kept)
}

/// Whether `path` has the name of a work directory.
pub fn is_ours(path: &Path) -> bool {
    path.is_absolute()
        && path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(PREFIX))
}

/// Where terraform leaves a state it cannot save, in the work directory `path`.
pub fn errored_in(path: &Path) -> PathBuf {
    path.join("root").join(ERRORED_STATE)
}

/// Whether terraform left a state there that it could not save.
#[expect(
    clippy::disallowed_methods,
    reason = "an edge: owns the work directory"
)]
pub fn left_errored(path: &Path) -> bool {
    errored_in(path).is_file()
}

fn fresh(base: &Path) -> Result<PathBuf, WorkDirError> {
    tempfile::Builder::new()
        .prefix(PREFIX)
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(base)
        .map(tempfile::TempDir::keep)
        .map_err(failed("make a directory in", base))
}

#[expect(
    clippy::disallowed_methods,
    reason = "an edge: owns the work directory"
)]
fn make(path: &Path) -> Result<(), WorkDirError> {
    DirBuilder::new()
        .mode(0o700)
        .create(path)
        .map_err(failed("make", path))
}

#[expect(
    clippy::disallowed_methods,
    reason = "an edge: owns the work directory"
)]
fn write_below<'a>(
    directory: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<(), WorkDirError> {
    for (name, bytes) in files {
        let file = directory.join(name);
        // Names come from a capsule, which is not trusted.
        let inside = Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !inside {
            let odd = io::Error::new(io::ErrorKind::InvalidInput, "it leads out of its directory");
            return Err(failed("write", &file)(odd));
        }
        if let Some(parent) = file.parent() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(parent)
                .map_err(failed("make", parent))?;
        }
        write_private(&file, bytes)?;
    }
    Ok(())
}

/// The directory under which what has to be executed is kept: `base` if that can be, else `temporary`.
pub fn executable_base<'a>(base: &'a Path, temporary: &'a Path) -> &'a Path {
    if may_execute(base) { base } else { temporary }
}

/// Whether programs below `base` may be run, as far as the mount says.
fn may_execute(base: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        statvfs::statvfs(base).map_or(true, |mount| {
            !mount.flags().contains(statvfs::FsFlags::ST_NOEXEC)
        })
    }
    #[cfg(not(target_os = "linux"))]
    {
        statvfs::statvfs(base).is_ok()
    }
}

/// Writes `bytes` to a new file, readable only by its owner.
///
/// # Errors
/// If it cannot be written.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that owns work directories"
)]
pub fn write_private(file: &Path, bytes: &[u8]) -> Result<(), WorkDirError> {
    let write = || {
        let mut opened = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)?;
        opened.write_all(bytes)?;
        opened.sync_all()
    };
    write().map_err(failed("write", file))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the edge that owns work directories"
)]
fn salvage(path: &Path, kept_dir: &Path, name: &str) -> Result<Option<PathBuf>, WorkDirError> {
    let left = errored_in(path);
    let bytes = match fs::read(&left) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", &left)(error)),
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(kept_dir)
        .map_err(failed("make", kept_dir))?;
    let name = file_name(name);
    // Never over one that was kept before: each may be the only copy.
    for number in 0..u32::MAX {
        let kept = kept_dir.join(format!("{name}-{number}-{ERRORED_STATE}"));
        match write_private(&kept, &bytes) {
            Ok(()) => {
                fs::remove_file(&left).map_err(failed("remove", &left))?;
                return Ok(Some(kept));
            }
            Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(failed("keep a state in", kept_dir)(
        io::ErrorKind::AlreadyExists.into(),
    ))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the edge that owns work directories"
)]
fn remove(path: &Path) -> Result<(), WorkDirError> {
    let data = path.join("data");
    if let Ok(elsewhere) = fs::read_link(&data)
        && elsewhere
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(PREFIX))
        && let Err(error) = fs::remove_dir_all(&elsewhere)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(failed("remove", &elsewhere)(error));
    }
    fs::remove_dir_all(path).map_err(failed("remove", path))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at real files")]
mod tests;
