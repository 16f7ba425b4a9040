//! Records grow: what only a newer version knows is neither dropped nor in the way.

use super::{
    Engine, claimed, create, event, ledger, refused,
    sample::{self, LATER},
    write,
};
use crate::{
    book::{Book, BookError, Precondition, Record},
    chain,
    environment::{Environment, Hold},
    event::EventKind,
    id::Revision,
    stored,
};

/// `text` as a newer version wrote it, which added something everywhere but in `except`.
fn newer(text: &str, except: &[&str]) -> String {
    sample::grown(text, &mut |path| {
        (!except.contains(&path)).then(|| LATER.to_owned())
    })
}

/// `environment` a day longer.
fn extended(environment: &Environment) -> Record {
    Record::Environment(Environment {
        extended_until: Some(sample::at(86_400)),
        ..environment.clone()
    })
}

/// An older version reads what a newer one wrote, and writes over it: as this one reads and writes here.
pub async fn what_a_newer_version_added_survives_every_write<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let environment = sample::full_environment();
    let records = [
        (
            Record::Environment(environment.clone()),
            extended(&environment),
        ),
        (
            Record::Lease(sample::lease("a", false)),
            Record::Lease(sample::lease("a", true)),
        ),
        (
            Record::Run(sample::run("a", false)),
            Record::Run(sample::run("a", true)),
        ),
        (
            Record::Scope(sample::scope("default")),
            Record::Scope(sample::scope("default")),
        ),
    ];
    for (before, after) in records {
        let subject = before.subject();
        create(&*book, &before).await;
        let text = newer(&engine.text(&book, &subject).await, &[]);
        engine.plant(&book, &subject, &text).await;
        let read = book.get(&subject).await.expect("read").expect("stored");
        assert_eq!(read.record, before, "what is known is read as ever");

        let by_revision = write(&before, Precondition::Revision(Revision(1)));
        book.put(by_revision).await.expect("by its revision");
        assert_eq!(engine.text(&book, &subject).await, text);

        let fence = claimed(&*book, &before, super::HOLDER).await.fence;
        let revision = Revision(2);
        let fenced = write(&after, Precondition::Fence { fence, revision });
        book.put(fenced).await.expect("under the claim");
        // What was not there before has nothing that was added to it.
        let expected = newer(
            &stored::encode(&after),
            &[".released", ".released.by", ".end.closed"],
        );
        assert_eq!(engine.text(&book, &subject).await, expected);
    }
}

/// An addition to a hold says something of that very hold.
pub async fn what_is_replaced_takes_along_what_was_added_to_it<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let environment = sample::full_environment();
    let record = Record::Environment(environment.clone());
    let subject = record.subject();
    create(&*book, &record).await;
    let text = newer(&engine.text(&book, &subject).await, &[]);
    engine.plant(&book, &subject, &text).await;
    let held = Record::Environment(Environment {
        hold: environment.hold.clone().map(|hold| Hold {
            reason: "another demo".to_owned(),
            ..hold
        }),
        ..environment.clone()
    });
    book.put(write(&held, Precondition::Revision(Revision(1))))
        .await
        .expect("held");
    let expected = newer(&stored::encode(&held), &[".hold", ".hold.by"]);
    assert_eq!(engine.text(&book, &subject).await, expected);

    let unheld = Record::Environment(Environment {
        hold: None,
        ..environment
    });
    book.put(write(&unheld, Precondition::Revision(Revision(2))))
        .await
        .expect("unheld");
    let expected = newer(&stored::encode(&unheld), &[]);
    assert_eq!(engine.text(&book, &subject).await, expected);
}

/// Who cannot read a record does not know what a write would lose.
pub async fn nothing_is_written_over_a_record_of_a_newer_version<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    let subject = record.subject();
    create(&*book, &record).await;
    let text = engine.text(&book, &subject).await;
    let newer = text.replace("\"version\":1", "\"version\":2");
    engine.plant(&book, &subject, &newer).await;
    let mut over = write(&record, Precondition::Revision(Revision(1)));
    over.events = vec![event(EventKind::Updated, sample::at(1))];
    let error = refused(&*book, over).await;
    assert!(matches!(error, BookError::Corrupt { .. }), "{error}");
    assert_eq!(engine.text(&book, &subject).await, newer);
    let events = book.events(Some(&subject)).await.expect("readable");
    assert!(events.is_empty(), "{events:?}");
}

/// The hash of a newer event is checked, and events of this version follow it.
pub async fn events_of_a_newer_version_verify_and_are_followed<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    let subject = record.subject();
    let told = |precondition| {
        let mut told = write(&record, precondition);
        told.events = vec![event(EventKind::Updated, sample::at(1))];
        told
    };
    book.put(told(Precondition::Create)).await.expect("created");
    let first = book
        .events(Some(&subject))
        .await
        .expect("readable")
        .remove(0);

    let by = format!(r#"{{"issuer":"local","subject":"me@host","standing":"claimed",{LATER}}}"#);
    let rest = format!(r#""at_ms":1700000001000,"by":{by},"operation":null,"detail":{{}},{LATER}"#);
    let canonical = format!(r#"{{"subject":"{subject}","seq":2,"kind":"dreamt",{rest}}}"#);
    let prev_hash = &first.hash;
    let hash = chain::sha256(format!("{prev_hash}\n{canonical}").as_bytes());
    let body = format!(
        r#"{{"kind":"event","version":1,"subject":"{subject}","seq":2,"event":"dreamt",{rest},"prev_hash":"{prev_hash}","hash":"{hash}"}}"#
    );
    let newer = stored::event::decode(&body).expect("its frame is known");
    engine.plant_event(&book, &newer, &body).await;

    book.put(told(Precondition::Revision(Revision(1))))
        .await
        .expect("followed");
    let events = book.events(Some(&subject)).await.expect("readable");
    assert_eq!(chain::verify(&events), []);
    let words: Vec<&str> = events.iter().map(|told| told.event.kind.as_str()).collect();
    assert_eq!(words, ["updated", "dreamt", "updated"]);
    assert_eq!((events[2].seq, &events[2].prev_hash), (3, &hash));
    assert_eq!(stored::event::encode(&events[1]), body);
}
