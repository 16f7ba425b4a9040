//! What a pass writes into the journal: begun, skipped, failed, done. Each with its event, in one write.

use ledger::{
    book::BookError,
    clock::{Timestamp, whole_second},
    environment::{Environment, Lifecycle, Stuck, Teardown, TeardownStep},
    event::EventKind,
    id::Holder,
    judge::Decision,
    plan::{Action, Candidate},
};

use super::{
    backoff,
    earlier_passes::{self, EarlierPasses},
    journal::{Claim, Journal},
};
use crate::{
    act::destroy::{
        checks::Violation,
        failure::{FailureKind, TeardownFailure},
        job::Destroyed,
    },
    outcome::Outcome,
};

#[cfg(test)]
mod tests;

/// Which sweeper writes.
pub(crate) struct Sweeper<'a> {
    /// The host it runs on.
    pub(crate) host: &'a str,
    /// The name under which it holds claims.
    pub(crate) holder: &'a Holder,
}

/// Nothing was done, and why.
pub(crate) async fn skip(journal: &Journal, because: String) -> Result<Outcome, BookError> {
    let tell = |journal: &Journal, at| {
        vec![
            journal
                .event(EventKind::Skipped, at)
                .with("because", &because),
        ]
    };
    journal.write(|_, _| {}, tell, Claim::Drop).await?;
    Ok(Outcome::Skipped(because))
}

/// From here on the record says that it is being destroyed, by whom, and what was seen: the record that `decision` was
/// taken on, and no later one.
///
/// # Errors
/// [`BookError::Conflict`] if the record is no longer that one: it was released, renewed or held meanwhile.
pub(crate) async fn begin(
    by: &Sweeper<'_>,
    journal: &Journal,
    action: &Action,
    decision: &Decision,
    seen: Candidate,
    now: Timestamp,
) -> Result<(), BookError> {
    let pin = action.pin();
    let mut environment = seen.environment;
    let since = match &environment.lifecycle {
        Lifecycle::Destroying(teardown) => teardown.since,
        Lifecycle::Stuck(stuck) => stuck.since,
        _ => whole_second(now),
    };
    // Until this pass begins to apply, what is left is a part of what an earlier one began with.
    let inventory = environment.lifecycle.inventory().map(str::to_owned);
    environment
        .lineage
        .get_or_insert_with(|| pin.lineage.clone());
    environment.marker_seen_at.get_or_insert(whole_second(now));
    environment.lifecycle = Lifecycle::Destroying(Teardown {
        operation: journal.operation().to_owned(),
        fence: journal.fence(),
        since,
        step: TeardownStep::Claimed,
        instances: pin.instances,
        inventory,
        host: by.host.to_owned(),
        work_dir: None,
        process_group: None,
    });
    let decided = journal
        .event(EventKind::Decided, now)
        .with("verdict", decision.verdict.as_str())
        .with("rule", decision.rule.as_str())
        .with("because", &decision.because);
    let claimed = journal
        .event(EventKind::Claimed, now)
        .with("fence", journal.fence().to_string())
        .with("holder", by.holder.to_string())
        .with("lineage", &pin.lineage)
        .with("serial", pin.serial.to_string())
        .with("instances", pin.instances.to_string());
    let events = vec![decided, claimed];
    journal
        .put(seen.revision, environment, events, Claim::Keep)
        .await
}

/// It is gone, with proof of all that was done to it, in this pass and in `earlier` ones.
pub(crate) async fn finish(
    journal: &Journal,
    destroyed: Destroyed,
    earlier: &EarlierPasses,
) -> Result<Outcome, BookError> {
    let Destroyed {
        evidence: last,
        already_gone,
    } = destroyed;
    let evidence = earlier.joined(last, &already_gone);
    let change = |environment: &mut Environment, now| {
        environment.lifecycle = Lifecycle::Destroyed {
            at: whole_second(now),
            evidence: evidence.clone(),
        };
    };
    let tell = |journal: &Journal, now| {
        let mut event = journal
            .event(EventKind::Destroyed, now)
            .with("strategy", &evidence.strategy)
            .with("lineage", &evidence.lineage)
            .with("serial_before", evidence.serial_before.to_string())
            .with("serial_after", evidence.serial_after.to_string())
            .with("deleted", evidence.deleted.join(" "));
        if let Some(sha256) = &evidence.events_sha256 {
            event = event.with(earlier_passes::EVENTS_SHA256, sha256);
        }
        if !earlier.streams().is_empty() {
            event = event.with("earlier_events_sha256", earlier.streams().join(" "));
        }
        if !already_gone.is_empty() {
            event = event.with("already_gone", already_gone.join(" "));
        }
        vec![event]
    };
    journal.write(change, tell, Claim::Drop).await?;
    Ok(Outcome::Destroyed(evidence))
}

