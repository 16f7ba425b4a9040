//! One function per rule of [`super::judge`]: it decides, or passes the question on and says why.
//!
//! A rule knows the record, the facts and `now`; it knows nothing of the other rules.

use crate::{
    clock::{Timestamp, rfc3339},
    environment::{Environment, Lifecycle, OnExpiry},
    fact::{Fact, Facts, Observed, RequestFact, StateFact},
    inventory::Inventory,
    judge::{Policy, Verdict},
    tags::StandardTag,
    ttl::compact,
};

/// What a rule says.
pub(super) enum Answer {
    /// This, because.
    Decides(Verdict, String),
    /// Ask the next one, because.
    Passes(String),
}

use Answer::{Decides, Passes};

pub(super) fn over(environment: &Environment) -> Answer {
    match &environment.lifecycle {
        Lifecycle::Destroyed { at, .. } => {
            Decides(Verdict::Keep, format!("destroyed at {}", rfc3339(*at)))
        }
        Lifecycle::Released { at, by, .. } => Decides(
            Verdict::Keep,
            format!("released at {} by {by}", rfc3339(*at)),
        ),
        Lifecycle::Living | Lifecycle::Destroying(_) | Lifecycle::Stuck(_) => {
            Passes("its life is not over".to_owned())
        }
    }
}

pub(super) fn hold(environment: &Environment, now: Timestamp) -> Answer {
    match &environment.hold {
        None => Passes("nobody holds it".to_owned()),
        Some(hold) if hold.holds(now) => {
            let until = hold.until.map_or_else(
                || "until it is lifted".to_owned(),
                |until| format!("until {}", rfc3339(until)),
            );
            Decides(
                Verdict::Hold,
                format!("held by {} {until}: {}", hold.by, hold.reason),
            )
        }
        Some(hold) => Passes(format!("the hold of {} is over", hold.by)),
    }
}

pub(super) fn protection(environment: &Environment) -> Answer {
    let key = environment.tag_prefix.key(StandardTag::Protect);
    match environment.switch(StandardTag::Protect) {
        Ok(true) => return Decides(Verdict::Hold, format!("the tag `{key}` protects it")),
        Err(text) => {
            return Decides(
                Verdict::Hold,
                format!(
                    "the tag `{key}` is `{text}`, which is neither `true` nor `false`, and so protects it"
                ),
            );
        }
        Ok(false) => {}
    }
    let protected = environment
        .capture
        .as_ref()
        .map_or(&[][..], |capture| &capture.prevent_destroy);
    if protected.is_empty() {
        return Passes("nothing protects it".to_owned());
    }
    Decides(
        Verdict::Hold,
        format!(
            "its configuration sets `prevent_destroy` on {}",
            protected.join(", ")
        ),
    )
}

pub(super) fn opt_out(environment: &Environment) -> Answer {
    let key = environment.tag_prefix.key(StandardTag::OptOut);
    match environment.switch(StandardTag::OptOut) {
        Ok(false) => Passes("its owner did not opt out".to_owned()),
        Ok(true) => Decides(
            Verdict::Hold,
            format!("its owner opted out by the tag `{key}`"),
        ),
        Err(text) => Decides(
            Verdict::Hold,
            format!(
                "the tag `{key}` is `{text}`, which is neither `true` nor `false`, and so opts it out"
            ),
        ),
    }
}

pub(super) fn live_run(facts: &Facts, now: Timestamp) -> Answer {
    if let Some(lock) = facts.state.seen().and_then(|state| state.lock.as_ref()) {
        let since = lock
            .since
            .map_or_else(String::new, |since| format!(" since {}", rfc3339(since)));
        return Decides(
            Verdict::Keep,
            format!(
                "its state is locked by {}{since}: {}",
                lock.who, lock.operation
            ),
        );
    }
    match &facts.run.answer {
        Observed::Known(run) if now < run.alive_until => {
            Decides(Verdict::Keep, format!("the run {} is alive", run.run))
        }
        Observed::Unreadable(cause) => Decides(
            Verdict::Keep,
            format!("whether a run is alive could not be read: {cause}"),
        ),
        // A dead run, or none, in a list with gaps says nothing of the runs in the gaps.
        Observed::Known(_) | Observed::Absent if !facts.run.complete => Decides(
            Verdict::Keep,
            format!("not all runs could be listed ({})", facts.run.source),
        ),
        Observed::Known(run) => Passes(format!(
            "the run {} gave its last sign of life at {}",
            run.run,
            rfc3339(run.renewed_at)
        )),
        Observed::Absent => Passes("no run is known".to_owned()),
    }
}

