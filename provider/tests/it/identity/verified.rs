//! What is recorded of a token that holds, and where nobody is asked at all.

use ledger::book::Record;
use ledger::identity::{Identity, Standing};
use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider as _;
use serde_json::json;
use tonic::Request;

use super::{AUDIENCE, ENVIRONMENT, SUBJECT, claims, told_with, trusting};
use crate::common::{Bench, subject};
use crate::driver::assert_no_errors;
use crate::driver::values::dv;
use crate::issuer::{Algorithm, Issuer, SigningKey};

#[tokio::test]
async fn a_job_of_github_actions_is_recorded_with_what_github_vouches_for_and_without_a_secret() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let key = SigningKey::new("k1", Algorithm::Rs256);
    let token = key.token(&claims(&issuer, json!({})));
    let job = issuer.github(AUDIENCE, &token);
    issuer.publish(&[&key]);
    let variables = [(job[0].0, job[0].1.as_str()), (job[1].0, job[1].1.as_str())];
    let provider = bench.provider_with(&variables, trusting(&issuer)).await;
    let made = provider.create(ENVIRONMENT, json!({"name": "pr-1"})).await;

    let verified = Identity::verified(issuer.url(), SUBJECT);
    assert_eq!(bench.environment(&made).await.created_by, verified);
    let book = bench.book().await;
    let events = book.events(Some(&subject(&made))).await.expect("events");
    assert_eq!(events[0].event.by, verified);
    for (name, fact) in [
        ("identity.repository", "acme/shop"),
        ("identity.run_id", "4711"),
        ("identity.actor", "ana"),
        ("identity.environment", "preview"),
    ] {
        assert_eq!(events[0].event.detail[name], fact);
    }

    let signature = token.rsplit('.').next().expect("a signature");
    for secret in ["the-jobs-own-bearer", "the-tokens-own-id", signature] {
        let written = std::fs::read_dir(bench.root()).expect("a folder").flatten();
        for file in written.filter(|entry| entry.path().is_file()) {
            let bytes = std::fs::read(file.path()).expect("a file");
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} is in {:?}", file.path());
        }
    }
}

#[tokio::test]
async fn a_lease_says_who_has_it_and_who_vouches_for_them() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let key = SigningKey::new("k1", Algorithm::Es256);
    issuer.publish(&[&key]);
    let (provider, told) =
        told_with(&bench, &issuer, &key.token(&claims(&issuer, json!({})))).await;
    assert_eq!(told, []);
    let made = provider.create("ttl_lease", json!({"ttl": "1h"})).await;
    assert_eq!(made.state["holder"], SUBJECT);
    let Record::Lease(lease) = bench.record(&made).await.record else {
        panic!("a lease was expected");
    };
    assert_eq!(lease.created_by.standing, Standing::Verified);
}

#[tokio::test]
async fn every_algorithm_that_proves_something_is_believed() {
    for algorithm in Algorithm::ALL {
        let (issuer, bench) = (Issuer::start(), Bench::new());
        let key = SigningKey::new("k1", algorithm);
        issuer.publish(&[&SigningKey::new("k0", Algorithm::EdDsa), &key]);
        let token = key.token(&claims(&issuer, json!({})));
        let (_, told) = told_with(&bench, &issuer, &token).await;
        assert_eq!(told, [], "{algorithm:?}");
    }
}

#[tokio::test]
async fn a_token_in_a_file_comes_first_and_a_file_that_is_not_there_does_no_harm() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let key = SigningKey::new("k1", Algorithm::Es384);
    issuer.publish(&[&key]);
    let token = key.token(&claims(&issuer, json!({})));
    std::fs::write(bench.root().join("token"), format!("{token}\n")).expect("written");
    let variables = [
        ("EPHEMERAL_IDENTITY_TOKEN_FILE", "token"),
        ("EPHEMERAL_ID_TOKEN", "not looked at"),
        ("EPHEMERAL_IDENTITY_ISSUERS", issuer.url()),
    ];
    let provider = bench.provider_with(&variables, json!({})).await;
    let made = provider.create(ENVIRONMENT, json!({"name": "pr-1"})).await;
    let by = bench.environment(&made).await.created_by;
    assert_eq!(by.standing, Standing::Verified);

    let nowhere = [("EPHEMERAL_IDENTITY_TOKEN_FILE", "nowhere")];
    let provider = bench.unconfigured(&nowhere).await;
    assert_eq!(provider.configure(trusting(&issuer)).await, []);
    let made = provider.create(ENVIRONMENT, json!({"name": "pr-2"})).await;
    let by = bench.environment(&made).await.created_by;
    assert_eq!(by.standing, Standing::Claimed);
}

#[tokio::test]
async fn nobody_is_asked_where_tokens_are_off_or_a_sweeper_destroys_or_something_is_unknown() {
    // The issuer answers nothing: any request fails this test.
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let trusting = trusting(&issuer);
    let off = json!({"identity": {"issuers": []}});
    let later = json!({"identity": {"issuers": [issuer.url()], "audience": "<unknown>"}});
    let token = ("EPHEMERAL_ID_TOKEN", "no token at all");
    let fence = ("EPHEMERAL_FENCE", "7");
    for (variables, config) in [
        (vec![], &trusting),
        (vec![token], &off),
        (vec![token], &later),
        (vec![token, fence], &trusting),
    ] {
        let provider = bench.unconfigured(&variables).await;
        assert_eq!(provider.configure(config.clone()).await, [], "{config}");
    }
}

#[tokio::test]
async fn a_validation_asks_nobody() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let [url, bearer] = issuer.github(AUDIENCE, "never given");
    let variables = [(url.0, url.1.as_str()), (bearer.0, bearer.1.as_str())];
    let provider = bench.unconfigured(&variables).await;
    let block = provider
        .schema
        .provider
        .clone()
        .and_then(|schema| schema.block);
    let config = crate::driver::core::complete(&block.expect("a block"), &trusting(&issuer));
    let request = Request::new(proto::validate_provider_config::Request {
        config: Some(dv(&config)),
    });
    let answer = provider.server.validate_provider_config(request).await;
    let said = answer.expect("an answer").into_inner().diagnostics;
    assert_no_errors(&crate::driver::values::told(said));
    assert_eq!(issuer.seen(), Vec::<String>::new());
}
