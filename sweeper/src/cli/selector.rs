//! A selector: the text that names exactly one environment, lease or run.
//!
//! Invariant: no selector stands for several, or for all. An empty one is what a script with an unset variable types,
//! and a pattern is what closed every preview instead of one.

use std::fmt;

use ledger::{
    event::Subject,
    id::{EnvironmentName, NameError},
};
use thiserror::Error;

/// The digits of the UUID in an id.
const ID_DIGITS: usize = 32;

/// What one environment, lease or run is named by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// An environment's name: its living generation, else its latest.
    Name(EnvironmentName),
    /// An id: one generation of an environment, a lease, or a run of Terraform.
    Id(Subject),
}

/// Why a text does not name one environment.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SelectorError {
    /// Nothing: an unset variable in a script, most likely.
    #[error(
        "the name is empty, and an empty name never means all; name one environment, for example `pr-128`, and \
         check the variable if this came from a script"
    )]
    Empty,
    /// `*`, `?`, `[…]`, `{…}`, `%`.
    #[error(
        "`{0}` is a pattern, and a selector names exactly one environment, for example `pr-128`; `sweeper list` shows \
         them all"
    )]
    Pattern(String),
    /// More than one word.
    #[error(
        "`{0}` names more than one, and a selector names exactly one environment, for example `pr-128`; run the \
         command once for each"
    )]
    Several(String),
    /// Not a name.
    #[error(transparent)]
    Name(#[from] NameError),
}

impl Selector {
    /// Reads `text`.
    ///
    /// # Errors
    /// Why it does not name exactly one, with an example.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        if text.trim().is_empty() {
            return Err(SelectorError::Empty);
        }
        if text.contains(['*', '?', '[', ']', '{', '}', '%']) {
            return Err(SelectorError::Pattern(text.to_owned()));
        }
        if text.contains([',', ';', ':', '|']) || text.contains(char::is_whitespace) {
            return Err(SelectorError::Several(text.to_owned()));
        }
        if let Some(subject) = id(text) {
            return Ok(Self::Id(subject));
        }
        Ok(Self::Name(EnvironmentName::parse(text)?))
    }
}

/// `text` as an id: its kind, and the digits of a UUID. Anything less is a name, even one that begins with `env-`.
fn id(text: &str) -> Option<Subject> {
    let (_, digits) = text.split_once('-')?;
    let whole = digits.len() == ID_DIGITS
        && digits
            .chars()
            .all(|digit| digit.is_ascii_digit() || ('a'..='f').contains(&digit));
    whole.then(|| Subject::parse(text))?
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Id(subject) => subject.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_an_id_are_told_apart() {
        let id = "env-0190163d8694739bac4a5eb0f4a0b2c1";
        assert!(matches!(Selector::parse("pr-128"), Ok(Selector::Name(_))));
        assert!(matches!(
            Selector::parse("env-pr-128"),
            Ok(Selector::Name(_))
        ));
        assert!(matches!(
            Selector::parse(id),
            Ok(Selector::Id(Subject::Environment(_)))
        ));
        assert!(matches!(
            Selector::parse("lease-0190163d8694739bac4a5eb0f4a0b2c1"),
            Ok(Selector::Id(Subject::Lease(_)))
        ));
        assert!(matches!(
            Selector::parse("run-0190163d8694739bac4a5eb0f4a0b2c1"),
            Ok(Selector::Id(Subject::Run(_)))
        ));
    }

    #[test]
    fn what_could_mean_several_or_all_is_refused_with_an_example() {
        for text in [
            "",
            " ",
            "*",
            "pr-*",
            "pr-?",
            "pr-[12]",
            "{a,b}",
            "%",
            "a,b",
            "a b",
            "a;b",
            "a|b",
            "scope:default",
            "PR-128",
            "-",
            "--all",
            "pr-128\n",
            "pr_128",
            "../pr",
            "ü",
        ] {
            let error = Selector::parse(text).expect_err(text);
            assert!(error.to_string().contains("`pr-128`"), "{text:?}: {error}");
        }
    }
}
