//! What this run is configured to do: every setting with its meaning, made of three layers.
//!
//! Flags over environment variables over the configuration file over defaults. What was typed is in [`layer`], what is
//! meant is [`Config`]; nothing further in sees the first. Every problem is reported at once, with its layer.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use chrono::TimeDelta;
use ledger::{book::location::Location, brake::Guards, id::ScopeName, judge::Policy};

use crate::{
    cli::Global, config::input_variables::InputVariables, forge::Forge, invocation::Invocation,
    kind::Named, notify::Notifier,
};

pub mod env_layer;
pub mod file;
pub mod flags;
pub mod input_variables;
pub mod key;
mod kinds;
pub mod layer;
pub mod origin;
pub mod problem;
pub mod validate;

pub use problem::{ConfigError, Problem};

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Color {
    /// Where a person looks: on a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

impl Color {
    /// Reads `auto`, `always` or `never`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(Self::Auto),
            "always" => Some(Self::Always),
            "never" => Some(Self::Never),
            _ => None,
        }
    }
}

/// Configurations of providers that no state and no capture holds, by `host/namespace/type` or
/// `host/namespace/type.alias`. Values may be secrets.
#[derive(Clone, Default, PartialEq)]
pub struct ProviderTemplates(pub BTreeMap<String, serde_json::Value>);

/// Shows addresses only.
impl fmt::Debug for ProviderTemplates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// What this run is configured to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Location of the ledger.
    pub ledger: Location,
    /// Whether that place was configured.
    pub ledger_is_chosen: bool,
    /// Scope whose earlier sweeps the brakes compare with.
    pub scope: ScopeName,
    /// The rate and the brakes.
    pub guards: Guards,
    /// What the operator decided for all environments.
    pub policy: Policy,
    /// How many teardowns run at once, 1 to 64.
    pub parallel: usize,
    /// How many operations terraform runs at once in one teardown, 1 to 256.
    pub terraform_parallelism: u32,
    /// How long a claim lasts without a heartbeat, at least 2 s.
    pub claim: TimeDelta,
    /// What is run as `terraform`: an absolute path, or a name looked up on `PATH`.
    pub terraform: PathBuf,
    /// What is run as `tofu`: an absolute path, or a name looked up on `PATH`.
    pub tofu: PathBuf,
    /// Time limit for one call of Terraform, after which it is asked to stop.
    pub terraform_timeout: TimeDelta,
    /// Time that Terraform gets to save its state and stop, once asked.
    pub stop_grace: TimeDelta,
    /// Which more variables of the sweeper's environment pass to terraform and its providers.
    pub pass_variables: Vec<String>,
    /// Configurations of providers that no state and no capture holds.
    pub provider_templates: ProviderTemplates,
    /// Values for the input variables of captured configurations.
    pub input_variables: InputVariables,
    /// Forges that are asked about change requests.
    pub forges: Named<dyn Forge>,
    /// Channels that hear how an action ended.
    pub notifiers: Named<dyn Notifier>,
    /// Under which directory teardowns work; `None` for memory where there is some, else the temporary directory.
    pub work_dir: Option<PathBuf>,
    /// Directory that keeps states which Terraform could not save.
    pub keep_dir: PathBuf,
    /// The file of the key under which such a state is sealed.
    pub seal_key: PathBuf,
    /// Whether data is printed as JSON.
    pub json: bool,
    /// When to use colour.
    pub color: Color,
}

impl Config {
    /// Reads every layer and takes them together.
    ///
    /// # Errors
    /// A file that cannot be read, or every problem in what was configured, each with its layer.
    pub fn load(global: &Global, invocation: &Invocation) -> Result<Self, ConfigError> {
        let file = file::read(global.config.as_deref(), invocation)?;
        let variables = env_layer::read(invocation);
        let layer = flags::read(global)
            .combine(variables.layer)
            .combine(file.layer);
        let mut problems = variables.problems;
        problems.extend(file.problems);
        let config = validate::of(&layer, global.json, invocation, &mut problems);
        if !problems.is_empty() {
            return Err(ConfigError::Wrong { problems });
        }
        if !config.ledger_is_chosen {
            invocation.state_home()?;
        }
        Ok(config)
    }

    /// How often a claim is prolonged: a third of its length, so that two heartbeats may fail.
    #[must_use]
    pub fn heartbeat(&self) -> TimeDelta {
        self.claim / 3
    }
}

#[cfg(test)]
mod tests;
