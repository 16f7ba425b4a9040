//! Where a Terraform state is: the backend's type, its configuration without secrets, and the workspace.
//!
//! Nouns only: which settings a backend has, and which of them are harmless, is known to the crate `backend`.

use std::{collections::BTreeMap, fmt, path::PathBuf};

/// The workspace every state has.
pub const DEFAULT_WORKSPACE: &str = "default";

/// The address of one state.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct StateAddress {
    /// `local`, `s3`, `pg`, …
    pub backend: String,
    /// Settings that say where, never ones that open doors. For `local`: absolute `path` and `workspace_dir`.
    pub settings: BTreeMap<String, String>,
    /// The workspace, `default` if none was selected.
    pub workspace: String,
}

impl StateAddress {
    /// An address of these parts, whatever they hold. Only `backend::address` knows which settings are no secrets: outside
    /// tests, it is the one that calls this.
    #[must_use]
    pub fn new(
        backend: impl Into<String>,
        settings: impl IntoIterator<Item = (String, String)>,
        workspace: impl Into<String>,
    ) -> Self {
        Self {
            settings: settings.into_iter().collect(),
            workspace: workspace.into(),
            backend: backend.into(),
        }
    }

    /// The file that `path` and `workspace_dir` lead to; `None` without a path, with other settings, or for a workspace that
    /// would lead out of its directory.
    ///
    /// The default workspace is `path` itself, another is `<workspace_dir>/<workspace>/terraform.tfstate`.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        let place = |name: &str| self.settings.get(name).map(PathBuf::from);
        let is_place = |name: &String| name == "path" || name == "workspace_dir";
        let path = place("path").filter(|_| self.settings.keys().all(is_place))?;
        if self.workspace == DEFAULT_WORKSPACE {
            return Some(path);
        }
        let leads_out = ["", ".", ".."].contains(&self.workspace.as_str())
            || self.workspace.contains(['/', '\\']);
        if leads_out {
            return None;
        }
        let workspaces = place("workspace_dir")?;
        Some(workspaces.join(&self.workspace).join("terraform.tfstate"))
    }
}

/// `local:/srv/shop/terraform.tfstate`, `s3:bucket=states,key=shop (workspace pr-128)`.
impl fmt::Display for StateAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What other backends call a path is relative.
        if let Some(file) = self.file().filter(|file| file.is_absolute()) {
            return write!(f, "{}:{}", self.backend, file.display());
        }
        let settings: Vec<String> = self
            .settings
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        write!(f, "{}:{}", self.backend, settings.join(","))?;
        if self.workspace != DEFAULT_WORKSPACE {
            write!(f, " (workspace {})", self.workspace)?;
        }
        Ok(())
    }
}
