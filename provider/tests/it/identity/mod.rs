//! Who runs this, over the protocol and against a scripted issuer: what is verified, what is refused, and what is left as
//! claimed. The same under real terraform is in the acceptance tests.

mod refusals;
mod required;
mod verified;

use ledger::clock::{Clock as _, SystemClock};
use serde_json::{Value as Json, json};

use crate::common::{Bench, Provider};
use crate::driver::values::Told;
use crate::issuer::Issuer;

/// The type under test.
const ENVIRONMENT: &str = "ephemeral_environment";

/// For whom tokens are made here.
const AUDIENCE: &str = "terraform-provider-ephemeral";

/// Whom they are about.
const SUBJECT: &str = "repo:acme/shop:ref:refs/heads/main";

/// What GitHub says of a run, made by `issuer` for now, with `change` in it; null takes a claim out.
fn claims(issuer: &Issuer, change: Json) -> Json {
    let now = SystemClock.now().timestamp();
    let mut claims = json!({
        "iss": issuer.url(), "sub": SUBJECT, "aud": AUDIENCE,
        "iat": now, "nbf": now - 5, "exp": now + 300,
        "jti": "the-tokens-own-id",
        "repository": "acme/shop", "run_id": "4711", "actor": "ana", "environment": "preview",
    });
    for (name, value) in change.as_object().expect("an object") {
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

/// A provider block that trusts `issuer`.
fn trusting(issuer: &Issuer) -> Json {
    json!({"identity": {"issuers": [issuer.url()]}})
}

/// A provider process with `token` in its variable, and what it said when it was configured to trust `issuer`.
async fn told_with(bench: &Bench, issuer: &Issuer, token: &str) -> (Provider, Vec<Told>) {
    let provider = bench.unconfigured(&[("EPHEMERAL_ID_TOKEN", token)]).await;
    let told = provider.configure(trusting(issuer)).await;
    (provider, told)
}
