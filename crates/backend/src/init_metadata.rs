//! What `init` notes in Terraform's data directory about the backend: the proof that the CLI works on the leased state and on
//! no other, and the same note for another state.
//!
//! A configuration may name a backend in more than one file, and the last one wins. What counts is therefore not what was
//! written down for `init`, but what it noted. Only the one layout that is known to the last word is taken over, without
//! any setting but those of the address, and nothing but the place of the state is exchanged. An edge: reads that one file.

use std::{collections::BTreeMap, fs, path::Path};

use ledger::state_address::StateAddress;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::setting::plain;

/// The name of the file in the data directory.
pub const FILE: &str = "terraform.tfstate";

/// The version of the file's format that is taken over.
const FORMAT: u64 = 3;

/// The part of the file that says where the state is.
#[derive(Deserialize)]
pub(crate) struct Noted {
    pub(crate) backend: Option<NotedBackend>,
}

/// A backend as `init` notes it. May hold secrets.
#[derive(Deserialize)]
pub(crate) struct NotedBackend {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) config: BTreeMap<String, Json>,
}

/// Checks that the data directory `data` leads to the state at `address`.
///
/// # Errors
/// Where it leads, or why that is not known.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that reads what `init` noted in our own work directory"
)]
pub fn leads_to(data: &Path, address: &StateAddress) -> Result<(), String> {
    let bytes = fs::read(data.join(FILE))
        .map_err(|error| format!("cannot read which state `init` works on: {error}"))?;
    // The text of an error could quote the file.
    let noted: Option<Noted> = serde_json::from_slice(&bytes).ok();
    let noted = noted
        .and_then(|noted| noted.backend)
        .ok_or("`init` recorded no readable address of its state")?;
    if noted.kind != address.backend {
        return Err(format!(
            "the configuration leads to a state in `{}`, and `{}` was to be destroyed",
            noted.kind, address.backend
        ));
    }
    for (key, wanted) in &address.settings {
        let found = noted.config.get(key);
        if found.and_then(plain).as_ref() != Some(wanted) {
            return Err(format!(
                "the configuration leads to another state: `{key}` is {}, and `{wanted}` was to be destroyed",
                found.unwrap_or(&Json::Null)
            ));
        }
    }
    Ok(())
}

/// The whole file, as Terraform writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InitMetadata {
    version: u64,
    terraform_version: String,
    backend: Whole,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    #[serde(rename = "type")]
    kind: String,
    config: Map<String, Json>,
    hash: u64,
}

/// The settings that lead to `address`; `None` where this version cannot say them.
fn settings(address: &StateAddress) -> Option<Map<String, Json>> {
    let block = crate::of(address).configuration(address).ok()?;
    let settings = block.get(&address.backend)?.as_object().cloned()?;
    (settings.len() == address.settings.len()).then_some(settings)
}

impl InitMetadata {
    /// Reads what the CLI of `version` noted for the state at `address`; `None` if it is not exactly that.
    #[must_use]
    pub fn read(bytes: &[u8], version: &str, address: &StateAddress) -> Option<Self> {
        let noted: Self = serde_json::from_slice(bytes).ok()?;
        let mut set = noted.backend.config.clone();
        set.retain(|_, value| !value.is_null());
        let known = noted.version == FORMAT
            && noted.terraform_version == version
            && noted.backend.kind == address.backend
            && set == settings(address)?;
        known.then_some(noted)
    }

    /// The bytes of the same note for the state at `address`; `None` if there can be no such note.
    ///
    /// Its hash is none that Terraform computes. Terraform takes a note whose hash fits without a look into it, and
    /// compares any other one with the configuration, which names the state too.
    #[must_use]
    pub fn leading_to(&self, address: &StateAddress) -> Option<Vec<u8>> {
        if self.backend.kind != address.backend {
            return None;
        }
        let mut other = self.clone();
        other
            .backend
            .config
            .values_mut()
            .for_each(|value| *value = Json::Null);
        for (name, value) in settings(address)? {
            // A setting that this CLI does not know is none of its notes.
            *other.backend.config.get_mut(&name)? = value;
        }
        other.backend.hash = 0;
        serde_json::to_vec_pretty(&other).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Terraform 1.11.4 wrote it.
    const RECORD: &str = r#"{
  "version": 3,
  "terraform_version": "1.11.4",
  "backend": {
    "type": "local",
    "config": {
      "path": "/s/a",
      "workspace_dir": null
    },
    "hash": 1380703599
  }
}"#;