pub(super) fn retry(environment: &Environment, now: Timestamp) -> Answer {
    match &environment.lifecycle {
        Lifecycle::Stuck(stuck) if now < stuck.retry_at => Decides(
            Verdict::Keep,
            format!(
                "pass {} failed ({}); the next is due at {}",
                stuck.passes,
                stuck.reason,
                rfc3339(stuck.retry_at)
            ),
        ),
        Lifecycle::Stuck(stuck) => Passes(format!("pass {} failed, the next is due", stuck.passes)),
        _ => Passes("no teardown failed".to_owned()),
    }
}

pub(super) fn closed_request(environment: &Environment, facts: &Facts) -> Answer {
    let Some(request) = &environment.change_request else {
        return Passes("it belongs to no change request".to_owned());
    };
    match (&facts.change_request.answer, facts.change_request.seen()) {
        (_, Some(RequestFact::Closed { at, merged })) => {
            let how = if *merged { "merged" } else { "closed" };
            due(
                environment,
                facts,
                format!("{request} was {how} at {}", rfc3339(*at)),
            )
        }
        (_, Some(RequestFact::Open)) => Passes(format!("{request} is open")),
        (Observed::Unreadable(cause), _) => Passes(format!(
            "whether {request} is open could not be read, which decides nothing: {cause}"
        )),
        (Observed::Absent | Observed::Known(_), None) => Passes(format!(
            "{request} was not found, which decides nothing ({})",
            facts.change_request.source
        )),
    }
}

pub(super) fn grace(environment: &Environment, now: Timestamp) -> Answer {
    let (expired, due) = (environment.expires_at(), environment.due_at());
    if now < expired {
        return Passes(format!("it expires at {}", rfc3339(expired)));
    }
    if now < due {
        return Decides(
            Verdict::Warn,
            format!(
                "it expired at {}, and its grace runs until {}",
                rfc3339(expired),
                rfc3339(due)
            ),
        );
    }
    Passes(format!("its grace ended at {}", rfc3339(due)))
}

pub(super) fn expiry(environment: &Environment, facts: &Facts, now: Timestamp) -> Answer {
    if now < environment.due_at() {
        return Passes("its lifetime is not over".to_owned());
    }
    let because = format!(
        "it expired at {}, and its grace of {} is over",
        rfc3339(environment.expires_at()),
        environment.lifetime.grace
    );
    due(environment, facts, because)
}

pub(super) fn idle(environment: &Environment, facts: &Facts, now: Timestamp) -> Answer {
    let lifetime = &environment.lifetime;
    let used = match &facts.activity.answer {
        Observed::Known(used) => *used,
        Observed::Absent => return Passes("nothing measures its use".to_owned()),
        Observed::Unreadable(cause) => {
            return Passes(format!("whether it is used could not be read: {cause}"));
        }
    };
    let wanted = environment.last_wanted(used);
    let unused = now - wanted;
    let because = format!("it was last used or renewed at {}", rfc3339(wanted));
    // What does not see every use shows that it was used, and never that it was not.
    if !facts.activity.complete {
        return Passes(format!(
            "{because}, as far as that is measured ({})",
            facts.activity.source
        ));
    }
    // Who extended it said until when it is needed; silence does not end that.
    let extended = environment.extended_until.is_some_and(|until| now < until);
    if !extended && lifetime.idle.delta() + lifetime.grace.delta() <= unused {
        return due(environment, facts, because);
    }
    if !extended && lifetime.idle.delta() <= unused {
        return Decides(Verdict::Warn, format!("{because}, and its grace runs"));
    }
    if lifetime.hibernate_after.delta() <= unused && environment.running {
        return Decides(Verdict::Hibernate, because);
    }
    if unused < lifetime.hibernate_after.delta() && !environment.running {
        return Decides(Verdict::Wake, because);
    }
    Passes(because)
}

pub(super) fn orphan(environment: &Environment, facts: &Facts) -> Answer {
    if environment.marker_seen_at.is_none() {
        return Passes("no sweep has seen it in its state yet".to_owned());
    }
    match &facts.state.answer {
        // What was not looked at whole proves no orphan.
        Observed::Known(_) | Observed::Absent if !facts.state.complete => {
            Passes("its state was not read whole".to_owned())
        }
        Observed::Absent => Decides(
            Verdict::Review,
            format!(
                "its state is gone from {}; to do: if it moved, apply it where it is now; if the environment is gone, \
                 release it",
                facts.state.source
            ),
        ),
        Observed::Known(state) => match owns(environment, state, &facts.begun_with) {
            Ok(proof) => Passes(proof),
            Err(doubt) => Decides(Verdict::Review, doubt),
        },
        Observed::Unreadable(cause) => Passes(format!("its state could not be read: {cause}")),
    }
}

