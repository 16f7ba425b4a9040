//! The provider itself: its configuration and the list of what it serves. The same list whatever local name a
//! configuration gives the provider.

use std::collections::BTreeMap;

use ::identity::{Edge, InvalidToken, Patience, Unchecked, Who, establish};
use async_trait::async_trait;
use ledger::clock::SystemClock;
use plugin::{
    Callable, Configured, Invocable, Listable, Managed, Openable, ProviderDefinition, Readable,
    Report as _, Session, action, data_source, ephemeral_resource, list_resource, managed,
};
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use crate::{
    action::{ExtendEnvironment, ExtendLease, HoldEnvironment},
    config::{ConfigModel, provider_schema},
    context::Context,
    data::{EnvironmentSource, EnvironmentsSource, LeaseSource},
    diag,
    environment::EnvironmentResource,
    function,
    lease::LeaseResource,
    list::{ListEnvironments, ListLeases},
    run::{
        OpenRuns, RunResource,
        admit::{admit, token},
    },
    settings::{self, Settings},
    surroundings::Surroundings,
};

/// How the provider names itself to an issuer.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// The provider `ephemeral`.
#[derive(Debug, Default)]
pub struct Ephemeral {
    around: Surroundings,
    context: Configured<Context>,
    runs: OpenRuns,
}

impl Ephemeral {
    /// The provider in `around`.
    #[must_use]
    pub fn within(around: Surroundings) -> Self {
        Self {
            around,
            context: Configured::empty(),
            runs: OpenRuns::default(),
        }
    }

    /// Who runs this, as far as `settings` let it be found out before the user interrupts.
    async fn who(&self, settings: &Settings, session: &Session) -> Result<Who, InvalidToken> {
        let around = &self.around;
        let claimed = around.identity();
        // A sweeper's terraform destroys on the sweeper's own proof; it must not fail because a job's token is old.
        let for_a_sweeper = around.variable("EPHEMERAL_FENCE").is_some();
        if !settings.identity.is_known || for_a_sweeper {
            return Ok(Who::claimed(claimed));
        }
        let edge = Edge {
            variable: &|name| around.variable(name),
            root: &around.root,
            cache_home: &around.cache_home(),
            user_agent: USER_AGENT,
            clock: &SystemClock,
            patience: Patience::default(),
        };
        tokio::select! {
            biased;
            who = establish(&settings.identity.trust, claimed.clone(), edge) => who,
            () = session.stop.raised() => Ok(Who {
                doubt: Some(Unchecked::Stopped),
                ..Who::claimed(claimed)
            }),
        }
    }

    /// What `config` means, with every problem that shows without asking anybody.
    fn checked(&self, config: &ConfigModel, diags: &mut Diagnostics) -> Settings {
        let settings = settings::resolve(config, &self.around, diags);
        if let Err(problem) = token(&config.run_token) {
            diags.add_error(problem);
        }
        settings
    }
}

#[async_trait]
impl ProviderDefinition for Ephemeral {
    type Config = ConfigModel;

    fn schema(&self) -> Schema {
        provider_schema()
    }

    fn addresses(&self) -> &'static [&'static str] {
        &crate::ADDRESSES
    }

    async fn validate_config(&self, diags: &mut Diagnostics, config: ConfigModel) {
        let _ = self.checked(&config, diags);
    }

    async fn configure(&self, diags: &mut Diagnostics, session: Session, config: ConfigModel) {
        let settings = self.checked(&config, diags);
        let is_default = settings.ledger_is_known && !settings.ledger_is_chosen;
        if is_default && let Err(error) = self.around.state_home() {
            diags.add_error(diag::no_place_for_ledger(&error));
        }
        // What is refused is never worked with, not even by its defaults, and nobody is asked on its behalf.
        if diags.has_errors() {
            return;
        }
        if self.around.is_ci() && is_default {
            diags.add_warning(diag::ledger_dies_with_ci(&settings.ledger.to_string()));
        }
        let who = match self.who(&settings, &session).await {
            Ok(who) => who,
            Err(problem) => {
                diags.add_error(diag::token_refused(&problem));
                Who::claimed(self.around.identity())
            }
        };
        if let Some(doubt) = &who.doubt
            && !settings.identity.required
        {
            diags.add_warning(diag::identity_not_verified(doubt));
        }
        let mut context = Context::new(settings, self.around.clone(), who);
        match admit(&context, &config.run_token).await {
            Ok(run) => context.run = run,
            Err(problem) => return diags.add_error(problem),
        }
        if !diags.has_errors() {
            self.context.set(context);
        }
    }

    fn list_resources(&self) -> BTreeMap<&'static str, Box<dyn Listable>> {
        let context = || self.context.clone();
        BTreeMap::from([
            (
                "ephemeral_environment",
                list_resource(ListEnvironments(context())),
            ),
            ("ttl_lease", list_resource(ListLeases(context()))),
        ])
    }

    fn actions(&self) -> BTreeMap<&'static str, Box<dyn Invocable>> {
        let context = || self.context.clone();
        BTreeMap::from([
            (
                "ephemeral_environment_extend",
                action(ExtendEnvironment(context())),
            ),
            (
                "ephemeral_environment_hold",
                action(HoldEnvironment(context())),
            ),
            ("ttl_lease_extend", action(ExtendLease(context()))),
        ])
    }

    fn resources(&self) -> BTreeMap<&'static str, Box<dyn Managed>> {
        BTreeMap::from([
            (
                "ephemeral_environment",
                managed(EnvironmentResource::new(self.context.clone())),
            ),
            (
                "ttl_lease",
                managed(LeaseResource::new(self.context.clone())),
            ),
        ])
    }

    fn data_sources(&self) -> BTreeMap<&'static str, Box<dyn Readable>> {
        BTreeMap::from([
            (
                "ephemeral_environment",
                data_source(EnvironmentSource::new(self.context.clone())),
            ),
            (
                "ephemeral_environments",
                data_source(EnvironmentsSource::new(self.context.clone())),
            ),
            (
                "ephemeral_lease",
                data_source(LeaseSource::new(self.context.clone())),
            ),
        ])
    }

    fn functions(&self) -> BTreeMap<&'static str, Box<dyn Callable>> {
        function::functions()
    }

    fn ephemeral_resources(&self) -> BTreeMap<&'static str, Box<dyn Openable>> {
        BTreeMap::from([(
            "ttl_lease",
            ephemeral_resource(RunResource::new(self.context.clone(), self.runs.clone())),
        )])
    }

    async fn stopping(&self) {
        self.runs.interrupt().await;
    }

    async fn shutdown(&self) {
        self.runs.end().await;
    }
}
