//! What a chain gives away: everything but a cut at its end.

use super::*;
use crate::{
    clock::from_millis,
    event::EventKind,
    id::{EnvironmentId, ScopeName},
    identity::{Identity, Standing},
};

fn environment(id: &str) -> Subject {
    Subject::Environment(EnvironmentId::parse(id).expect("a right id"))
}

fn chain_of(subject: &Subject, length: i64) -> Vec<ChainedEvent> {
    let mut chain: Vec<ChainedEvent> = Vec::new();
    for number in 0..length {
        let at = from_millis(1_700_000_000_000 + number).expect("in range");
        let event = Event::new(
            EventKind::Renewed,
            at,
            Identity::claimed("local", "me@host"),
        )
        .with("number", number.to_string());
        let previous = chain.last().map(|last| (last.seq, last.hash.clone()));
        let previous = previous.as_ref().map(|(seq, hash)| (*seq, hash.as_str()));
        chain.push(link(subject, previous, event));
    }
    chain
}

/// `chain` as it would be stored after its parts were changed.
fn rewritten(mut chain: Vec<ChainedEvent>) -> Vec<ChainedEvent> {
    for chained in &mut chain {
        chained.canonical = stored::event::canonical(&chained.subject, chained.seq, &chained.event);
    }
    chain
}

fn five() -> (Subject, Vec<ChainedEvent>) {
    let subject = environment("env-a");
    let chain = chain_of(&subject, 5);
    (subject, chain)
}

#[test]
fn a_whole_chain_verifies() {
    let (_, chain) = five();
    assert_eq!(verify(&chain), []);
    assert_eq!(verify(&[]), []);
    assert_eq!(chain[0].prev_hash, GENESIS);
    assert_eq!(chain[4].seq, 5);
}

#[test]
fn chains_one_after_the_other_verify_each_from_its_own_beginning() {
    let scope = Subject::Scope(ScopeName::parse("default").expect("a right name"));
    let all = [
        five().1,
        chain_of(&environment("env-b"), 3),
        chain_of(&scope, 1),
    ]
    .concat();
    assert_eq!(verify(&all), []);
}

#[test]
fn a_change_of_any_part_is_seen_at_its_place() {
    let changes: [fn(&mut ChainedEvent); 9] = [
        |chained| chained.event.kind = EventKind::Held,
        |chained| chained.event.at += chrono::TimeDelta::milliseconds(1),
        |chained| chained.event.by.issuer.push('x'),
        |chained| chained.event.by.subject.push('x'),
        |chained| chained.event.by.standing = Standing::Verified,
        |chained| chained.event.operation = Some(String::new()),
        |chained| chained.event.detail.clear(),
        |chained| {
            drop(
                chained
                    .event
                    .detail
                    .insert("more".to_owned(), String::new()),
            )
        },
        |chained| {
            drop(
                chained
                    .event
                    .detail
                    .insert("number".to_owned(), String::new()),
            )
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let (subject, mut chain) = five();
        change(&mut chain[2]);
        assert_eq!(
            verify(&rewritten(chain.clone())),
            [Broken::Altered { subject, seq: 3 }],
            "change {number}"
        );
    }
}

#[test]
fn a_change_that_is_hashed_again_is_seen_at_the_next_event() {
    let (subject, mut chain) = five();
    chain[2].event.detail.clear();
    chain = rewritten(chain);
    chain[2].hash = hash(&chain[2].prev_hash, &chain[2].canonical);
    assert_eq!(
        verify(&rewritten(chain.clone())),
        [Broken::Unlinked { subject, seq: 4 }]
    );
}

#[test]
fn a_removed_event_leaves_a_gap() {
    for removed in 0..4_u64 {
        let (subject, mut chain) = five();
        chain.remove(usize::try_from(removed).expect("small"));
        let gap = Broken::Gap {
            subject,
            expected: removed + 1,
            found: removed + 2,
        };
        assert_eq!(verify(&rewritten(chain.clone())), [gap]);
    }
}

#[test]
fn a_removed_event_whose_gap_is_closed_is_still_seen() {
    let (subject, mut chain) = five();
    chain.remove(1);
    for (place, chained) in (1..).zip(&mut chain) {
        chained.seq = place;
    }
    let broken = verify(&rewritten(chain.clone()));
    assert!(broken.contains(&Broken::Unlinked {
        subject: subject.clone(),
        seq: 2
    }));
    assert!(broken.contains(&Broken::Altered { subject, seq: 2 }));
}

#[test]
fn two_events_that_changed_places_are_seen() {
    let (_, mut chain) = five();
    chain.swap(1, 2);
    let gaps = verify(&rewritten(chain.clone()));
    assert_eq!(gaps.len(), 3, "{gaps:?}");

    let (subject, mut chain) = five();
    chain.swap(1, 2);
    chain[1].seq = 2;
    chain[2].seq = 3;
    let broken = verify(&rewritten(chain.clone()));
    for seq in [2, 3] {
        let subject = subject.clone();
        assert!(
            broken.contains(&Broken::Altered { subject, seq }),
            "{broken:?}"
        );
    }
}

#[test]
fn an_event_slipped_in_between_is_seen_however_well_it_is_made() {
    let (subject, mut chain) = five();
    let forged = link(&subject, Some((2, &chain[1].hash)), chain[3].event.clone());
    chain.insert(2, forged);
    assert!(!verify(&rewritten(chain.clone())).is_empty());
    for (place, chained) in (1..).zip(&mut chain) {
        chained.seq = place;
    }
    let altered = Broken::Altered { subject, seq: 4 };
    assert!(verify(&rewritten(chain.clone())).contains(&altered));
}

#[test]
fn a_doubled_event_is_seen() {
    let (subject, mut chain) = five();
    chain.insert(2, chain[1].clone());
    let gap = Broken::Gap {
        subject,
        expected: 3,
        found: 2,
    };
    assert_eq!(verify(&rewritten(chain.clone()))[0], gap);
}

#[test]
fn an_event_of_another_subject_is_seen_even_under_this_ones_name() {
    let (subject, mut chain) = five();
    let mut foreign = chain_of(&environment("env-b"), 5)[2].clone();
    foreign.subject = subject.clone();
    chain[2] = foreign;
    let broken = verify(&rewritten(chain.clone()));
    let altered = Broken::Altered {
        subject: subject.clone(),
        seq: 3,
    };
    assert!(broken.contains(&altered), "{broken:?}");
    assert!(
        broken.contains(&Broken::Unlinked { subject, seq: 3 }),
        "{broken:?}"
    );
}

#[test]
fn an_event_between_those_of_another_subject_breaks_both() {
    let (subject, mut chain) = five();
    let foreign = chain_of(&environment("env-b"), 5)[2].clone();
    chain.insert(2, foreign);
    let broken = verify(&rewritten(chain.clone()));
    let expected = [
        Broken::Gap {
            subject: environment("env-b"),
            expected: 1,
            found: 3,
        },
        Broken::Gap {
            subject,
            expected: 1,
            found: 3,
        },
    ];
    assert_eq!(broken, expected);
}

#[test]
fn a_chain_cut_at_its_end_verifies_so_the_last_hash_must_be_kept_elsewhere() {
    let (_, mut chain) = five();
    chain.pop();
    assert_eq!(verify(&rewritten(chain.clone())), []);
}
