//! Promises about records: what is put, got and found.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{Engine, create, event, ledger, refused, sample, write};
use crate::{
    book::{Book, BookError, Kind, Make, Precondition, Query, Record, Stored},
    environment::Environment,
    event::EventKind,
    id::{EnvironmentName, Fence, Revision},
};

fn owned_by(owner: &str) -> Record {
    Record::Environment(Environment {
        owner: owner.to_owned(),
        ..sample::environment("a", "pr-1", 1)
    })
}

/// Each kind of record comes back equal, unclaimed, at revision 1.
pub async fn what_is_put_is_what_is_got<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let records = [
        sample::record(),
        Record::Lease(sample::lease("a", false)),
        Record::Scope(sample::scope("default")),
        Record::Run(sample::run("a", false)),
    ];
    for record in records {
        assert_eq!(create(&*book, &record).await, Revision(1));
        let stored = book.get(&record.subject()).await.expect("readable");
        let expected = Stored {
            revision: Revision(1),
            record,
            claim: None,
        };
        assert_eq!(stored, Some(expected));
    }
}

/// `Ok(None)`, and empty listings.
pub async fn what_was_never_put_is_authoritatively_absent<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let subject = sample::record().subject();
    assert_eq!(book.get(&subject).await.expect("readable"), None);
    assert!(
        book.events(Some(&subject))
            .await
            .expect("readable")
            .is_empty()
    );
    let everything = Query {
        kind: Kind::Environment,
        name: None,
        live_only: false,
    };
    let listing = book.find(&everything).await.expect("readable");
    assert!(listing.records.is_empty() && listing.unreadable.is_empty());
}

/// 1, 2, 3.
pub async fn a_put_adds_one_to_the_revision<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    create(&*book, &sample::record()).await;
    for revision in 1..4 {
        let record = owned_by(&format!("owner-{revision}"));
        let answered = book
            .put(write(&record, Precondition::Revision(Revision(revision))))
            .await
            .expect("the revision is the stored one");
        assert_eq!(answered, Revision(revision + 1));
        let stored = book.get(&record.subject()).await.expect("readable");
        let stored = stored.expect("stored");
        assert_eq!((stored.revision, stored.record), (answered, record));
    }
}

/// Whatever the wrong revision is, and the record stays as it was.
pub async fn a_put_by_an_old_revision_conflicts<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    create(&*book, &sample::record()).await;
    let second = write(&owned_by("second"), Precondition::Revision(Revision(1)));
    book.put(second)
        .await
        .expect("the revision is the stored one");
    for wrong in [0, 1, 3, u64::MAX] {
        let late = write(&owned_by("late"), Precondition::Revision(Revision(wrong)));
        let error = refused(&*book, late).await;
        assert!(
            matches!(error, BookError::Conflict { .. }),
            "{wrong}: {error}"
        );
    }
    let stored = book
        .get(&sample::record().subject())
        .await
        .expect("readable");
    assert_eq!(stored.expect("stored").record, owned_by("second"));
}

/// Neither a revision nor a token creates.
pub async fn a_put_on_nothing_says_that_it_is_missing<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    let fenced = Precondition::Fence {
        fence: Fence(1),
        revision: Revision(1),
    };
    for precondition in [Precondition::Revision(Revision(1)), fenced] {
        let error = refused(&*book, write(&record, precondition)).await;
        assert!(
            matches!(error, BookError::Missing { .. }),
            "{precondition:?}: {error}"
        );
    }
    assert_eq!(book.get(&record.subject()).await.expect("readable"), None);
}

/// The second creation is refused, with the subject in its message.
pub async fn a_subject_is_created_once<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    create(&*book, &sample::record()).await;
    let error = refused(&*book, write(&owned_by("second"), Precondition::Create)).await;
    assert!(matches!(error, BookError::Exists { .. }), "{error}");
    assert!(error.to_string().contains("env-a"), "{error}");
    let stored = book
        .get(&sample::record().subject())
        .await
        .expect("readable");
    assert_eq!(stored.expect("stored").record, sample::record());
}

