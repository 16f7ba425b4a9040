//! Where the provider packages that one `init` installed are kept, for every work directory of a sweep to link to: a
//! filesystem mirror of our own, unpacked and read-only.
//!
//! The directory has mode 0700, is held by a lock as long as its sweep lives and removed at its end; what a killed sweep
//! left behind is known by its free lock, and removed by the next. It holds no secret. An edge.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use nix::unistd;

/// What the name of every such directory begins with. A directory with another name is never removed.
const PREFIX: &str = "ephemeral-providers-";

/// The file that a living sweep holds locked.
const OWNER: &str = "owner.lock";

/// The name of a link until it is where its package was.
const LINK: &str = ".link";

/// The bits of a mode that let other users write.
const WRITE: u32 = 0o222;

/// A directory of packages, removed when it is dropped.
#[derive(Debug)]
pub(crate) struct TemplateDir {
    path: PathBuf,
    packages: AtomicUsize,
    /// Locked until this is dropped or the process ends.
    _owner: File,
}

impl TemplateDir {
    /// Makes a new one under `base`, from where programs can be run.
    #[expect(clippy::disallowed_methods, reason = "the edge that keeps packages")]
    pub(crate) fn create(base: &Path) -> io::Result<Self> {
        let path = tempfile::Builder::new()
            .prefix(PREFIX)
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(base)?
            .keep();
        let owner = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path.join(OWNER))
            .and_then(|file| file.try_lock().map_err(io::Error::from).map(|()| file));
        match owner {
            Ok(owner) => Ok(Self {
                path,
                packages: AtomicUsize::new(0),
                _owner: owner,
            }),
            Err(error) => {
                remove(&path);
                Err(error)
            }
        }
    }

    /// Moves the unpacked `package` in, makes it read-only and leaves a link to it where it was; answers where it now is.
    /// It must lie on the same file system.
    #[expect(clippy::disallowed_methods, reason = "the edge that keeps packages")]
    pub(crate) fn keep(&self, package: &Path) -> io::Result<PathBuf> {
        let number = self.packages.fetch_add(1, Ordering::Relaxed);
        let kept = self.path.join(number.to_string());
        // Made first, so that nothing is moved that cannot be linked to.
        let link = package.with_file_name(LINK);
        symlink(&kept, &link)?;
        if let Err(error) = fs::rename(package, &kept) {
            fs::remove_file(&link)?;
            return Err(error);
        }
        fs::rename(&link, package)?;
        set_modes(&kept, |mode| mode & !WRITE)?;
        Ok(kept)
    }
}

impl Drop for TemplateDir {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// Removes what killed sweeps of this user left under `base`. What cannot be told or removed stays.
#[expect(clippy::disallowed_methods, reason = "the edge that keeps packages")]
pub(crate) fn clear_leftovers(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let named = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(PREFIX));
        // Not followed: a link of that name is not ours.
        let ours = named
            && entry
                .metadata()
                .is_ok_and(|found| found.is_dir() && found.uid() == unistd::geteuid().as_raw());
        if !ours {
            continue;
        }
        match File::open(entry.path().join(OWNER)) {
            // Held until it is removed, so that of two sweeps one removes it.
            Ok(owner) if owner.try_lock().is_ok() => remove(&entry.path()),
            Ok(_) => {}
            // Killed, or at work, before it had an owner. Only an empty directory can be removed so, and who is at work
            // in one goes on without.
            Err(_) => drop(fs::remove_dir(entry.path())),
        }
    }
}

/// Removes `path`; what stays is told.
#[expect(clippy::disallowed_methods, reason = "the edge that keeps packages")]
fn remove(path: &Path) {
    // Who may not write in a directory cannot empty it.
    let removed = set_modes(path, |mode| mode | 0o700).and_then(|()| fs::remove_dir_all(path));
    if let Err(error) = removed {
        tracing::warn!(path = %path.display(), %error, "a directory of providers stays behind");
    }
}

/// Changes the mode of `path` and of everything below it. Links are not followed.
#[expect(clippy::disallowed_methods, reason = "the edge that keeps packages")]
fn set_modes(path: &Path, change: impl Fn(u32) -> u32 + Copy) -> io::Result<()> {
    let found = fs::symlink_metadata(path)?;
    if found.is_symlink() {
        return Ok(());
    }
    let mode = found.mode() & 0o7777;
    let changed = Permissions::from_mode(change(mode));
    if !found.is_dir() {
        return fs::set_permissions(path, changed);
    }
    // To reach what is below, the directory has to be readable, before or after.
    let opens = mode & 0o500 != 0o500;
    if opens {
        fs::set_permissions(path, changed.clone())?;
    }
    for entry in fs::read_dir(path)? {
        set_modes(&entry?.path(), change)?;
    }
    fs::set_permissions(path, changed)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at real files")]
mod tests {
    use super::*;

    fn package(base: &Path) -> PathBuf {
        let package = base.join("package");
        fs::create_dir(&package).expect("made");
        fs::write(package.join("provider"), "x").expect("written");
        fs::set_permissions(package.join("provider"), Permissions::from_mode(0o755)).expect("set");
        package
    }

    fn left(base: &Path) -> usize {
        fs::read_dir(base).expect("listed").count()
    }

    #[test]
    fn a_package_is_kept_read_only_and_removed_at_the_end() {
        let base = tempfile::tempdir().expect("a directory");
        let dir = TemplateDir::create(base.path()).expect("made");
        let package = package(base.path());
        let kept = dir.keep(&package).expect("kept");
        assert_eq!(fs::read_link(&package).expect("a link"), kept);
        fs::remove_file(&package).expect("removed");
        let mode = |path: &Path| fs::metadata(path).expect("there").mode() & 0o777;
        assert_eq!(mode(&kept) & WRITE, 0);
        assert_eq!(mode(&kept.join("provider")), 0o555);
        assert_eq!(mode(kept.parent().expect("a parent")), 0o700);
        drop(dir);
        assert_eq!(left(base.path()), 0);
    }

    #[test]
    fn what_a_killed_sweep_left_is_removed_and_what_a_living_one_holds_is_not() {
        let base = tempfile::tempdir().expect("a directory");
        let living = TemplateDir::create(base.path()).expect("made");
        let package = package(base.path());
        let kept = living.keep(&package).expect("kept");
        fs::remove_file(&package).expect("removed");
        let killed = base.path().join(format!("{PREFIX}killed"));
        fs::create_dir_all(killed.join("0")).expect("made");
        fs::write(killed.join(OWNER), "").expect("written");
        fs::set_permissions(killed.join("0"), Permissions::from_mode(0o500)).expect("set");
        fs::create_dir(base.path().join(format!("{PREFIX}empty"))).expect("made");
        clear_leftovers(base.path());
        assert_eq!(left(base.path()), 1);
        assert!(kept.join("provider").exists());
    }

    #[test]
    fn nothing_else_is_removed() {
        let base = tempfile::tempdir().expect("a directory");
        let elsewhere = tempfile::tempdir().expect("a directory");
        fs::write(elsewhere.path().join(OWNER), "").expect("written");
        let link = base.path().join(format!("{PREFIX}link"));
        std::os::unix::fs::symlink(elsewhere.path(), &link).expect("linked");
        fs::create_dir(base.path().join("ephemeral-sweep-x")).expect("made");
        let unowned = base.path().join(format!("{PREFIX}unowned"));
        fs::create_dir(&unowned).expect("made");
        fs::write(unowned.join("file"), "").expect("written");
        clear_leftovers(base.path());
        assert_eq!(left(base.path()), 3);
        assert!(elsewhere.path().join(OWNER).exists());
    }
}
