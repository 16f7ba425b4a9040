//! The provider over a ledger of a test's own, driven in process; and the ledger itself, for what happens outside
//! Terraform.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ledger::book::{
    self, Ledger, Missing, Precondition, Record, Stored as InLedger, Write, location::Location,
};
use ledger::environment::Environment;
use ledger::event::{Event, EventKind, Subject};
use ledger::identity::Identity;
use plugin::Server;
use provider::Ephemeral;
use provider::invocation::Invocation;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::driver::values::{Told, UNKNOWN};
pub(crate) use crate::driver::values::{paths, with};
use crate::driver::{Driver, Stored, assert_no_errors};
use crate::process::Process;
use crate::process::wire::Wire;

/// The provider, driven.
pub(crate) type Provider = Driver<Server<Ephemeral>>;

/// A root module's directory with a ledger in it.
pub(crate) struct Bench {
    root: TempDir,
}

impl Bench {
    /// An empty one.
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().expect("a directory of the test's own");
        std::fs::write(root.path().join("main.tf"), "# a root module\n").expect("written");
        Self { root }
    }

    /// The root module's directory.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// The ledger's file.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.root().join("ledger.db")
    }

    /// A configured provider with `ana` as the default owner.
    pub(crate) async fn provider(&self) -> Provider {
        self.provider_with(&[], json!({})).await
    }

    /// A provider process with these variables besides its own, configured like this.
    pub(crate) async fn provider_with(&self, variables: &[(&str, &str)], config: Json) -> Provider {
        let provider = self.unconfigured(variables).await;
        assert_no_errors(&provider.configure(config).await);
        provider
    }

    /// A provider process that nobody configured yet.
    pub(crate) async fn unconfigured(&self, variables: &[(&str, &str)]) -> Provider {
        let ledger = format!("sqlite://{}", self.ledger().display());
        let own = [
            ("EPHEMERAL_LEDGER", ledger.as_str()),
            ("EPHEMERAL_DEFAULT_OWNER", "ana"),
            ("USER", "tester"),
        ];
        let variables: BTreeMap<String, String> = own
            .iter()
            .chain(variables)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let invocation = Invocation {
            variables,
            root: self.root().to_owned(),
            ..Invocation::default()
        };
        Driver::of(Server::new(Ephemeral::within(invocation))).await
    }

    /// The real executable over this ledger, started by `command` and configured with nothing, and what drives it.
    pub(crate) async fn process(&self, command: &mut Command) -> (Process, Driver<Wire>) {
        let ledger = format!("sqlite://{}", self.ledger().display());
        command
            .env("EPHEMERAL_LEDGER", ledger)
            .env("EPHEMERAL_DEFAULT_OWNER", "ana")
            .current_dir(self.root());
        let process = Process::start(command).await;
        let driver = Driver::of(process.wire()).await;
        assert_no_errors(&driver.configure(json!({})).await);
        (process, driver)
    }

    /// The ledger, opened a second time.
    pub(crate) async fn book(&self) -> Arc<dyn Ledger> {
        let location = format!("sqlite://{}", self.ledger().display());
        let location = Location::parse(&location).expect("a location");
        let book = book::open(&location, Missing::Refuse).await;
        book.expect("the ledger can be opened")
    }

    /// What the ledger has of a stored resource.
    pub(crate) async fn record(&self, stored: &Stored) -> InLedger {
        let subject = subject(stored);
        let found = self.book().await.get(&subject).await;
        found
            .expect("the ledger answers")
            .expect("the record is there")
    }

    /// The environment's record.
    pub(crate) async fn environment(&self, stored: &Stored) -> Environment {
        match self.record(stored).await.record {
            Record::Environment(environment) => environment,
            other => panic!("an environment was expected, found {other:?}"),
        }
    }

    /// Changes a record as somebody outside Terraform would.
    pub(crate) async fn change(&self, stored: &Stored, change: impl FnOnce(&mut Record)) {
        let InLedger {
            revision,
            mut record,
            ..
        } = self.record(stored).await;
        change(&mut record);
        let book = self.book().await;
        let now = book.reading().await.expect("the ledger answers").now;
        let by = Identity::claimed("test", "somebody else");
        let write = Write {
            record,
            precondition: Precondition::Revision(revision),
            drop_claim: false,
            events: vec![Event::new(EventKind::Updated, now, by)],
        };
        book.put(write).await.expect("the ledger takes it");
    }

    /// Changes an environment as somebody outside Terraform would.
    pub(crate) async fn change_environment(
        &self,
        stored: &Stored,
        change: impl FnOnce(&mut Environment),
    ) {
        let change = |record: &mut Record| match record {
            Record::Environment(environment) => change(environment),
            other => panic!("an environment was expected, found {other:?}"),
        };
        self.change(stored, change).await;
    }

    /// The trail of a stored resource as text: who, when, what.
    pub(crate) async fn trail(&self, stored: &Stored) -> String {
        let events = self.book().await.events(Some(&subject(stored))).await;
        format!("{:?}", events.expect("the ledger answers"))
    }

    /// The kinds of the events of a stored resource, in order.
    pub(crate) async fn events(&self, stored: &Stored) -> Vec<EventKind> {
        let events = self.book().await.events(Some(&subject(stored))).await;
        let events = events.expect("the ledger answers");
        assert_eq!(ledger::chain::verify(&events), [], "the chain holds");
        events
            .iter()
            .map(|event| event.event.kind.clone())
            .collect()
    }
}

/// The key of a stored resource's record.
pub(crate) fn subject(stored: &Stored) -> Subject {
    let id = stored.state["id"].as_str().expect("a stored id");
    Subject::parse(id).expect("the id of an environment or a lease")
}

/// Where errors were raised, sorted.
pub(crate) fn places(told: &[Told]) -> Vec<&str> {
    let errors = told.iter().filter(|said| said.is_error);
    let mut places: Vec<&str> = errors.map(|said| said.at.as_str()).collect();
    places.sort_unstable();
    places
}

/// Whether there is an unknown value in `value`.
pub(crate) fn holds_unknown(value: &Json) -> bool {
    paths(value).iter().any(|path| {
        let pointer = format!("/{}", path.replace('.', "/"));
        value.pointer(&pointer) == Some(&json!(UNKNOWN))
    })
}
