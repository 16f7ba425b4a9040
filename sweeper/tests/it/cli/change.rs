//! `extend`, `hold`, `unhold` and `release`: one write each, told in the trail with who and why.

use chrono::TimeDelta;
use ledger::{
    clock::rfc3339,
    environment::{Environment, Lifecycle},
    event::{EventKind, Subject},
};

use super::place::{Place, ended, expired, lease, living, now, released, subject};

/// The last event of `environment`, which must be of `kind` and give `reason`.
#[track_caller]
fn told(place: &Place, subject: &Subject, kind: EventKind, reason: &str) {
    let events = place.events(subject);
    let last = &events.last().expect("an event").event;
    assert_eq!((&last.kind, events.len()), (&kind, 2));
    assert_eq!(last.detail["reason"], reason);
    assert!(last.by.subject.starts_with("tester@"), "{:?}", last.by);
}

#[test]
fn an_extension_is_written_once_with_who_and_why() {
    let place = Place::new();
    let before = place.environment(living("pr-128"));
    let run = place.run(&[
        "extend",
        "pr-128",
        "--by",
        "2h",
        "--reason",
        "demo for the board",
    ]);
    let run = run.ends_with(0);
    let after = place.environment_now(&before);
    assert_eq!(
        after.expires_at(),
        before.expires_at() + TimeDelta::hours(2)
    );
    assert_eq!(after.hard_expires_at(), before.hard_expires_at());
    told(
        &place,
        &subject(&before),
        EventKind::Extended,
        "demo for the board",
    );
    assert!(run.stdout.contains(&rfc3339(after.expires_at())), "{run:?}");
    assert!(
        run.stdout.contains(&rfc3339(before.expires_at())),
        "{run:?}"
    );
    let until = rfc3339(after.expires_at() + TimeDelta::hours(1));
    let line = [
        "extend", "pr-128", "--until", &until, "--reason", "more", "--json",
    ];
    let document = place.run(&line).ends_with(0).json();
    assert_eq!(document["changed"], true);
    assert_eq!(document["environment"]["expires_at"], until);
    assert_eq!(document["environment"]["revision"], 3);
}

#[test]
fn an_extension_never_passes_the_hard_end_and_never_shortens() {
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    let hard_end = rfc3339(environment.hard_expires_at());
    place
        .run(&["extend", "pr-128", "--by", "30d", "--reason", "x"])
        .ends_with(3)
        .says(&hard_end)
        .says("hint: ");
    let sooner = rfc3339(environment.expires_at() - TimeDelta::hours(1));
    place
        .run(&["extend", "pr-128", "--until", &sooner, "--reason", "x"])
        .ends_with(3)
        .says("would shorten");
    assert_eq!(place.environment_now(&environment), environment);
    place
        .run(&["extend", "pr-128", "--until", &hard_end, "--reason", "x"])
        .ends_with(0);
}

#[test]
fn what_expired_is_extended_from_now() {
    let place = Place::new();
    let environment = place.environment(expired("pr-128"));
    place
        .run(&["extend", "pr-128", "--by", "1h", "--reason", "x"])
        .ends_with(0);
    let left = place.environment_now(&environment).expires_at() - now();
    assert!(
        TimeDelta::minutes(59) < left && left <= TimeDelta::hours(1),
        "{left}"
    );
}

#[test]
fn what_is_over_is_neither_extended_nor_held() {
    let place = Place::new();
    let environment = place.environment(released("pr-128"));
    for line in [
        &["extend", "pr-128", "--by", "1h", "--reason", "x"][..],
        &["hold", "pr-128", "--reason", "x"],
        &["unhold", "pr-128", "--reason", "x"],
    ] {
        place
            .run(line)
            .ends_with(3)
            .says("is over")
            .says("no longer needed");
    }
    assert_eq!(place.stored(&subject(&environment)).revision.0, 1);
}

