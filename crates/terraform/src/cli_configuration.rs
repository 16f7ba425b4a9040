//! The CLI's own configuration file, which says where providers come from. An edge: reads that one file.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs, io,
    path::PathBuf,
};

use super::cli::CliKind;

/// The variable that names the file.
const NAMED: &str = "TF_CLI_CONFIG_FILE";

/// The bytes of the file that a CLI of `kind` reads in `environment`; `None` if there is none. May hold secrets.
///
/// # Errors
/// If it cannot be read.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that reads the CLI's own configuration"
)]
pub fn read(
    kind: CliKind,
    environment: &BTreeMap<OsString, OsString>,
) -> io::Result<Option<Vec<u8>>> {
    let set = |name: &str| {
        environment
            .get(OsStr::new(name))
            .filter(|text| !text.is_empty())
    };
    let file = match (set(NAMED), set("HOME")) {
        (Some(named), _) => PathBuf::from(named),
        (None, Some(home)) => PathBuf::from(home).join(match kind {
            CliKind::Terraform => ".terraformrc",
            CliKind::Tofu => ".tofurc",
        }),
        (None, None) => return Ok(None),
    };
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
