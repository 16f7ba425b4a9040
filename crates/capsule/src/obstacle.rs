//! What will stand in the way of a destroy: protections, things that may hold something, things that stay behind. For a
//! warning while it can still be changed; nothing is decided by it.
//!
//! Pure. Only a known value counts, or an absence whose default is known: what is not known is not warned about.

use std::fmt;

use crate::{
    literal::{Arguments, Seen},
    scope::Settled,
};

mod rules;

pub use rules::{RULES, Resists, Rule};

/// One thing that will resist.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// The resource's address; of one in the state with its keys, or with the number of instances that resist.
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
    /// What `rule` is about, at `address`, where `found` was found.
    #[must_use]
    pub fn by_rule(rule: &Rule, address: &str, found: String) -> Self {
        Self {
            address: address.to_owned(),
            found,
            effect: rule.effect,
            instead: rule.instead.to_owned(),
        }
    }

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

/// What one rule makes of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It resists: what was found, in words.
    Resists(String),
    /// It says plainly that it does not.
    Harmless,
    /// It does not say.
    Unsaid,
}

/// Whether any rule is about resources of the type `kind`.
#[must_use]
pub fn has_rules(kind: &str) -> bool {
    RULES.iter().any(|rule| rule.types.contains(&kind))
}

/// What each rule for the type `kind` makes of `arguments`.
pub fn judge<'a>(
    kind: &str,
    arguments: &'a dyn Arguments,
    look: impl Fn(&dyn Arguments, &[&str]) -> Settled + 'a,
) -> impl Iterator<Item = (&'static Rule, Verdict)> {
    RULES
        .iter()
        .filter(move |rule| rule.types.contains(&kind))
        .map(move |rule| {
            let path: Vec<&str> = rule.path.split('.').collect();
            let is_spared = rule.unless.is_some_and(|other| {
                let seen = look(arguments, &[other]).seen;
                let is_nothing = matches!(&seen, Seen::Absent | Seen::Bool(false))
                    || matches!(&seen, Seen::Text(text) if text.is_empty());
                // A version of the provider that does not know the argument does not spare by it.
                arguments.has(other) && !is_nothing
            });
            let verdict = if is_spared {
                Verdict::Harmless
            } else {
                rule.resists.verdict(&look(arguments, &path), rule.path)
            };
            (rule, verdict)
        })
}

impl Resists {
    fn verdict(self, settled: &Settled, path: &str) -> Verdict {
        let seen = &settled.seen;
        let resists = |literally: String| {
            Verdict::Resists(match &settled.by {
                Some(by) => format!("`{path}` by {by}"),
                None => literally,
            })
        };
        let absent = || resists(format!("no `{path}`"));
        match (self, seen) {
            (Self::NotFalse | Self::NotTrue | Self::TextOrAbsent(_), Seen::Absent) => absent(),
            (Self::True | Self::NotFalse | Self::NotTrue, _) => match (seen.as_bool(), self) {
                (Some(false), Self::NotTrue) => resists(format!("`{path} = false`")),
                (Some(true), Self::True | Self::NotFalse) => resists(format!("`{path} = true`")),
                (Some(_), _) => Verdict::Harmless,
                (None, _) => Verdict::Unsaid,
            },
            (Self::Text(text) | Self::TextOrAbsent(text), Seen::Text(found)) if text == found => {
                resists(format!("`{path} = \"{text}\"`"))
            }
            (Self::Text(_) | Self::TextOrAbsent(_), Seen::Text(_)) => Verdict::Harmless,
            _ => Verdict::Unsaid,
        }
    }
}

#[cfg(test)]
mod tests;
