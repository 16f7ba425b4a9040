//! Promises about claims: one holder at a time, and an old one has no power.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{
    Engine, HOLDER, OTHER, claimed, create, event, ledger, refused, renewal, request, sample, write,
};
use crate::{
    book::{Book, BookError, Claim, ClaimRequest, Precondition, Write},
    event::EventKind,
    id::{Fence, Holder, Revision},
};

fn fenced(fence: Fence, revision: u64) -> Precondition {
    Precondition::Fence {
        fence,
        revision: Revision(revision),
    }
}

fn is_fenced(error: &BookError, token: Fence) -> bool {
    matches!(error, BookError::Fenced { fence, .. } if *fence == token)
}

/// The claim and the record agree with what `get` says afterwards.
pub async fn a_claim_answers_the_record_under_it<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    create(&*book, &record).await;
    let (claim, stored) = book.claim(&request(&record, HOLDER)).await.expect("free");
    let expected = Claim {
        fence: Fence(1),
        holder: Holder(HOLDER.to_owned()),
        until: sample::at(60),
    };
    assert_eq!(claim, expected);
    assert_eq!(stored.claim, Some(expected));
    assert_eq!(stored.record, record);
    let got = book.get(&record.subject()).await.expect("readable");
    assert_eq!(got, Some(stored));
}

/// Neither newly nor again.
pub async fn nothing_can_be_claimed_that_is_not_there<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    for wanted in [request(&record, HOLDER), renewal(&record, Fence(1))] {
        let error = book.claim(&wanted).await.expect_err("nothing is there");
        assert!(matches!(error, BookError::Missing { .. }), "{error}");
    }
}

/// Everybody else, and the holder itself unless it renews; the message says who has it and until when.
pub async fn a_live_claim_keeps_others_out<E: Engine>(engine: &E) {
    let (book, clock) = ledger(engine).await;
    let record = sample::record();
    create(&*book, &record).await;
    claimed(&*book, &record, HOLDER).await;
    clock.advance(TimeDelta::milliseconds(59_999));
    for holder in [OTHER, HOLDER] {
        let error = book
            .claim(&request(&record, holder))
            .await
            .expect_err("it is claimed");
        let BookError::Claimed { holder, until, .. } = error else {
            panic!("expected that it is claimed, found: {error}");
        };
        assert_eq!((holder.0.as_str(), until), (HOLDER, sample::at(60)));
    }
}

/// At the very millisecond.
pub async fn a_claim_is_over_at_its_end_and_the_next_has_a_higher_token<E: Engine>(engine: &E) {
    let (book, clock) = ledger(engine).await;
    let record = sample::record();
    create(&*book, &record).await;
    claimed(&*book, &record, HOLDER).await;
    clock.advance(TimeDelta::seconds(60));
    let next = claimed(&*book, &record, OTHER).await;
    assert_eq!(next.fence, Fence(2));
    assert_eq!(next.holder.0, OTHER);
    assert_eq!(next.until, sample::at(120));
}

/// Once its claim ran out, and for ever after another took over: it neither writes nor renews.
pub async fn an_old_holder_is_powerless<E: Engine>(engine: &E) {
    let (book, clock) = ledger(engine).await;
    let record = sample::record();
    create(&*book, &record).await;
    let old = claimed(&*book, &record, HOLDER).await.fence;
    book.put(write(&record, fenced(old, 1)))
        .await
        .expect("the claim is live");
    clock.advance(TimeDelta::seconds(60));
    for taken_over in [false, true] {
        if taken_over {
            claimed(&*book, &record, OTHER).await;
        }
        let error = refused(&*book, write(&record, fenced(old, 2))).await;
        assert!(is_fenced(&error, old), "taken over: {taken_over}: {error}");
        let error = book
            .claim(&renewal(&record, old))
            .await
            .expect_err("the claim ran out");
        assert!(is_fenced(&error, old), "taken over: {taken_over}: {error}");
    }
    for unborn in [Fence(0), Fence(3), Fence(u64::MAX)] {
        let error = refused(&*book, write(&record, fenced(unborn, 2))).await;
        assert!(is_fenced(&error, unborn), "{error}");
    }
    book.put(write(&record, fenced(Fence(2), 2)))
        .await
        .expect("the new claim is live");
}

/// From the moment of the renewal; others stay out until the new end.
pub async fn a_renewal_prolongs_and_keeps_its_token<E: Engine>(engine: &E) {
    let (book, clock) = ledger(engine).await;
    let record = sample::record();
    create(&*book, &record).await;
    let fence = claimed(&*book, &record, HOLDER).await.fence;
    clock.advance(TimeDelta::seconds(40));
    let (renewed, stored) = book.claim(&renewal(&record, fence)).await.expect("live");
    assert_eq!((renewed.fence, renewed.until), (fence, sample::at(100)));
    assert_eq!(stored.claim, Some(renewed));
    clock.advance(TimeDelta::seconds(40));
    let error = book
        .claim(&request(&record, OTHER))
        .await
        .expect_err("it is claimed");
    assert!(matches!(error, BookError::Claimed { .. }), "{error}");
    book.put(write(&record, fenced(fence, 1)))
        .await
        .expect("the claim is live");
}

