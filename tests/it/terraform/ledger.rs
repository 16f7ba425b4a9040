//! The ledger beside a test, for what happens outside Terraform: what it has, changes by others, and a lock on it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use acceptance::{World, wait_for};
use capsule::Capsule;
use ledger::book::{self, Kind, Missing, Precondition, Query, Record, Write, location::Location};
use ledger::environment::{Environment, Lifecycle};
use ledger::event::{Event, EventKind, Subject};
use ledger::identity::Identity;
use ledger::lease::Lease;
use ledger::run::{Life, Run};
use rusqlite::Connection;
use tokio::runtime::Runtime;

/// How long a process may take to be seen at work.
const LIMIT: Duration = Duration::from_secs(60);

/// The ledger of a world.
pub(crate) struct Ledger {
    file: PathBuf,
    runtime: Runtime,
    book: Arc<dyn book::Ledger>,
}

/// A write lock: until it is dropped, no process writes to the ledger. Writers give up after five seconds.
pub(crate) struct Lock {
    _connection: Connection,
}

impl Ledger {
    /// The ledger of `world`, made if there is none.
    pub(crate) fn of(world: &World) -> Self {
        Self::at(&world.ledger_file())
    }

    /// The ledger in `file`, made if there is none.
    pub(crate) fn at(file: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let location = format!("sqlite://{}", file.display());
        let location = Location::parse(&location).expect("a location");
        let book = runtime.block_on(book::open(&location, Missing::Create));
        Self {
            file: file.to_owned(),
            book: book.expect("the ledger can be opened"),
            runtime,
        }
    }

    /// Closes it; from here on this process has nothing of it open.
    pub(crate) fn close(self) {
        self.runtime.block_on(self.book.close());
    }

    /// Every environment, ended ones included, in the order of their generations.
    pub(crate) fn environments(&self) -> Vec<Environment> {
        let mut found: Vec<Environment> = self
            .records(Kind::Environment)
            .into_iter()
            .filter_map(|record| record.environment().cloned())
            .collect();
        found.sort_by_key(|environment| (environment.name.clone(), environment.generation));
        found
    }

    /// The only environment.
    #[track_caller]
    pub(crate) fn environment(&self) -> Environment {
        let mut found = self.environments();
        assert_eq!(found.len(), 1, "one environment was expected: {found:#?}");
        found.remove(0)
    }

    /// Those that live.
    pub(crate) fn living(&self) -> Vec<Environment> {
        let mut found = self.environments();
        found.retain(|environment| !environment.is_over());
        found
    }

    /// Every lease.
    pub(crate) fn leases(&self) -> Vec<Lease> {
        let leases = self.records(Kind::Lease).into_iter();
        leases
            .filter_map(|record| match record {
                Record::Lease(lease) => Some(lease),
                Record::Environment(_) | Record::Scope(_) | Record::Run(_) => None,
            })
            .collect()
    }

