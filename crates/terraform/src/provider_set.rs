//! What the outcome of `init` depends on, as one key: two work directories with the same key are set up alike. Pure.
//!
//! Only for roots generated here without modules: what they hold is known to the last word. Who is not sure has no key.

use std::{collections::BTreeMap, ffi::OsString};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{cli::Cli, lock_file};

/// The name of the one file of each generated module, the root module too.
pub const ROOT_FILE: &str = "main.tf.json";

/// The key of a set. A digest: what it is made of may hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderSet([u8; 32]);

/// Variables that say to which directory, state or module one call belongs, not where providers come from.
const OF_ONE_CALL: [&str; 2] = ["TF_DATA_DIR", "TF_WORKSPACE"];

/// What a provider's block says about which version is wanted; all else in it configures what is installed.
const OF_REQUIREMENTS: [&str; 1] = ["version"];

impl ProviderSet {
    /// The key for a root of `files`, set up by `cli` in `environment` with the CLI configuration of these bytes;
    /// `None` if anything in it is not known to be understood.
    pub fn of(
        files: &[(&str, &[u8])],
        cli: &Cli,
        environment: &BTreeMap<OsString, OsString>,
        cli_configuration: Option<&[u8]>,
    ) -> Option<Self> {
        let mut requirements = None;
        let mut lock = None;
        for (name, bytes) in files {
            match *name {
                ROOT_FILE => requirements = Some(requirements_of(bytes)?),
                lock_file::NAME => lock = Some(*bytes),
                _ => return None,
            }
        }
        let mut digest = Sha256::new();
        add(&mut digest, cli.kind.as_str().as_bytes());
        add(&mut digest, cli.version.to_string().as_bytes());
        add(&mut digest, cli.path.as_os_str().as_encoded_bytes());
        add(&mut digest, requirements?.as_bytes());
        for optional in [lock, cli_configuration] {
            add(
                &mut digest,
                if optional.is_some() { b"some" } else { b"none" },
            );
            add(&mut digest, optional.unwrap_or_default());
        }
        for (name, value) in environment {
            if counts(&name.to_string_lossy()) {
                add(&mut digest, name.as_encoded_bytes());
                add(&mut digest, value.as_encoded_bytes());
            }
        }
        Some(Self(digest.finalize().into()))
    }
}

/// Each part with its length, so that no two lists of parts have the same bytes.
fn add(digest: &mut Sha256, part: &[u8]) {
    digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
    digest.update(part);
}

/// Whether the variable `name` says where the CLI finds providers.
fn counts(name: &str) -> bool {
    name == "HOME"
        || (name.starts_with("TF_") && !name.starts_with("TF_VAR_") && !OF_ONE_CALL.contains(&name))
}

/// What the generated root `bytes` requires: all of it but the address of the state and the arguments of providers.
fn requirements_of(bytes: &[u8]) -> Option<String> {
    let mut root: Value = serde_json::from_slice(bytes).ok()?;
    let top = root.as_object_mut()?;
    if top.contains_key("module") {
        return None;
    }
    let backend = top
        .get_mut("terraform")?
        .get_mut("backend")?
        .as_object_mut()?;
    // Which backend it is counts, and where the state is does not.
    backend
        .values_mut()
        .for_each(|address| *address = Value::Null);
    if let Some(providers) = top.get_mut("provider") {
        for blocks in providers.as_object_mut()?.values_mut() {
            for block in blocks.as_array_mut()? {
                block
                    .as_object_mut()?
                    .retain(|name, _| OF_REQUIREMENTS.contains(&name.as_str()));
            }
        }
    }
    Some(root.to_string())
}

#[cfg(test)]
mod tests {
    use backend::terraform_version::CliVersion;

    use super::*;
    use crate::cli::CliKind;

    const ROOT: &str = r#"{"terraform":{"backend":{"local":{"path":"/s/a"}},"required_providers":{"aws":{"source":"registry.terraform.io/hashicorp/aws","version":"5.1.0"}}},"provider":{"aws":[{"region":"eu"}]}}"#;

    fn key(root: &str, lock: Option<&str>, environment: &[(&str, &str)]) -> Option<ProviderSet> {
        with(root, lock, environment, "1.11.4", Some(""))
    }

    fn with(
        root: &str,
        lock: Option<&str>,
        environment: &[(&str, &str)],
        version: &str,
        cli: Option<&str>,
    ) -> Option<ProviderSet> {
        let mut files = vec![(ROOT_FILE, root.as_bytes())];
        files.extend(lock.map(|lock| (lock_file::NAME, lock.as_bytes())));
        let environment = environment
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect();
        let found = Cli {
            kind: CliKind::Terraform,
            path: "/bin/terraform".into(),
            version: CliVersion::parse(version).expect("a version"),
        };
        ProviderSet::of(&files, &found, &environment, cli.map(str::as_bytes))
    }

    #[test]
    fn what_differs_in_its_state_or_in_arguments_of_providers_is_set_up_alike() {
        let one = key(ROOT, Some("l"), &[("TF_DATA_DIR", "/w/1")]);
        assert!(one.is_some());
        let other = ROOT.replace("/s/a", "/s/b").replace("\"eu\"", "\"us\"");
        let call = [
            ("TF_DATA_DIR", "/w/2"),
            ("TF_WORKSPACE", "x"),
            ("TF_VAR_a", "b"),
            ("EPHEMERAL_FENCE", "7"),
        ];
        assert_eq!(key(&other, Some("l"), &call), one);
    }

    #[test]
    fn what_init_could_do_otherwise_is_another_set() {
        let one = key(ROOT, Some("l"), &[]);
        let version = ROOT.replace("5.1.0", "5.2.0");
        let constraint = ROOT.replace("\"region\":\"eu\"", "\"version\":\"~> 5\"");
        for other in [
            key(&version, Some("l"), &[]),
            key(&constraint, Some("l"), &[]),
            key(&ROOT.replace("\"local\"", "\"s3\""), Some("l"), &[]),
            key(ROOT, Some("k"), &[]),
            key(ROOT, None, &[]),
            key(ROOT, Some(""), &[]),
            key(ROOT, Some("l"), &[("TF_CLI_CONFIG_FILE", "/rc")]),
            key(ROOT, Some("l"), &[("HOME", "/home/ana")]),
            with(ROOT, Some("l"), &[], "1.11.5", Some("")),
            with(ROOT, Some("l"), &[], "1.11.4", Some("x")),
            with(ROOT, Some("l"), &[], "1.11.4", None),
        ] {
            assert!(other.is_some());
            assert_ne!(other, one);
        }
    }

    #[test]
    fn what_is_not_known_to_the_last_word_has_no_key() {
        let module = ROOT.replacen('{', r#"{"module":{"a":{"source":"./m_a"}},"#, 1);
        let backend = ROOT.replace("\"backend\"", "\"cloud\"");
        for root in [module.as_str(), backend.as_str(), "{}", "[]", "{", ""] {
            assert_eq!(key(root, None, &[]), None, "{root}");
        }
        let found = Cli {
            kind: CliKind::Terraform,
            path: "/bin/terraform".into(),
            version: CliVersion::parse("1.11.4").expect("a version"),
        };
        let files: [(&str, &[u8]); 2] = [(ROOT_FILE, ROOT.as_bytes()), ("variables.tf", b"")];
        assert_eq!(
            ProviderSet::of(&files, &found, &BTreeMap::new(), None),
            None
        );
    }
}
