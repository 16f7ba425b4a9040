//! Tags: which keys and values every named cloud takes, and the standard set each environment carries.
//!
//! A tag that one of the clouds would refuse is refused here, with the rule it breaks, before anything is created.

use std::{collections::BTreeMap, fmt};

mod kubernetes;

/// Key and value, ordered by key.
pub type TagSet = BTreeMap<String, String>;

/// The most tags on one object: the limit of AWS and Azure.
pub const MAX_TAGS: usize = 50;

/// The value of the `managed-by` tag.
pub const MANAGED_BY: &str = "terraform-provider-ephemeral";

/// A cloud whose rules tags must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cloud {
    /// Amazon Web Services tags.
    Aws,
    /// Microsoft Azure tags.
    Azure,
    /// Google Cloud labels.
    Gcp,
    /// Kubernetes labels.
    Kubernetes,
}

impl Cloud {
    /// All of them: the default.
    pub const ALL: [Self; 4] = [Self::Aws, Self::Azure, Self::Gcp, Self::Kubernetes];

    /// Reads `aws`, `azure`, `gcp` or `kubernetes`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cloud| cloud.as_str() == text)
    }

    /// The word used in configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Azure => "azure",
            Self::Gcp => "gcp",
            Self::Kubernetes => "kubernetes",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Aws => "an AWS tag",
            Self::Azure => "an Azure tag",
            Self::Gcp => "a Google Cloud label",
            Self::Kubernetes => "a Kubernetes label",
        }
    }

    fn longest_key(self) -> usize {
        match self {
            Self::Aws => 128,
            Self::Azure => 512,
            Self::Gcp | Self::Kubernetes => 63,
        }
    }

    fn longest_value(self) -> usize {
        match self {
            Self::Aws | Self::Azure => 256,
            Self::Gcp | Self::Kubernetes => 63,
        }
    }

    fn key_character(self, character: char) -> bool {
        match self {
            Self::Azure => !"<>%&\\?/".contains(character) && !character.is_control(),
            _ => self.value_character(character),
        }
    }

    fn value_character(self, character: char) -> bool {
        match self {
            Self::Aws => character.is_alphanumeric() || " _.:/=+-@".contains(character),
            Self::Azure => !character.is_control(),
            Self::Gcp => {
                character.is_ascii_lowercase()
                    || character.is_ascii_digit()
                    || "_-".contains(character)
            }
            Self::Kubernetes => character.is_ascii_alphanumeric() || "-_.".contains(character),
        }
    }

    fn reserved(self, side: Side, text: &str) -> Option<&'static str> {
        let lower = text.to_lowercase();
        let reserved: &[&'static str] = match (self, side) {
            (Self::Aws, _) => &["aws:"],
            (Self::Azure, Side::Key) => &["microsoft", "azure", "windows"],
            _ => &[],
        };
        reserved
            .iter()
            .copied()
            .find(|start| lower.starts_with(start))
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whether the broken rule is about the key or the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The key.
    Key,
    /// The value.
    Value,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "key",
            Self::Value => "value",
        })
    }
}

/// Which rule of which cloud a tag breaks.
///
/// The text of a value is never part of the message: a value may be sensitive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// An empty key.
    #[error("a tag key may not be empty; for example `cost-centre`")]
    EmptyKey,
    /// Too many characters.
    #[error("the {side} of {noun} has at most {most} characters, and this one has {found}", noun = cloud.noun())]
    TooLong {
        /// Whose rule.
        cloud: Cloud,
        /// Key or value.
        side: Side,
        /// The limit.
        most: usize,
        /// The length found.
        found: usize,
    },
    /// A character outside the cloud's set.
    #[error(
        "the {side} of {noun} may not hold {character:?}; lower-case letters, digits, `-` and `_` are allowed everywhere, \
         for example `{example}`", noun = cloud.noun()
    )]
    Character {
        /// Whose rule.
        cloud: Cloud,
        /// Key or value.
        side: Side,
        /// The first character that is refused.
        character: char,
        /// What would be right.
        example: &'static str,
    },
    /// A first or last character outside the cloud's set.
    #[error("the {side} of {noun} must {rule}, for example `{example}`", noun = cloud.noun())]
    Edge {
        /// Whose rule.
        cloud: Cloud,
        /// Key or value.
        side: Side,
        /// What is asked.
        rule: &'static str,
        /// What would be right.
        example: &'static str,
    },
    /// A beginning the cloud keeps for itself.
    #[error("the {side} of {noun} may not begin with `{start}`, which is reserved; for example `{EXAMPLE}`",
        noun = cloud.noun())]
    Reserved {
        /// Whose rule.
        cloud: Cloud,
        /// Key or value.
        side: Side,
        /// The reserved beginning.
        start: &'static str,
    },
    /// More than [`MAX_TAGS`].
    #[error("{0} tags, and an object carries at most {MAX_TAGS} on AWS and Azure; remove some")]
    TooMany(usize),
}

const EXAMPLE: &str = "team-checkout";

