//! What happens while an issuer does not answer: a claim with a warning, or nothing at all where more is required.

use ledger::identity::Standing;
use serde_json::{Value as Json, json};

use super::{AUDIENCE, ENVIRONMENT, claims, told_with, trusting};
use crate::common::Bench;
use crate::driver::values::Told;
use crate::driver::{Stored, assert_no_errors, only_error};
use crate::issuer::{Algorithm, Answer, DISCOVERY, Issuer, KEYS, SigningKey};

/// Asserts that `told` is the warning, with `expected` in it, and nothing else.
#[track_caller]
fn warned(told: &[Told], expected: &str) {
    let [warning] = told else {
        panic!("one warning was expected: {told:?}");
    };
    assert!(!warning.is_error, "{warning:?}");
    assert_eq!(warning.summary, "Identity Not Verified");
    assert!(
        warning.detail.contains(expected),
        "{expected}: {}",
        warning.detail
    );
}

#[tokio::test]
async fn an_issuer_that_gives_no_keys_leaves_the_identity_claimed_and_says_so() {
    let big = json!({"keys": [], "more": "a".repeat(300_000)});
    type Answers = Vec<(&'static str, Answer)>;
    let scripts: Vec<(Answers, &str)> = vec![
        (
            vec![(DISCOVERY, Answer::status(503)); 3],
            "the answer was 503",
        ),
        (vec![(DISCOVERY, Answer::status(404))], "the answer was 404"),
        (
            vec![(DISCOVERY, Answer::json(&json!({"issuer": "me"})))],
            "no discovery document",
        ),
        (
            vec![(
                DISCOVERY,
                Answer::json(
                    &json!({"issuer": "https://evil.test", "jwks_uri": "https://evil.test/keys"}),
                ),
            )],
            "the document of another issuer",
        ),
        (
            vec![(DISCOVERY, Answer::redirect("http://127.0.0.1:9/"))],
            "redirected to another origin",
        ),
        (
            vec![(DISCOVERY, Answer::redirect(DISCOVERY)); 4],
            "redirected again and again",
        ),
    ];
    for (answers, expected) in scripts {
        let (issuer, bench) = (Issuer::start(), Bench::new());
        for (path, answer) in answers {
            issuer.expect(path, answer);
        }
        let key = SigningKey::new("k1", Algorithm::Es256);
        let token = key.token(&claims(&issuer, json!({})));
        let (provider, told) = told_with(&bench, &issuer, &token).await;
        warned(&told, expected);
        let made = provider.create(ENVIRONMENT, json!({"name": "pr-1"})).await;
        let by = bench.environment(&made).await.created_by;
        assert_eq!(by.standing, Standing::Claimed);
    }
    for (keys, expected) in [
        (Answer::json(&big), "longer than 262144 bytes"),
        (Answer::json(&json!(["k1"])), "the answer holds no keys"),
    ] {
        let (issuer, bench) = (Issuer::start(), Bench::new());
        issuer.expect(DISCOVERY, issuer.discovery());
        issuer.expect(KEYS, keys);
        let key = SigningKey::new("k1", Algorithm::Es256);
        let token = key.token(&claims(&issuer, json!({})));
        let (_, told) = told_with(&bench, &issuer, &token).await;
        warned(&told, expected);
    }
}

#[tokio::test]
async fn a_moment_of_trouble_and_a_redirect_at_home_do_no_harm() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let key = SigningKey::new("k1", Algorithm::Es256);
    issuer.expect(DISCOVERY, Answer::status(502));
    issuer.expect(DISCOVERY, Answer::redirect("/elsewhere"));
    issuer.expect("/elsewhere", issuer.discovery());
    issuer.expect(KEYS, Issuer::keys(&[&key]));
    let token = key.token(&claims(&issuer, json!({})));
    let (_, told) = told_with(&bench, &issuer, &token).await;
    assert_eq!(told, []);
}

#[tokio::test]
async fn a_service_of_github_that_refuses_leaves_the_identity_claimed_and_keeps_its_address_private()
 {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let [url, bearer] = issuer.github_answering(AUDIENCE, Answer::status(403));
    let variables = [(url.0, url.1.as_str()), (bearer.0, bearer.1.as_str())];
    let provider = bench.unconfigured(&variables).await;
    let told = provider.configure(trusting(&issuer)).await;
    warned(&told, "a token of GitHub Actions: the answer was 403");
    for private in ["/idtoken", bearer.1.as_str()] {
        assert!(!told[0].detail.contains(private), "{}", told[0].detail);
    }
}

