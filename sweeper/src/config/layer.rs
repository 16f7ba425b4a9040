//! A layer: settings as typed, each with the place it came from. Layers combine into one.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use crate::config::{input_variables::InputValue, key::Key, problem::Problem};

/// Where a setting was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// On the command line.
    Flag(&'static str),
    /// In the environment.
    Variable(String),
    /// In a configuration file.
    File {
        /// Which file.
        path: PathBuf,
        /// In which line, from 1.
        line: usize,
        /// Under which key.
        key: String,
    },
}

/// `` `--scope` ``, `` `EPHEMERAL_RATE` in the environment ``, `` `rate` in sweeper.toml, line 3 ``.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "`{name}` on the command line"),
            Self::Variable(name) => write!(f, "`{name}` in the environment"),
            Self::File { path, line, key } => {
                write!(f, "`{key}` in `{}`, line {line}", path.display())
            }
        }
    }
}

/// What was typed. Only a file tells numbers from texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
}

/// A value and where it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// Where it was typed.
    pub origin: Origin,
}

/// A value for an input variable, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenInput {
    /// For which environment; `None` if it came from the environment of the process, and so is for all.
    pub environment: Option<String>,
    /// Of which variable.
    pub variable: String,
    /// The value and where it was typed.
    pub given: Given<InputValue>,
}

/// Settings as typed.
#[derive(Clone, Default, PartialEq)]
pub struct Layer {
    /// The settings.
    pub settings: BTreeMap<Key, Given<Typed>>,
    /// The provider configurations. Values may be secrets.
    pub templates: BTreeMap<String, Given<serde_json::Value>>,
    /// Values for input variables. May be secrets.
    pub inputs: Vec<GivenInput>,
}

impl Layer {
    /// Takes both together; what is set here wins. Provider configurations are taken one by one, and never mixed.
    #[must_use]
    pub fn combine(self, below: Self) -> Self {
        let mut settings = below.settings;
        settings.extend(self.settings);
        let mut templates = below.templates;
        templates.extend(self.templates);
        let inputs = [below.inputs, self.inputs].concat();
        Self {
            settings,
            templates,
            inputs,
        }
    }

    /// The same with one more text.
    #[must_use]
    pub fn with(mut self, key: Key, text: &str, origin: Origin) -> Self {
        let value = Typed::Text(text.to_owned());
        self.settings.insert(key, Given { value, origin });
        self
    }
}

/// Shows what is set, and no value.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.settings.keys())
            .entries(self.templates.keys())
            .entries(self.inputs.iter().map(|input| &input.variable))
            .finish()
    }
}

/// A layer, and what was wrong with it as it was read.
#[derive(Debug, Default)]
pub struct LayerRead {
    /// What could be read.
    pub layer: Layer,
    /// What was wrong.
    pub problems: Vec<Problem>,
}
