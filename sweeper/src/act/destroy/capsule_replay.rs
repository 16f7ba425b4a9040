//! The captured configuration, with the backend replaced by the address of the state. Pure.
//!
//! Used where the state alone does not say enough: providers configured by expressions, provisioners that run at
//! destroy.

use std::collections::BTreeMap;

use capsule::Capsule;
use serde_json::{Value, json};
use terraform::cli::CliKind;

use super::configuration::Configuration;

/// The file that replaces the backend. Terraform reads files of this ending last, in the order of their names, and the
/// blocks of the last one win: hence a name that comes after all that people give.
const OVERRIDE_FILE: &str = "~sweeper_override.tf.json";

/// Where Terraform notes which module is in which directory, in a configuration and in its data directory.
const MODULES: [&str; 2] = [".terraform/modules/modules.json", "modules/modules.json"];

/// The files of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// Files of the configuration, by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Files of Terraform's data directory, by path: with the note of installed modules in its place, `init` takes
    /// them as they are and asks no registry and no git.
    pub data: BTreeMap<String, Vec<u8>>,
}

/// A replay of `capsule` against the state at `backend`.
///
/// # Errors
/// Everything that stands in the way, each with what would help.
pub fn replay(capsule: &Capsule, cli: CliKind, backend: &Value) -> Result<Replay, Vec<String>> {
    let Some(root) = Configuration::of(capsule, cli).module(&[]) else {
        return Err(vec![
            "the capsule holds no configuration; apply once more, so that it is captured"
                .to_owned(),
        ]);
    };
    if root.cloud {
        return Err(vec![
            "the configuration has a `cloud` block; destroy it with `terraform destroy` where it is applied".to_owned(),
        ]);
    }
    let mut names = capsule.files.keys().filter(|name| !name.contains('/'));
    if let Some(later) = names.find(|name| OVERRIDE_FILE <= name.as_str()) {
        return Err(vec![format!(
            "`{later}` would be read after what names the state; rename it, for example to `backend_override.tf`, and \
             apply once more"
        )]);
    }
    let mut files = capsule.files.clone();
    let replaced = json!({"terraform": {"backend": backend}});
    files.insert(OVERRIDE_FILE.to_owned(), replaced.to_string().into_bytes());
    let [captured, installed] = MODULES;
    let data = files
        .get(captured)
        .map(|note| (installed.to_owned(), note.clone()))
        .into_iter()
        .collect();
    Ok(Replay { files, data })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(name: &str, text: &str) -> Result<Replay, Vec<String>> {
        let capsule = Capsule {
            files: BTreeMap::from([(name.to_owned(), text.as_bytes().to_vec())]),
        };
        replay(
            &capsule,
            CliKind::Terraform,
            &json!({"local": {"path": "/s/terraform.tfstate"}}),
        )
    }

    #[test]
    fn the_backend_is_replaced_and_everything_else_stays() {
        let replay = made("main.tf", "terraform {\n  backend \"s3\" {}\n}\n").expect("it can");
        assert_eq!(
            replay.files[OVERRIDE_FILE],
            br#"{"terraform":{"backend":{"local":{"path":"/s/terraform.tfstate"}}}}"#
        );
        assert!(replay.files.contains_key("main.tf"));
        assert!(replay.data.is_empty());
    }

    #[test]
    fn no_file_of_the_configuration_is_read_after_the_one_that_names_the_state() {
        assert!("z_override.tf" < OVERRIDE_FILE && "override.tf.json" < OVERRIDE_FILE);
        for name in [OVERRIDE_FILE, "~~_override.tf", "ü_override.tf"] {
            let text = "terraform {\n  backend \"local\" {}\n}\n";
            let obstacles = made(name, text).expect_err(name);
            assert!(obstacles[0].contains(name), "{obstacles:?}");
        }
        made("modules/~~_override.tf", "").expect_err("no root module");
    }

    #[test]
    fn terraform_cloud_and_an_empty_capsule_are_refused_with_a_way_out() {
        for (name, text) in [
            ("main.tf", "terraform {\n  cloud {}\n}\n"),
            ("README.md", "x"),
        ] {
            let obstacles = made(name, text).expect_err(name);
            assert!(obstacles[0].contains("; "), "{obstacles:?}");
        }
    }
}
