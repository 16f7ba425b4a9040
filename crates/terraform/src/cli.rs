//! Which CLI does the work: Terraform or OpenTofu, where it is, and how old it is.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use backend::{StateDoc, terraform_version::CliVersion};
use serde::Deserialize;
use thiserror::Error;
use tokio::process::Command;

use super::{passing::Passing, program::locate};

/// How long `version` may take. It does no work; a first start from a cold disk takes about a second.
const PROBE_TIMEOUT: Duration = Duration::from_secs(30);

/// The two CLIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CliKind {
    /// Terraform.
    Terraform,
    /// OpenTofu.
    Tofu,
}

impl CliKind {
    /// The name of the binary, and the word in a capture.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::Tofu => "tofu",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Terraform, Self::Tofu]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }

    /// The registry a provider without a host comes from.
    #[must_use]
    pub fn default_host(self) -> &'static str {
        match self {
            Self::Terraform => "registry.terraform.io",
            Self::Tofu => "registry.opentofu.org",
        }
    }

    /// Who wrote the state: the word that was captured says so, else the registry its providers come from.
    #[must_use]
    pub fn of(state: &StateDoc, captured: Option<&str>) -> Self {
        captured.and_then(Self::parse).unwrap_or_else(|| {
            let tofu = state
                .instances
                .iter()
                .any(|instance| instance.provider.source.host == Self::Tofu.default_host());
            if tofu { Self::Tofu } else { Self::Terraform }
        })
    }
}

/// A CLI that was found and asked for its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cli {
    /// Which one.
    pub kind: CliKind,
    /// The binary, where it was found: what destroys is what was asked.
    pub path: PathBuf,
    /// Its version.
    pub version: CliVersion,
}

/// Why a CLI cannot be used.
#[derive(Debug, Error)]
pub enum CliError {
    /// It could not be started or did not answer.
    #[error(
        "cannot ask `{path} version -json`: {found}; install {kind} or name its path, for example `{kind} = \"/usr/local/bin/{kind}\"`"
    )]
    Silent {
        /// The binary.
        path: PathBuf,
        /// What happened.
        found: String,
        /// `terraform` or `tofu`.
        kind: &'static str,
    },
    /// It answered something else.
    #[error("`{path} version -json` did not answer with a version; check that it is {kind} 1.x")]
    Unknown {
        /// The binary.
        path: PathBuf,
        /// `terraform` or `tofu`.
        kind: &'static str,
    },
}

#[derive(Deserialize)]
struct RawVersion {
    terraform_version: String,
}

impl Cli {
    /// Asks the binary at `path`, or of that name on the search path, for its version. `inherited` is the environment it
    /// runs in.
    ///
    /// # Errors
    /// If it cannot be started, does not answer within 30 s, or answers something else.
    pub async fn probe(
        kind: CliKind,
        path: &Path,
        inherited: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, CliError> {
        let silent = |found: String| CliError::Silent {
            path: path.to_owned(),
            found,
            kind: kind.as_str(),
        };
        let mut inherited = Passing::default().of(inherited);
        // A configuration of the CLI that is missing would come before the answer, as a warning.
        inherited.retain(|name, _| !name.to_string_lossy().starts_with("TF_"));
        let search = inherited.get(OsStr::new("PATH"));
        let program = locate(path, search.map(OsString::as_os_str));
        let answer = Command::new(&program)
            .args(["version", "-json"])
            .env_clear()
            .envs(&inherited)
            // It would ask a server for news otherwise.
            .env("CHECKPOINT_DISABLE", "1")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = tokio::time::timeout(PROBE_TIMEOUT, answer)
            .await
            .map_err(|_| silent("no answer within 30 s".to_owned()))?
            .map_err(|error| silent(error.to_string()))?;
        let version = serde_json::from_slice::<RawVersion>(&output.stdout)
            .ok()
            .and_then(|raw| CliVersion::parse(&raw.terraform_version))
            .ok_or_else(|| CliError::Unknown {
                path: path.to_owned(),
                kind: kind.as_str(),
            })?;
        Ok(Self {
            kind,
            path: program,
            version,
        })
    }
}
