//! What a person may do while a sweeper is at work.

use chrono::TimeDelta;

use super::place::{Place, expired, lease, subject};

#[test]
fn what_a_sweeper_is_at_work_on_is_not_released() {
    let place = Place::new();
    let environment = place.environment(expired("pr-128"));
    let claim = place.claim(&subject(&environment), TimeDelta::hours(1));
    place
        .run(&["release", "pr-128", "--reason", "x"])
        .ends_with(3)
        .says("is claimed by other-host/7/0")
        .says("hint: a sweeper is at work on it");
    assert_eq!(place.environment_now(&environment), environment);
    assert_eq!(place.stored(&subject(&environment)).claim, Some(claim));
}

#[test]
fn a_claim_that_ran_out_stands_in_nobodys_way() {
    let place = Place::new();
    let environment = place.environment(expired("pr-128"));
    place.claim(&subject(&environment), TimeDelta::milliseconds(1));
    let mut last = place.run(&["release", "pr-128", "--reason", "x"]);
    // The claim ends by the ledger's clock; it has a millisecond.
    for _ in 0..50 {
        if last.code == 0 {
            break;
        }
        last = place.run(&["release", "pr-128", "--reason", "x"]);
    }
    last.ends_with(0);
    assert!(place.environment_now(&environment).is_over());
}

#[test]
fn a_hold_is_written_all_the_same_and_says_that_it_may_be_late() {
    let place = Place::new();
    let environment = place.environment(expired("pr-128"));
    let claim = place.claim(&subject(&environment), TimeDelta::hours(1));
    place
        .run(&["hold", "pr-128", "--reason", "stop it"])
        .ends_with(0)
        .says("warning: a sweeper is at work on `pr-128` right now");
    let stored = place.stored(&subject(&environment));
    assert_eq!(stored.claim, Some(claim), "the claim is left as it is");
    assert!(place.environment_now(&environment).hold.is_some());
}

#[test]
fn a_claimed_lease_is_not_released() {
    let place = Place::new();
    let lease = place.lease(lease("ana"));
    let subject = ledger::event::Subject::Lease(lease.id.clone());
    place.claim(&subject, TimeDelta::hours(1));
    place
        .run(&["release", lease.id.as_str(), "--reason", "x"])
        .ends_with(3);
    assert_eq!(place.lease_now(&lease), lease);
}
