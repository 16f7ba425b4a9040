//! The settings and the tables of the configuration file: their names, and what each is for. One table each, and a new one
//! is one line.

use std::fmt;

/// An enumeration of names in the configuration file, each with its description and an example.
macro_rules! names {
    ($(#[doc = $about:literal])* $name:ident; $($(#[doc = $doc:literal])* $one:ident = $word:literal, $example:literal;)*) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[doc = $doc])* $one,)*
        }

        impl $name {
            /// Every one, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$one,)*];

            /// Its name in the configuration file.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$one => $word,)*
                }
            }

            /// A right value, as written in the configuration file.
            #[must_use]
            pub fn example(self) -> &'static str {
                match self {
                    $(Self::$one => $example,)*
                }
            }

            /// Its purpose, in one sentence.
            #[must_use]
            pub fn description(self) -> &'static str {
                match self {
                    $(Self::$one => concat!($($doc),*).trim_ascii(),)*
                }
            }

            /// Reads its name in the configuration file.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

names! {
    /// A setting.
    Key;

    /// Location of the ledger.
    Ledger = "ledger", "\"sqlite:///var/lib/ephemeral/ledger.sqlite3\"";
    /// Scope whose earlier sweeps the brakes compare with.
    Scope = "scope", "\"default\"";
    /// Maximum number of environments that one sweep destroys.
    Rate = "rate", "20";
    /// Number of newly due environments that never trip the jump brake, whatever their share.
    JumpCount = "jump_count", "10";
    /// Share of the fleet, in percent, that may become due at once without tripping the jump brake.
    JumpPercent = "jump_percent", "50";
    /// Maximum difference between the clocks of the host and of the ledger.
    ClockLimit = "clock_limit", "\"60s\"";
    /// Time before the expiry of an environment at which its owner is warned.
    WarnBefore = "warn_before", "\"12h\"";
    /// Number of teardowns that run at once.
    Parallel = "parallel", "2";
    /// Number of operations that Terraform runs at once in one teardown.
    TerraformParallelism = "terraform_parallelism", "30";
    /// Duration of a claim without a heartbeat.
    Claim = "claim", "\"60s\"";
    /// Program to run as `terraform`.
    Terraform = "terraform", "\"/usr/local/bin/terraform\"";
    /// Program to run as `tofu`.
    Tofu = "tofu", "\"/usr/local/bin/tofu\"";
    /// Time limit for one call of Terraform, after which it is asked to stop.
    TerraformTimeout = "terraform_timeout", "\"1h\"";
    /// Time that Terraform gets to save its state and stop, once asked.
    StopGrace = "stop_grace", "\"60s\"";
    /// Further environment variables that Terraform and its providers get: names, or prefixes that end in `*`.
    PassVariables = "pass_variables", "\"CI_JOB_TOKEN, VAULT_*\"";
    /// Directory in which teardowns work.
    WorkDir = "work_dir", "\"/dev/shm\"";
    /// Directory that keeps states which Terraform could not save.
    KeepDir = "keep_dir", "\"/var/lib/ephemeral/kept\"";
    /// File with the key that seals such states; created if missing.
    SealKey = "seal_key", "\"/var/lib/ephemeral/seal.key\"";
    /// When to use colour.
    Color = "color", "\"auto\"";
}

names! {
    /// A table of the configuration file, each of whose entries has a name: `[TABLE.NAME]`.
    Table;

    /// Configurations of providers that no state and no capture holds, by the address of the provider.
    ProviderTemplates = "provider_templates",
        "a table of arguments for each provider, for example `[provider_templates.\"registry.terraform.io/hashicorp/aws\"]`";
    /// Values for input variables, by environment. In the environment of the process each has a variable of its own:
    /// [`crate::config::input_variables::PREFIX`] and its name.
    InputVariables = "input_variables",
        "a table for each environment, `[input_variables.\"pr-128\"]`, or for all of them, `[input_variables.\"*\"]`";
    /// The same for values that are in files: each is the path of one.
    InputVariableFiles = "input_variable_files",
        "a table for each environment, `[input_variable_files.\"pr-128\"]`, or for all of them, `[input_variable_files.\"*\"]`";
    /// Forges that are asked whether a change request is open, by a name of one's own.
    Forge = "forge", "a table for each forge, for example `[forge.main]`, with its `kind`";
    /// Channels that hear how an action ended, by a name of one's own.
    Notify = "notify", "a table for each channel, for example `[notify.team]`, with its `kind`";
}

impl Key {
    /// Its name in the environment.
    #[must_use]
    pub fn variable(self) -> String {
        format!("EPHEMERAL_{}", self.as_str().to_ascii_uppercase())
    }
}

/// The name in the file that `text` was most likely meant to be.
#[must_use]
pub fn nearest_name(text: &str) -> &'static str {
    let settings = Key::ALL.iter().map(|key| key.as_str());
    let tables = Table::ALL.iter().map(|table| table.as_str());
    nearest(text, settings.chain(tables)).unwrap_or_default()
}

/// Which of `names` is the nearest to `text`.
pub(super) fn nearest(
    text: &str,
    names: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let wanted = text.to_ascii_lowercase().replace('-', "_");
    names.min_by_key(|name| strsim::levenshtein(&wanted, name))
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
            ("forges", "forge"),
            ("notifier", "notify"),
        ] {
            assert_eq!(nearest_name(typed), meant, "{typed}");
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