pub(super) fn alive(environment: &Environment, policy: &Policy, now: Timestamp) -> Answer {
    let left = environment.expires_at() - now;
    let because = format!("it has {} left", compact(left));
    if left <= policy.warn_before {
        return Decides(Verdict::Warn, because);
    }
    Decides(Verdict::Keep, because)
}

/// It is time; whether it is ours to destroy is another question.
fn due(environment: &Environment, facts: &Facts, because: String) -> Answer {
    if environment.on_expiry == OnExpiry::Review {
        return Decides(
            Verdict::Review,
            format!("{because}; `on_expiry` asks for a review"),
        );
    }
    let doubt = match &facts.state.answer {
        Observed::Unreadable(cause) => format!("its state could not be read: {cause}"),
        Observed::Known(_) | Observed::Absent if !facts.state.complete => {
            "its state was not read whole".to_owned()
        }
        Observed::Absent => format!(
            "there is no state at {}; to do: if it moved, apply it where it is now; if the environment is gone, release \
             it",
            facts.state.source
        ),
        Observed::Known(state) => match owns(environment, state, &facts.begun_with) {
            Ok(proof) => return Decides(Verdict::Destroy, format!("{because}; {proof}")),
            Err(doubt) => doubt,
        },
    };
    Decides(
        Verdict::Review,
        format!("{because}, but nothing is destroyed without proof: {doubt}"),
    )
}

/// Whether `state` is the state of `environment`: the marker with its id and generation, and the lineage once seen.
///
/// A teardown that was cut off may have taken the marker first. Its state is then known by its lineage, which was
/// recorded while the marker was there, and by holding nothing that was not in it when that teardown began:
/// `begun_with`, which the record names.
///
/// # Errors
/// What does not fit.
pub fn owns(
    environment: &Environment,
    state: &StateFact,
    begun_with: &Fact<Inventory>,
) -> Result<String, String> {
    let marker = match state.markers.as_slice() {
        [] => return cut_off(environment, state, begun_with),
        [marker] => marker,
        several => {
            return Err(format!(
                "its state holds {} `ephemeral_environment` resources, and only one may govern a state",
                several.len()
            ));
        }
    };
    if marker.id != environment.id {
        return Err(format!("its state belongs to {}", marker.id));
    }
    if marker.generation != environment.generation {
        return Err(format!(
            "its state is of generation {}, the record of generation {}",
            marker.generation, environment.generation
        ));
    }
    match &environment.lineage {
        Some(lineage) if *lineage != state.lineage => Err(format!(
            "its state has the lineage {}, and {lineage} was seen before",
            state.lineage
        )),
        _ => Ok("its state holds its marker".to_owned()),
    }
}

/// The count alone would not do: an apply of the state without its environment may make as many objects as
/// there were, and they are not ours. What is not known about the beginning speaks against it.
fn cut_off(
    environment: &Environment,
    state: &StateFact,
    begun_with: &Fact<Inventory>,
) -> Result<String, String> {
    let most = match &environment.lifecycle {
        Lifecycle::Destroying(teardown) => Some(teardown.instances),
        Lifecycle::Stuck(stuck) => stuck.instances,
        Lifecycle::Living | Lifecycle::Destroyed { .. } | Lifecycle::Released { .. } => None,
    };
    let missing = "its state holds no `ephemeral_environment`";
    let same_lineage = environment.lineage.as_deref() == Some(state.lineage.as_str());
    if !same_lineage || most.is_none_or(|most| most < state.instances) {
        return Err(missing.to_owned());
    }
    if let Observed::Unreadable(cause) = &begun_with.answer {
        return Err(format!(
            "{missing}, and what was in it when the teardown that was cut off began could not be read: {cause}"
        ));
    }
    let (Some(_), Some(begun_with)) = (environment.lifecycle.inventory(), begun_with.seen()) else {
        return Err(format!(
            "{missing}, and what was in it when the teardown that was cut off began is not on record"
        ));
    };
    match begun_with.strangers_in(&state.objects) {
        0 => Ok(
            "its marker went in a teardown that was cut off, and its state has the lineage that was claimed and holds \
             nothing that was not in it then"
                .to_owned(),
        ),
        strangers => Err(format!(
            "{missing}, and {strangers} of the {} objects in it were not there when the teardown that was cut off \
             began, so somebody applied it anew; if they are wanted, release this record with `sweeper release {} \
             --reason TEXT`",
            state.instances, environment.name
        )),
    }
}
