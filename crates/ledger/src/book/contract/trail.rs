//! Promises about the trail of events, the clock and the capsules.

use chrono::TimeDelta;

use super::{Engine, create, event, ledger, refused, sample, write};
use crate::{
    book::{Blobs, Book, Precondition, Record, Write},
    chain,
    event::EventKind,
    id::{Fence, Revision},
};

/// Over several puts, with all that was told in them.
pub async fn events_form_a_chain_that_verifies<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    let told = [
        vec![EventKind::Created],
        vec![],
        vec![EventKind::Decided, EventKind::Claimed, EventKind::Step],
    ];
    for (number, kinds) in (0_u64..).zip(&told) {
        let precondition = match number {
            0 => Precondition::Create,
            revision => Precondition::Revision(Revision(revision)),
        };
        let seconds = i64::try_from(number).expect("small");
        let events = kinds
            .iter()
            .map(|kind| event(kind.clone(), sample::at(seconds)).in_operation("op-1"))
            .collect();
        let put = Write {
            events,
            ..write(&record, precondition)
        };
        book.put(put).await.expect("the precondition holds");
    }
    let events = book
        .events(Some(&record.subject()))
        .await
        .expect("readable");
    assert_eq!(chain::verify(&events), []);
    let kinds: Vec<EventKind> = events
        .iter()
        .map(|chained| chained.event.kind.clone())
        .collect();
    assert_eq!(kinds, told.concat());
    let mut last = event(EventKind::Step, sample::at(2)).in_operation("op-1");
    assert_eq!(events[3].event, last);
    assert_eq!(events[3].seq, 4);
    last.at = sample::at(0);
    last.kind = EventKind::Created;
    assert_eq!(events[0].event, last);
    assert_eq!(events[0].prev_hash, chain::GENESIS);
}

/// Record and events are written together or not at all.
pub async fn a_refused_put_appends_nothing<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    create(&*book, &sample::record()).await;
    let other = Record::Environment(sample::environment("b", "pr-2", 1));
    create(&*book, &other).await;
    let name_taken = Record::Environment(sample::environment("c", "pr-1", 1));
    let missing = Record::Environment(sample::environment("d", "pr-4", 1));
    let renamed = Record::Environment(sample::environment("b", "pr-1", 1));
    let fenced = Precondition::Fence {
        fence: Fence(1),
        revision: Revision(1),
    };
    let attempts = [
        write(&sample::record(), Precondition::Create),
        write(&sample::record(), Precondition::Revision(Revision(7))),
        write(&sample::record(), fenced),
        write(&name_taken, Precondition::Create),
        write(&missing, Precondition::Revision(Revision(1))),
        write(&renamed, Precondition::Revision(Revision(1))),
    ];
    for attempt in attempts {
        let telling = Write {
            events: vec![event(EventKind::Updated, sample::at(1))],
            ..attempt
        };
        refused(&*book, telling).await;
    }
    assert_eq!(book.events(None).await.expect("readable"), []);
    let stored = book.get(&other.subject()).await.expect("readable");
    assert_eq!(stored.map(|stored| stored.revision), Some(Revision(1)));
}

/// Whatever the order of the puts was; each chain begins with 1; and one subject's alone are only its own.
pub async fn events_are_ordered_by_subject_and_place<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let records = [
        Record::Scope(sample::scope("default")),
        Record::Lease(sample::lease("a", false)),
        sample::record(),
    ];
    for precondition in [Precondition::Create, Precondition::Revision(Revision(1))] {
        for record in &records {
            let put = Write {
                events: vec![event(EventKind::Updated, sample::at(1))],
                ..write(record, precondition)
            };
            book.put(put).await.expect("the precondition holds");
        }
    }
    let events = book.events(None).await.expect("readable");
    let places: Vec<(String, u64)> = events
        .iter()
        .map(|chained| (chained.subject.to_string(), chained.seq))
        .collect();
    let expected = ["env-a", "lease-a", "scope:default"]
        .into_iter()
        .flat_map(|subject| [(subject.to_owned(), 1), (subject.to_owned(), 2)]);
    assert_eq!(places, expected.collect::<Vec<_>>());
    assert_eq!(chain::verify(&events), []);
    let own = book
        .events(Some(&records[1].subject()))
        .await
        .expect("readable");
    assert_eq!(own, events[2..4]);
}

/// Not even if the clock it goes by does; a claim that ran out stays so.
pub async fn the_clock_never_runs_backwards<E: Engine>(engine: &E) {
    let (book, clock) = ledger(engine).await;
    let reading = book.reading().await.expect("readable");
    assert_eq!(reading.now, sample::at(0));
    clock.advance(TimeDelta::milliseconds(1_234));
    let later = book.reading().await.expect("readable");
    assert_eq!(later.now, sample::at(0) + TimeDelta::milliseconds(1_234));
    assert_eq!(later.ledger, reading.ledger);
    clock.advance(TimeDelta::hours(-1));
    create(&*book, &sample::record()).await;
    assert_eq!(book.reading().await.expect("readable").now, later.now);
    clock.advance(TimeDelta::hours(2));
    let forward = book.reading().await.expect("readable");
    assert!(later.now < forward.now);
}

/// Another id is another ledger.
pub async fn every_ledger_has_an_id_of_its_own<E: Engine>(engine: &E) {
    let (one, _) = ledger(engine).await;
    let (other, _) = ledger(engine).await;
    let one = one.reading().await.expect("readable").ledger;
    let other = other.reading().await.expect("readable").ledger;
    assert_eq!(one.len(), 36, "a UUID: {one}");
    assert_ne!(one, other);
}

/// Kept once however often it is kept; an unknown hash is nothing.
pub async fn a_capsule_comes_back_by_its_hash<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    for packed in [b"packed".as_slice(), b"", &[0, 255, 0]] {
        let sha256 = book.keep(packed).await.expect("kept");
        assert_eq!(sha256, chain::sha256(packed));
        assert_eq!(book.keep(packed).await.expect("kept"), sha256);
        let fetched = book.fetch(&sha256).await.expect("readable");
        assert_eq!(fetched.as_deref(), Some(packed));
    }
    let unknown = book.fetch(&chain::sha256(b"unknown")).await;
    assert_eq!(unknown.expect("readable"), None);
}
