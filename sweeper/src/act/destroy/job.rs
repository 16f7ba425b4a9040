//! What a teardown is told, and what it tells back while it works.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use capsule::Capsule;
use ledger::{
    environment::{Capture, Evidence, TeardownStep},
    id::Fence,
    inventory::Inventory,
    state_address::StateAddress,
};
use serde_json::Value;
use terraform::{
    child_env::ChildEnv,
    cli::Cli,
    events::Progress,
    redact::{Redactor, texts},
    template::Templates,
    work_dir::Places,
};

use super::{ownership::ExpectedMarker, strategy::Strategy};
use crate::rescue::kept_state::Keeper;

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Each of `init`, `plan` and `show`.
    pub prepare: Duration,
    /// `apply`.
    pub apply: Duration,
    /// Between one request to stop and the next, harder one.
    pub grace: Duration,
}

/// 15 min to prepare, 2 h to apply (a slow network interface alone takes one), 1 min of grace.
impl Default for Limits {
    fn default() -> Self {
        Self {
            prepare: Duration::from_secs(15 * 60),
            apply: Duration::from_secs(2 * 60 * 60),
            grace: Duration::from_secs(60),
        }
    }
}

/// One state to destroy.
#[derive(Debug, Clone)]
pub struct TeardownJob {
    /// The id of the operation; names what is kept. Letters, digits and `-`.
    pub operation: String,
    /// Where the state is.
    pub address: StateAddress,
    /// What proves that it is ours.
    pub expected: ExpectedMarker,
    /// What is known of its configuration.
    pub capture: Option<Capture>,
    /// Its configuration.
    pub capsule: Option<Capsule>,
    /// The CLI.
    pub cli: Cli,
    /// The environment of every call.
    pub child_env: ChildEnv,
    /// The operator's provider configurations in JSON syntax, by `host/namespace/type`, with `.alias` if it has one. May
    /// hold secrets.
    pub provider_templates: BTreeMap<String, Value>,
    /// Where it works.
    pub places: Places,
    /// Where a state is kept that terraform could not save, and under which key.
    pub keeper: Keeper,
    /// What `init` set up for other states of the same sweep.
    pub templates: Arc<Templates>,
    /// Times.
    pub limits: Limits,
    /// How many objects at once; `None` for Terraform's own 10.
    pub parallelism: Option<u32>,
    /// Whether it may pass that a provider finds nothing of what it manages: a person looked, or an earlier pass of
    /// the same operation had begun to apply.
    pub accept_vanished: bool,
    /// Whether to plan without reading objects: an earlier pass failed at reading them.
    pub no_refresh: bool,
}

/// What our own provider is told by its environment: the ledger it reports to, and the claim under which its Delete is
/// called.
#[must_use]
pub fn own_variables(ledger: &str, fence: Fence) -> [(&'static str, String); 2] {
    [
        ("EPHEMERAL_LEDGER", ledger.to_owned()),
        ("EPHEMERAL_FENCE", fence.to_string()),
    ]
}

impl TeardownJob {
    /// Hides the secrets that this teardown knows: values of its environment and of its provider templates.
    pub(crate) fn redactor(&self) -> Redactor {
        let templates = self.provider_templates.values().flat_map(texts);
        let secrets = self.child_env.secrets().iter().cloned();
        Redactor::new(secrets.chain(templates))
    }
}

/// A plan that passed its checks and is about to be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// The way chosen.
    pub strategy: Strategy,
    /// The state's lineage.
    pub lineage: String,
    /// The state's serial.
    pub serial: u64,
    /// What is in the state; what it must be a part of if the marker goes and the teardown is cut off.
    pub inventory: Inventory,
    /// What will be deleted.
    pub deletes: Vec<String>,
    /// What is in the state and gone, as the providers say.
    pub already_gone: Vec<String>,
}

/// A teardown that came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destroyed {
    /// The proof.
    pub evidence: Evidence,
    /// What was in the state and gone before, as the providers say; not part of what was deleted.
    pub already_gone: Vec<String>,
}

/// Why the caller does not want to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abort(pub String);

/// What the caller has a say in, or wants to hear of. The caller holds the claim; a teardown knows nothing of it.
#[async_trait]
pub trait Checkpoints: Send + Sync {
    /// A step is about to begin. `work_dir` is where it works, from the moment there is one.
    ///
    /// # Errors
    /// If it could not be recorded, or the claim is lost; the step does not begin.
    async fn step(&self, step: TeardownStep, work_dir: Option<&Path>) -> Result<(), Abort>;

    /// A process group was started.
    ///
    /// # Errors
    /// If it could not be recorded; the group is ended.
    async fn process_group(&self, group: i32) -> Result<(), Abort>;

    /// Everything is ready to be destroyed. The place to read and to decide once more.
    ///
    /// # Errors
    /// Why it must not happen; nothing was done.
    async fn before_apply(&self, ready: &Ready) -> Result<(), Abort>;

    /// A state that could not be saved was pushed back: what is stored now has this serial and so many instances.
    fn state_pushed(&self, serial: u64, instances: u64);

    /// Something happened that a person may want to see.
    fn progress(&self, progress: &Progress);

    /// Ends when the teardown should stop; otherwise never. May be asked many times.
    async fn cancelled(&self);
}
