//! Which file the name of a program stands for. Found once: what was asked for its version is then what destroys, also
//! from another directory, and starting it searches no more.

use std::{
    env::split_paths,
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf, absolute},
};

/// The file that `name` stands for, where programs are searched in `search`. A name that nothing has is left as it is:
/// to start it then says so.
#[must_use]
pub(crate) fn locate(name: &Path, search: Option<&OsStr>) -> PathBuf {
    if name.components().nth(1).is_some() {
        return absolute(name).unwrap_or_else(|_| name.to_owned());
    }
    let found = search
        .into_iter()
        .flat_map(split_paths)
        // What lies in the working directory is no program of the operator's.
        .filter(|directory| directory.is_absolute())
        .map(|directory| directory.join(name))
        .find(|file| is_program(file));
    found.unwrap_or_else(|| name.to_owned())
}

#[expect(
    clippy::disallowed_methods,
    reason = "an edge: looks for the programs it starts"
)]
fn is_program(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make files")]
mod tests {
    use std::{env::join_paths, fs::Permissions};

    use tempfile::TempDir;

    use super::*;

    fn file(directory: &Path, name: &str, mode: u32) -> PathBuf {
        let path = directory.join(name);
        fs::write(&path, "").expect("written");
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("changed");
        path
    }

    #[test]
    fn a_name_is_the_first_program_on_the_search_path() {
        let (first, second) = (TempDir::new().expect("made"), TempDir::new().expect("made"));
        file(first.path(), "notes", 0o644);
        fs::create_dir(first.path().join("tofu")).expect("made");
        let (notes, tofu) = (
            file(second.path(), "notes", 0o755),
            file(second.path(), "tofu", 0o755),
        );
        let search = join_paths([Path::new("relative"), first.path(), second.path()]);
        let search = search.expect("a path");
        assert_eq!(locate(Path::new("notes"), Some(&search)), notes);
        assert_eq!(locate(Path::new("tofu"), Some(&search)), tofu);
        let first_of_both = file(first.path(), "both", 0o755);
        file(second.path(), "both", 0o755);
        assert_eq!(locate(Path::new("both"), Some(&search)), first_of_both);
    }

    #[test]
    fn a_name_that_nothing_has_stays_a_name() {
        let empty = TempDir::new().expect("made");
        let search = empty.path().as_os_str();
        for search in [Some(search), Some(OsStr::new("")), None] {
            assert_eq!(locate(Path::new("tofu"), search), Path::new("tofu"));
        }
    }

    #[test]
    fn a_path_means_the_same_from_every_directory() {
        let here = absolute(".").expect("a directory");
        for (name, expected) in [
            ("/opt/tofu", PathBuf::from("/opt/tofu")),
            ("./tofu", here.join("tofu")),
            ("bin/tofu", here.join("bin/tofu")),
        ] {
            assert_eq!(locate(Path::new(name), Some(OsStr::new("/bin"))), expected);
        }
    }
}
