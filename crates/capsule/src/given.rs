//! The values that the root module's variables are given from outside, as far as a provider can see: `TF_VAR_…`,
//! `terraform.tfvars`, `*.auto.tfvars`, and that the command line gives others.
//!
//! They may be secrets: none of them is ever shown, only where one stands.

use std::{collections::BTreeMap, path::Path};

use crate::{
    files::{self, Bounded},
    literal::Seen,
    scope::Settled,
    source::Source,
    variables::SetByCommand,
};

/// The most bytes of one file of values. Such a file is typed by a person; what is longer is looked at by nobody.
const MOST_BYTES: u64 = 1 << 20;

/// All that is given.
#[derive(Debug, Default)]
pub struct Given {
    variables: BTreeMap<String, String>,
    /// In the order in which Terraform reads them: what stands in a later one goes before.
    files: Vec<(String, Source)>,
    command: SetByCommand,
}

impl Given {
    /// Looks at the process's `environment`, at what the command line sets, and into the files of values in the root module's directory. A file that cannot be read or
    /// understood may give anything, and so everything is unknown.
    #[must_use]
    pub fn read(
        root: &Path,
        environment: &BTreeMap<String, String>,
        command: &SetByCommand,
    ) -> Self {
        let mut given = Self {
            command: command.clone(),
            ..Self::default()
        };
        for (name, value) in environment {
            if let Some(variable) = name.strip_prefix("TF_VAR_") {
                given.variables.insert(variable.to_owned(), value.clone());
            }
            given.command.anything |= name.starts_with("TF_CLI_ARGS") && value.contains("-var");
        }
        let (files, odd) = files::values(root, MOST_BYTES);
        given.command.anything |= odd;
        for Bounded { name, content } in files {
            // What a parser says could quote a value.
            let parsed = content.and_then(|content| Source::parse(&name, &content).ok());
            match parsed {
                Some(source) => given.files.push((name, source)),
                None => {
                    tracing::debug!(file = name, "values that cannot be read or understood");
                    given.command.anything = true;
                }
            }
        }
        given
    }

    /// What the variable `name` is given; `None` if nothing is.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Settled> {
        if self.command.anything || self.command.names.contains(name) {
            return Some(Settled {
                seen: Seen::Unknown,
                by: None,
            });
        }
        let (seen, by) = self.in_files(name).or_else(|| {
            let text = self.variables.get(name)?;
            Some((Seen::text(text), format!("`TF_VAR_{name}`")))
        })?;
        Some(Settled { seen, by: Some(by) })
    }

    fn in_files(&self, name: &str) -> Option<(Seen, String)> {
        let (file, source) = self
            .files
            .iter()
            .rfind(|(_, source)| source.whole().has(name))?;
        let seen = match source.whole().look(&[name]) {
            Seen::Expression(_) => Seen::Unknown,
            seen => seen,
        };
        Some((seen, format!("`{name}` in `{file}`")))
    }
}
