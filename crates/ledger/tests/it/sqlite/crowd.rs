//! Many writers of one process at once: they share commits, and nothing else.

use std::{collections::BTreeSet, sync::Arc};

use ledger::{
    book::{
        Book, BookError, Kind, Precondition, Query, Record, Write, contract::sample,
        sqlite::SqliteBook,
    },
    chain,
    id::Revision,
};
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::creation;

const MANY: usize = 600;

async fn opened() -> (TempDir, Arc<SqliteBook>) {
    let directory = TempDir::new().expect("a directory");
    let book = SqliteBook::open(&directory.path().join("ledger.sqlite3")).await;
    (directory, Arc::new(book.expect("a new ledger")))
}

fn lease(number: usize) -> Record {
    Record::Lease(sample::lease(&format!("lease-{number:032x}"), false))
}

async fn ids(book: &SqliteBook) -> BTreeSet<String> {
    let query = Query {
        kind: Kind::Lease,
        name: None,
        live_only: false,
    };
    let listing = book.find(&query).await.expect("readable");
    assert!(listing.unreadable.is_empty());
    let subjects = listing.records.iter().map(|stored| stored.record.subject());
    subjects.map(|subject| subject.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_a_crowd_gets_its_own_answer_and_a_refused_one_leaves_nothing() {
    let (_directory, book) = opened().await;
    // Every third wants a lease that another one of the crowd wants too.
    let wanted = |number: usize| number - usize::from(number % 3 == 2);
    let mut crowd = JoinSet::new();
    for number in 0..MANY {
        let book = Arc::clone(&book);
        let write = creation(lease(wanted(number)));
        crowd.spawn(async move {
            if number % 2 == 0 {
                return book.put(write).await;
            }
            let created = book.create(Box::new(|_| (write.record, write.events)));
            created.await.map(|_| Revision(1))
        });
    }
    let answers = crowd.join_all().await;
    let refused = answers
        .iter()
        .filter(|answer| matches!(answer, Err(BookError::Exists { .. })))
        .count();
    let written = answers
        .iter()
        .filter(|answer| matches!(answer, Ok(Revision(1))))
        .count();
    assert_eq!((written, refused), (MANY - MANY / 3, MANY / 3));
    assert_eq!(ids(&book).await.len(), MANY - MANY / 3);
    let events = book.events(None).await.expect("readable");
    assert_eq!((events.len(), chain::verify(&events)), (written, vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_crowd_that_changes_one_record_exactly_one_wins_each_round() {
    let (_directory, book) = opened().await;
    book.put(creation(lease(0))).await.expect("free");
    for round in 1..=5 {
        let mut crowd = JoinSet::new();
        for _ in 0..50 {
            let book = Arc::clone(&book);
            let change = Write {
                precondition: Precondition::Revision(Revision(round)),
                ..creation(lease(0))
            };
            crowd.spawn(async move { book.put(change).await });
        }
        let answers = crowd.join_all().await;
        let won = answers.iter().filter(|answer| answer.is_ok()).count();
        let conflicts = answers
            .iter()
            .filter(|answer| matches!(answer, Err(BookError::Conflict { .. })))
            .count();
        assert_eq!((won, conflicts), (1, 49), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_takes_no_other_write_with_it() {
    let (_directory, book) = opened().await;
    let mut leaving = JoinSet::new();
    let mut staying = JoinSet::new();
    for number in 0..MANY {
        let book = Arc::clone(&book);
        let write = async move { book.put(creation(lease(number))).await };
        if number % 2 == 0 {
            leaving.spawn(write);
        } else {
            staying.spawn(write);
        }
    }
    leaving.abort_all();
    for answer in staying.join_all().await {
        assert!(matches!(answer, Ok(Revision(1))), "{answer:?}");
    }
    let kept = ids(&book).await;
    for number in (0..MANY).filter(|number| number % 2 == 1) {
        assert!(
            kept.contains(&lease(number).subject().to_string()),
            "{number}"
        );
    }
    let events = book.events(None).await.expect("readable");
    assert_eq!(chain::verify(&events), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_cannot_be_written_refuses_all_of_a_crowd_and_keeps_none_of_it() {
    let (directory, book) = opened().await;
    book.put(creation(lease(MANY))).await.expect("free");
    // The fifth event from here on fails, as on a full disk: after some of the crowd were taken already.
    let full = super::raw(&directory.path().join("ledger.sqlite3")).execute_batch(
        "CREATE TRIGGER full BEFORE INSERT ON events WHEN 5 <= (SELECT count(*) FROM events) \
         BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    );
    full.expect("another program can write to the file");
    let mut crowd = JoinSet::new();
    for number in 0..40 {
        let book = Arc::clone(&book);
        crowd.spawn(async move { book.put(creation(lease(number))).await });
    }
    let answers = crowd.join_all().await;
    let written = answers.iter().filter(|answer| answer.is_ok()).count();
    for answer in answers.iter().filter(|answer| answer.is_err()) {
        let full = matches!(answer, Err(BookError::Unreachable { doing: "write", .. }));
        assert!(full, "{answer:?}");
    }
    // Those that were told so are there, and no other: the rest of a lost commit is not half there.
    assert_eq!(ids(&book).await.len(), 1 + written);
    let events = book.events(None).await.expect("readable");
    assert_eq!(
        (events.len(), chain::verify(&events)),
        (1 + written, vec![])
    );
    assert!(written < 5, "{written}");
}