fn required(issuer: &Issuer) -> Json {
    json!({"identity": {"issuers": [issuer.url()], "required": true}})
}

#[tokio::test]
async fn where_a_verified_identity_is_required_nothing_is_created_or_changed_without_one() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let before = bench.provider().await;
    let made = before.create(ENVIRONMENT, json!({"name": "pr-1"})).await;
    let lease = before.create("ttl_lease", json!({"ttl": "1h"})).await;

    let provider = bench.unconfigured(&[]).await;
    assert_eq!(provider.configure(required(&issuer)).await, []);
    for (kind, prior, config) in [
        (ENVIRONMENT, &Stored::nothing(), json!({"name": "pr-2"})),
        ("ttl_lease", &Stored::nothing(), json!({"ttl": "1h"})),
        (ENVIRONMENT, &made, json!({"name": "pr-1", "owner": "bo"})),
        ("ttl_lease", &lease, json!({"ttl": "2h"})),
    ] {
        let planned = provider.plan(kind, prior, config).await;
        let error = only_error(&planned.told);
        assert_eq!(error.summary, "Verified Identity Required");
        assert!(
            error.detail.contains("no token is available here"),
            "{}",
            error.detail
        );
    }
    // What is there already can be looked at, kept and given back.
    let seen = provider.read(ENVIRONMENT, &made).await;
    assert_no_errors(&seen.told);
    let kept = provider
        .plan(ENVIRONMENT, &seen, json!({"name": "pr-1"}))
        .await;
    assert_no_errors(&kept.told);
    let gone = provider.change("ttl_lease", &lease, Json::Null).await;
    assert!(gone.state.is_null());
}

#[tokio::test]
async fn where_a_verified_identity_is_required_no_action_lengthens_a_life_without_one() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let before = bench.provider().await;
    let made = before.create(ENVIRONMENT, json!({"name": "pr-1"})).await;
    let lease = before.create("ttl_lease", json!({"ttl": "1h"})).await;
    let trails = (bench.events(&made).await, bench.events(&lease).await);

    let provider = bench.unconfigured(&[]).await;
    assert_eq!(provider.configure(required(&issuer)).await, []);
    for (action, config) in [
        (
            "ephemeral_environment_extend",
            json!({"environment": "pr-1", "by": "1h", "reason": "a demo"}),
        ),
        (
            "ephemeral_environment_hold",
            json!({"environment": "pr-1", "reason": "a demo"}),
        ),
        (
            "ttl_lease_extend",
            json!({"lease": lease.state["id"], "by": "1h", "reason": "a demo"}),
        ),
    ] {
        let (_, told) = provider.invoke(action, config).await;
        let error = only_error(&told);
        assert_eq!(error.summary, "Verified Identity Required", "{action}");
    }
    let after = (bench.events(&made).await, bench.events(&lease).await);
    assert_eq!(after, trails);
}

#[tokio::test]
async fn a_plan_from_elsewhere_is_not_applied_without_the_identity_that_is_required() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let free = bench.provider().await;
    let nothing = Stored::nothing();
    let planned = free
        .plan(ENVIRONMENT, &nothing, json!({"name": "pr-1"}))
        .await;
    let bound = bench.unconfigured(&[]).await;
    assert_no_errors(&bound.configure(required(&issuer)).await);
    let refused = bound.apply(ENVIRONMENT, planned).await;
    assert_eq!(
        only_error(&refused.told).summary,
        "Verified Identity Required"
    );
    assert!(!bench.ledger().exists(), "nothing was written");
}

#[tokio::test]
async fn the_reason_why_a_required_identity_is_missing_is_told_once_where_it_matters() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    issuer.expect(DISCOVERY, Answer::status(404));
    let key = SigningKey::new("k1", Algorithm::Es256);
    let token = key.token(&claims(&issuer, json!({})));
    let provider = bench.unconfigured(&[("EPHEMERAL_ID_TOKEN", &token)]).await;
    assert_eq!(provider.configure(required(&issuer)).await, []);
    let nothing = Stored::nothing();
    let planned = provider
        .plan(ENVIRONMENT, &nothing, json!({"name": "pr-1"}))
        .await;
    let error = only_error(&planned.told);
    assert!(
        error.detail.contains("the answer was 404"),
        "{}",
        error.detail
    );
}