/// It is made once, of the reading that is answered, and written like a put of a fresh subject.
pub async fn what_is_created_is_made_at_the_time_of_its_write<E: Engine>(engine: &E) {
    let (book, clock) = ledger(engine).await;
    clock.advance(TimeDelta::milliseconds(1_234));
    let expected = book.reading().await.expect("readable");
    let make: Make = Box::new(|reading| {
        let scope = sample::scope(&format!("of-{}", reading.ledger));
        (
            Record::Scope(scope),
            vec![event(EventKind::Created, reading.now)],
        )
    });
    let (record, reading) = book.create(make).await.expect("fresh");
    assert_eq!(reading, expected);
    let name = format!("of-{}", expected.ledger);
    assert_eq!(record, Record::Scope(sample::scope(&name)));
    let stored = book.get(&record.subject()).await.expect("readable");
    let stored = stored.expect("stored");
    assert_eq!((stored.revision, &stored.record), (Revision(1), &record));
    let events = book
        .events(Some(&record.subject()))
        .await
        .expect("readable");
    let told: Vec<_> = events.into_iter().map(|chained| chained.event).collect();
    assert_eq!(told, [event(EventKind::Created, expected.now)]);
}

/// Not over its subject and not beside its name; and nothing is told of it.
pub async fn nothing_is_created_over_another<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    create(&*book, &sample::record()).await;
    let same_subject = Record::Environment(sample::environment("a", "pr-2", 1));
    let same_name = Record::Environment(sample::environment("b", "pr-1", 1));
    for (record, named) in [(same_subject, "env-a"), (same_name, "pr-1")] {
        let told = vec![event(EventKind::Created, sample::at(1))];
        let error = book.create(Box::new(move |_| (record, told))).await;
        let error = error.expect_err("it is refused");
        assert!(matches!(error, BookError::Exists { .. }), "{error}");
        assert!(error.to_string().contains(named), "{error}");
    }
    let stored = book
        .get(&sample::record().subject())
        .await
        .expect("readable");
    assert_eq!(stored.expect("stored").record, sample::record());
    assert_eq!(book.events(None).await.expect("readable"), []);
}

/// By another subject, at creation and by a change of name; and the message names it.
pub async fn a_name_and_generation_is_taken_once<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    create(&*book, &sample::record()).await;
    let twin = Record::Environment(sample::environment("b", "pr-1", 1));
    let error = refused(&*book, write(&twin, Precondition::Create)).await;
    assert!(matches!(error, BookError::Exists { .. }), "{error}");
    assert!(error.to_string().contains("pr-1"), "{error}");
    assert_eq!(book.get(&twin.subject()).await.expect("readable"), None);

    let other = Record::Environment(sample::environment("b", "pr-2", 1));
    create(&*book, &other).await;
    let error = refused(&*book, write(&twin, Precondition::Revision(Revision(1)))).await;
    assert!(matches!(error, BookError::Exists { .. }), "{error}");
    let stored = book.get(&other.subject()).await.expect("readable");
    assert_eq!(stored.expect("stored").record, other);
}

/// Leases, scopes and runs have no such rule.
pub async fn the_next_generation_may_take_the_name<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    create(&*book, &sample::record()).await;
    let next = Record::Environment(sample::environment("b", "pr-1", 2));
    assert_eq!(create(&*book, &next).await, Revision(1));
    for record in [
        Record::Lease(sample::lease("a", false)),
        Record::Lease(sample::lease("b", false)),
        Record::Scope(sample::scope("pr-1")),
        Record::Run(sample::run("a", false)),
        Record::Run(sample::run("b", false)),
    ] {
        assert_eq!(create(&*book, &record).await, Revision(1));
    }
}

