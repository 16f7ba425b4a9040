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
    /// The sweeper does not begin one.
    Kept,
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
            Self::Kept => "the sweeper keeps the environment by its rule `protection`",
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
    /// `prevent_destroy` of the resource at `address`, also where the resource is switched off: another file may switch it
    /// on again, so the sweeper counts it all the same.
    ///
    /// `literally` is whether it says `true`: anything but `false` protects.
    #[must_use]
    pub fn prevented(address: &str, literally: bool) -> Self {
        let found = if literally {
            "`prevent_destroy = true`"
        } else {
            "`prevent_destroy` is not plainly `false`"
        };
        Self {
            address: address.to_owned(),
            found: found.to_owned(),
            effect: Effect::Kept,
            instead: "remove it from `lifecycle`".to_owned(),
        }
    }

    /// A file, a directory or a list at `path` that could not be read. It may protect something, and so it does.
    #[must_use]
    pub fn unreadable(path: &str) -> Self {
        Self {
            address: path.to_owned(),
            found: "it cannot be read, and may protect something".to_owned(),
            effect: Effect::Kept,
            instead: "mend it, or remove it".to_owned(),
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

/// Whether a resource or a module is literally switched off, so that it is not there.
#[must_use]
pub fn is_switched_off(arguments: &impl Arguments) -> bool {
    let count = arguments.look(&["count"]);
    matches!(count, Seen::Text(count) if count == "0")
        || arguments.look(&["for_each"]) == Seen::Empty
}

/// What the resource at `address` of the type `kind` says against its destruction, beside `prevent_destroy`.
#[must_use]
pub fn of_resource(kind: &str, address: &str, arguments: &impl Arguments) -> Vec<Obstacle> {
    let literally = |path: &[&str]| arguments.look(path);
    if is_switched_off(arguments) {
        return Vec::new();
    }
    let rules = RULES.iter().filter(|rule| rule.types.contains(&kind));
    let found = rules.filter_map(|rule| {
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
    });
    found.collect()
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
