//! A ledger in memory with everything around it that a cycle knows, and an act that only writes down.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use ledger::{
    book::{
        Ledger, Precondition, Record, Write,
        contract::{in_memory, sample},
    },
    clock::ManualClock,
    environment::{Environment, Evidence},
    fact::{Marker, Observed, StateFact},
    identity::Identity,
    inventory::Inventory,
    plan::Action,
};

use super::super::*;
use crate::{
    act::{
        Act,
        claimed::Claimed,
        destroy::job::{Checkpoints, Destroyed},
        journal_entries,
    },
    cli::Global,
    config::Config,
    invocation::Invocation,
    kind::Named,
    notify::{MemoryNotifier, Notifier},
    observe::MemorySources,
    outcome::Outcome,
    reporter::Recording,
    stop::Stop,
};

/// Writes down that it destroyed, but for environments that it was told to fail at.
#[derive(Default)]
pub(super) struct Pretended {
    pub(super) done: Mutex<Vec<String>>,
    /// The environment at which it breaks off.
    pub(super) breaks_at: Option<&'static str>,
}

#[async_trait]
impl Act for Pretended {
    async fn run(
        &self,
        claimed: &Claimed,
        action: &Action,
        _: &dyn Checkpoints,
    ) -> std::result::Result<Outcome, BookError> {
        let name = claimed.environment.name.as_str();
        assert_ne!(Some(name), self.breaks_at, "told to break off");
        self.done.lock().expect("whole").push(name.to_owned());
        let pin = action.pin();
        let destroyed = Destroyed {
            evidence: Evidence {
                lineage: pin.lineage.clone(),
                serial_before: pin.serial,
                serial_after: pin.serial + 1,
                strategy: "pretended".to_owned(),
                deleted: vec!["x.a".to_owned()],
                events_sha256: None,
            },
            already_gone: Vec::new(),
        };
        journal_entries::finish(&claimed.journal, destroyed, &Default::default()).await
    }
}

/// A ledger, and everything around it that a cycle knows.
pub(super) struct Place {
    pub(super) book: Arc<dyn Ledger>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) reporter: Arc<Recording>,
    pub(super) notifier: Arc<MemoryNotifier>,
    pub(super) sources: MemorySources,
    pub(super) act: Pretended,
    pub(super) directory: tempfile::TempDir,
}

impl Place {
    pub(super) fn new() -> Self {
        let clock = Arc::new(ManualClock::at(sample::at(0)));
        Self {
            book: in_memory(clock.clone()),
            clock,
            reporter: Arc::default(),
            notifier: Arc::default(),
            sources: MemorySources::default(),
            act: Pretended::default(),
            directory: tempfile::tempdir().expect("a directory"),
        }
    }

    pub(super) async fn put(&self, environment: Environment) {
        let created = Write {
            record: Record::Environment(environment),
            precondition: Precondition::Create,
            drop_claim: false,
            events: Vec::new(),
        };
        self.book.put(created).await.expect("created");
    }

    /// An environment called `name` whose state shows its marker.
    pub(super) async fn seen(&self, name: &str) {
        let environment = sample::environment(name, name, 1);
        let state = Observed::Known(state_of(&environment));
        self.observed(name, state);
        self.put(environment).await;
    }

    pub(super) fn observed(&self, name: &str, state: Observed<StateFact>) {
        let mut states = self.sources.states.lock().expect("whole");
        states.insert(name.to_owned(), state);
    }

    /// Ends every lifetime.
    pub(super) fn later(&self) {
        self.clock.advance(TimeDelta::days(1000));
    }

    pub(super) fn open(self) -> Opened {
        let home = self.directory.path().display().to_string();
        let invocation = Invocation {
            variables: [("HOME", &home), ("EPHEMERAL_WORK_DIR", &home)]
                .map(|(name, value)| (name.into(), value.into()))
                .into(),
            directory: self.directory.path().to_owned(),
            host: "host".to_owned(),
            ..Invocation::default()
        };
        let mut config = Config::load(&Global::default(), &invocation).expect("right");
        let notifier: Arc<dyn Notifier> = self.notifier.clone();
        config.notifiers = Named(BTreeMap::from([("team".to_owned(), notifier)]));
        let act = Arc::new(self.act);
        Opened {
            world: World {
                config: Arc::new(config),
                holder: invocation.holder(sample::at(0)),
                invocation: Arc::new(invocation),
                book: self.book.clone(),
                sources: Arc::new(self.sources),
                reporter: self.reporter.clone(),
                clock: self.clock.clone(),
                identity: Identity::claimed("local", "sweeper@host"),
                stop: Stop::default(),
            },
            acts: Acts {
                destroy: act.clone(),
            },
            act,
            book: self.book,
            clock: self.clock,
            reporter: self.reporter,
            notifier: self.notifier,
            _directory: self.directory,
        }
    }
}

pub(super) struct Opened {
    pub(super) world: World,
    pub(super) acts: Acts,
    pub(super) act: Arc<Pretended>,
    pub(super) book: Arc<dyn Ledger>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) reporter: Arc<Recording>,
    pub(super) notifier: Arc<MemoryNotifier>,
    _directory: tempfile::TempDir,
}

impl Opened {
    pub(super) async fn cycle(&self, approval: Approval) -> SweepReport {
        let request = SweepRequest {
            approval,
            ..SweepRequest::default()
        };
        run(&self.world, &self.acts, &request)
            .await
            .expect("a report")
    }

    /// The first sweep of the scope, which only reports; after that every lifetime ends.
    pub(super) async fn swept_before(self) -> Self {
        let report = self.cycle(Approval::Unattended).await;
        assert_eq!(
            (&report.seen.mode, report.acted),
            (&Mode::FirstSweep, false)
        );
        self.clock.advance(TimeDelta::days(1000));
        self
    }

    pub(super) fn done(&self) -> Vec<String> {
        let mut done = self.act.done.lock().expect("whole").clone();
        done.sort();
        done
    }
}

pub(super) fn state_of(environment: &Environment) -> StateFact {
    StateFact {
        lineage: "l-1".to_owned(),
        serial: 7,
        instances: 4,
        objects: Inventory::default(),
        markers: vec![Marker {
            id: environment.id.clone(),
            generation: environment.generation,
        }],
        lock: None,
    }
}
