//! The pull or merge request an environment was made for. The noun only; whether it is open is a fact.

use std::fmt;

/// A forge we can ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Forge {
    /// GitHub, github.com or Enterprise.
    Github,
    /// GitLab, gitlab.com or self-managed.
    Gitlab,
    /// Bitbucket Cloud.
    Bitbucket,
}

impl Forge {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Github, Self::Gitlab, Self::Bitbucket];

    /// The word used in configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Bitbucket => "bitbucket",
        }
    }
}

/// Why the parts do not make a change request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRequestError {
    /// An unknown forge.
    #[error("`{0}` is not a forge; expected `github`, `gitlab` or `bitbucket`")]
    Forge(String),
    /// Not `owner/name`.
    #[error("`{0}` is not a repository; expected the owner and the name, for example `acme/shop`")]
    Repository(String),
    /// Zero, or not a whole number.
    #[error("a pull request has a number of at least 1, for example `128`")]
    Number,
}

impl ChangeRequestError {
    /// The attribute that is wrong.
    #[must_use]
    pub fn attribute(&self) -> &'static str {
        match self {
            Self::Forge(_) => "forge",
            Self::Repository(_) => "repository",
            Self::Number => "number",
        }
    }
}

/// A pull request (GitHub, Bitbucket) or merge request (GitLab).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChangeRequest {
    /// Where it is.
    pub forge: Forge,
    /// `owner/name`; on GitLab the group may be nested.
    pub repository: String,
    /// Its number in the repository, at least 1.
    pub number: u64,
}

impl ChangeRequest {
    /// Reads the forge's word.
    ///
    /// # Errors
    /// [`ChangeRequestError::Forge`].
    pub fn parse_forge(text: &str) -> Result<Forge, ChangeRequestError> {
        Forge::ALL
            .into_iter()
            .find(|forge| forge.as_str() == text)
            .ok_or_else(|| ChangeRequestError::Forge(text.to_owned()))
    }

    /// Reads `owner/name`, two or more parts of letters, digits, `-`, `_` and `.`; no part is `.` or `..`, which would
    /// lead elsewhere in the address of a forge.
    ///
    /// # Errors
    /// [`ChangeRequestError::Repository`].
    pub fn parse_repository(text: &str) -> Result<String, ChangeRequestError> {
        let part_is_right = |part: &str| {
            !["", ".", ".."].contains(&part)
                && part
                    .chars()
                    .all(|character| character.is_ascii_alphanumeric() || "-_.".contains(character))
        };
        if text.split('/').count() < 2 || !text.split('/').all(part_is_right) {
            return Err(ChangeRequestError::Repository(text.to_owned()));
        }
        Ok(text.to_owned())
    }

    /// Reads a number that came as a floating point number, as Terraform sends them.
    ///
    /// # Errors
    /// [`ChangeRequestError::Number`] unless it is whole, at least 1 and exactly representable.
    pub fn parse_number(number: f64) -> Result<u64, ChangeRequestError> {
        // Below 2^53: from there on a floating point number no longer names one integer.
        const LARGEST: f64 = 9_007_199_254_740_991.0;
        if number.fract() != 0.0 || !(1.0..=LARGEST).contains(&number) {
            return Err(ChangeRequestError::Number);
        }
        format!("{number:.0}")
            .parse()
            .map_err(|_| ChangeRequestError::Number)
    }
}

/// `github acme/shop#128`.
impl fmt::Display for ChangeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}#{}",
            self.forge.as_str(),
            self.repository,
            self.number
        )
    }
}
