//! A layer: settings as typed, each with the place it came from. Layers combine into one.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use crate::config::{
    key::{Key, Table},
    origin::{Given, Origin},
    problem::Problem,
};

/// What was typed. Only a file tells numbers from texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
}

/// One `[TABLE.NAME]` of the file. Values may be secrets.
#[derive(Clone, PartialEq)]
pub struct Entry {
    /// Of which table.
    pub table: Table,
    /// Its name.
    pub name: Given<String>,
    /// What stands in it.
    pub values: BTreeMap<String, Given<Value>>,
}

/// Settings as typed.
#[derive(Clone, Default, PartialEq)]
pub struct Layer {
    /// The settings.
    pub settings: BTreeMap<Key, Given<Typed>>,
    /// The entries of every table, in the order of the tables.
    pub entries: Vec<Entry>,
    /// Values for input variables from the environment of the process. May be secrets.
    pub inputs: BTreeMap<String, Given<String>>,
}

impl Layer {
    /// Takes both together; what is set here wins.
    #[must_use]
    pub fn combine(self, mut below: Self) -> Self {
        below.settings.extend(self.settings);
        below.entries.extend(self.entries);
        below.inputs.extend(self.inputs);
        below
    }

    /// The same with one more text.
    #[must_use]
    pub fn with(mut self, key: Key, text: &str, origin: Origin) -> Self {
        let value = Typed::Text(text.to_owned());
        self.settings.insert(key, Given { value, origin });
        self
    }

    /// The entries of `table`.
    pub fn entries(&self, table: Table) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.table == table)
    }
}

/// Shows what is set, and no value.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.settings.keys())
            .entries(self.entries.iter().map(|entry| &entry.name.value))
            .entries(self.inputs.keys())
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
