//! A token that is there and does not hold is an error, whatever is wrong with it, and no text repeats it.

use serde_json::{Value as Json, json};

use super::{claims, told_with, trusting};
use crate::common::Bench;
use crate::driver::only_error;
use crate::issuer::{Algorithm, Issuer, SigningKey};

/// What the provider says of `token`, whose every part stays unsaid.
#[track_caller]
fn refused(told: &[crate::driver::values::Told], token: &str, expected: &str) {
    let error = only_error(told);
    assert_eq!(error.summary, "Identity Token Refused");
    assert!(
        error.detail.contains(expected),
        "{expected}: {}",
        error.detail
    );
    for part in token.split('.').filter(|part| 8 < part.len()) {
        assert!(!error.detail.contains(part), "{}", error.detail);
    }
}

#[tokio::test]
async fn what_a_token_says_must_fit_before_anybody_is_asked_for_a_key() {
    for (change, expected) in [
        (
            json!({"exp": 1_700_000_000}),
            "it expired at 2023-11-14T22:13:20Z",
        ),
        (json!({"exp": null}), "it has no usable `exp`"),
        (
            json!({"nbf": 4_000_000_000_u64}),
            "it is valid from 2096-10-02T07:06:40Z only",
        ),
        (
            json!({"aud": "sts.amazonaws.com"}),
            "its audience is `sts.amazonaws.com`",
        ),
        (json!({"aud": null}), "it has no usable `aud`"),
        (
            json!({"iss": "https://evil.test"}),
            "its issuer is `https://evil.test`",
        ),
        (json!({"iss": null}), "it has no usable `iss`"),
    ] {
        let (issuer, bench) = (Issuer::start(), Bench::new());
        let key = SigningKey::new("k1", Algorithm::Es256);
        let token = key.token(&claims(&issuer, change));
        let (_, told) = told_with(&bench, &issuer, &token).await;
        refused(&told, &token, expected);
    }
}

#[tokio::test]
async fn a_signature_that_proves_nothing_is_refused_before_anybody_is_asked_for_a_key() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let key = SigningKey::new("k1", Algorithm::Rs256);
    let said = claims(&issuer, json!({}));
    let header = |alg: &str| json!({"alg": alg, "kid": "k1"});
    let unsigned = {
        let token = key.signed(&header("none"), &said);
        let (message, _) = token.rsplit_once('.').expect("three parts");
        format!("{message}.")
    };
    let without_key = key.signed(&json!({"alg": "RS256"}), &said);
    // The trick of signing with the public key, as if it were a shared secret, fails for want of shared secrets.
    let shared = key.signed(&header("HS256"), &said);
    for (token, expected) in [
        (unsigned.as_str(), "signed with `none`"),
        (shared.as_str(), "signed with `HS256`"),
        (without_key.as_str(), "it has no usable `kid`"),
        ("hunter2-hunter2", "is not a JSON Web Token"),
    ] {
        let (_, told) = told_with(&bench, &issuer, token).await;
        refused(&told, token, expected);
    }
}

#[tokio::test]
async fn only_the_key_it_names_proves_a_token() {
    let published = SigningKey::new("k1", Algorithm::Es256);
    let impostor = SigningKey::new("k1", Algorithm::Es256);
    let stranger = SigningKey::new("k2", Algorithm::Es256);
    let other_kind = SigningKey::new("k1", Algorithm::Rs256);
    let longer = SigningKey::new("k1", Algorithm::Es384);
    for (signer, expected) in [
        (&impostor, "its signature was not made with the key `k1`"),
        (&stranger, "it names the key `k2`"),
        (
            &other_kind,
            "it is signed with RS256, and the key `k1` is not for that",
        ),
        (
            &longer,
            "it is signed with ES384, and the key `k1` is not for that",
        ),
    ] {
        let (issuer, bench) = (Issuer::start(), Bench::new());
        issuer.publish(&[&published]);
        let token = signer.token(&claims(&issuer, json!({})));
        let (_, told) = told_with(&bench, &issuer, &token).await;
        refused(&told, &token, expected);
    }
}

#[tokio::test]
async fn claims_that_were_changed_after_they_were_signed_are_refused() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let key = SigningKey::new("k1", Algorithm::EdDsa);
    issuer.publish(&[&key]);
    let honest = key.token(&claims(&issuer, json!({})));
    let wished = key.token(&claims(
        &issuer,
        json!({"sub": "repo:acme/shop:environment:production"}),
    ));
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (honest, wished) = (parts(&honest), parts(&wished));
    let forged = format!("{}.{}.{}", wished[0], wished[1], honest[2]);
    let (_, told) = told_with(&bench, &issuer, &forged).await;
    refused(
        &told,
        &forged,
        "its signature was not made with the key `k1`",
    );
}

#[tokio::test]
async fn a_proven_token_that_names_nobody_is_refused() {
    for sub in [Json::Null, json!(""), json!("a\nb")] {
        let (issuer, bench) = (Issuer::start(), Bench::new());
        let key = SigningKey::new("k1", Algorithm::Es256);
        issuer.publish(&[&key]);
        let token = key.token(&claims(&issuer, json!({"sub": sub})));
        let (_, told) = told_with(&bench, &issuer, &token).await;
        refused(&told, &token, "it has no usable `sub`");
    }
}

#[tokio::test]
async fn a_pipe_in_the_place_of_the_token_file_is_refused_and_never_waited_for() {
    let (issuer, bench) = (Issuer::start(), Bench::new());
    let made = std::process::Command::new("mkfifo")
        .arg(bench.root().join("token"))
        .status();
    assert!(made.expect("mkfifo runs").success());
    let variables = [("EPHEMERAL_IDENTITY_TOKEN_FILE", "token")];
    let provider = bench.unconfigured(&variables).await;
    let told = provider.configure(trusting(&issuer)).await;
    refused(&told, "", "it is not a regular file");
}
