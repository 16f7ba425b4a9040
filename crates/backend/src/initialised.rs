//! What `init` set up: the proof that the CLI works on the leased state and on no other.
//!
//! A configuration may name a backend in more than one file, and the last one wins. What counts is therefore not what was
//! written down for `init`, but what it noted in its data directory. An edge: reads that one file, which holds no secret
//! here, as only a place was given.

use std::{collections::BTreeMap, fs, path::Path};

use ledger::state_address::StateAddress;
use serde::Deserialize;
use serde_json::Value;

/// The name of the file in the data directory.
pub const NOTE: &str = "terraform.tfstate";

#[derive(Deserialize)]
struct Note {
    backend: Noted,
}

#[derive(Deserialize)]
struct Noted {
    #[serde(rename = "type")]
    kind: String,
    config: BTreeMap<String, Value>,
}

/// Checks that the data directory `data` leads to the state at `address`.
///
/// # Errors
/// Where it leads, or why nobody can tell.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that reads what `init` noted in our own work directory"
)]
pub fn leads_to(data: &Path, address: &StateAddress) -> Result<(), String> {
    let bytes = fs::read(data.join(NOTE))
        .map_err(|error| format!("`init` did not note which state it works on: {error}"))?;
    // The text of an error could quote the file.
    let note: Note = serde_json::from_slice(&bytes)
        .map_err(|_| "`init` noted nothing that can be read about its state".to_owned())?;
    if note.backend.kind != address.backend {
        return Err(format!(
            "the configuration leads to a state in `{}`, and `{}` was to be destroyed",
            note.backend.kind, address.backend
        ));
    }
    for (key, wanted) in &address.settings {
        let found = note.backend.config.get(key);
        if found.and_then(Value::as_str) != Some(wanted) {
            return Err(format!(
                "the configuration leads to another state: `{key}` is {}, and `{wanted}` was to be destroyed",
                found.unwrap_or(&Value::Null)
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(path: &str) -> StateAddress {
        let settings = [("path".to_owned(), path.to_owned())];
        StateAddress::new("local", settings, "default")
    }

    fn noted(text: &str) -> tempfile::TempDir {
        let data = tempfile::tempdir().expect("a directory");
        #[expect(clippy::disallowed_methods, reason = "a test writes what it reads")]
        fs::write(data.path().join(NOTE), text).expect("written");
        data
    }

    #[test]
    fn only_the_leased_state_is_worked_on() {
        let ours = noted(
            r#"{"version":3,"backend":{"type":"local","config":{"path":"/s/a","workspace_dir":null}}}"#,
        );
        assert_eq!(leads_to(ours.path(), &address("/s/a")), Ok(()));
        let found = leads_to(ours.path(), &address("/s/b")).expect_err("another state");
        assert!(found.contains("/s/a") && found.contains("/s/b"), "{found}");
    }

    #[test]
    fn what_nobody_can_tell_is_not_worked_on() {
        let other = r#"{"backend":{"type":"s3","config":{"path":"/s/a"}}}"#;
        let unnamed = r#"{"backend":{"type":"local","config":{"path":null}}}"#;
        for text in [other, unnamed, r#"{"version":3}"#, "{", ""] {
            leads_to(noted(text).path(), &address("/s/a")).expect_err(text);
        }
        let empty = tempfile::tempdir().expect("a directory");
        leads_to(empty.path(), &address("/s/a")).expect_err("no file");
    }
}
