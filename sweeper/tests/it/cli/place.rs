//! A place of a test's own: a directory, a ledger in it, and the binary started with an environment made here.

use std::{
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::Arc,
};

use chrono::TimeDelta;
use ledger::{
    book::{
        self, Claim, ClaimRequest, Ledger, Missing, Precondition, Record, Stored, Write,
        location::Location,
    },
    clock::{Clock, SystemClock, Timestamp, whole_second},
    environment::{Environment, Lifecycle, OnExpiry},
    event::{ChainedEvent, Event, EventKind, Subject},
    id::{EnvironmentId, EnvironmentName, Generation, Holder, LeaseId},
    identity::Identity,
    lease::Lease,
    lifetime::Lifetime,
    state_address::StateAddress,
    tags::{TagPrefix, TagSet},
    ttl::Ttl,
};
use serde_json::Value;
use tempfile::TempDir;

/// How a run ended, and what it said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The exit code must be `code`.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        assert!(!self.stderr.contains("panicked"), "{self:?}");
        self
    }

    /// One of the streams must say `text`.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text) || self.stderr.contains(text),
            "expected {text:?} in {self:?}"
        );
        self
    }

    /// Standard output as one JSON document of the first version.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let document: Value =
            serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!(document["version"], 1);
        document
    }
}

/// A directory with a ledger.
pub(crate) struct Place {
    directory: TempDir,
    runtime: tokio::runtime::Runtime,
    book: Option<Arc<dyn Ledger>>,
}

impl Place {
    /// A directory without a ledger.
    pub(crate) fn without_ledger() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a directory"),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime"),
            book: None,
        }
    }

    /// A directory with an empty ledger.
    pub(crate) fn new() -> Self {
        let mut place = Self::without_ledger();
        let location = format!("sqlite://{}", place.ledger().display());
        let location = Location::parse(&location).expect("a location");
        let book = place
            .runtime
            .block_on(book::open(&location, Missing::Create));
        place.book = Some(book.expect("a ledger"));
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.path("ledger.sqlite3")
    }

    fn book(&self) -> &dyn Ledger {
        self.book.as_deref().expect("this place has a ledger")
    }

    /// Stores a new record.
    pub(crate) fn put(&self, record: Record) {
        let event = Event::new(EventKind::Created, now(), ana()).with("name", "test");
        let write = Write {
            record,
            precondition: Precondition::Create,
            drop_claim: false,
            events: vec![event],
        };
        let stored = self.runtime.block_on(self.book().put(write));
        stored.expect("a record is stored");
    }

    /// Stores a new environment and answers it.
    pub(crate) fn environment(&self, environment: Environment) -> Environment {
        self.put(Record::Environment(environment.clone()));
        environment
    }

    /// Stores a new lease and answers it.
    pub(crate) fn lease(&self, lease: Lease) -> Lease {
        self.put(Record::Lease(lease.clone()));
        lease
    }

    pub(crate) fn stored(&self, subject: &Subject) -> Stored {
        let stored = self.runtime.block_on(self.book().get(subject));
        stored.expect("the ledger answers").expect("a record")
    }

    pub(crate) fn environment_now(&self, environment: &Environment) -> Environment {
        let stored = self.stored(&subject(environment));
        stored.record.environment().expect("an environment").clone()
    }

    pub(crate) fn lease_now(&self, lease: &Lease) -> Lease {
        match self.stored(&Subject::Lease(lease.id.clone())).record {
            Record::Lease(lease) => lease,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn events(&self, subject: &Subject) -> Vec<ChainedEvent> {
        let events = self.runtime.block_on(self.book().events(Some(subject)));
        events.expect("the ledger answers")
    }

    /// Claims as a sweeper would.
    pub(crate) fn claim(&self, subject: &Subject, span: TimeDelta) -> Claim {
        let request = ClaimRequest {
            subject: subject.clone(),
            holder: Holder("other-host/7/0".to_owned()),
            span,
            renew: None,
        };
        let claimed = self.runtime.block_on(self.book().claim(&request));
        claimed.expect("a claim").0
    }

    /// Writes to the ledger past the software, as somebody who falsifies it.
    pub(crate) fn falsify(&self, statement: &str) {
        let connection = rusqlite::Connection::open(self.ledger()).expect("a connection");
        let changed = connection.execute(statement, []).expect("a statement");
        assert!(0 < changed, "{statement} changed nothing");
    }

    /// The command, with nothing inherited.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sweeper"));
        command
            .current_dir(self.directory.path())
            .env_clear()
            .env("HOME", self.path("home"))
            .env("USER", "tester")
            .env(
                "EPHEMERAL_LEDGER",
                format!("sqlite://{}", self.ledger().display()),
            )
            .stdin(Stdio::null())
            .args(arguments);
        command
    }

    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        finish(self.command(arguments))
    }

    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the binary starts")
    }
}

