//! The provider itself: its configuration and the list of what it serves. The same list whatever local name a
//! configuration gives the provider.

use ::identity::{Edge, InvalidToken, Patience, Unchecked, Who, establish};
use async_trait::async_trait;
use ledger::clock::SystemClock;
use plugin::{Configured, ProviderDefinition, Report as _, Session, Types};
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use crate::{
    action::{ExtendEnvironment, ExtendLease, HoldEnvironment, Requested},
    attributes::Attributes as _,
    config::ConfigModel,
    context::Context,
    data::{EnvironmentSource, EnvironmentsSource, LeaseSource},
    diag,
    environment::EnvironmentModel,
    function,
    invocation::Invocation,
    lease::LeaseModel,
    list::{EnvironmentFilter, LeaseFilter, List},
    object::ObjectResource,
    run_lease::{
        OpenRuns, RunResource,
        admit::{admit, token},
    },
    settings::{self, Settings},
};

/// How the provider names itself to an issuer.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// The provider `ephemeral`.
#[derive(Debug, Default)]
pub struct Ephemeral {
    invocation: Invocation,
    context: Configured<Context>,
    runs: OpenRuns,
}

impl Ephemeral {
    /// The provider as `invocation` says it was started.
    #[must_use]
    pub fn within(invocation: Invocation) -> Self {
        Self {
            invocation,
            context: Configured::empty(),
            runs: OpenRuns::default(),
        }
    }

    /// The identity of the user or job, as far as `settings` let it be found out before the user interrupts.
    async fn who(&self, settings: &Settings, session: &Session) -> Result<Who, InvalidToken> {
        let invocation = &self.invocation;
        let claimed = invocation.identity();
        // A sweeper's terraform destroys on the sweeper's own proof; it must not fail because a job's token is old.
        let for_a_sweeper = invocation.variable("EPHEMERAL_FENCE").is_some();
        if !settings.identity.is_known || for_a_sweeper {
            return Ok(Who::claimed(claimed));
        }
        let edge = Edge {
            variable: &|name| invocation.variable(name),
            root: &invocation.root,
            cache_home: &invocation.cache_home(),
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

    /// Validates `config`, with every problem that shows without a request.
    fn checked(&self, config: &ConfigModel, diags: &mut Diagnostics) -> Settings {
        let settings = settings::resolve(config, &self.invocation, diags);
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
        ConfigModel::schema()
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
        if is_default && let Err(error) = self.invocation.state_home() {
            diags.add_error(diag::no_place_for_ledger(&error));
        }
        // A refused configuration is never used, not even by its defaults, and sends no request.
        if diags.has_errors() {
            return;
        }
        if self.invocation.is_ci() && is_default {
            diags.add_warning(diag::ledger_dies_with_ci(&settings.ledger.to_string()));
        }
        let who = match self.who(&settings, &session).await {
            Ok(who) => who,
            Err(problem) => {
                diags.add_error(diag::token_refused(&problem));
                Who::claimed(self.invocation.identity())
            }
        };
        if let Some(doubt) = &who.doubt
            && !settings.identity.required
        {
            diags.add_warning(diag::identity_not_verified(doubt));
        }
        let mut context = Context::new(settings, self.invocation.clone(), who);
        match admit(&context, &config.run_token).await {
            Ok(run) => context.run = run,
            Err(problem) => return diags.add_error(problem),
        }
        if !diags.has_errors() {
            self.context.set(context);
        }
    }

    fn types(&self) -> Types {
        let context = || self.context.clone();
        let mut types = Types::default();
        types.resource(
            "ephemeral_environment",
            ObjectResource::<EnvironmentModel>::new(context()),
        );
        types.resource("ttl_lease", ObjectResource::<LeaseModel>::new(context()));
        types.data_source("ephemeral_environment", EnvironmentSource(context()));
        types.data_source("ephemeral_environments", EnvironmentsSource(context()));
        types.data_source("ephemeral_lease", LeaseSource(context()));
        types.ephemeral_resource("ttl_lease", RunResource::new(context(), self.runs.clone()));
        types.list_resource(
            "ephemeral_environment",
            List::<EnvironmentFilter>::new(context()),
        );
        types.list_resource("ttl_lease", List::<LeaseFilter>::new(context()));
        types.action(
            "ephemeral_environment_extend",
            Requested::<ExtendEnvironment>::new(context()),
        );
        types.action(
            "ephemeral_environment_hold",
            Requested::<HoldEnvironment>::new(context()),
        );
        types.action("ttl_lease_extend", Requested::<ExtendLease>::new(context()));
        function::add_to(&mut types);
        types
    }

    async fn stopping(&self) {
        self.runs.interrupt().await;
    }

    async fn shutdown(&self) {
        self.runs.end().await;
    }
}
