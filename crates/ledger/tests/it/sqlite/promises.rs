//! What the SQLite engine promises beyond the contract: processes, files, versions, damage.

use std::{path::Path, sync::Arc};

use chrono::TimeDelta;
use ledger::{
    book::{
        Blobs, Book, BookError, Claim, ClaimRequest, Ledger as _, Precondition, Record, Write,
        contract::sample, sqlite::SqliteBook,
    },
    chain::{self, Broken},
    clock::{Clock, ManualClock, SystemClock},
    event::Subject,
    id::{Holder, Revision},
};
use tempfile::TempDir;

use super::creation;

mod damage;

fn directory() -> TempDir {
    TempDir::new().expect("a directory")
}

fn request(subject: Subject, holder: &str) -> ClaimRequest {
    ClaimRequest {
        subject,
        holder: Holder(holder.to_owned()),
        span: TimeDelta::seconds(60),
        renew: None,
    }
}

fn execute(path: &Path, statements: &str) {
    let done = super::raw(path).execute_batch(statements);
    done.expect("another program can write to the file");
}

async fn refusal(path: &Path) -> String {
    let error = SqliteBook::open(path).await.expect_err("it is refused");
    assert!(
        matches!(error, BookError::Unreachable { doing: "open", .. }),
        "{error}"
    );
    let shown = error.to_string();
    assert!(shown.contains(&path.display().to_string()), "{shown}");
    shown
}

#[tokio::test]
async fn closing_and_opening_again_keeps_everything() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    let record = sample::record();
    let subject = record.subject();
    let book = SqliteBook::open(&path).await.expect("new");
    book.put(creation(record)).await.expect("free");
    book.claim(&request(subject.clone(), "host:1"))
        .await
        .expect("free");
    let capsule = book.keep(b"packed").await.expect("kept");
    let before = (
        book.get(&subject).await.expect("readable"),
        book.events(None).await.expect("readable"),
        book.reading().await.expect("readable"),
    );
    book.close().await;

    let book = SqliteBook::open_existing(&path).await.expect("it exists");
    assert_eq!(book.get(&subject).await.expect("readable"), before.0);
    assert_eq!(book.events(None).await.expect("readable"), before.1);
    let reading = book.reading().await.expect("readable");
    assert_eq!(reading.ledger, before.2.ledger);
    assert!(before.2.now <= reading.now);
    let fetched = book.fetch(&capsule).await.expect("readable");
    assert_eq!(fetched.as_deref(), Some(b"packed".as_slice()));
}

#[tokio::test]
async fn sqlites_own_clock_is_the_hosts() {
    let directory = directory();
    let book = SqliteBook::open(&directory.path().join("ledger.sqlite3"))
        .await
        .expect("new");
    let before = SystemClock.now() - TimeDelta::seconds(1);
    let reading = book.reading().await.expect("readable").now;
    assert!(before <= reading && reading <= SystemClock.now());
}