/// A person's word that came meanwhile is read first, and the claim stays good for the second attempt.
pub async fn a_holder_never_writes_over_what_another_wrote<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    let revision = create(&*book, &record).await;
    let fence = claimed(&*book, &record, HOLDER).await.fence;
    let meanwhile = book
        .put(write(&record, Precondition::Revision(revision)))
        .await;
    assert_eq!(
        meanwhile.expect("the revision is the stored one"),
        Revision(2)
    );
    let error = refused(&*book, write(&record, fenced(fence, 1))).await;
    assert!(matches!(error, BookError::Conflict { .. }), "{error}");
    let again = book.put(write(&record, fenced(fence, 2))).await;
    assert_eq!(again.expect("read again"), Revision(3));
}

/// A shorter request leaves the end where it was.
pub async fn a_renewal_never_shortens<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    create(&*book, &record).await;
    let fence = claimed(&*book, &record, HOLDER).await.fence;
    let shorter = ClaimRequest {
        span: TimeDelta::seconds(1),
        ..renewal(&record, fence)
    };
    let (renewed, _) = book.claim(&shorter).await.expect("live");
    assert_eq!(renewed.until, sample::at(60));
}

/// The record is free at once, the old token stays powerless, and the next one is higher.
pub async fn a_dropped_claim_is_gone_and_its_token_is_never_reused<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    create(&*book, &record).await;
    for token in 1..4 {
        let fence = claimed(&*book, &record, HOLDER).await.fence;
        assert_eq!(fence, Fence(token));
        let last = Write {
            drop_claim: true,
            ..write(&record, fenced(fence, token))
        };
        book.put(last.clone()).await.expect("the claim is live");
        let stored = book.get(&record.subject()).await.expect("readable");
        assert_eq!(stored.expect("stored").claim, None);
        let error = refused(&*book, last).await;
        assert!(is_fenced(&error, fence), "{error}");
        let error = book
            .claim(&renewal(&record, fence))
            .await
            .expect_err("it was dropped");
        assert!(is_fenced(&error, fence), "{error}");
    }
}

/// So that a claim alone never makes another's read stale.
pub async fn a_claim_leaves_the_revision_alone<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    let revision = create(&*book, &record).await;
    let (claim, stored) = book.claim(&request(&record, HOLDER)).await.expect("free");
    assert_eq!(stored.revision, revision);
    let (_, stored) = book
        .claim(&renewal(&record, claim.fence))
        .await
        .expect("live");
    assert_eq!(stored.revision, revision);
    let by_another = book
        .put(write(&record, Precondition::Revision(revision)))
        .await;
    assert_eq!(
        by_another.expect("the revision is the stored one"),
        Revision(2)
    );
}

/// A put by revision neither takes nor ends a claim, even one that ran out.
pub async fn a_put_keeps_the_claim_unless_told<E: Engine>(engine: &E) {
    let (book, clock) = ledger(engine).await;
    let record = sample::record();
    let revision = create(&*book, &record).await;
    let claim = claimed(&*book, &record, HOLDER).await;
    clock.advance(TimeDelta::seconds(600));
    book.put(write(&record, Precondition::Revision(revision)))
        .await
        .expect("the revision is the stored one");
    let stored = book.get(&record.subject()).await.expect("readable");
    assert_eq!(stored.expect("stored").claim, Some(claim));
}

/// Sixteen want it, one gets it, fifteen are told who has it.
pub async fn of_many_claimants_one_wins<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    create(&*book, &record).await;
    let tasks: Vec<_> = (0..16)
        .map(|number| {
            let book = Arc::clone(&book);
            let wanted = request(&record, &format!("host:{number}"));
            tokio::spawn(async move { book.claim(&wanted).await })
        })
        .collect();
    let (mut winners, mut told) = (Vec::new(), Vec::new());
    for task in tasks {
        match task.await.expect("no panic") {
            Ok((claim, _)) => winners.push(claim.holder),
            Err(BookError::Claimed { holder, .. }) => told.push(holder),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(told, vec![winners[0].clone(); 15]);
}

/// And no token is used up by the attempt.
pub async fn a_record_nobody_can_read_is_not_claimed<E: Engine>(engine: &E) {
    let (book, _) = ledger(engine).await;
    let record = sample::record();
    let revision = create(&*book, &record).await;
    engine.spoil(&book, &record.subject()).await;
    let error = book
        .claim(&request(&record, HOLDER))
        .await
        .expect_err("unreadable");
    assert!(matches!(error, BookError::Corrupt { .. }), "{error}");
    let repair = Write {
        events: vec![event(EventKind::Updated, sample::at(1))],
        ..write(&record, Precondition::Revision(revision))
    };
    book.put(repair)
        .await
        .expect("by its revision it can be repaired");
    assert_eq!(claimed(&*book, &record, OTHER).await.fence, Fence(1));
}