/// Writes down why it did not work. What was not begun leaves the record as it was `before`; what was begun is stuck, and
/// is tried again for ever. A lifecycle that was set meanwhile stands.
pub(crate) async fn fail(
    journal: &Journal,
    before: &Environment,
    failure: &TeardownFailure,
) -> Result<Outcome, BookError> {
    let (_, current) = journal.read().await?;
    let begun = match &current.lifecycle {
        Lifecycle::Destroying(teardown) => TeardownStep::Applying <= teardown.step,
        _ => false,
    };
    let waits = matches!(
        failure.kind,
        FailureKind::LockHeld(_) | FailureKind::Aborted | FailureKind::Cancelled
    );
    // Looked at right before applying, so nothing was done, although the step was already written down.
    let moved = matches!(&failure.kind, FailureKind::ChecksFailed(found)
        if found.iter().all(|one| matches!(one, Violation::Moved { .. })));
    let untouched = moved || (waits && !begun);
    let change = |environment: &mut Environment, now| {
        if !journal.is_at_work_on(environment) {
            return;
        }
        environment.lifecycle = if untouched {
            as_before(before, &current)
        } else {
            Lifecycle::Stuck(stuck(before, &current, failure, now))
        };
    };
    let tell = |journal: &Journal, now| {
        let kind = if untouched {
            EventKind::Skipped
        } else {
            EventKind::Failed
        };
        let mut event = journal
            .event(kind, now)
            .with("because", &failure.reason)
            .with("remedy", &failure.remedy);
        if let Some(left) = failure.instances_left {
            event = event.with("instances_left", left.to_string());
        }
        // What moved in the last moment was not touched.
        let nothing = moved.then(Vec::new);
        let done = failure.done.as_deref();
        let deleted = done.and_then(|done| done.deleted.as_ref());
        if let Some(deleted) = deleted.or(nothing.as_ref()) {
            event = event.with(earlier_passes::DELETED, earlier_passes::list(deleted));
        }
        if let Some(sha256) = done.and_then(|done| done.events_sha256.as_ref()) {
            event = event.with(earlier_passes::EVENTS_SHA256, sha256);
        }
        vec![event]
    };
    journal.write(change, tell, Claim::Drop).await?;
    Ok(if untouched {
        Outcome::Skipped(failure.reason.clone())
    } else {
        Outcome::Failed {
            reason: failure.reason.clone(),
            remedy: failure.remedy.clone(),
        }
    })
}

/// The lifecycle as it was, but that a teardown cut off before this pass stays known as one, and as far as it had come,
/// without what was cleared.
fn as_before(before: &Environment, current: &Environment) -> Lifecycle {
    match (&before.lifecycle, &current.lifecycle) {
        (Lifecycle::Destroying(cut_off), Lifecycle::Destroying(teardown)) => {
            Lifecycle::Destroying(Teardown {
                step: cut_off.step,
                ..teardown.clone()
            })
        }
        _ => before.lifecycle.clone(),
    }
}

fn stuck(
    before: &Environment,
    current: &Environment,
    failure: &TeardownFailure,
    now: Timestamp,
) -> Stuck {
    let (earlier, since) = match (&before.lifecycle, &current.lifecycle) {
        (Lifecycle::Stuck(stuck), _) => (stuck.passes, stuck.since),
        (_, Lifecycle::Destroying(teardown)) => (0, teardown.since),
        _ => (0, whole_second(now)),
    };
    let begun_with = match &current.lifecycle {
        Lifecycle::Destroying(teardown) => Some(teardown.instances),
        _ => None,
    };
    // Who asks it to stop does not make it fail: it is taken up at once, and the next failure waits as long as it would.
    let stopped = failure.kind == FailureKind::Cancelled;
    // Progress means fewer instances: with progress, the waits do not grow.
    let progressed = begun_with
        .zip(failure.instances_left)
        .is_some_and(|(begun, left)| left < begun);
    let passes = match (stopped, progressed) {
        (_, true) => 1,
        (true, false) => earlier.max(1),
        (false, false) => earlier.saturating_add(1),
    };
    let pause = match stopped {
        // Whole seconds are rounded up, and now is not a second from now.
        true => chrono::TimeDelta::seconds(-1),
        false => backoff::pause(&before.id, passes),
    };
    Stuck {
        since,
        passes,
        // Terraform said that all of it is gone. What lies there without our marker is not ours, all of it.
        instances: match failure.kind {
            FailureKind::NotProven => Some(0),
            _ => failure.instances_left.or(begun_with),
        },
        inventory: current.lifecycle.inventory().map(str::to_owned),
        reason: failure.reason.clone(),
        remedy: failure.remedy.clone(),
        retry_at: whole_second(now + pause),
    }
}