#[tokio::test]
async fn a_clock_set_back_between_two_processes_does_not_set_the_ledger_back() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    let opened = async |seconds| {
        let clock = Arc::new(ManualClock::at(sample::at(seconds)));
        let book = SqliteBook::open(&path).await.expect("opened");
        (book.with_clock(clock.clone()), clock)
    };
    let now = async |book: &SqliteBook| book.reading().await.expect("readable").now;

    let (first, clock) = opened(100).await;
    assert_eq!(now(&first).await, sample::at(100));
    clock.advance(TimeDelta::hours(-1));
    first.put(creation(sample::record())).await.expect("free");
    first.close().await;
    let (second, _) = opened(0).await;
    assert_eq!(now(&second).await, sample::at(100));

    let (third, _) = opened(0).await;
    let other = Record::Scope(sample::scope("default"));
    third.put(creation(other)).await.expect("free");
    let (fourth, _) = opened(0).await;
    assert_eq!(now(&fourth).await, sample::at(100));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_processes_that_claim_one_wins() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    let mut books = Vec::new();
    for _ in 0..4 {
        books.push(Arc::new(SqliteBook::open(&path).await.expect("opened")));
    }
    for round in 1..=5_u64 {
        let record = Record::Environment(sample::environment(&format!("r{round}"), "pr-1", round));
        books[0].put(creation(record.clone())).await.expect("free");
        let tasks: Vec<_> = (0..16)
            .map(|number| {
                let book = Arc::clone(&books[number % 4]);
                let wanted = request(record.subject(), &format!("host:{number}"));
                tokio::spawn(async move { book.claim(&wanted).await })
            })
            .collect();
        let mut winners: Vec<Claim> = Vec::new();
        for task in tasks {
            match task.await.expect("no panic") {
                Ok((claim, _)) => winners.push(claim),
                Err(error) => assert!(matches!(error, BookError::Claimed { .. }), "{error}"),
            }
        }
        assert_eq!(winners.len(), 1, "{winners:?}");
        for book in &books {
            let stored = book.get(&record.subject()).await.expect("readable");
            let claim = stored.expect("stored").claim.expect("claimed");
            assert_eq!(claim, winners[0]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_processes_that_write_every_write_is_in_one_chain() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    let record = sample::record();
    let subject = record.subject();
    let first = SqliteBook::open(&path).await.expect("opened");
    first.put(creation(record.clone())).await.expect("free");
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let (path, record) = (path.clone(), record.clone());
            tokio::spawn(async move {
                let book = SqliteBook::open(&path).await.expect("opened");
                let mut written = 0;
                while written < 8 {
                    let stored = book.get(&record.subject()).await.expect("readable");
                    let put = Write {
                        precondition: Precondition::Revision(stored.expect("stored").revision),
                        ..creation(record.clone())
                    };
                    match book.put(put).await {
                        Ok(_) => written += 1,
                        Err(error) => {
                            assert!(matches!(error, BookError::Conflict { .. }), "{error}")
                        }
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    let stored = first.get(&subject).await.expect("readable");
    assert_eq!(stored.expect("stored").revision, Revision(33));
    let events = first.events(Some(&subject)).await.expect("readable");
    assert_eq!((events.len(), chain::verify(&events)), (33, vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_create_the_ledger_at_the_same_time_share_one() {
    let directory = directory();
    let path = directory.path().join("new/ledger.sqlite3");
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move {
                let book = SqliteBook::open(&path).await.expect("opened");
                book.reading().await.expect("readable").ledger
            })
        })
        .collect();
    let mut ids = std::collections::BTreeSet::new();
    for task in tasks {
        ids.insert(task.await.expect("no panic"));
    }
    assert_eq!(ids.len(), 1, "{ids:?}");
}

#[tokio::test]
async fn opening_what_must_exist_creates_nothing() {
    let directory = directory();
    let path = directory.path().join("none/ledger.sqlite3");
    let error = SqliteBook::open_existing(&path).await.expect_err("missing");
    assert!(
        matches!(error, BookError::Unreachable { doing: "open", .. }),
        "{error}"
    );
    let shown = error.to_string();
    assert!(shown.contains("none/ledger.sqlite3"), "{shown}");
    let remedy = error.remedy().expect("something to do");
    assert!(remedy.contains("EPHEMERAL_LEDGER=sqlite:///"), "{remedy}");
    assert!(
        !path
            .parent()
            .expect("a directory")
            .try_exists()
            .expect("readable")
    );
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_a_new_ledger() {
    use std::os::unix::fs::PermissionsExt;

    let directory = directory();
    let path = directory.path().join("state/ephemeral/ledger.sqlite3");
    let book = SqliteBook::open(&path).await.expect("new");
    book.put(creation(sample::record())).await.expect("free");
    let mode = |path: &Path| path.metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&path.with_file_name("ledger.sqlite3-wal")), 0o600);
    assert_eq!(mode(path.parent().expect("a directory")), 0o700);
    assert_eq!(mode(&directory.path().join("state")), 0o700);
}

#[tokio::test]
async fn a_ledger_of_a_newer_version_is_refused_and_left_as_it_was() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    SqliteBook::open(&path).await.expect("new").close().await;
    execute(&path, "PRAGMA user_version = 3");
    let shown = refusal(&path).await;
    assert!(
        shown.contains("version 3") && shown.contains("newer version"),
        "{shown}"
    );
    execute(&path, "PRAGMA user_version = 2");
    SqliteBook::open(&path)
        .await
        .expect("it was left as it was");
}

/// The tables as version 1 had them, with one environment under a claim. It may never change.
const VERSION_1: &str = include_str!("version_1.sql");

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_of_version_1_keeps_everything_and_learns_of_runs() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    execute(&path, VERSION_1);
    // Several at once, as a fleet of upgraded hosts would.
    let opened = (0..4).map(|_| {
        let path = path.clone();
        tokio::spawn(async move { SqliteBook::open_existing(&path).await.expect("converted") })
    });
    for one in opened.collect::<Vec<_>>() {
        one.await.expect("no panic").close().await;
    }

    let book = SqliteBook::open_existing(&path).await.expect("converted");
    let reading = book.reading().await.expect("readable");
    assert_eq!(reading.ledger, "0190163d-8694-739b-ac4a-5eb0f4a0b2c1");
    let subject = sample::record().subject();
    let stored = book.get(&subject).await.expect("readable").expect("stored");
    assert_eq!(
        (stored.revision, stored.record),
        (Revision(7), sample::record())
    );
    let claim = stored.claim.expect("claimed");
    assert_eq!((claim.fence.0, claim.holder.0.as_str()), (3, "host:1"));
    let events = book.events(Some(&subject)).await.expect("readable");
    assert_eq!((events.len(), chain::verify(&events)), (1, vec![]));
    let capsule = book.fetch(&chain::sha256(b"packed")).await;
    assert_eq!(
        capsule.expect("readable").as_deref(),
        Some(b"packed".as_slice())
    );

    let run = Record::Run(sample::run("a", false));
    book.put(creation(run.clone()))
        .await
        .expect("it may hold runs");
    let kept = book.get(&run.subject()).await.expect("readable");
    assert_eq!(kept.expect("stored").record, run);
    let twin = Record::Environment(sample::environment("b", "pr-1", 1));
    let refused = book
        .put(creation(twin))
        .await
        .expect_err("names stay unique");
    assert!(matches!(refused, BookError::Exists { .. }), "{refused}");
}

#[expect(clippy::disallowed_methods, reason = "a test looks at the file itself")]
fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("readable")
}

#[expect(clippy::disallowed_methods, reason = "a test makes the file itself")]
fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("written");
}