    fn address(settings: &[(&str, &str)]) -> StateAddress {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        StateAddress::new("local", settings.iter().map(owned), "default")
    }

    #[test]
    fn only_the_place_and_the_hash_are_exchanged() {
        let a = address(&[("path", "/s/a")]);
        let record = InitMetadata::read(RECORD.as_bytes(), "1.11.4", &a).expect("known");
        let other = address(&[("path", "/s/\"b\""), ("workspace_dir", "/s/w")]);
        let text = String::from_utf8(record.leading_to(&other).expect("it can")).expect("text");
        let expect = RECORD
            .replace("\"/s/a\"", r#""/s/\"b\"""#)
            .replace("null", "\"/s/w\"")
            .replace("1380703599", "0");
        assert_eq!(text, expect);
    }

    #[test]
    fn a_record_that_is_not_known_to_the_last_word_is_not_taken_over() {
        let a = address(&[("path", "/s/a")]);
        for (from, to) in [
            ("\"version\": 3", "\"version\": 4"),
            ("1.11.4", "1.11.5"),
            ("\"local\"", "\"s3\""),
            ("/s/a", "/s/b"),
            ("null", "\"/s/w\""),
            ("null", "null, \"key\": \"x\""),
            ("\"version\": 3", "\"version\": 3, \"lineage\": \"x\""),
            ("\"hash\"", "\"provider\": {}, \"hash\""),
            ("}", ""),
        ] {
            let text = RECORD.replacen(from, to, 1);
            assert_ne!(text, RECORD, "{from}");
            assert_eq!(
                InitMetadata::read(text.as_bytes(), "1.11.4", &a),
                None,
                "{to}"
            );
        }
    }

    #[test]
    fn there_is_no_record_for_another_backend() {
        let a = address(&[("path", "/s/a")]);
        let record = InitMetadata::read(RECORD.as_bytes(), "1.11.4", &a).expect("known");
        let bucket = [("bucket".to_owned(), "b".to_owned())];
        assert_eq!(
            record.leading_to(&StateAddress::new("s3", bucket, "default")),
            None
        );
    }

    fn at(path: &str) -> StateAddress {
        let settings = [("path".to_owned(), path.to_owned())];
        StateAddress::new("local", settings, "default")
    }

    fn noted(text: &str) -> tempfile::TempDir {
        let data = tempfile::tempdir().expect("a directory");
        #[expect(clippy::disallowed_methods, reason = "a test writes what it reads")]
        fs::write(data.path().join(FILE), text).expect("written");
        data
    }

    #[test]
    fn only_the_leased_state_is_worked_on() {
        let ours = noted(
            r#"{"version":3,"backend":{"type":"local","config":{"path":"/s/a","workspace_dir":null}}}"#,
        );
        assert_eq!(leads_to(ours.path(), &at("/s/a")), Ok(()));
        let found = leads_to(ours.path(), &at("/s/b")).expect_err("another state");
        assert!(found.contains("/s/a") && found.contains("/s/b"), "{found}");
    }

    #[test]
    fn what_nobody_can_tell_is_not_worked_on() {
        let other = r#"{"backend":{"type":"s3","config":{"path":"/s/a"}}}"#;
        let unnamed = r#"{"backend":{"type":"local","config":{"path":null}}}"#;
        for text in [other, unnamed, r#"{"version":3}"#, "{", ""] {
            leads_to(noted(text).path(), &at("/s/a")).expect_err(text);
        }
        let empty = tempfile::tempdir().expect("a directory");
        leads_to(empty.path(), &at("/s/a")).expect_err("no file");
    }
}