#[test]
fn a_hold_is_put_and_lifted() {
    let place = Place::new();
    let environment = place.environment(expired("pr-128"));
    let run = place
        .run(&["hold", "pr-128", "--reason", "demo"])
        .ends_with(0);
    run.says("is held until it is lifted")
        .says("sweeper unhold pr-128");
    let hold = place.environment_now(&environment).hold.expect("a hold");
    assert_eq!((hold.reason.as_str(), hold.until), ("demo", None));
    told(&place, &subject(&environment), EventKind::Held, "demo");
    place
        .run(&["unhold", "pr-128", "--reason", "over"])
        .ends_with(0)
        .says("is no longer held")
        .says("the next sweep may destroy it");
    assert_eq!(place.environment_now(&environment).hold, None);
    let again = place.run(&["unhold", "pr-128", "--reason", "x", "--json"]);
    assert_eq!(again.ends_with(0).json()["changed"], false);
    assert_eq!(place.stored(&subject(&environment)).revision.0, 3);
}

#[test]
fn a_hold_is_never_shortened_by_another() {
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    let at = |hours: i64| rfc3339(now() + TimeDelta::hours(hours));
    let hold = |until: &str| place.run(&["hold", "pr-128", "--reason", "x", "--until", until]);
    hold(&at(-1)).ends_with(3);
    hold(&at(5)).ends_with(0);
    hold(&at(2)).ends_with(3).says("cannot shorten");
    hold(&at(9)).ends_with(0);
    place
        .run(&["hold", "pr-128", "--reason", "for good"])
        .ends_with(0);
    hold(&at(50))
        .ends_with(3)
        .says("already held by tester@")
        .says("for good");
    let hold = place.environment_now(&environment).hold.expect("a hold");
    assert_eq!(hold.until, None);
}

#[test]
fn a_release_gives_back_and_says_that_nothing_was_destroyed() {
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    let run = place
        .run(&["release", "pr-128", "--reason", "moved"])
        .ends_with(0);
    run.says("is released")
        .says("nothing was destroyed")
        .says("local:/nowhere/pr-128.tfstate");
    let after = place.environment_now(&environment);
    assert!(matches!(after.lifecycle, Lifecycle::Released { ref reason, .. } if reason == "moved"));
    told(&place, &subject(&environment), EventKind::Released, "moved");
    let stored = place.stored(&subject(&environment));
    assert_eq!(stored.claim, None, "its own claim is left behind");
    place
        .run(&["release", "pr-128", "--reason", "again"])
        .ends_with(0)
        .says("nothing was changed");
    assert_eq!(
        place.stored(&subject(&environment)).revision,
        stored.revision
    );
}

#[test]
fn a_lease_is_extended_up_to_its_maximum_and_released() {
    let place = Place::new();
    let before = place.lease(lease("ana"));
    let (id, subject) = (before.id.as_str(), Subject::Lease(before.id.clone()));
    place
        .run(&["extend", id, "--by", "2h", "--reason", "x"])
        .ends_with(0);
    let after = place.lease_now(&before);
    assert_eq!(
        after.expires_at(),
        before.expires_at() + TimeDelta::hours(2)
    );
    assert_eq!(after.fencing_token, before.fencing_token);
    told(&place, &subject, EventKind::Extended, "x");
    place
        .run(&["extend", id, "--by", "3h", "--reason", "x"])
        .ends_with(3)
        .says(&rfc3339(before.created_at + TimeDelta::hours(8)));
    place
        .run(&["hold", id, "--reason", "x"])
        .ends_with(3)
        .says("only environments are held");
    place.run(&["release", id, "--reason", "done"]).ends_with(0);
    let released = place.lease_now(&before).released.expect("a release");
    assert_eq!(released.reason, "done");
    place
        .run(&["extend", id, "--by", "1h", "--reason", "x"])
        .ends_with(3)
        .says("cannot extend");
}

#[test]
fn changes_at_the_same_time_are_all_made() {
    let place = Place::new();
    let environment: Environment = place.environment(living("pr-128"));
    let children: Vec<_> = (0..6)
        .map(|number| {
            let reason = format!("number {number}");
            place.spawn(&["extend", "pr-128", "--by", "1h", "--reason", &reason])
        })
        .collect();
    for child in children {
        ended(child.wait_with_output().expect("it ends")).ends_with(0);
    }
    let after = place.environment_now(&environment);
    assert_eq!(
        after.expires_at(),
        environment.expires_at() + TimeDelta::hours(6)
    );
    assert_eq!(place.events(&subject(&environment)).len(), 7);
    place.run(&["audit", "verify"]).ends_with(0);
}
