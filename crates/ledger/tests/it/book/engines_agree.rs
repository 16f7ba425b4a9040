//! The engines never differ: whatever is done to both, both answer the same and end the same.

use std::sync::Arc;

use chrono::TimeDelta;
use ledger::{
    book::{
        Book, ClaimRequest, Kind, Ledger as _, Precondition, Query, Record, Write,
        contract::{Engine, sample},
        memory::MemoryBook,
        sqlite::SqliteBook,
    },
    chain,
    clock::ManualClock,
    event::{Event, EventKind, Subject},
    id::{Fence, Holder, Revision},
    identity::Identity,
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Put(Box<Write>),
    Claim(ClaimRequest),
    Pass(TimeDelta),
}

/// Few subjects, names and numbers, so that they meet.
fn record() -> impl Strategy<Value = Record> {
    let environment =
        ("[ab]", "pr-[12]", 1..3_u64, any::<bool>()).prop_map(|(id, name, generation, over)| {
            let environment = sample::environment(&id, &name, generation);
            Record::Environment(if over {
                sample::released(environment)
            } else {
                environment
            })
        });
    prop_oneof![
        4 => environment,
        1 => any::<bool>().prop_map(|released| Record::Lease(sample::lease("a", released))),
        1 => Just(Record::Scope(sample::scope("default"))),
        1 => any::<bool>().prop_map(|over| Record::Run(sample::run("a", over))),
    ]
}

fn precondition() -> impl Strategy<Value = Precondition> {
    prop_oneof![
        Just(Precondition::Create),
        (0..6_u64).prop_map(|revision| Precondition::Revision(Revision(revision))),
        (0..4_u64, 0..6_u64).prop_map(|(fence, revision)| Precondition::Fence {
            fence: Fence(fence),
            revision: Revision(revision),
        }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    (
        proptest::sample::select(EventKind::ALL),
        0..10_000_i64,
        "[a-z\"é]{0,4}",
    )
        .prop_map(|(kind, micros, word)| {
            let at = sample::at(0) + TimeDelta::microseconds(micros);
            Event::new(kind, at, Identity::claimed("local", word.clone())).with("word", word)
        })
}

fn step() -> impl Strategy<Value = Step> {
    let put = (
        record(),
        precondition(),
        any::<bool>(),
        proptest::collection::vec(event(), 0..3),
    )
        .prop_map(|(record, precondition, drop_claim, events)| {
            Step::Put(Box::new(Write {
                record,
                precondition,
                drop_claim,
                events,
            }))
        });
    let renew = proptest::option::of((0..4_u64).prop_map(Fence));
    let claim =
        (record(), "host:[12]", -1..50_i64, renew).prop_map(|(record, holder, seconds, renew)| {
            Step::Claim(ClaimRequest {
                subject: record.subject(),
                holder: Holder(holder),
                span: TimeDelta::seconds(seconds),
                renew,
            })
        });
    let pass = (-20..40_i64).prop_map(|seconds| Step::Pass(TimeDelta::seconds(seconds)));
    prop_oneof![4 => put, 3 => claim, 1 => pass]
}

/// The subjects the first steps create, so that the later ones have something to meet.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let creations = ["a", "b"].map(|id| {
        let record = Record::Environment(sample::environment(
            id,
            "pr-1",
            if id == "a" { 1 } else { 2 },
        ));
        Step::Put(Box::new(Write {
            record,
            precondition: Precondition::Create,
            drop_claim: false,
            events: Vec::new(),
        }))
    });
    proptest::collection::vec(step(), 1..40)
        .prop_map(move |steps| creations.iter().cloned().chain(steps).collect())
}

/// What a caller sees of one step, errors with all their words.
async fn answer(book: &impl Book, step: &Step) -> String {
    match step {
        Step::Put(write) => format!("{:?}", book.put(Write::clone(write)).await),
        Step::Claim(request) => format!("{:?}", book.claim(request).await),
        Step::Pass(_) => format!("{:?}", book.reading().await.map(|reading| reading.now)),
    }
}

/// What a caller sees of everything.
async fn view(book: &impl Book, subjects: &[Subject]) -> Vec<String> {
    let mut seen = Vec::new();
    for subject in subjects {
        seen.push(format!("{:?}", book.get(subject).await));
        seen.push(format!("{:?}", book.events(Some(subject)).await));
    }
    for kind in Kind::ALL {
        for live_only in [false, true] {
            let query = Query {
                kind,
                name: None,
                live_only,
            };
            seen.push(format!("{:?}", book.find(&query).await));
        }
    }
    let events = book.events(None).await.expect("readable");
    assert_eq!(chain::verify(&events), []);
    seen.push(format!("{events:?}"));
    seen.push(format!(
        "{:?}",
        book.reading().await.map(|reading| reading.now)
    ));
    seen
}

async fn compare(steps: Vec<Step>) {
    let directory = crate::sqlite::Sqlite::new();
    let clock = Arc::new(ManualClock::at(sample::at(0)));
    let memory = MemoryBook::new(clock.clone());
    let mut stored = directory.fresh(clock.clone()).await;
    let subjects = [
        Record::Environment(sample::environment("a", "pr-1", 1)).subject(),
        Record::Environment(sample::environment("b", "pr-1", 1)).subject(),
        Record::Lease(sample::lease("a", false)).subject(),
        Record::Scope(sample::scope("default")).subject(),
        Record::Run(sample::run("a", false)).subject(),
    ];
    for (number, step) in steps.iter().enumerate() {
        if let Step::Pass(by) = step {
            clock.advance(*by);
        }
        let expected = answer(&memory, step).await;
        assert_eq!(
            answer(&stored, step).await,
            expected,
            "step {number}: {step:?}"
        );
    }
    assert_eq!(
        view(&stored, &subjects).await,
        view(&memory, &subjects).await
    );
    let path = stored.path().to_owned();
    let before = view(&stored, &subjects).await;
    stored.close().await;
    stored = SqliteBook::open_existing(&path)
        .await
        .expect("it exists")
        .with_clock(clock);
    let after = view(&stored, &subjects).await;
    // All but the clock: a reading is not a write, so what only a reading saw is not kept.
    assert_eq!(after[..after.len() - 1], before[..before.len() - 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn memory_and_sqlite_answer_the_same_to_everything(steps in steps()) {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(compare(steps));
    }
}
