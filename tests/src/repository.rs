//! The repository's own files, for the tests that read them: the tidy checks, the documentation, the examples.

use std::path::{Path, PathBuf};

/// What is not ours to check: build output, downloads, history.
const SKIPPED: [&str; 4] = ["target", ".git", ".tools", ".terraform"];

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this crate lies in the repository")
        .to_path_buf()
}

/// A file of the repository, with its path from the root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RepositoryFile {
    /// The path from the root, with `/`: `crates/ledger/src/ttl.rs`.
    pub path: String,
}

impl RepositoryFile {
    /// Its text.
    ///
    /// # Panics
    /// When it cannot be read as UTF-8.
    #[must_use]
    pub fn text(&self) -> String {
        std::fs::read_to_string(root().join(&self.path))
            .unwrap_or_else(|error| panic!("reading {}: {error}", self.path))
    }

    /// Whether its name ends in `.extension`.
    #[must_use]
    pub fn is(&self, extension: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|found| found == extension)
    }
}

/// Every file, sorted by path.
#[must_use]
pub fn files() -> Vec<RepositoryFile> {
    let mut found = Vec::new();
    walk(&root(), "", &mut found);
    found.sort();
    found
}

/// Every file whose name ends in `.extension`.
#[must_use]
pub fn files_of_kind(extension: &str) -> Vec<RepositoryFile> {
    files()
        .into_iter()
        .filter(|file| file.is(extension))
        .collect()
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<RepositoryFile>) {
    for entry in std::fs::read_dir(folder)
        .expect("reading a folder of the repository")
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !SKIPPED.contains(&name.as_str()) => {
                walk(&entry.path(), &format!("{path}/"), found);
            }
            Ok(kind) if kind.is_file() => found.push(RepositoryFile { path }),
            _ => {}
        }
    }
}
