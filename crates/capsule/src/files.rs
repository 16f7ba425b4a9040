//! The files of a configuration: which there are, and what is in them. An edge; decides nothing about what is found.

use std::{
    io::ErrorKind,
    path::{Component, Path, PathBuf},
};

/// A file that is there: its path as configuration would name it, and its content if that could be read.
#[derive(Debug)]
pub(crate) struct Found {
    /// The path from the root module's directory, with `/`.
    pub(crate) path: String,
    /// The bytes, or why not.
    pub(crate) content: Result<Vec<u8>, String>,
}

/// Where installed modules are in a capsule, wherever Terraform's data directory was.
pub(crate) const INSTALLED: &str = ".terraform/modules";

/// Which file has which path in a capsule.
#[derive(Debug)]
pub(crate) struct Layout {
    root: PathBuf,
    installed: PathBuf,
}

impl Layout {
    /// The root module in `root`, and what `init` installed for it in `data`.
    pub(crate) fn new(root: &Path, data: &Path) -> Self {
        Self {
            root: root.to_owned(),
            installed: data.join("modules"),
        }
    }

    /// The path in a capsule of a directory that Terraform's list of modules names; `None` if it lies elsewhere.
    pub(crate) fn place(&self, dir: &str) -> Option<PathBuf> {
        match self.root.join(dir).strip_prefix(&self.installed) {
            Ok(below) => Some(Path::new(INSTALLED).join(below)),
            Err(_) => inside(dir),
        }
    }

    fn real(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(INSTALLED) {
            Ok(below) => self.installed.join(below),
            Err(_) => self.root.join(path),
        }
    }
}

/// `dir` below the root, without `.` parts; `None` if it leads out of it.
fn inside(dir: &str) -> Option<PathBuf> {
    let mut path = PathBuf::new();
    for part in Path::new(dir).components() {
        match part {
            Component::CurDir => {}
            Component::Normal(part) => path.push(part),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

/// Whether Terraform or OpenTofu takes a file of this name for configuration.
fn is_configuration(name: &str) -> bool {
    let ignored = name.starts_with('.')
        || name.ends_with('~')
        || name.starts_with('#') && name.ends_with('#');
    !ignored
        && [".tf", ".tf.json", ".tofu", ".tofu.json"]
            .into_iter()
            .any(|ending| name.ends_with(ending))
}

/// Values and states: never copied, also where they lie in a module.
fn is_private(name: &str) -> bool {
    name.ends_with(".tfvars")
        || name.ends_with(".tfvars.json")
        || name.ends_with(".tfstate")
        || name.contains(".tfstate.")
}

/// The configuration files right in `dir`, which may lie outside the root.
///
/// # Errors
/// `dir` could not be listed. One that is not there has none.
#[expect(
    clippy::disallowed_methods,
    reason = "an edge: reads the configuration"
)]
pub(crate) fn configuration(layout: &Layout, dir: &Path) -> Result<Vec<Found>, String> {
    let mut found: Vec<Found> = names(layout, dir)?
        .into_iter()
        .filter(|name| is_configuration(name) && !layout.real(&dir.join(name)).is_dir())
        .map(|name| file(layout, &dir.join(name)))
        .collect();
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Every installed module but version control, data directories, values and states. Adds what it left out to `gaps`.
#[expect(
    clippy::disallowed_methods,
    reason = "an edge: reads the configuration"
)]
pub(crate) fn installed(layout: &Layout, gaps: &mut Vec<String>) -> Vec<Found> {
    let mut found = Vec::new();
    let mut ahead = vec![PathBuf::from(INSTALLED)];
    while let Some(at) = ahead.pop() {
        let names = names(layout, &at).unwrap_or_else(|gap| {
            gaps.push(gap);
            Vec::new()
        });
        for name in names {
            let path = at.join(&name);
            let whole = layout.real(&path);
            if name == ".git" || name == ".terraform" || is_private(&name) {
                continue;
            }
            if whole.is_symlink() {
                gaps.push(format!("{} is a link and was not copied", slashed(&path)));
            } else if whole.is_dir() {
                ahead.push(path);
            } else {
                found.push(file(layout, &path));
            }
        }
    }
    found
}

/// The file at `path`, whatever it is.
pub(crate) fn file(layout: &Layout, path: &Path) -> Found {
    Found {
        path: slashed(path),
        content: read(&layout.real(path))
            .map_err(|error| format!("{} could not be read: {error}", slashed(path))),
    }
}

/// The text of the file at `path`, if it is there.
///
/// # Errors
/// It is there and could not be read.
pub(crate) fn text_if_there(path: &Path) -> Result<Option<String>, String> {
    let failed =
        |cause: &dyn std::fmt::Display| format!("{} could not be read: {cause}", path.display());
    match read(path) {
        Ok(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|error| failed(&error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

/// `path` with `/` between its parts.
pub(crate) fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/").replacen("//", "/", 1)
}

#[expect(
    clippy::disallowed_methods,
    reason = "an edge: reads the configuration beside the state"
)]
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// The names in `dir`. One that is not UTF-8 comes altered, so that reading it fails and is reported.
#[expect(
    clippy::disallowed_methods,
    reason = "an edge: lists the configuration beside the state"
)]
fn names(layout: &Layout, dir: &Path) -> Result<Vec<String>, String> {
    let failed = |error: &std::io::Error| format!("{} could not be listed: {error}", slashed(dir));
    let entries = match std::fs::read_dir(layout.real(dir)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(&error)),
    };
    entries
        .map(|entry| match entry {
            Ok(entry) => Ok(entry.file_name().to_string_lossy().into_owned()),
            Err(error) => Err(failed(&error)),
        })
        .collect()
}