/// Kind, name and life; ordered by subject.
pub async fn find_keeps_to_its_filters_and_order<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let records = [
        Record::Environment(sample::environment("c", "pr-1", 2)),
        Record::Environment(sample::released(sample::environment("b", "pr-1", 1))),
        Record::Environment(sample::environment("a", "pr-2", 1)),
        Record::Lease(sample::lease("b", true)),
        Record::Lease(sample::lease("a", false)),
        Record::Scope(sample::scope("default")),
        Record::Run(sample::run("b", true)),
        Record::Run(sample::run("a", false)),
    ];
    for record in &records {
        create(&*book, record).await;
    }
    let cases = [
        (
            Kind::Environment,
            None,
            false,
            vec!["env-a", "env-b", "env-c"],
        ),
        (Kind::Environment, None, true, vec!["env-a", "env-c"]),
        (
            Kind::Environment,
            Some("pr-1"),
            false,
            vec!["env-b", "env-c"],
        ),
        (Kind::Environment, Some("pr-1"), true, vec!["env-c"]),
        (Kind::Environment, Some("pr-3"), false, vec![]),
        (Kind::Lease, None, false, vec!["lease-a", "lease-b"]),
        (Kind::Lease, None, true, vec!["lease-a"]),
        (Kind::Scope, None, true, vec!["scope:default"]),
        (Kind::Scope, Some("default"), false, vec![]),
        (Kind::Run, None, false, vec!["run-a", "run-b"]),
        (Kind::Run, None, true, vec!["run-a"]),
    ];
    for (kind, name, live_only, expected) in cases {
        let name = name.map(|name| EnvironmentName::parse(name).expect("a right name"));
        let query = Query {
            kind,
            name,
            live_only,
        };
        let listing = book.find(&query).await.expect("readable");
        let found: Vec<String> = listing
            .records
            .iter()
            .map(|stored| stored.record.subject().to_string())
            .collect();
        assert_eq!(found, expected, "{query:?}");
        assert!(listing.unreadable.is_empty());
    }
}

/// `get` fails, `find` lists it apart, and the others are still read.
pub async fn what_cannot_be_read_is_named_not_hidden<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let spoiled = sample::record();
    let whole = Record::Environment(sample::environment("b", "pr-2", 1));
    create(&*book, &spoiled).await;
    create(&*book, &whole).await;
    engine.spoil(&book, &spoiled.subject()).await;

    let error = book.get(&spoiled.subject()).await.expect_err("unreadable");
    assert!(matches!(error, BookError::Corrupt { .. }), "{error}");
    assert!(error.to_string().contains("env-a"), "{error}");
    let query = Query {
        kind: Kind::Environment,
        name: None,
        live_only: true,
    };
    let listing = book.find(&query).await.expect("the rest is readable");
    let found: Vec<&Record> = listing
        .records
        .iter()
        .map(|stored| &stored.record)
        .collect();
    assert_eq!(found, [&whole]);
    let unreadable: Vec<&str> = listing
        .unreadable
        .iter()
        .map(|(subject, _)| subject.as_str())
        .collect();
    assert_eq!(unreadable, ["env-a"]);
}

/// Sixteen read revision 1, sixteen write, one succeeds.
pub async fn of_many_writers_of_one_revision_one_wins<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    create(&*book, &sample::record()).await;
    let tasks: Vec<_> = (0..16)
        .map(|number| {
            let book = Arc::clone(&book);
            let record = owned_by(&format!("owner-{number}"));
            tokio::spawn(async move {
                let outcome = book
                    .put(write(&record, Precondition::Revision(Revision(1))))
                    .await;
                (record, outcome)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        match task.await.expect("no panic") {
            (record, Ok(revision)) => winners.push((record, revision)),
            (_, Err(error)) => assert!(matches!(error, BookError::Conflict { .. }), "{error}"),
        }
    }
    assert_eq!(winners.len(), 1);
    let stored = book
        .get(&sample::record().subject())
        .await
        .expect("readable");
    let stored = stored.expect("stored");
    assert_eq!(winners, [(stored.record, stored.revision)]);
}
