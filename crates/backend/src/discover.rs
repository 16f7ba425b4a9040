//! Where the state is, found out as Terraform itself knows it: from its data directory and the selected workspace.
//!
//! Reads `.terraform/terraform.tfstate`, which may hold secrets: only the settings that a [`StateAddress`] allows leave
//! this file.

use std::path::{Path, PathBuf};

use ledger::state_address::{DEFAULT_WORKSPACE, StateAddress};

use crate::{
    DEFAULT, address,
    init_metadata::{FILE, Noted},
};

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
        let file = data.join(FILE);
        let noted = match read_if_there(&file)? {
            None => None,
            // The message of a parse error could quote what it stumbled over, and that could be a secret.
            Some(text) => {
                serde_json::from_str::<Noted>(&text)
                    .map_err(|_| format!("{} is not what Terraform writes there", file.display()))?
                    .backend
            }
        };
        let (kind, config) = noted.map_or_else(
            || (DEFAULT.to_owned(), Default::default()),
            |backend| (backend.kind, backend.config),
        );
        Ok(address(&kind, config, &workspace, self.root))
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
