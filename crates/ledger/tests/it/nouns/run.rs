//! Runs: when they live, when they are dead and not a moment before, and whose token opens something.

use chrono::TimeDelta;
use ledger::{
    book::contract::sample::{self, at},
    clock::Timestamp,
    id::RunId,
    run::{Life, Renewal, Run, RunEnd, RunToken},
    ttl::Ttl,
};
use proptest::prelude::*;

fn run(ttl: &str) -> Run {
    Run {
        ttl: Ttl::parse(ttl).expect(ttl),
        ..sample::run("a", false)
    }
}

/// A run with the token it was given.
fn with_token() -> (Run, RunToken) {
    let run = run("2m");
    let token = RunToken::new(run.id.clone(), &[7; 32]);
    let run = Run {
        token_sha256: token.sha256(),
        ..run
    };
    (run, token)
}

fn renewed(run: &Run, at: Timestamp) -> Run {
    match run.renewed(at) {
        Renewal::Renewed(run) => *run,
        Renewal::Over(end) => panic!("{end:?}"),
    }
}

#[test]
fn a_run_is_dead_at_the_end_of_its_ttl_and_not_a_moment_before() {
    let run = run("2m");
    let until = at(120);
    let moment = TimeDelta::milliseconds(1);
    for alive in [at(-3600), at(0), at(1), until - moment] {
        assert_eq!(run.life(alive), Life::Alive { until }, "{alive}");
    }
    for dead in [until, until + moment, at(1_000_000)] {
        assert_eq!(run.life(dead), Life::Dead { since: until }, "{dead}");
    }
}

#[test]
fn a_renewal_counts_from_its_own_time_and_never_shortens() {
    let once = renewed(&run("2m"), at(100));
    assert_eq!(once.alive_until(), at(220));
    // A clock that was set back.
    let again = renewed(&once, at(50));
    assert_eq!(again, once);
}

#[test]
fn a_late_sign_of_life_revives_a_run_until_its_death_was_noted() {
    let late = at(500);
    assert_eq!(run("2m").life(late), Life::Dead { since: at(120) });
    let revived = renewed(&run("2m"), late);
    assert_eq!(revived.life(late), Life::Alive { until: at(620) });

    let died = RunEnd::Died {
        at: at(120),
        noted_at: at(300),
    };
    let noted = Run {
        end: Some(died),
        ..run("2m")
    };
    assert_eq!(noted.renewed(late), Renewal::Over(died));
    assert_eq!(noted.life(at(0)), Life::Dead { since: at(120) });
}

#[test]
fn a_closed_run_is_neither_alive_nor_dead_and_was_at_work_until_then() {
    let end = RunEnd::Closed { at: at(30) };
    let closed = Run {
        end: Some(end),
        ..run("2m")
    };
    for now in [at(0), at(31), at(10_000)] {
        assert_eq!(closed.life(now), Life::Closed { at: at(30) });
    }
    assert_eq!(closed.last_sign(), at(30));
    assert_eq!(closed.renewed(at(31)), Renewal::Over(end));
    assert_eq!(run("2m").last_sign(), at(0));
}

#[test]
fn a_token_opens_something_while_its_run_lives_and_dies_with_it() {
    let (run, token) = with_token();
    assert!(run.admits(&token, at(119)));
    assert!(!run.admits(&token, at(120)), "the run is dead");
    let interrupted = Run {
        interrupted_at: Some(at(10)),
        ..run.clone()
    };
    assert!(!interrupted.admits(&token, at(11)), "Ctrl-C");
    assert!(interrupted.knows(&token));
    let closed = Run {
        end: Some(RunEnd::Closed { at: at(10) }),
        ..run.clone()
    };
    assert!(!closed.admits(&token, at(11)), "closed");
    let other_secret = RunToken::new(run.id.clone(), &[8; 32]);
    assert!(!run.admits(&other_secret, at(1)) && !run.knows(&other_secret));
    let of_another = RunToken::new(RunId::fresh(at(0)), &[7; 32]);
    assert!(!run.admits(&of_another, at(1)));
}

#[test]
fn a_token_reads_back_and_is_not_shown_by_accident() {
    let (_, token) = with_token();
    let text = token.reveal();
    let back = RunToken::parse(&text).expect("it reads back");
    assert_eq!((back.run(), back.sha256()), (token.run(), token.sha256()));
    let secret = text.split('.').next_back().expect("a secret");
    assert_eq!(secret.len(), 64);
    assert!(!format!("{token:?}").contains(&secret[..8]));
    assert!(!token.sha256().contains(&secret[..8]));
}

#[test]
fn what_is_no_token_is_refused_and_not_repeated() {
    let (_, token) = with_token();
    let text = token.reveal();
    let wrong = [
        String::new(),
        "hunter2".to_owned(),
        text[..text.len() - 1].to_owned(),
        format!("{text}0"),
        text.to_uppercase(),
        text.replace("run-", "env-"),
        text.replace('.', ":"),
        format!("{text} "),
        format!(".{}", "0".repeat(64)),
    ];
    for text in wrong {
        let error = RunToken::parse(&text).expect_err(&text).to_string();
        assert!(error.contains("ephemeral.ttl_lease.run.token"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

fn instants() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        8 => (-400_000_000..400_000_000_i64).prop_map(at),
        1 => Just(Timestamp::MAX_UTC),
        1 => Just(Timestamp::MIN_UTC),
    ]
}

proptest! {
    #[test]
    fn a_run_is_never_dead_within_its_ttl_of_a_sign_of_life(
        renewed_at in instants(), now in instants(), seconds in 1..400_000_i64,
    ) {
        let run = Run {
            renewed_at,
            ttl: Ttl::parse(&format!("{seconds}s")).expect("a duration"),
            ..run("2m")
        };
        let silence = now - renewed_at;
        let dead = matches!(run.life(now), Life::Dead { .. });
        // At the end of the calendar a ttl is cut off; then it is dead early, at the last instant there is.
        prop_assert!(!dead || seconds <= silence.num_seconds() || now == Timestamp::MAX_UTC);
        prop_assert!(dead || silence < run.ttl.delta());
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC*") {
        prop_assert!(RunToken::parse(&text).is_err());
    }
}
