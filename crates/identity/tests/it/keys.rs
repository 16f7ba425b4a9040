//! Kept keys: for an hour without asking, for a day while the issuer is down, and never in place of a key that is new.

use std::time::Duration;

use chrono::TimeDelta;
use identity::{Edge, InvalidToken, Patience, Trust, TrustedIssuer, Who, establish};
use ledger::clock::{Clock as _, ManualClock, SystemClock};
use ledger::identity::{Identity, Standing};
use serde_json::json;
use tempfile::TempDir;

use crate::issuer::{Algorithm, Answer, DISCOVERY, Issuer, KEYS, SigningKey};

/// For whom tokens are made here, and whom they are about.
const AUDIENCE: &str = "terraform-provider-ephemeral";
const SUBJECT: &str = "repo:acme/shop:ref:refs/heads/main";

/// A host with a clock of its own and a folder for what it keeps.
struct Host {
    cache: TempDir,
    clock: ManualClock,
    patience: Patience,
}

impl Host {
    fn new() -> Self {
        Self {
            cache: tempfile::tempdir().expect("a folder"),
            clock: ManualClock::at(SystemClock.now()),
            patience: Patience::default(),
        }
    }

    /// Who runs something on this host at this moment, with a fresh token by `key`.
    async fn who(&self, issuer: &Issuer, key: &SigningKey) -> Result<Who, InvalidToken> {
        let now = self.clock.now().timestamp();
        let token = key.token(&json!({
            "iss": issuer.url(), "sub": SUBJECT, "aud": AUDIENCE,
            "iat": now, "nbf": now, "exp": now + 300,
        }));
        let trust = Trust {
            audience: AUDIENCE.to_owned(),
            issuers: vec![TrustedIssuer::parse(issuer.url()).expect("an issuer")],
            token_file: None,
            token_variable: "TOKEN".to_owned(),
        };
        let edge = Edge {
            variable: &|name| (name == "TOKEN").then_some(token.as_str()),
            root: self.cache.path(),
            cache_home: self.cache.path(),
            user_agent: "tests",
            clock: &self.clock,
            patience: self.patience,
        };
        establish(&trust, Identity::claimed("localhost", "ana"), edge).await
    }

    /// Its standing; a token that is refused fails the test.
    async fn standing(&self, issuer: &Issuer, key: &SigningKey) -> Standing {
        let who = self.who(issuer, key).await.expect("not refused");
        who.identity.standing
    }
}

#[tokio::test]
async fn keys_are_asked_for_once_an_hour() {
    let (issuer, host) = (Issuer::start(), Host::new());
    let key = SigningKey::new("k1", Algorithm::Es256);
    issuer.publish(&[&key]);
    assert_eq!(host.standing(&issuer, &key).await, Standing::Verified);
    host.clock.advance(TimeDelta::minutes(59));
    let who = host.who(&issuer, &key).await.expect("not refused");
    assert_eq!((who.identity.subject.as_str(), who.doubt), (SUBJECT, None));
    assert_eq!(issuer.seen().len(), 2, "both came in the first minute");
    host.clock.advance(TimeDelta::minutes(1));
    issuer.publish(&[&key]);
    assert_eq!(host.standing(&issuer, &key).await, Standing::Verified);
}

#[tokio::test]
async fn a_rotated_key_is_asked_for_at_once_and_one_that_nobody_has_is_refused() {
    let (issuer, host) = (Issuer::start(), Host::new());
    let [old, new, never] = ["k1", "k2", "k3"].map(|name| SigningKey::new(name, Algorithm::Es256));
    issuer.publish(&[&old]);
    assert_eq!(host.standing(&issuer, &old).await, Standing::Verified);
    issuer.publish(&[&new]);
    assert_eq!(host.standing(&issuer, &new).await, Standing::Verified);
    issuer.publish(&[&new]);
    let problem = host.who(&issuer, &never).await.expect_err("refused");
    assert!(
        matches!(problem, InvalidToken::UnknownKey { .. }),
        "{problem}"
    );
    issuer.publish(&[&new]);
    let problem = host.who(&issuer, &old).await.expect_err("refused");
    assert!(
        matches!(problem, InvalidToken::UnknownKey { .. }),
        "{problem}"
    );
}

#[tokio::test]
async fn while_the_issuer_is_down_kept_keys_serve_for_a_day_and_no_longer() {
    let (issuer, host) = (Issuer::start(), Host::new());
    let [kept, new] = ["k1", "k2"].map(|name| SigningKey::new(name, Algorithm::Es256));
    issuer.publish(&[&kept]);
    assert_eq!(host.standing(&issuer, &kept).await, Standing::Verified);
    issuer.always(DISCOVERY, Answer::status(404));
    host.clock.advance(TimeDelta::hours(23));
    assert_eq!(host.standing(&issuer, &kept).await, Standing::Verified);
    assert_eq!(host.standing(&issuer, &new).await, Standing::Claimed);
    host.clock.advance(TimeDelta::hours(1));
    assert_eq!(host.standing(&issuer, &kept).await, Standing::Claimed);
}

#[tokio::test]
async fn nobody_waits_long_for_a_slow_issuer() {
    let mut host = Host::new();
    let late = |issuer: &Issuer| issuer.discovery().after(Duration::from_secs(2));
    let key = SigningKey::new("k1", Algorithm::Es256);
    for (patience, expected) in [
        (
            Patience {
                request: Duration::from_millis(50),
                whole: Duration::from_secs(60),
            },
            "no answer in time",
        ),
        (
            Patience {
                request: Duration::from_secs(60),
                whole: Duration::from_millis(300),
            },
            "could not be obtained and checked within",
        ),
    ] {
        let issuer = Issuer::start();
        issuer.always(DISCOVERY, late(&issuer));
        host.patience = patience;
        let who = host.who(&issuer, &key).await.expect("not refused");
        let doubt = who.doubt.expect("a doubt").to_string();
        assert!(doubt.contains(expected), "{doubt}");
        assert_eq!(who.identity.standing, Standing::Claimed);
    }
}

#[tokio::test]
async fn a_file_of_kept_keys_that_somebody_broke_is_as_good_as_none() {
    let (issuer, host) = (Issuer::start(), Host::new());
    let key = SigningKey::new("k1", Algorithm::Es256);
    issuer.publish(&[&key]);
    assert_eq!(host.standing(&issuer, &key).await, Standing::Verified);
    let folder = host.cache.path().join("ephemeral/identity-keys");
    for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
        std::fs::write(entry.path(), "{\"version\":1").expect("written");
    }
    issuer.expect(DISCOVERY, issuer.discovery());
    issuer.expect(KEYS, Issuer::keys(&[&key]));
    assert_eq!(host.standing(&issuer, &key).await, Standing::Verified);
}