/// Runs `command` to its end.
#[track_caller]
pub(crate) fn finish(mut command: Command) -> Run {
    ended(command.output().expect("the binary starts"))
}

#[track_caller]
pub(crate) fn ended(output: Output) -> Run {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it speaks UTF-8");
    Run {
        code: output.status.code().expect("it was not killed"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

pub(crate) fn now() -> Timestamp {
    whole_second(SystemClock.now())
}

pub(crate) fn ana() -> Identity {
    Identity::claimed("local", "ana@shop")
}

pub(crate) fn subject(environment: &Environment) -> Subject {
    Subject::Environment(environment.id.clone())
}

/// An environment of generation 1 that was made just now and lives for 4 h, at most for 72 h.
pub(crate) fn living(name: &str) -> Environment {
    let now = now();
    Environment {
        id: EnvironmentId::fresh(now),
        name: EnvironmentName::parse(name).expect("a name"),
        generation: Generation::FIRST,
        owner: "ana".to_owned(),
        team: Some("checkout".to_owned()),
        project: None,
        lifetime: Lifetime {
            ttl: Ttl::hours(4),
            ..Lifetime::default()
        },
        tags: TagSet::from([("tier".to_owned(), "preview".to_owned())]),
        tag_prefix: TagPrefix::default(),
        created_by: ana(),
        change_request: None,
        state: Some(StateAddress::new(
            "local",
            [("path".to_owned(), format!("/nowhere/{name}.tfstate"))],
            "default",
        )),
        on_expiry: OnExpiry::Destroy,
        created_at: now,
        renewed_at: now,
        extended_until: None,
        hold: None,
        capture: None,
        lineage: None,
        marker_seen_at: None,
        running: true,
        lifecycle: Lifecycle::Living,
    }
}

/// The same, made so long ago that it expired two hours ago.
pub(crate) fn expired(name: &str) -> Environment {
    // `now` is rounded up: a second more, so that it ended two hours ago from the first look on.
    let then = now() - TimeDelta::hours(6) - TimeDelta::seconds(1);
    Environment {
        created_at: then,
        renewed_at: then,
        ..living(name)
    }
}

/// The same, given back.
pub(crate) fn released(name: &str) -> Environment {
    Environment {
        lifecycle: Lifecycle::Released {
            at: now(),
            by: ana(),
            reason: "no longer needed".to_owned(),
        },
        ..living(name)
    }
}

/// A lease that was made just now and lasts for 4 h, at most for 8 h.
pub(crate) fn lease(holder: &str) -> Lease {
    let now = now();
    Lease {
        id: LeaseId::fresh(now),
        environment: Some("pr-128".to_owned()),
        ttl: Ttl::hours(4),
        max_ttl: Some(Ttl::hours(8)),
        holder: holder.to_owned(),
        targets: vec!["aws_instance.bastion".to_owned()],
        created_by: ana(),
        created_at: now,
        renewed_at: now,
        extended_until: None,
        fencing_token: 1,
        released: None,
    }
}
