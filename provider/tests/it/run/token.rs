//! The token in a provider block: it opens something while its run lives, and dies with it.

use chrono::TimeDelta;
use ledger::clock::rfc3339;
use ledger::run::RunEnd;
use serde_json::json;

use super::{LEASE, change, now, record, token};
use crate::common::{Bench, subject};
use crate::driver::values::UNKNOWN;
use crate::driver::{assert_no_errors, only_error};

#[tokio::test]
async fn what_is_recorded_under_a_token_carries_the_run() {
    let bench = Bench::new();
    let opener = bench.provider().await;
    let open = opener.open(LEASE, json!({})).await;
    let run_token = json!({"run_token": token(&open)});
    let provider = bench.provider_with(&[], run_token).await;
    let made = provider
        .create("ephemeral_environment", json!({"name": "pr-1"}))
        .await;
    let leased = provider.create("ttl_lease", json!({"ttl": "1h"})).await;
    for stored in [&made, &leased] {
        let events = bench.book().await.events(Some(&subject(stored))).await;
        let events = events.expect("the ledger answers");
        assert_eq!(open.result["id"], events[0].event.detail["run"]);
    }
    let text = serde_json::to_string(&made.state).expect("JSON");
    assert!(!text.contains(&token(&open)), "not in the state");
}

#[tokio::test]
async fn a_token_that_is_not_known_yet_or_not_given_is_no_problem() {
    let bench = Bench::new();
    let provider = bench.unconfigured(&[]).await;
    for config in [
        json!({}),
        json!({"run_token": null}),
        json!({"run_token": UNKNOWN}),
    ] {
        assert_eq!(provider.configure(config).await, []);
    }
    // Which ledger to ask is not known, so nothing can be said of the token either.
    let somebodys = format!("run-a.{}", "0".repeat(64));
    let config = json!({"run_token": somebodys, "ledger": UNKNOWN});
    assert_no_errors(&provider.configure(config).await);
}

#[tokio::test]
async fn a_text_that_is_no_token_is_refused_at_the_argument_and_not_repeated() {
    let bench = Bench::new();
    let provider = bench.unconfigured(&[]).await;
    for text in ["", "hunter2", "run-a.short"] {
        let told = provider.configure(json!({"run_token": text})).await;
        let error = only_error(&told);
        let found = (error.summary.as_str(), error.at.as_str());
        assert_eq!(found, ("Invalid Run Token", "run_token"));
        assert!(!error.detail.contains("hunter2") && !error.detail.contains("short"));
    }
}

#[tokio::test]
async fn a_token_of_another_ledger_or_of_nobody_is_refused_with_what_to_do() {
    let bench = Bench::new();
    let opener = bench.provider().await;
    let open = opener.open(LEASE, json!({})).await;
    let text = token(&open);
    let (id, _) = text.split_once('.').expect("two parts");
    let guessed = format!("{id}.{}", "0".repeat(64));
    let nobodys = format!("run-a.{}", "0".repeat(64));
    let provider = bench.unconfigured(&[]).await;
    for text in [guessed, nobodys] {
        let told = provider.configure(json!({"run_token": text})).await;
        let error = only_error(&told);
        let found = (error.summary.as_str(), error.at.as_str());
        assert_eq!(found, ("Unknown Run", "run_token"));
        assert!(error.detail.contains("the same `ledger`"), "{error:?}");
        assert!(!error.detail.contains("0000"), "{error:?}");
    }
    let elsewhere = Bench::new();
    let provider = elsewhere.unconfigured(&[]).await;
    let told = provider.configure(json!({"run_token": token(&open)})).await;
    assert_eq!(only_error(&told).summary, "Unknown Run");
    assert!(!elsewhere.ledger().exists(), "a look creates no ledger");
}

#[tokio::test]
async fn the_token_of_a_run_that_is_over_is_refused_with_the_time_of_its_end() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let at = now(bench_with_ledger(&bench).await).await;
    for how in ["closed", "dead", "dead, noted", "interrupted"] {
        let open = provider.open(LEASE, json!({})).await;
        let config = json!({"run_token": token(&open)});
        assert_eq!(provider.configure(config.clone()).await, [], "it lives");
        change(&bench, &open, |run| match how {
            "closed" => run.end = Some(RunEnd::Closed { at }),
            "dead" => run.renewed_at -= TimeDelta::minutes(3),
            "dead, noted" => run.end = Some(RunEnd::Died { at, noted_at: at }),
            _ => run.interrupted_at = Some(at),
        })
        .await;
        let run = record(&bench, &open).await;
        let since = match how {
            "dead" => rfc3339(run.alive_until()),
            _ => rfc3339(at),
        };
        let told = provider.configure(config).await;
        let error = only_error(&told);
        let found = (error.summary.as_str(), error.at.as_str());
        assert_eq!(found, ("Run Is Over", "run_token"), "{how}");
        let word = how.split(',').next().expect("a word");
        let said = format!("is {word} since {since}");
        assert!(error.detail.contains(&said), "{said}: {error:?}");
        assert!(!error.detail.contains(&token(&open)));
    }
}

/// The bench, once it has a ledger.
async fn bench_with_ledger(bench: &Bench) -> &Bench {
    let provider = bench.provider().await;
    assert_no_errors(&provider.open(LEASE, json!({})).await.told);
    bench
}
