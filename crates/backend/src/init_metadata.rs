//! The record of a backend that `init` makes, and the same record for another state. Pure.
//!
//! Only the one layout that is known to the last word is taken over, only for the `local` backend, and nothing but the
//! place of the state is exchanged.

use ledger::state_address::StateAddress;
use serde::{Deserialize, Serialize};

/// The version of the record's format that is understood.
const FORMAT: u64 = 3;

/// The one backend whose record is understood: its settings are a place and hold no secret.
const BACKEND: &str = "local";

/// A record, as Terraform writes it in its data directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InitMetadata {
    version: u64,
    terraform_version: String,
    backend: Backend,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Backend {
    #[serde(rename = "type")]
    kind: String,
    config: Place,
    hash: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    path: Option<String>,
    workspace_dir: Option<String>,
}

impl Place {
    fn of(address: &StateAddress) -> Option<Self> {
        let known = |key: &String| key == "path" || key == "workspace_dir";
        (address.backend == BACKEND && address.settings.keys().all(known)).then(|| Self {
            path: address.settings.get("path").cloned(),
            workspace_dir: address.settings.get("workspace_dir").cloned(),
        })
    }
}

impl InitMetadata {
    /// Reads the record that the CLI of `version` made for the state at `address`; `None` if it is not exactly that.
    pub fn read(bytes: &[u8], version: &str, address: &StateAddress) -> Option<Self> {
        let record: Self = serde_json::from_slice(bytes).ok()?;
        let known = record.version == FORMAT
            && record.terraform_version == version
            && record.backend.kind == BACKEND
            && Some(&record.backend.config) == Place::of(address).as_ref();
        known.then_some(record)
    }

    /// The bytes of the same record for the state at `address`; `None` if there can be no such record.
    ///
    /// Its hash is none that Terraform computes. Terraform takes a record whose hash fits without a look into it, and
    /// compares any other one with the configuration, which names the state too.
    pub fn leading_to(&self, address: &StateAddress) -> Option<Vec<u8>> {
        let mut other = self.clone();
        other.backend.config = Place::of(address)?;
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
}