    /// Every run, the latest last.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let runs = self.records(Kind::Run).into_iter();
        runs.filter_map(|record| match record {
            Record::Run(run) => Some(run),
            Record::Environment(_) | Record::Scope(_) | Record::Lease(_) => None,
        })
        .collect()
    }

    /// The run that was opened last, and its life by the ledger's clock.
    #[track_caller]
    pub(crate) fn last_run(&self) -> (Run, Life) {
        let run = self.runs().pop().expect("a run was opened");
        let reading = self.runtime.block_on(self.book.reading());
        let life = run.life(reading.expect("the ledger answers").now);
        (run, life)
    }

    /// The kinds of all events of a run, in order.
    pub(crate) fn events_of_run(&self, run: &Run) -> Vec<EventKind> {
        self.events_of(run.id.as_str())
    }

    /// The kinds of all events of the record with this id, in order.
    pub(crate) fn events_of(&self, id: &str) -> Vec<EventKind> {
        let subject = Subject::parse(id).expect("the id of a record");
        let events = self.runtime.block_on(self.book.events(Some(&subject)));
        let events = events.expect("the ledger answers");
        events
            .iter()
            .map(|event| event.event.kind.clone())
            .collect()
    }

    /// The runs in which the events of the record with this id were written, in their order.
    pub(crate) fn runs_of(&self, id: &str) -> Vec<String> {
        let subject = Subject::parse(id).expect("the id of a record");
        let events = self.runtime.block_on(self.book.events(Some(&subject)));
        let events = events.expect("the ledger answers").into_iter();
        events
            .filter_map(|event| event.event.detail.get("run").cloned())
            .collect()
    }

    fn records(&self, kind: Kind) -> Vec<Record> {
        let query = Query {
            kind,
            name: None,
            live_only: false,
        };
        let listing = self.runtime.block_on(self.book.find(&query));
        let listing = listing.expect("the ledger answers");
        assert_eq!(listing.unreadable, [], "every record can be read");
        listing
            .records
            .into_iter()
            .map(|stored| stored.record)
            .collect()
    }

    /// Changes an environment as somebody outside Terraform would.
    pub(crate) fn change(&self, environment: &Environment, change: impl FnOnce(&mut Environment)) {
        let subject = Subject::Environment(environment.id.clone());
        self.change_record(&subject, |record| match record {
            Record::Environment(environment) => change(environment),
            other => panic!("an environment was expected, found {other:?}"),
        });
    }

    /// Changes a lease as somebody outside Terraform would.
    pub(crate) fn change_lease(&self, lease: &Lease, change: impl FnOnce(&mut Lease)) {
        let subject = Subject::Lease(lease.id.clone());
        self.change_record(&subject, |record| match record {
            Record::Lease(lease) => change(lease),
            other => panic!("a lease was expected, found {other:?}"),
        });
    }

    fn change_record(&self, subject: &Subject, change: impl FnOnce(&mut Record)) {
        let work = async {
            let stored = self.book.get(subject).await.expect("the ledger answers");
            let stored = stored.expect("the record is there");
            let mut record = stored.record;
            change(&mut record);
            let now = self.book.reading().await.expect("the ledger answers").now;
            let by = Identity::claimed("test", "somebody else");
            let write = Write {
                record,
                precondition: Precondition::Revision(stored.revision),
                drop_claim: false,
                events: vec![Event::new(EventKind::Updated, now, by)],
            };
            self.book.put(write).await.expect("the ledger takes it");
        };
        self.runtime.block_on(work);
    }

    /// The kinds of all events of an environment, in order; every chain in the ledger is verified.
    pub(crate) fn events(&self, environment: &Environment) -> Vec<EventKind> {
        let subject = Subject::Environment(environment.id.clone());
        let all = self.runtime.block_on(self.book.events(None));
        let all = all.expect("the ledger answers");
        assert_eq!(ledger::chain::verify(&all), [], "every chain holds");
        let own = all.iter().filter(|event| event.subject == subject);
        own.map(|event| event.event.kind.clone()).collect()
    }

    /// All events of `environment` with what they tell, in order.
    pub(crate) fn told(&self, environment: &Environment) -> Vec<Event> {
        let subject = Subject::Environment(environment.id.clone());
        let own = self.runtime.block_on(self.book.events(Some(&subject)));
        let own = own.expect("the ledger answers").into_iter();
        own.map(|event| event.event).collect()
    }

    /// The files that were kept for the environment's destroy, as text, by their paths.
    #[track_caller]
    pub(crate) fn capsule(&self, environment: &Environment) -> BTreeMap<String, String> {
        let capture = environment
            .capture
            .as_ref()
            .expect("something was captured");
        let sha256 = capture.capsule.as_ref().expect("a capsule was kept");
        let packed = self.runtime.block_on(self.book.fetch(sha256));
        let packed = packed
            .expect("the ledger answers")
            .expect("the capsule is there");
        let capsule = Capsule::unpack(&packed).expect("a whole capsule");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let files = capsule.files.into_iter();
        files.map(|(path, bytes)| (path, text(bytes))).collect()
    }

    /// Does to the file what no program of ours would.
    pub(crate) fn sql(&self, statement: &str) {
        let done = self.raw().execute_batch(statement);
        done.expect("SQLite does it");
    }

    /// The file as another program sees it.
    fn raw(&self) -> Connection {
        Connection::open(&self.file).expect("a SQLite file")
    }

    /// Keeps every other process from writing.
    pub(crate) fn lock(&self) -> Lock {
        let connection = self.raw();
        let locked = connection.execute_batch("BEGIN IMMEDIATE");
        locked.expect("the ledger can be locked");
        Lock {
            _connection: connection,
        }
    }

    /// Waits until another process has the ledger open: a provider that was told to read or write it.
    #[track_caller]
    pub(crate) fn wait_until_opened_elsewhere(&self) {
        wait_for("a provider to open the ledger", LIMIT, || {
            let processes = std::fs::read_dir("/proc").expect("a list of processes");
            processes
                .flatten()
                // Not any process: one that a neighbour is just starting has our descriptors until it is exchanged.
                .filter(|process| {
                    let name = std::fs::read_to_string(process.path().join("comm"));
                    name.is_ok_and(|name| name.starts_with("terraform-provi"))
                })
                .filter_map(|process| std::fs::read_dir(process.path().join("fd")).ok())
                .flat_map(|descriptors| descriptors.flatten())
                .filter_map(|descriptor| std::fs::read_link(descriptor.path()).ok())
                .any(|open| open == self.file)
        });
    }
}

/// How an environment's life ended, in a word; `living` if it did not.
pub(crate) fn end(environment: &Environment) -> &'static str {
    match environment.lifecycle {
        Lifecycle::Released { .. } => "released",
        Lifecycle::Destroyed { .. } => "destroyed",
        Lifecycle::Living | Lifecycle::Destroying(_) | Lifecycle::Stuck(_) => "living",
    }
}

/// The ends of all environments, in the order of their names and generations.
pub(crate) fn ends(environments: &[Environment]) -> Vec<(&str, u64, &'static str)> {
    let ends = environments.iter();
    ends.map(|one| (one.name.as_str(), one.generation.get(), end(one)))
        .collect()
}
