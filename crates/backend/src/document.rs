//! A Terraform state as the sweeper sees it: which objects it holds, through which providers, and which markers.
//!
//! Nouns only. Knows nothing of files, of backends and of how the bytes are spelled; `read` does.
//! Invariant: no attribute of any object is kept here but the ids of our own markers, and hashes, so nothing here is a
//! secret.

use std::{fmt, sync::Arc};

use ledger::{
    fact::{LockFact, Marker, StateFact},
    id::LeaseId,
    inventory::{Fingerprint, Inventory},
};

use super::provider_address::ProviderAddress;

/// The key of an instance under `count` or `for_each`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Index {
    /// `[0]`.
    Number(i64),
    /// `["name"]`, unescaped.
    Text(String),
}

impl Index {
    /// Reads the key as states and plans write it in JSON: a whole number or a text.
    #[must_use]
    pub fn parse(json: &str) -> Option<Self> {
        if json.starts_with('"') {
            serde_json::from_str(json).ok().map(Self::Text)
        } else {
            serde_json::from_str(json).ok().map(Self::Number)
        }
    }
}

/// Whether an object is Terraform's to destroy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A `resource`.
    Managed,
    /// A `data` source.
    Data,
}

/// What names one object of a state. Compared by parts, so that no two spellings of an address are taken for two
/// objects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// `module.web["x"].module.deep[0]`, empty in the root module.
    pub module: String,
    /// Resource or data source.
    pub mode: Mode,
    /// The resource type, for example `aws_instance`.
    pub kind: String,
    /// The resource name.
    pub name: String,
    /// The key under `count` or `for_each`.
    pub index: Option<Index>,
    /// The key of a deposed object: one that was replaced and is still to be deleted.
    pub deposed: Option<String>,
}

/// Terraform's spelling: `module.web["x"].aws_instance.a[0] (deposed 0a1b2c3d)`.
impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_empty() {
            write!(f, "{}.", self.module)?;
        }
        if self.mode == Mode::Data {
            f.write_str("data.")?;
        }
        write!(f, "{}.{}", self.kind, self.name)?;
        match &self.index {
            None => {}
            Some(Index::Number(number)) => write!(f, "[{number}]")?,
            Some(Index::Text(text)) => write!(f, "[{}]", quoted(text))?,
        }
        match &self.deposed {
            None => Ok(()),
            Some(key) => write!(f, " (deposed {key})"),
        }
    }
}

/// `text` as HCL would quote it.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut all = String::with_capacity(text.len() + 2);
    all.push('"');
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' => all.push_str("\\\""),
            '\\' => all.push_str("\\\\"),
            '\n' => all.push_str("\\n"),
            '\r' => all.push_str("\\r"),
            '\t' => all.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => {
                all.push(character);
                all.push(character);
            }
            other => all.push(other),
        }
    }
    all.push('"');
    all
}

/// One object of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// What names it.
    pub key: ObjectKey,
    /// The provider configuration that manages it.
    pub provider: Arc<ProviderAddress>,
    /// Whether its creation did not come to an end.
    pub tainted: bool,
    /// The version of the provider's schema it was written with.
    pub schema_version: u64,
    /// What tells it from an object that is made later under the same name.
    pub fingerprint: Fingerprint,
}

/// A state, read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateDoc {
    /// The id that never changes while a state lives.
    pub lineage: String,
    /// One more at each write.
    pub serial: u64,
    /// The version of the CLI that wrote it.
    pub terraform_version: String,
    /// Every object, data sources too, in the order of the state.
    pub instances: Vec<Instance>,
    /// The markers of environments. Deposed ones mark a life that is over and are not in here.
    pub markers: Vec<Marker>,
    /// The leases in it whose id can be read. Deposed ones are not in here.
    pub leases: Vec<LeaseId>,
    /// The addresses of markers whose id or generation could not be read. They prove nothing.
    pub broken_markers: Vec<String>,
}

impl StateDoc {
    /// The objects that a destroy has to delete, deposed ones included.
    pub fn managed(&self) -> impl Iterator<Item = &Instance> {
        self.instances
            .iter()
            .filter(|instance| instance.key.mode == Mode::Managed)
    }

    /// How many objects a destroy has to delete, deposed ones included.
    #[must_use]
    pub fn managed_count(&self) -> u64 {
        u64::try_from(self.managed().count()).unwrap_or(u64::MAX)
    }

    /// The objects that a destroy has to delete, hashed.
    #[must_use]
    pub fn inventory(&self) -> Inventory {
        self.managed().map(|one| one.fingerprint).collect()
    }

    /// What the judge wants to know of it.
    #[must_use]
    pub fn fact(&self, lock: Option<LockFact>) -> StateFact {
        StateFact {
            lineage: self.lineage.clone(),
            serial: self.serial,
            instances: self.managed_count(),
            objects: self.inventory(),
            markers: self.markers.clone(),
            lock,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(index: Option<Index>, expect: &str) {
        let key = ObjectKey {
            module: "module.web[\"y.z\"]".to_owned(),
            mode: Mode::Managed,
            kind: "terraform_data".to_owned(),
            name: "a".to_owned(),
            index,
            deposed: None,
        };
        assert_eq!(key.to_string(), expect);
    }

    #[test]
    fn addresses_are_spelled_as_terraform_spells_them() {
        check(None, "module.web[\"y.z\"].terraform_data.a");
        check(
            Some(Index::Number(0)),
            "module.web[\"y.z\"].terraform_data.a[0]",
        );
        check(
            Some(Index::Text("c\"d ü ${x} $y".to_owned())),
            "module.web[\"y.z\"].terraform_data.a[\"c\\\"d ü $${x} $y\"]",
        );
    }

    #[test]
    fn a_deposed_object_and_its_successor_have_different_names() {
        let current = ObjectKey {
            module: String::new(),
            mode: Mode::Data,
            kind: "a".to_owned(),
            name: "b".to_owned(),
            index: None,
            deposed: None,
        };
        let deposed = ObjectKey {
            deposed: Some("0a1b2c3d".to_owned()),
            ..current.clone()
        };
        assert_eq!(current.to_string(), "data.a.b");
        assert_eq!(deposed.to_string(), "data.a.b (deposed 0a1b2c3d)");
        assert_ne!(current, deposed);
    }
}
