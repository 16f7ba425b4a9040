//! Where the state is, found out as Terraform itself knows it: from its data directory and the selected workspace.
//!
//! Reads `.terraform/terraform.tfstate`, which may hold secrets: only the settings that a [`StateAddress`] allows leave
//! this file.

use std::path::{Path, PathBuf};

use ledger::state_address::{DEFAULT_WORKSPACE, StateAddress};
use serde::Deserialize;
use serde_json::Value as Json;

#[derive(Deserialize)]
struct DataDirectory {
    backend: Option<Backend>,
}

#[derive(Deserialize)]
struct Backend {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    config: serde_json::Map<String, Json>,
}

/// Where Terraform works: the directory of the root module, and the variables that say what else it reads.
#[derive(Debug, Clone, Copy)]
pub struct WorkingDirectory<'a> {
    /// The directory of the root module.
    pub root: &'a Path,
    /// `TF_DATA_DIR`, if it is set to something.
    pub data_dir: Option<&'a str>,
    /// `TF_WORKSPACE`, if it is set to something.
    pub workspace: Option<&'a str>,
}

impl WorkingDirectory<'_> {
    /// The address of the state of the root module.
    ///
    /// # Errors
    /// What could not be read, in words without secrets.
    pub fn state_address(&self) -> Result<StateAddress, String> {
        let data = self.data_directory();
        let workspace = self.selected_workspace(&data)?;
        let file = data.join("terraform.tfstate");
        let Some(text) = read_if_there(&file)? else {
            return Ok(local(self.root, &serde_json::Map::new(), &workspace));
        };
        // The message of a parse error could quote what it stumbled over, and that could be a secret.
        let parsed: DataDirectory = serde_json::from_str(&text)
            .map_err(|_| format!("{} is not what Terraform writes there", file.display()))?;
        Ok(match parsed.backend {
            None => local(self.root, &serde_json::Map::new(), &workspace),
            Some(backend) if backend.kind == "local" => {
                local(self.root, &backend.config, &workspace)
            }
            Some(backend) => StateAddress::new(
                backend.kind,
                backend
                    .config
                    .into_iter()
                    .filter_map(|(key, value)| Some((key, plain(value)?))),
                workspace,
            ),
        })
    }

    /// Terraform's own data directory: `TF_DATA_DIR`, else `.terraform` in the root module's directory.
    #[must_use]
    pub fn data_directory(&self) -> PathBuf {
        self.root.join(self.data_dir.unwrap_or(".terraform"))
    }

    fn selected_workspace(&self, data: &Path) -> Result<String, String> {
        if let Some(chosen) = self.workspace {
            return Ok(chosen.to_owned());
        }
        let selected = read_if_there(&data.join("environment"))?;
        Ok(selected
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| DEFAULT_WORKSPACE.to_owned()))
    }
}

/// A `local` address with absolute paths, so that it means the same from everywhere on this host.
#[must_use]
pub fn local(root: &Path, config: &serde_json::Map<String, Json>, workspace: &str) -> StateAddress {
    let absolute = |key: &str, default: &str| {
        let path = config.get(key).and_then(Json::as_str).unwrap_or(default);
        (
            key.to_owned(),
            root.join(path).to_string_lossy().into_owned(),
        )
    };
    StateAddress::new(
        "local",
        [
            absolute("path", "terraform.tfstate"),
            absolute("workspace_dir", "terraform.tfstate.d"),
        ],
        workspace,
    )
}

fn plain(value: Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text),
        Json::Bool(value) => Some(value.to_string()),
        Json::Number(value) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "an edge: reads Terraform's data directory"
)]
fn read_if_there(file: &Path) -> Result<Option<String>, String> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{} could not be read: {error}", file.display())),
    }
}

#[cfg(test)]
mod tests;
