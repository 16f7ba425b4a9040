//! The promises of the entries: nothing that somebody said meanwhile is written over.

use std::sync::Arc;

use ledger::{
    book::{
        ClaimRequest, Ledger, Precondition, Record, Write,
        contract::{in_memory, sample},
    },
    clock::ManualClock,
    environment::Hold,
    event::Subject,
    fact::{Fact, Facts},
    id::{EnvironmentId, Revision},
    identity::Identity,
    judge::{Rule, Verdict},
    plan::{Candidate, Pin},
};

use super::*;
use crate::act::destroy::failure::PartlyDone;

const HOUR: i64 = 3600;

/// One environment in a ledger, claimed by a sweeper.
struct Claimed {
    book: Arc<dyn Ledger>,
    journal: Journal,
    seen: Candidate,
}

impl Claimed {
    async fn with(environment: Environment) -> Self {
        let book = in_memory(Arc::new(ManualClock::at(sample::at(HOUR))));
        let created = Write {
            record: Record::Environment(environment),
            precondition: Precondition::Create,
            drop_claim: false,
            events: Vec::new(),
        };
        book.put(created).await.expect("created");
        let subject = Subject::Environment(EnvironmentId::parse("env-a").expect("a right id"));
        let request = ClaimRequest {
            subject: subject.clone(),
            holder: Holder("sweeper".to_owned()),
            span: chrono::TimeDelta::seconds(60),
            renew: None,
        };
        let (claim, stored) = book.claim(&request).await.expect("claimed");
        let by = Identity::claimed("local", "sweeper@host");
        let journal = Journal::new(
            book.clone(),
            subject,
            claim.fence,
            by,
            "destroy-a".to_owned(),
        );
        let seen = Candidate {
            revision: stored.revision,
            environment: stored
                .record
                .environment()
                .cloned()
                .expect("an environment"),
            facts: Facts {
                state: Fact::absent("nobody", sample::at(0)),
                begun_with: Fact::absent("nobody", sample::at(0)),
                change_request: Fact::absent("nobody", sample::at(0)),
                run: Fact::absent("nobody", sample::at(0)),
                activity: Fact::absent("nobody", sample::at(0)),
            },
        };
        Self {
            book,
            journal,
            seen,
        }
    }

    async fn living() -> Self {
        Self::with(sample::environment("a", "pr-1", 1)).await
    }

    async fn begin(&self) -> Result<(), BookError> {
        let by = Sweeper {
            host: "host",
            holder: &Holder("sweeper".to_owned()),
        };
        let action = Action::Destroy(Pin {
            address: "local:/s/terraform.tfstate".to_owned(),
            lineage: "l-1".to_owned(),
            serial: 7,
            instances: 4,
            expires_at: sample::at(0),
        });
        let decision = Decision {
            verdict: Verdict::Destroy,
            rule: Rule::Expiry,
            because: "it expired".to_owned(),
            derivation: Vec::new(),
        };
        let now = sample::at(HOUR);
        begin(
            &by,
            &self.journal,
            &action,
            &decision,
            self.seen.clone(),
            now,
        )
        .await
    }

    /// Another writer, such as a person or Terraform, who needs no claim.
    async fn somebody(&self, change: impl FnOnce(&mut Environment)) {
        let (stored, mut environment) = self.journal.read().await.expect("read");
        change(&mut environment);
        let write = Write {
            record: Record::Environment(environment),
            precondition: Precondition::Revision(stored.revision),
            drop_claim: false,
            events: Vec::new(),
        };
        self.book.put(write).await.expect("written");
    }

    async fn reaches(&self, step: TeardownStep) {
        let change = |environment: &mut Environment, _| {
            if let Lifecycle::Destroying(teardown) = &mut environment.lifecycle {
                teardown.step = step;
            }
        };
        let written = self.journal.write(change, |_, _| Vec::new(), Claim::Keep);
        written.await.expect("written");
    }

    async fn lifecycle(&self) -> Lifecycle {
        self.journal.read().await.expect("read").1.lifecycle
    }
}

fn released() -> Lifecycle {
    sample::released(sample::environment("a", "pr-1", 1)).lifecycle
}

fn held() -> Hold {
    Hold {
        by: Identity::claimed("local", "ana@host"),
        reason: "wait".to_owned(),
        since: sample::at(HOUR),
        until: None,
    }
}

fn failure(kind: FailureKind) -> TeardownFailure {
    TeardownFailure::new(kind, "it failed", "mend it")
}

