//! Where facts come from: the states, the ledger, the forges. Each fact is one of three answers, with its source, its time
//! and whether the look was whole. Only reads; decides nothing.

use std::sync::Arc;

use async_trait::async_trait;
use ledger::{
    book::{BookError, Kind, Ledger, Query, Record},
    clock::Timestamp,
    environment::Environment,
    fact::{Cause, Fact, Observed, RequestFact, StateFact},
    inventory::Inventory,
    liveness::Runs,
};

use crate::{
    forge::{self, Forge},
    kind::Named,
};

/// Where facts come from.
#[async_trait]
pub trait Sources: Send + Sync {
    /// The runs of Terraform that may still tell something: who is at work, and when something was used last.
    ///
    /// # Errors
    /// The ledger could not be listed.
    async fn runs(&self) -> Result<Runs, BookError>;

    /// The state of `environment`, as of `now`.
    async fn state(&self, environment: &Environment, now: Timestamp) -> Fact<StateFact>;

    /// What was in the state of `environment` when the teardown began to apply that is not at its end.
    async fn begun_with(&self, environment: &Environment) -> Observed<Inventory>;

    /// The change request of `environment`.
    async fn change_request(&self, environment: &Environment, now: Timestamp) -> Fact<RequestFact>;
}

/// The real ones.
pub struct LiveSources {
    ledger: Arc<dyn Ledger>,
    forges: Named<dyn Forge>,
}

impl LiveSources {
    /// The ledger with everything that its records point at, and `forges`.
    #[must_use]
    pub fn new(ledger: Arc<dyn Ledger>, forges: Named<dyn Forge>) -> Self {
        Self { ledger, forges }
    }
}

#[async_trait]
impl Sources for LiveSources {
    async fn runs(&self) -> Result<Runs, BookError> {
        let listing = self
            .ledger
            .find(&Query {
                kind: Kind::Run,
                name: None,
                live_only: true,
            })
            .await?;
        let runs = listing.records.into_iter();
        let runs = runs.filter_map(|stored| match stored.record {
            Record::Run(run) => Some(run),
            _ => None,
        });
        Ok(Runs {
            runs: runs.collect(),
            unreadable: listing.unreadable,
        })
    }

    async fn state(&self, environment: &Environment, now: Timestamp) -> Fact<StateFact> {
        match &environment.state {
            Some(address) => backend::observe(backend::of(address), address, now).await,
            None => Fact::unreadable(
                "the location of its state is not known; set `state` on the resource and apply",
                "the ledger",
                now,
            ),
        }
    }

    async fn begun_with(&self, environment: &Environment) -> Observed<Inventory> {
        let unreadable = |cause: String| Observed::Unreadable(Cause(cause));
        let Some(sha256) = environment.lifecycle.inventory() else {
            return Observed::Absent;
        };
        let packed = match self.ledger.fetch(sha256).await {
            Ok(Some(packed)) => packed,
            Ok(None) => return unreadable("it is no longer in the ledger".to_owned()),
            Err(error) => return unreadable(error.to_string()),
        };
        let unpacked = Inventory::unpack(&packed);
        unpacked.map_or_else(|error| unreadable(error.to_string()), Observed::Known)
    }

    async fn change_request(&self, environment: &Environment, now: Timestamp) -> Fact<RequestFact> {
        match &environment.change_request {
            Some(request) => forge::ask(&self.forges, request, now).await,
            None => Fact::absent("the ledger", now),
        }
    }
}

/// Sources that answer as they are told, for tests.
#[cfg(test)]
#[derive(Default)]
pub(crate) struct MemorySources {
    /// What is seen of states, by the name of the environment; what is not named is unreadable.
    pub(crate) states: std::sync::Mutex<std::collections::BTreeMap<String, Observed<StateFact>>>,
    /// What forges say, of all change requests.
    pub(crate) forges: Named<dyn Forge>,
}

#[cfg(test)]
#[async_trait]
impl Sources for MemorySources {
    async fn runs(&self) -> Result<Runs, BookError> {
        Ok(Runs::default())
    }

    async fn state(&self, environment: &Environment, now: Timestamp) -> Fact<StateFact> {
        let states = self.states.lock().expect("not poisoned");
        let unreadable = || Observed::Unreadable(Cause("nobody knows it".to_owned()));
        let answer = states.get(environment.name.as_str()).cloned();
        Fact::of(answer.unwrap_or_else(unreadable), "memory", now)
    }

    async fn begun_with(&self, _: &Environment) -> Observed<Inventory> {
        Observed::Absent
    }

    async fn change_request(&self, environment: &Environment, now: Timestamp) -> Fact<RequestFact> {
        match &environment.change_request {
            Some(request) => forge::ask(&self.forges, request, now).await,
            None => Fact::absent("memory", now),
        }
    }
}

#[cfg(test)]
mod tests {
    use ledger::{
        book::contract::{in_memory, sample},
        clock::ManualClock,
        environment::{Lifecycle, Teardown, TeardownStep},
        id::Fence,
        inventory::{Fingerprint, ObjectIdentity},
    };

    use super::*;

    fn cut_off(inventory: Option<&str>) -> Environment {
        let mut environment = sample::environment("a", "pr-1", 1);
        environment.lifecycle = Lifecycle::Destroying(Teardown {
            operation: "destroy-a".to_owned(),
            fence: Fence(1),
            since: sample::at(0),
            step: TeardownStep::Applying,
            instances: 4,
            inventory: inventory.map(str::to_owned),
            host: "host".to_owned(),
            work_dir: None,
            process_group: None,
        });
        environment
    }

    #[tokio::test]
    async fn what_a_teardown_began_with_is_known_absent_or_unreadable_and_never_empty_by_accident()
    {
        let book = in_memory(Arc::new(ManualClock::at(sample::at(0))));
        let one = Fingerprint::of("l", "x.a", ObjectIdentity::Id("1"));
        let inventory: Inventory = [one].into_iter().collect();
        let kept = book.keep(&inventory.pack()).await.expect("kept");
        let odd = book.keep(b"not an inventory").await.expect("kept");
        let sources = LiveSources::new(book.clone(), Named::default());
        let look = async |sha256: Option<&str>| sources.begun_with(&cut_off(sha256)).await;
        assert_eq!(look(Some(&kept)).await, Observed::Known(inventory));
        assert_eq!(look(None).await, Observed::Absent);
        for unreadable in [odd, "0".repeat(64)] {
            let answer = look(Some(&unreadable)).await;
            assert!(matches!(answer, Observed::Unreadable(_)), "{answer:?}");
        }
    }
}
