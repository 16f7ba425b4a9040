//! What one `init` set up, kept for the other work directories of the same provider set in one sweep.
//!
//! A work directory is prepared from a template without a process: its record of the backend, its lock file, and links to
//! provider packages. Whether that leads to the leased state is proven as after an `init`; what the template holds is
//! looked at once more by terraform, which compares the packages with the lock file and the record with the
//! configuration. Whatever is odd means that there is no template, and `init` runs. An edge.

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, symlink},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use backend::init_metadata::{FILE, InitMetadata};
use ledger::state_address::StateAddress;
use tokio::sync::Mutex as AsyncMutex;

use super::{
    lock_file,
    provider_set::ProviderSet,
    template_dir::{self, TemplateDir},
    work_dir::{self, Places, WorkDir},
};

/// Where packages are in Terraform's data directory.
const PROVIDERS: &str = "providers";

/// How deep a package lies there: host, namespace, type, version, platform.
const PACKAGE_DEPTH: usize = 5;

/// The templates of one sweep. What they keep on disk is removed with it.
#[derive(Debug, Default)]
pub struct Templates {
    sets: Mutex<BTreeMap<ProviderSet, Slot>>,
    directory: Mutex<Option<TemplateDir>>,
}

/// What is known of one set. Locked while an `init` for it is under way.
pub type Slot = Arc<AsyncMutex<Kept>>;

/// What became of the first `init` of a set.
#[derive(Debug, Default)]
pub enum Kept {
    /// There was none.
    #[default]
    Nothing,
    /// What it set up.
    Template(Arc<Template>),
    /// It failed, or what it set up is not understood: each work directory has its own.
    Hopeless,
}

/// What one `init` set up.
#[derive(Debug)]
pub struct Template {
    record: InitMetadata,
    lock: Option<Vec<u8>>,
    /// Where each package belongs below the data directory, and where it is.
    packages: Vec<(PathBuf, PathBuf)>,
}

impl Templates {
    /// None yet. Removes what killed sweeps left at `places`.
    #[must_use]
    pub fn new(places: &Places) -> Self {
        template_dir::clear_leftovers(work_dir::executable_base(
            &places.work_base,
            &places.temporary,
        ));
        Self::default()
    }

    /// What is known of `set`.
    pub fn slot(&self, set: ProviderSet) -> Slot {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sets.entry(set).or_default())
    }

    /// Moves the package at `path` to where it can be linked to until the end of the sweep.
    fn keep(&self, path: &Path, places: &Places) -> io::Result<PathBuf> {
        let mut directory = self
            .directory
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let directory = match &mut *directory {
            Some(directory) => directory,
            none => none.insert(TemplateDir::create(work_dir::executable_base(
                &places.work_base,
                &places.temporary,
            ))?),
        };
        directory.keep(path)
    }
}

fn odd(found: &str) -> io::Error {
    io::Error::other(found.to_owned())
}

impl Template {
    /// Takes over what an `init` by the CLI of `version` set up in `work` for the state at `address`.
    ///
    /// # Errors
    /// What is odd. The work directory stays as usable as it was.
    #[expect(clippy::disallowed_methods, reason = "the edge that takes over")]
    pub fn of(
        work: &WorkDir,
        version: &str,
        address: &StateAddress,
        templates: &Templates,
        places: &Places,
    ) -> io::Result<Self> {
        let data = fs::canonicalize(work.data())?;
        let record = InitMetadata::read(&fs::read(data.join(FILE))?, version, address)
            .ok_or_else(|| odd("the record of its backend is not known"))?;
        for entry in fs::read_dir(&data)? {
            let name = entry?.file_name();
            if name != FILE && name != PROVIDERS {
                return Err(odd("it set up more than a backend and providers"));
            }
        }
        let lock = match fs::read(work.root().join(lock_file::NAME)) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        if fs::exists(data.join(PROVIDERS))? {
            find_packages(&data, Path::new(PROVIDERS), PACKAGE_DEPTH, &mut found)?;
        }
        let mut packages = Vec::new();
        for below in found {
            let place = data.join(&below);
            let target = if fs::symlink_metadata(&place)?.is_symlink() {
                fs::canonicalize(&place)?
            } else {
                templates.keep(&place, places)?
            };
            packages.push((below, target));
        }
        Ok(Self {
            record,
            lock,
            packages,
        })
    }

    /// Sets up `work`, which holds the configuration and nothing else, for the state at `address`.
    ///
    /// # Errors
    /// What went wrong; the work directory has to be emptied then.
    #[expect(clippy::disallowed_methods, reason = "the edge that prepares")]
    pub fn prepare(&self, work: &WorkDir, address: &StateAddress) -> io::Result<()> {
        let record = self
            .record
            .leading_to(address)
            .ok_or_else(|| odd("there is no record for such a backend"))?;
        let data = work.data();
        write(&data.join(FILE), &record)?;
        if let Some(lock) = &self.lock {
            let file = work.root().join(lock_file::NAME);
            match fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => write(&file, lock)?,
            }
        }
        for (below, target) in &self.packages {
            let place = data.join(below);
            if let Some(parent) = place.parent() {
                DirBuilder::new()
                    .recursive(true)
                    .mode(0o700)
                    .create(parent)?;
            }
            symlink(target, &place)?;
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "the edge that prepares")]
fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?
        .write_all(bytes)
}

/// Adds the packages `depth` levels below `data`/`below`, each by its path below `data`.
#[expect(clippy::disallowed_methods, reason = "the edge that takes over")]
fn find_packages(
    data: &Path,
    below: &Path,
    depth: usize,
    found: &mut Vec<PathBuf>,
) -> io::Result<()> {
    if depth == 0 {
        found.push(below.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(data.join(below))? {
        let entry = entry?;
        let expected = entry.file_type()?.is_dir() || depth == 1 && entry.path().is_dir();
        if !expected {
            return Err(odd("it installed something that is no package"));
        }
        find_packages(data, &below.join(entry.file_name()), depth - 1, found)?;
    }
    Ok(())
}