#[tokio::test]
async fn what_was_given_back_after_the_claim_is_not_begun() {
    let claimed = Claimed::living().await;
    claimed
        .somebody(|environment| environment.lifecycle = released())
        .await;
    let refused = claimed.begin().await.expect_err("somebody wrote first");
    assert!(matches!(refused, BookError::Conflict { .. }), "{refused}");
    assert_eq!(claimed.lifecycle().await, released());
}

#[tokio::test]
async fn a_hold_after_the_claim_is_heard_before_anything_is_begun() {
    let claimed = Claimed::living().await;
    claimed
        .somebody(|environment| environment.hold = Some(held()))
        .await;
    claimed.begin().await.expect_err("somebody wrote first");
    assert_eq!(claimed.lifecycle().await, Lifecycle::Living);
}

#[tokio::test]
async fn a_failure_never_writes_over_a_course_that_somebody_else_set() {
    for kind in [FailureKind::Aborted, FailureKind::ApplyFailed] {
        for lifecycle in [released(), Lifecycle::Living] {
            let claimed = Claimed::living().await;
            claimed.begin().await.expect("begun");
            claimed.reaches(TeardownStep::Applying).await;
            claimed
                .somebody(|environment| environment.lifecycle = lifecycle.clone())
                .await;
            let before = &claimed.seen.environment;
            let ended = fail(&claimed.journal, before, &failure(kind.clone())).await;
            ended.expect("written down");
            assert_eq!(claimed.lifecycle().await, lifecycle, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_hold_during_a_teardown_outlives_its_failure() {
    let claimed = Claimed::living().await;
    claimed.begin().await.expect("begun");
    claimed
        .somebody(|environment| environment.hold = Some(held()))
        .await;
    let before = &claimed.seen.environment;
    fail(&claimed.journal, before, &failure(FailureKind::ApplyFailed))
        .await
        .expect("written down");
    let (_, after) = claimed.journal.read().await.expect("read");
    assert_eq!(after.hold, Some(held()));
    assert!(
        matches!(after.lifecycle, Lifecycle::Stuck(_)),
        "{:?}",
        after.lifecycle
    );
}

#[tokio::test]
async fn a_teardown_cut_off_while_applying_stays_known_as_one_when_the_next_pass_does_nothing() {
    let mut cut_off = sample::environment("a", "pr-1", 1);
    cut_off.lifecycle = Lifecycle::Destroying(Teardown {
        operation: "destroy-a".to_owned(),
        fence: ledger::id::Fence(0),
        since: sample::at(0),
        step: TeardownStep::Applying,
        instances: 4,
        inventory: Some("5f70".to_owned()),
        host: "host".to_owned(),
        work_dir: None,
        process_group: None,
    });
    let claimed = Claimed::with(cut_off).await;
    claimed.begin().await.expect("begun");
    claimed.reaches(TeardownStep::Planning).await;
    let before = &claimed.seen.environment;
    fail(&claimed.journal, before, &failure(FailureKind::Cancelled))
        .await
        .expect("written down");
    let Lifecycle::Destroying(teardown) = claimed.lifecycle().await else {
        panic!(
            "a teardown that was cut off: {:?}",
            claimed.lifecycle().await
        );
    };
    // What an earlier pass destroyed is expected to be missing only because this is known.
    assert_eq!(teardown.step, TeardownStep::Applying);
    assert_eq!(teardown.inventory.as_deref(), Some("5f70"));
}

#[tokio::test]
async fn who_was_asked_to_stop_did_not_fail_and_is_due_at_once() {
    let due = async |kind: FailureKind| {
        let claimed = Claimed::living().await;
        claimed.begin().await.expect("begun");
        claimed.reaches(TeardownStep::Proving).await;
        let before = &claimed.seen.environment;
        fail(&claimed.journal, before, &failure(kind))
            .await
            .expect("written down");
        let Lifecycle::Stuck(stuck) = claimed.lifecycle().await else {
            panic!("stuck: {:?}", claimed.lifecycle().await);
        };
        assert_eq!(stuck.passes, 1);
        stuck.retry_at <= sample::at(HOUR)
    };
    assert!(due(FailureKind::Cancelled).await);
    assert!(!due(FailureKind::ApplyFailed).await);
    assert!(!due(FailureKind::TimedOut).await);
}

#[tokio::test]
async fn what_was_deleted_is_told_with_the_failure() {
    let claimed = Claimed::living().await;
    claimed.begin().await.expect("begun");
    claimed.reaches(TeardownStep::Applying).await;
    let failure = TeardownFailure {
        done: Some(Box::new(PartlyDone {
            deleted: Some(vec!["x.a[\"b c\"]".to_owned()]),
            events_sha256: Some("5f70".to_owned()),
        })),
        ..failure(FailureKind::ApplyFailed)
    };
    let before = &claimed.seen.environment;
    fail(&claimed.journal, before, &failure)
        .await
        .expect("written down");
    let events = claimed.book.events(Some(claimed.journal.subject())).await;
    let events = events.expect("read");
    let told = &events.last().expect("an event").event.detail;
    assert_eq!(told[earlier_passes::DELETED], r#"["x.a[\"b c\"]"]"#);
    assert_eq!(told[earlier_passes::EVENTS_SHA256], "5f70");
}

#[tokio::test]
async fn a_record_is_written_only_as_it_was_decided_on() {
    let claimed = Claimed::living().await;
    claimed.begin().await.expect("begun");
    let (stored, environment) = claimed.journal.read().await.expect("read");
    claimed
        .somebody(|environment| environment.hold = Some(held()))
        .await;
    let put = |revision: Revision| {
        claimed
            .journal
            .put(revision, environment.clone(), Vec::new(), Claim::Keep)
    };
    let refused = put(stored.revision).await.expect_err("a hold came first");
    assert!(matches!(refused, BookError::Conflict { .. }), "{refused}");
    let (_, after) = claimed.journal.read().await.expect("read");
    assert_eq!(after.hold, Some(held()));
}

#[tokio::test]
async fn a_state_that_moved_in_the_last_moment_leaves_the_record_as_it_was() {
    let claimed = Claimed::living().await;
    claimed.begin().await.expect("begun");
    claimed.reaches(TeardownStep::Applying).await;
    let moved = Violation::Moved {
        found: "its serial was 5 and is 7".to_owned(),
    };
    let before = &claimed.seen.environment;
    let failure = failure(FailureKind::ChecksFailed(vec![moved]));
    let ended = fail(&claimed.journal, before, &failure).await;
    assert!(matches!(ended, Ok(Outcome::Skipped(_))), "{ended:?}");
    assert_eq!(claimed.lifecycle().await, Lifecycle::Living);
}

#[tokio::test]
async fn what_was_there_at_the_beginning_stays_on_record_until_the_end() {
    let claimed = Claimed::living().await;
    claimed.begin().await.expect("begun");
    claimed
        .somebody(|environment| {
            if let Lifecycle::Destroying(teardown) = &mut environment.lifecycle {
                teardown.step = TeardownStep::Applying;
                teardown.inventory = Some("5f70".to_owned());
            }
        })
        .await;
    let before = &claimed.seen.environment;
    fail(&claimed.journal, before, &failure(FailureKind::ApplyFailed))
        .await
        .expect("written down");
    let stuck = claimed.lifecycle().await;
    assert_eq!(stuck.inventory(), Some("5f70"), "{stuck:?}");

    let mut again = sample::environment("a", "pr-1", 1);
    again.lifecycle = stuck;
    let claimed = Claimed::with(again).await;
    claimed.begin().await.expect("begun again");
    assert_eq!(claimed.lifecycle().await.inventory(), Some("5f70"));
}

#[tokio::test]
async fn a_pass_that_gets_on_begins_the_count_anew() {
    for (left, expected) in [(None, 4), (Some(4), 4), (Some(3), 1)] {
        let mut environment = sample::environment("a", "pr-1", 1);
        environment.lifecycle = Lifecycle::Stuck(Stuck {
            since: sample::at(0),
            passes: 3,
            instances: Some(4),
            inventory: None,
            reason: "it failed".to_owned(),
            remedy: "mend it".to_owned(),
            retry_at: sample::at(HOUR),
        });
        let before = environment.clone();
        let claimed = Claimed::with(environment).await;
        claimed.begin().await.expect("begun");
        claimed.reaches(TeardownStep::Applying).await;
        let failure = failure(FailureKind::ApplyFailed).with_left(left);
        fail(&claimed.journal, &before, &failure)
            .await
            .expect("written");
        let Lifecycle::Stuck(stuck) = claimed.lifecycle().await else {
            panic!("stuck");
        };
        assert_eq!(stuck.passes, expected, "{left:?} of 4 are left");
    }
}
