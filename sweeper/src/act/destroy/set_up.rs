//! Getting a work directory ready to plan in: from a template where one fits, else by `init`.
//!
//! Either way it is proven that it leads to the leased state and to no other. Preparing from a template never fails
//! where `init` would not: whatever is odd is answered with an `init` from scratch.

use backend::init_metadata;
use terraform::{
    cli_configuration,
    provider_set::ProviderSet,
    template::{Kept, Slot, Template},
};

use super::{
    calls::{Calls, Failed, fatal, words},
    failure::{FailureKind, TeardownFailure},
    strategy::Strategy,
    ways::Ways,
};

/// How a work directory was got ready.
pub(super) enum SetUp {
    /// By an `init` of its own.
    Initialised,
    /// From the template in this slot.
    Prepared(Slot),
}

impl Calls<'_> {
    /// Writes the configuration of `strategy` to the empty work directory and gets it ready.
    pub(super) async fn set_up(
        &self,
        ways: &Ways<'_>,
        strategy: Strategy,
    ) -> Result<SetUp, Failed> {
        self.write(ways, strategy).map_err(fatal)?;
        let set_up = match self.slot(ways, strategy) {
            None => self.init().await.map(|()| SetUp::Initialised)?,
            Some(slot) => self.of_set(slot, ways, strategy).await?,
        };
        self.leads_to_the_state().map_err(fatal)?;
        Ok(set_up)
    }

    /// Begins anew with an `init`, after what came from `slot` did not do.
    pub(super) async fn set_up_anew(
        &self,
        slot: &Slot,
        ways: &Ways<'_>,
        strategy: Strategy,
    ) -> Result<(), Failed> {
        *slot.lock().await = Kept::Hopeless;
        self.write_anew(ways, strategy).map_err(fatal)?;
        self.init().await?;
        self.leads_to_the_state().map_err(fatal)
    }

    /// Where what is known of its provider set is kept, if it has one.
    fn slot(&self, ways: &Ways<'_>, strategy: Strategy) -> Option<Slot> {
        if !matches!(strategy, Strategy::StateOnly { .. }) {
            return None;
        }
        let configuration = cli_configuration::read(self.job.cli.kind, self.environment).ok()?;
        let set = ProviderSet::of(
            &ways.files(strategy),
            &self.job.cli,
            self.environment,
            configuration.as_deref(),
        )?;
        Some(self.job.templates.slot(set))
    }

    /// Gets it ready as one of a set: the first one by `init`, for which the others wait.
    async fn of_set(
        &self,
        slot: Slot,
        ways: &Ways<'_>,
        strategy: Strategy,
    ) -> Result<SetUp, Failed> {
        let mut kept = tokio::select! {
            kept = slot.clone().lock_owned() => kept,
            // A stop does not wait for another teardown; the `init` ends at once.
            () = self.checkpoints.cancelled() => return self.init().await.map(|()| SetUp::Initialised),
        };
        match &*kept {
            Kept::Nothing => {
                *kept = Kept::Hopeless;
                self.init().await?;
                *kept = self.template();
                Ok(SetUp::Initialised)
            }
            Kept::Template(template) => {
                let template = template.clone();
                drop(kept);
                match template.prepare(self.work, &self.job.address) {
                    Ok(()) => Ok(SetUp::Prepared(slot)),
                    Err(error) => {
                        tracing::info!(%error, "a work directory is not prepared from another");
                        self.write_anew(ways, strategy).map_err(fatal)?;
                        self.init().await.map(|()| SetUp::Initialised)
                    }
                }
            }
            Kept::Hopeless => {
                drop(kept);
                self.init().await.map(|()| SetUp::Initialised)
            }
        }
    }

    /// What the `init` that just ran set up.
    fn template(&self) -> Kept {
        let taken = Template::of(
            self.work,
            &self.job.cli.version.to_string(),
            &self.job.address,
            &self.job.templates,
            &self.job.places,
        );
        match taken {
            Ok(template) => Kept::Template(template.into()),
            Err(error) => {
                tracing::info!(%error, "what `init` set up is not used for other states");
                Kept::Hopeless
            }
        }
    }

    fn write(&self, ways: &Ways<'_>, strategy: Strategy) -> Result<(), TeardownFailure> {
        self.work
            .write(ways.files(strategy))
            .and_then(|()| self.work.write_data(ways.data(strategy)))
            .map_err(|error| TeardownFailure::machine(&error))
    }

    fn write_anew(&self, ways: &Ways<'_>, strategy: Strategy) -> Result<(), TeardownFailure> {
        self.work
            .clear()
            .map_err(|error| TeardownFailure::machine(&error))?;
        self.write(ways, strategy)
    }

    fn leads_to_the_state(&self) -> Result<(), TeardownFailure> {
        init_metadata::leads_to(&self.work.data(), &self.job.address).map_err(|found| {
            TeardownFailure::new(
                FailureKind::Refused,
                found,
                "name the backend in one file of the configuration only, and apply it once more",
            )
        })
    }

    async fn init(&self) -> Result<(), Failed> {
        let arguments = words(&["init", "-input=false", "-no-color"]);
        let outcome = self.prepared(arguments, &mut |_| {}).await?;
        if outcome.success() {
            return Ok(());
        }
        Err(self.said_no(FailureKind::InitFailed, "init", &outcome))
    }
}
