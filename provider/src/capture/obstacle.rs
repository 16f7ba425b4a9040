//! What a configuration says that will stand in the way of a destroy: protections, things that may hold something, things
//! that stay behind. For a warning while it can still be changed; nothing is decided by it.
//!
//! Pure. Only a literal counts, or an absence whose default is known: what is not known is not warned about.

use std::fmt;

use super::literal::{Arguments, Seen};

mod rules;

pub use rules::{RULES, Resists, Rule};

/// One thing that will resist.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// The resource's address, without instance keys.
    pub address: String,
    /// What was found, as it would be written: `` `deletion_protection = true` ``.
    pub found: String,
    /// What it leads to.
    pub effect: Effect,
    /// What to do about it.
    pub instead: String,
}

/// What becomes of a destroy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It fails.
    Refused,
    /// It fails as soon as somebody has put something in.
    RefusedWhileFull,
    /// It succeeds, and the real thing is still there.
    LeftBehind,
    /// It needs the configuration, of which there is no copy.
    NeedsConfiguration,
}

impl Effect {
    fn words(self) -> &'static str {
        match self {
            Self::Refused => "the destroy is refused",
            Self::RefusedWhileFull => "the destroy is refused while anything is in it",
            Self::LeftBehind => "the destroy leaves it behind",
            Self::NeedsConfiguration => {
                "the destroy needs the configuration, which could not be kept"
            }
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}, so {}; {}",
            self.address,
            self.found,
            self.effect.words(),
            self.instead
        )
    }
}

impl Obstacle {
    /// `prevent_destroy` of the resource at `address`.
    #[must_use]
    pub fn prevented(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            found: "`prevent_destroy = true`".to_owned(),
            effect: Effect::Refused,
            instead: "remove it from `lifecycle`".to_owned(),
        }
    }

    /// A provisioner that runs at destroy, of which no copy could be kept.
    #[must_use]
    pub fn provisioner(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            found: "a provisioner with `when = destroy`".to_owned(),
            effect: Effect::NeedsConfiguration,
            instead: "mend what keeps the configuration from being copied, or clean up without the provisioner"
                .to_owned(),
        }
    }
}

/// What the resource at `address` of the type `kind` says against its destruction.
#[must_use]
pub fn of_resource(kind: &str, address: &str, arguments: &impl Arguments) -> Vec<Obstacle> {
    let literally = |path: &[&str]| arguments.look(path);
    // A resource that is switched off is not there.
    if matches!(literally(&["count"]), Seen::Text(count) if count == "0") {
        return Vec::new();
    }
    let mut found = Vec::new();
    if literally(&["lifecycle", "prevent_destroy"]) == Seen::Bool(true) {
        found.push(Obstacle::prevented(address));
    }
    let rules = RULES.iter().filter(|rule| rule.types.contains(&kind));
    found.extend(rules.filter_map(|rule| {
        let path: Vec<&str> = rule.path.split('.').collect();
        let words = rule.resists.found(&literally(&path), rule.path)?;
        let spared = rule
            .unless
            .is_some_and(|other| literally(&[other]) != Seen::Absent);
        (!spared).then(|| Obstacle {
            address: address.to_owned(),
            found: words,
            effect: rule.effect,
            instead: rule.instead.to_owned(),
        })
    }));
    found
}

impl Resists {
    /// What was found, in words, if it resists.
    fn found(self, seen: &Seen, path: &str) -> Option<String> {
        let absent = || Some(format!("no `{path}`"));
        match (self, seen) {
            (Self::True | Self::NotFalse, Seen::Bool(true)) => Some(format!("`{path} = true`")),
            (Self::NotTrue, Seen::Bool(false)) => Some(format!("`{path} = false`")),
            (Self::NotFalse | Self::NotTrue | Self::TextOrAbsent(_), Seen::Absent) => absent(),
            (Self::Text(text) | Self::TextOrAbsent(text), Seen::Text(found)) if text == found => {
                Some(format!("`{path} = \"{text}\"`"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
