//! What will stand in the way of a destroy: protections, things that may hold something, things that stay behind. A hint while
//! it can still be changed; nothing is decided by it.
//!
//! Pure. Only what is written as a literal counts, or an absence whose default is known: what would have to be evaluated is not
//! warned about.

use std::fmt;

use crate::source::{Block, Literal, Source};

mod rules;

pub use self::rules::{RULES, Resists, Rule};

/// One thing that will resist.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// The resource's address, or the path of what cannot be read.
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
            instead: "fix it, or remove it".to_owned(),
        }
    }

    /// A provisioner that runs at destroy, of which no copy could be kept.
    #[must_use]
    pub fn provisioner(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            found: "a provisioner with `when = destroy`".to_owned(),
            effect: Effect::NeedsConfiguration,
            instead: "fix what keeps the configuration from being copied, or clean up without the provisioner"
                .to_owned(),
        }
    }
}

/// What `source` says that resists, a file of the module whose addresses begin with `prefix`.
pub fn obstacles(prefix: &str, source: &Source) -> Vec<Obstacle> {
    let mut found = Vec::new();
    for (kind, name, resource) in source.resources() {
        let rules = RULES.iter().filter(|rule| rule.types.contains(&kind));
        found.extend(rules.filter_map(|rule| {
            Some(Obstacle {
                address: format!("{prefix}{kind}.{name}"),
                found: rule.broken_by(resource)?,
                effect: rule.effect,
                instead: rule.instead.to_owned(),
            })
        }));
    }
    found
}

impl Rule {
    /// What `resource` says that resists, in words.
    fn broken_by(&self, resource: Block<'_>) -> Option<String> {
        let is_spared = self.unless.is_some_and(|other| {
            let harmless = [
                Literal::Absent,
                Literal::Bool(false),
                Literal::Text(String::new()),
            ];
            !harmless.contains(&resource.literal(other))
        });
        if is_spared {
            return None;
        }
        let path = self.path;
        match (self.resists, resource.literal(path)) {
            (Resists::NotFalse | Resists::NotTrue | Resists::TextOrAbsent(_), Literal::Absent) => {
                Some(format!("no `{path}`"))
            }
            (Resists::True | Resists::NotFalse, Literal::Bool(true)) => {
                Some(format!("`{path} = true`"))
            }
            (Resists::NotTrue, Literal::Bool(false)) => Some(format!("`{path} = false`")),
            (Resists::Text(text) | Resists::TextOrAbsent(text), Literal::Text(found))
                if text == found =>
            {
                Some(format!("`{path} = \"{text}\"`"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
