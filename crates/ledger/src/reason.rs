//! A reason: what a person writes for everybody who asks later. Never empty.

use std::fmt;

use thiserror::Error;

/// The most characters: enough for a sentence and a link, little enough for a table.
const MAX_CHARS: usize = 300;

/// Why something was done, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

/// Why a text is no reason.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReasonError {
    /// Nothing, or only white space.
    #[error(
        "a reason may not be empty; say why, for example \"demo for the board, ticket OPS-12\""
    )]
    Empty,
    /// Line breaks or other control characters.
    #[error("a reason is one line of text; for example \"demo for the board, ticket OPS-12\"")]
    NotOneLine,
    /// Longer than a table can bear.
    #[error(
        "this reason has {0} characters, and it may have at most {MAX_CHARS}; keep the rest in a ticket and name it"
    )]
    TooLong(usize),
}

impl Reason {
    /// Reads `text`; white space around it is dropped.
    ///
    /// # Errors
    /// What is wrong, with an example.
    pub fn parse(text: &str) -> Result<Self, ReasonError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ReasonError::Empty);
        }
        if text.chars().any(char::is_control) {
            return Err(ReasonError::NotOneLine);
        }
        let chars = text.chars().count();
        if MAX_CHARS < chars {
            return Err(ReasonError::TooLong(chars));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_that_says_something() {
        assert_eq!(
            Reason::parse(" demo ").map(|reason| reason.0),
            Ok("demo".to_owned())
        );
        for empty in ["", "  ", "\t\n"] {
            assert_eq!(Reason::parse(empty), Err(ReasonError::Empty), "{empty:?}");
        }
        assert_eq!(Reason::parse("a\nb"), Err(ReasonError::NotOneLine));
        assert_eq!(Reason::parse("\u{1b}[31mred"), Err(ReasonError::NotOneLine));
        assert_eq!(
            Reason::parse(&"x".repeat(301)),
            Err(ReasonError::TooLong(301))
        );
    }
}
