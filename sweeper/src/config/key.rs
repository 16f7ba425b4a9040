//! The settings: their names in the file and in the environment, and what each is for. One table.

use std::fmt;

macro_rules! keys {
    ($($(#[doc = $doc:literal])* $key:ident = $word:literal, $example:literal;)*) => {
        /// A setting.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Key {
            $($(#[doc = $doc])* $key,)*
        }

        impl Key {
            /// Every setting, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$key,)*];

            /// Its name in the configuration file.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$key => $word,)*
                }
            }

            /// A right value, as written in the configuration file.
            #[must_use]
            pub fn example(self) -> &'static str {
                match self {
                    $(Self::$key => $example,)*
                }
            }

            /// What it is for, in one sentence.
            #[must_use]
            pub fn description(self) -> &'static str {
                match self {
                    $(Self::$key => concat!($($doc),*).trim_ascii(),)*
                }
            }
        }
    };
}

keys! {
    /// Where the ledger is.
    Ledger = "ledger", "\"sqlite:///var/lib/ephemeral/ledger.sqlite3\"";
    /// Whose memory of earlier sweeps the brakes use.
    Scope = "scope", "\"default\"";
    /// The most destroys in one sweep.
    Rate = "rate", "20";
    /// How many newly due environments may come at once, whatever their share.
    JumpCount = "jump_count", "10";
    /// Up to which share of the fleet newly due environments may come at once, in percent.
    JumpPercent = "jump_percent", "50";
    /// How far the host's clock and the ledger's may be apart.
    ClockLimit = "clock_limit", "\"60s\"";
    /// How long before its expiry the owner of an environment should hear of it.
    WarnBefore = "warn_before", "\"12h\"";
    /// How many teardowns run at once.
    Parallel = "parallel", "2";
    /// How many operations terraform runs at once in one teardown.
    TerraformParallelism = "terraform_parallelism", "30";
    /// How long a claim lasts without a heartbeat.
    Claim = "claim", "\"60s\"";
    /// What is run as `terraform`.
    Terraform = "terraform", "\"/usr/local/bin/terraform\"";
    /// What is run as `tofu`.
    Tofu = "tofu", "\"/usr/local/bin/tofu\"";
    /// How long one call of terraform may take before it is asked to stop.
    TerraformTimeout = "terraform_timeout", "\"1h\"";
    /// How long terraform may take to save and stop, once asked.
    StopGrace = "stop_grace", "\"60s\"";
    /// Under which directory teardowns work.
    WorkDir = "work_dir", "\"/dev/shm\"";
    /// Where a state that terraform could not save is kept.
    KeepDir = "keep_dir", "\"/var/lib/ephemeral/kept\"";
    /// The file of the key under which such a state is sealed; made if there is none.
    SealKey = "seal_key", "\"/var/lib/ephemeral/seal.key\"";
    /// When to use colour.
    Color = "color", "\"auto\"";
}

/// The table of provider configurations in the file; it has no environment variable.
pub const PROVIDER_TEMPLATES: &str = "provider_templates";

/// The table of values for input variables in the file, by environment. In the environment of the process each has a
/// variable of its own: [`crate::config::input_variables::PREFIX`] and its name.
pub const INPUT_VARIABLES: &str = "input_variables";

/// The same for values that are in files: each is the path of one.
pub const INPUT_VARIABLE_FILES: &str = "input_variable_files";

/// Every table of the file.
pub const TABLES: [&str; 3] = [PROVIDER_TEMPLATES, INPUT_VARIABLES, INPUT_VARIABLE_FILES];

impl Key {
    /// Reads its name in the configuration file.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.as_str() == text)
    }

    /// Its name in the environment.
    #[must_use]
    pub fn variable(self) -> String {
        format!("EPHEMERAL_{}", self.as_str().to_ascii_uppercase())
    }

    /// The name in the file that `text` was most likely meant to be.
    #[must_use]
    pub fn nearest(text: &str) -> &'static str {
        let names = Self::ALL.iter().map(|key| key.as_str()).chain(TABLES);
        let wanted = text.to_ascii_lowercase().replace('-', "_");
        names
            .min_by_key(|name| distance(&wanted, name))
            .unwrap_or(PROVIDER_TEMPLATES)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How many characters must be put in, taken out or exchanged to make `left` of `right` (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, letter) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, other) in right.iter().enumerate() {
            let exchanged = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = exchanged.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_the_one_that_was_meant() {
        for (typed, meant) in [
            ("rat", "rate"),
            ("jump-count", "jump_count"),
            ("Ledgr", "ledger"),
            ("terraform_paralelism", "terraform_parallelism"),
            ("provider_template", "provider_templates"),
            ("input_variable", "input_variables"),
        ] {
            assert_eq!(Key::nearest(typed), meant, "{typed}");
        }
    }

    #[test]
    fn every_key_is_read_back_and_says_what_it_is_for() {
        for &key in Key::ALL {
            assert_eq!(Key::parse(key.as_str()), Some(key));
            assert!(key.description().ends_with('.'), "{key}");
        }
        assert_eq!(
            Key::TerraformTimeout.variable(),
            "EPHEMERAL_TERRAFORM_TIMEOUT"
        );
    }
}
