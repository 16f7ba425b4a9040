//! The capsule: a copy of what a destroy needs and the state does not hold, taken whenever the environment is applied.
//!
//! Taken: the root module, its local modules, installed modules, the dependency lock file. Never taken: variable values,
//! state, the backend's settings in the data directory, installed providers. What is missing is said, not guessed.

use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
};

use ledger::capsule::Capsule;
use serde::Deserialize;

use crate::{discover::data_directory, surroundings::Surroundings};

pub mod scan;

/// The most one capsule may hold before packing: past it a configuration is no longer only configuration.
const MOST_BYTES: usize = 8 << 20;

/// What was taken and what was found in it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The packed capsule; `None` if there is nothing to keep.
    pub packed: Option<Vec<u8>>,
    /// Addresses whose `prevent_destroy` is true.
    pub prevent_destroy: Vec<String>,
    /// Addresses with provisioners that run at destroy.
    pub destroy_provisioners: Vec<String>,
    /// `terraform` or `tofu`.
    pub engine: String,
    /// What could not be taken or read.
    pub gaps: Vec<String>,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "Modules", default)]
    modules: Vec<Module>,
}

#[derive(Deserialize)]
struct Module {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    dir: String,
}

/// Takes the capsule of the root module the process works in.
#[must_use]
pub fn take(around: &Surroundings) -> Taken {
    let mut taken = Taken {
        engine: engine(around).to_owned(),
        ..Taken::default()
    };
    let mut files = BTreeMap::new();
    let data = data_directory(around);
    let mut modules = vec![Module {
        key: String::new(),
        dir: ".".to_owned(),
    }];
    modules.extend(installed(&data, &mut taken.gaps));
    for module in &modules {
        let Some(dir) = inside(&module.dir) else {
            taken.gaps.push(format!(
                "the module {} lies outside the root module's directory and was not copied",
                module.key
            ));
            continue;
        };
        let found = configuration(&around.root, &dir, &mut taken.gaps);
        for (path, text) in &found {
            match scan::scan(&scan::prefix(&module.key), path, text) {
                Ok(findings) => {
                    taken.prevent_destroy.extend(findings.prevent_destroy);
                    taken
                        .destroy_provisioners
                        .extend(findings.destroy_provisioners);
                }
                Err(gap) => {
                    // What cannot be read may protect something, and so it does.
                    taken.prevent_destroy.push(format!("{path} (unreadable)"));
                    taken.gaps.push(gap);
                }
            }
        }
        files.extend(
            found
                .into_iter()
                .map(|(path, text)| (path, text.into_bytes())),
        );
    }
    taken.prevent_destroy.sort();
    taken.prevent_destroy.dedup();
    taken.destroy_provisioners.sort();
    taken.destroy_provisioners.dedup();

    add_tree(
        &around.root,
        &data.join("modules"),
        &mut files,
        &mut taken.gaps,
    );
    add_file(
        &around.root,
        Path::new(".terraform.lock.hcl"),
        &mut files,
        &mut taken.gaps,
    );
    pack(files, &mut taken);
    taken
}

fn pack(files: BTreeMap<String, Vec<u8>>, taken: &mut Taken) {
    if files.is_empty() {
        taken
            .gaps
            .push("no configuration was found in the root module's directory".to_owned());
        return;
    }
    let bytes: usize = files.values().map(Vec::len).sum();
    if MOST_BYTES < bytes {
        taken.gaps.push(format!(
            "the configuration and its modules have {bytes} bytes, more than the {MOST_BYTES} a capsule may hold, and \
             were not copied"
        ));
        return;
    }
    match (Capsule { files }).pack() {
        Ok(packed) => taken.packed = Some(packed),
        Err(error) => taken
            .gaps
            .push(format!("the configuration could not be packed: {error}")),
    }
}

/// Which engine runs us. OpenTofu says so in the names of its files and variables; Terraform is the default.
fn engine(around: &Surroundings) -> &'static str {
    let says_tofu = ["TOFU_CLI_CONFIG_FILE", "OPENTOFU_VERSION"]
        .into_iter()
        .any(|name| around.variable(name).is_some());
    if says_tofu || parent_is_tofu() {
        "tofu"
    } else {
        "terraform"
    }
}

/// Whether the program that started us is called `tofu`. Unknown counts as no.
fn parent_is_tofu() -> bool {
    #[cfg(target_os = "linux")]
    {
        let parent = std::os::unix::process::parent_id();
        return read(Path::new(&format!("/proc/{parent}/comm")))
            .is_ok_and(|name| name.trim() == "tofu");
    }
    #[cfg(not(target_os = "linux"))]
    false
}

fn installed(data: &Path, gaps: &mut Vec<String>) -> Vec<Module> {
    let file = data.join("modules").join("modules.json");
    match read(&file) {
        Ok(text) => match serde_json::from_str::<Manifest>(&text) {
            Ok(manifest) => manifest
                .modules
                .into_iter()
                .filter(|module| !module.key.is_empty())
                .collect(),
            Err(error) => {
                gaps.push(format!(
                    "{} could not be understood: {error}",
                    file.display()
                ));
                Vec::new()
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            gaps.push(format!("{} could not be read: {error}", file.display()));
            Vec::new()
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

fn is_configuration(name: &str) -> bool {
    [".tf", ".tf.json", ".tofu", ".tofu.json"]
        .into_iter()
        .any(|ending| name.ends_with(ending))
        && !name.starts_with('.')
        && !name.ends_with('~')
}

/// The configuration files right in `dir`, by their path below `root`.
fn configuration(root: &Path, dir: &Path, gaps: &mut Vec<String>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in names(&root.join(dir), gaps) {
        if !is_configuration(&name) {
            continue;
        }
        let path = dir.join(&name);
        match read(&root.join(&path)) {
            Ok(text) => found.push((slashed(&path), text)),
            Err(error) => gaps.push(format!("{} could not be read: {error}", path.display())),
        }
    }
    found.sort();
    found
}

/// Everything below `dir` but version control, by its path below `root`.
fn add_tree(
    root: &Path,
    dir: &Path,
    files: &mut BTreeMap<String, Vec<u8>>,
    gaps: &mut Vec<String>,
) {
    let Ok(below) = dir.strip_prefix(root) else {
        return;
    };
    let mut ahead = vec![below.to_owned()];
    while let Some(at) = ahead.pop() {
        for name in names(&root.join(&at), gaps) {
            let path = at.join(&name);
            let whole = root.join(&path);
            if whole.is_symlink() || name == ".git" {
                continue;
            }
            if whole.is_dir() {
                ahead.push(path);
            } else {
                add_file(root, &path, files, gaps);
            }
        }
    }
}

fn add_file(
    root: &Path,
    path: &Path,
    files: &mut BTreeMap<String, Vec<u8>>,
    gaps: &mut Vec<String>,
) {
    match read(&root.join(path)) {
        Ok(text) => {
            files.insert(slashed(path), text.into_bytes());
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => gaps.push(format!("{} could not be read: {error}", path.display())),
    }
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

#[expect(
    clippy::disallowed_methods,
    reason = "an edge: reads the configuration beside the state"
)]
fn read(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

#[expect(
    clippy::disallowed_methods,
    reason = "an edge: lists the configuration beside the state"
)]
fn names(dir: &Path, gaps: &mut Vec<String>) -> Vec<String> {
    match std::fs::read_dir(dir) {
        Ok(entries) => entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            gaps.push(format!("{} could not be listed: {error}", dir.display()));
            Vec::new()
        }
    }
}
