//! The values for the input variables of one replay: those its configuration declares, read right before they are needed.
//!
//! An edge: reads the files that the configuration names. Nothing of a value is ever said.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read},
    path::Path,
};

use capsule::Capsule;
use ledger::id::EnvironmentName;
use terraform::cli::CliKind;

use crate::{
    act::destroy::{
        configuration::Configuration,
        failure::{FailureKind, TeardownFailure},
    },
    config::input_variables::{InputValue, InputVariables},
};

/// The most bytes of a value; the operating system passes less than 128 KiB in one variable.
const LONGEST: u64 = 128 * 1024;

/// The values for the variables that `capsule` declares, by name.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn of(
    capsule: Option<&Capsule>,
    engine: CliKind,
    environment: &EnvironmentName,
    configured: &InputVariables,
) -> Result<BTreeMap<String, String>, TeardownFailure> {
    let root = capsule.and_then(|capsule| Configuration::of(capsule, engine).module(&[]));
    let declared: BTreeSet<String> = root.map(|root| root.variables).unwrap_or_default();
    let values = configured.of(environment, &declared).into_iter();
    values
        .map(|(name, value)| {
            let text = match value {
                InputValue::Text(text) => text.clone(),
                InputValue::File(path) => {
                    content(path).map_err(|error| unreadable(&name, path, &error))?
                }
            };
            Ok((name, text))
        })
        .collect()
}

/// The text in a file, without the end of its last line, which editors write and which is not part of the value.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the files with values"
)]
fn content(path: &Path) -> io::Result<String> {
    // What is no file might never end, or never begin.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let mut text = String::new();
    std::fs::File::open(path)?
        .take(LONGEST)
        .read_to_string(&mut text)?;
    if LONGEST <= text.len().try_into().unwrap_or(LONGEST) {
        return Err(io::Error::other(
            "it is larger than a value can be, 128 KiB",
        ));
    }
    let value = text.strip_suffix('\n').unwrap_or(&text);
    Ok(value.strip_suffix('\r').unwrap_or(value).to_owned())
}

fn unreadable(name: &str, path: &Path, error: &io::Error) -> TeardownFailure {
    let path = path.display();
    TeardownFailure::new(
        FailureKind::Refused,
        format!("the value of the input variable `{name}` cannot be read from `{path}`: {error}"),
        format!(
            "make that file readable for the sweeper's user, or name another one for `{name}` under \
             `input_variable_files` in the \
             sweeper's configuration"
        ),
    )
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "these tests work on real files")]
mod tests {
    use super::*;

    fn read(configured: &InputVariables) -> Result<BTreeMap<String, String>, TeardownFailure> {
        let capsule = Capsule {
            files: BTreeMap::from([
                (
                    "main.tf".to_owned(),
                    b"variable \"text\" {}\nvariable \"secret\" {\n  ephemeral = true\n}\n"
                        .to_vec(),
                ),
                (
                    "more.tf.json".to_owned(),
                    br#"{"variable": {"json": {"default": 1}}}"#.to_vec(),
                ),
                (
                    "modules/m/main.tf".to_owned(),
                    b"variable \"inner\" {}\n".to_vec(),
                ),
            ]),
        };
        let name = EnvironmentName::parse("pr-1").expect("a name");
        of(Some(&capsule), CliKind::Terraform, &name, configured)
    }

    fn every(values: &[(&str, InputValue)]) -> InputVariables {
        InputVariables {
            every: values
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            ..InputVariables::default()
        }
    }

    #[test]
    fn what_the_root_module_declares_is_read_and_nothing_else() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("secret");
        std::fs::write(&file, "two\nlines\r\n").expect("written");
        let text = |text: &str| InputValue::Text(text.to_owned());
        let absent = InputValue::File(directory.path().join("absent"));
        let configured = every(&[
            ("text", text("a")),
            ("secret", InputValue::File(file)),
            ("json", text("3")),
            ("inner", absent.clone()),
            ("undeclared", absent),
        ]);
        let values = read(&configured).expect("everything that is declared is there");
        let expected = [("json", "3"), ("secret", "two\nlines"), ("text", "a")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(values, BTreeMap::from(expected));
        let name = EnvironmentName::parse("pr-1").expect("a name");
        let none = of(None, CliKind::Terraform, &name, &configured);
        assert_eq!(none, Ok(BTreeMap::new()));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named_with_its_variable() {
        let directory = tempfile::tempdir().expect("a directory");
        let large = directory.path().join("large");
        std::fs::write(&large, "x".repeat(200 * 1024)).expect("written");
        for path in [
            directory.path().join("absent"),
            directory.path().to_owned(),
            large,
        ] {
            let shown = path.display().to_string();
            let failure = read(&every(&[("secret", InputValue::File(path))])).expect_err("no");
            assert_eq!(failure.kind, FailureKind::Refused);
            for part in ["`secret`", &shown] {
                assert!(failure.reason.contains(part), "{failure}");
            }
            assert!(failure.remedy.contains("input_variable_files"));
        }
    }
}