/// Checks a key against the rules of `clouds`.
///
/// A key with a DNS prefix (`example.com/team`) is a right Kubernetes label, and only there and on AWS: Google Cloud and
/// Azure take no `/`.
///
/// # Errors
/// The first rule it breaks.
pub fn check_key(key: &str, clouds: &[Cloud]) -> Result<(), TagError> {
    if key.is_empty() {
        return Err(TagError::EmptyKey);
    }
    for &cloud in clouds {
        let text = match cloud {
            Cloud::Kubernetes => kubernetes::name_in(key)?,
            Cloud::Aws | Cloud::Azure | Cloud::Gcp => key,
        };
        let longest = cloud.longest_key();
        check_text(cloud, Side::Key, text, longest, Cloud::key_character)?;
        if cloud == Cloud::Gcp && !key.starts_with(|first: char| first.is_ascii_lowercase()) {
            return Err(edge(cloud, Side::Key, "begin with a lower-case letter"));
        }
    }
    Ok(())
}

/// Checks a value against the rules of `clouds`. An empty value is allowed everywhere.
///
/// # Errors
/// The first rule it breaks.
pub fn check_value(value: &str, clouds: &[Cloud]) -> Result<(), TagError> {
    for &cloud in clouds {
        let longest = cloud.longest_value();
        check_text(cloud, Side::Value, value, longest, Cloud::value_character)?;
    }
    Ok(())
}

fn check_text(
    cloud: Cloud,
    side: Side,
    text: &str,
    most: usize,
    allowed: fn(Cloud, char) -> bool,
) -> Result<(), TagError> {
    let found = text.chars().count();
    if most < found {
        return Err(TagError::TooLong {
            cloud,
            side,
            most,
            found,
        });
    }
    if let Some(character) = text.chars().find(|&character| !allowed(cloud, character)) {
        return Err(TagError::Character {
            cloud,
            side,
            character,
            example: EXAMPLE,
        });
    }
    let framed = |end: Option<char>| end.is_none_or(|end| end.is_ascii_alphanumeric());
    let edges = framed(text.chars().next()) && framed(text.chars().next_back());
    if cloud == Cloud::Kubernetes && !edges {
        return Err(edge(cloud, side, "begin and end with a letter or digit"));
    }
    if let Some(start) = cloud.reserved(side, text) {
        return Err(TagError::Reserved { cloud, side, start });
    }
    Ok(())
}

fn edge(cloud: Cloud, side: Side, rule: &'static str) -> TagError {
    TagError::Edge {
        cloud,
        side,
        rule,
        example: EXAMPLE,
    }
}

/// What the standard keys begin with: `ephemeral-` unless configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagPrefix(String);

impl Default for TagPrefix {
    fn default() -> Self {
        Self("ephemeral-".to_owned())
    }
}

impl TagPrefix {
    /// Reads a prefix: every standard key made with it must be a valid key on `clouds`. It may be empty.
    ///
    /// # Errors
    /// The rule that the longest standard key would break.
    pub fn parse(text: &str, clouds: &[Cloud]) -> Result<Self, TagError> {
        let prefix = Self(text.to_owned());
        StandardTag::ALL
            .into_iter()
            .try_for_each(|tag| check_key(&prefix.key(tag), clouds))?;
        Ok(prefix)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The whole key of a standard tag.
    #[must_use]
    pub fn key(&self, tag: StandardTag) -> String {
        format!("{}{}", self.0, tag.word())
    }
}

/// The tags every environment carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StandardTag {
    /// The environment's name.
    Environment,
    /// Who answers for it.
    Owner,
    /// Their team.
    Team,
    /// What it belongs to.
    Project,
    /// The repository of the change request.
    Repository,
    /// The number of the change request.
    PullRequest,
    /// When it was created.
    CreatedAt,
    /// The id in the ledger.
    LeaseId,
    /// Which software made the promise.
    ManagedBy,
    /// `true`: nothing destroys it. Anything unreadable counts as `true`.
    Protect,
    /// `true`: the owner opted out. Anything unreadable counts as `true`.
    OptOut,
}

impl StandardTag {
    /// Every one of them.
    pub const ALL: [Self; 11] = [
        Self::Environment,
        Self::Owner,
        Self::Team,
        Self::Project,
        Self::Repository,
        Self::PullRequest,
        Self::CreatedAt,
        Self::LeaseId,
        Self::ManagedBy,
        Self::Protect,
        Self::OptOut,
    ];

    /// Whether every environment is given it; the others say something to the sweeper, and are for people to set.
    #[must_use]
    pub fn is_given(self) -> bool {
        !matches!(self, Self::Protect | Self::OptOut)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Owner => "owner",
            Self::Team => "team",
            Self::Project => "project",
            Self::Repository => "repository",
            Self::PullRequest => "pull-request",
            Self::CreatedAt => "created-at",
            Self::LeaseId => "lease-id",
            Self::ManagedBy => "managed-by",
            Self::Protect => "protect",
            Self::OptOut => "opt-out",
        }
    }
}

/// A text made valid as a tag value everywhere: lower case, every other character `-`, at most 63, no `-` at the ends.
///
/// For values that follow from facts (a repository, a time). What people write is checked instead, never changed.
#[must_use]
pub fn safe_value(text: &str) -> String {
    let lowered: String = text
        .to_lowercase()
        .chars()
        .map(|character| match character {
            'a'..='z' | '0'..='9' | '_' => character,
            _ => '-',
        })
        .take(63)
        .collect();
    lowered.trim_matches(['-', '_']).to_owned()
}
