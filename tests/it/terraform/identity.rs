//! Who runs terraform, against a scripted issuer: what the records and the sweeper's reports say of it, and that neither
//! state nor logs hold what was asked with.

use acceptance::issuer::{Algorithm, DISCOVERY, KEYS};
use acceptance::workspace::{CHANGES, TerraformWorkspace};
use acceptance::{Issuer, SigningKey, World};
use chrono::Utc;
use ledger::identity::{Identity, Standing};
use serde_json::{Value, json};

use super::environment;
use super::ledger::Ledger;
use crate::sweep::{LONG, SHORT, apply, result_of, sweeper, wait_until_due};

const AUDIENCE: &str = "terraform-provider-ephemeral";
const SUBJECT: &str = "repo:acme/shop:environment:preview";

/// What GitHub says of a run, until `seconds` from now.
fn claims(issuer: &Issuer, seconds: i64) -> Value {
    let now = Utc::now().timestamp();
    json!({
        "iss": issuer.url(), "sub": SUBJECT, "aud": AUDIENCE, "iat": now - 600, "nbf": now - 600, "exp": now + seconds,
        "repository": "acme/shop", "run_id": "4711", "actor": "ana", "jti": "the-tokens-own-id",
    })
}

/// Publishes `key` for as many runs as it takes.
fn publish(issuer: &Issuer, key: &SigningKey) {
    issuer.always(DISCOVERY, issuer.discovery());
    issuer.always(KEYS, Issuer::keys(&[key]));
}

fn trusting<'world>(
    world: &'world World,
    name: &str,
    issuer: &Issuer,
) -> TerraformWorkspace<'world> {
    world
        .workspace(name)
        .with_env("EPHEMERAL_IDENTITY_ISSUERS", issuer.url())
}

#[test]
fn a_job_of_github_actions_is_verified_over_tls_and_shown_so_by_every_report() {
    let (world, issuer) = (World::new(), Issuer::over_tls());
    let key = SigningKey::new("k1", Algorithm::Rs256);
    publish(&issuer, &key);
    let token = key.token(&claims(&issuer, 600));
    let certificate = world.root().join("authority.pem");
    std::fs::write(&certificate, issuer.authority()).expect("written");
    let log = world.root().join("trace.log");
    let mut workspace = trusting(&world, "pr-1", &issuer)
        .with_env("SSL_CERT_FILE", &certificate.display().to_string())
        .with_env("TF_LOG", "TRACE")
        .with_env("TF_LOG_PATH", &log.display().to_string());
    for (name, value) in issuer.github(AUDIENCE, &token) {
        workspace = workspace.with_env(name, &value);
    }
    workspace.write("main.tf", &environment("pr-1", ""));
    workspace.apply().expect_success();

    let record = Ledger::of(&world).environment();
    assert_eq!(record.created_by, Identity::verified(issuer.url(), SUBJECT));
    let sweeper = world.sweeper();
    let listed = sweeper.json(&["list"]);
    assert_eq!(
        listed["environments"][0]["created_by"]["standing"],
        "verified"
    );
    let shown = format!("{SUBJECT} ({}, verified)", issuer.url());
    for command in ["show", "explain"] {
        let report = sweeper.run(&[command, "pr-1"]).expect_success();
        let report: String = report.stdout.split_whitespace().collect();
        let shown: String = shown.split_whitespace().collect();
        assert!(report.contains(&shown), "{command}: {report}");
    }
    let events = sweeper.json(&["show", "pr-1"])["events"].clone();
    assert_eq!(events[0]["detail"]["identity.run_id"], "4711");

    let signature = token.rsplit('.').next().expect("a signature");
    let state = workspace.state_json().to_string();
    let log = std::fs::read_to_string(&log).expect("a log");
    assert!(
        log.contains("the identity is verified"),
        "the log is the provider's too"
    );
    for secret in ["the-jobs-own-bearer", "the-tokens-own-id", signature] {
        for (place, text) in [("the state", &state), ("the log", &log)] {
            assert!(!text.contains(secret), "{secret} is in {place}");
        }
    }
}

#[test]
fn a_token_in_a_file_is_taken_while_it_holds_and_refused_afterwards() {
    let (world, issuer) = (World::new(), Issuer::start());
    let key = SigningKey::new("k1", Algorithm::Es256);
    publish(&issuer, &key);
    let workspace =
        trusting(&world, "pr-1", &issuer).with_env("EPHEMERAL_IDENTITY_TOKEN_FILE", "token");
    workspace.write("main.tf", &environment("pr-1", ""));

    workspace.write("token", &key.token(&claims(&issuer, -300)));
    workspace
        .apply()
        .expect_failure_containing("Identity Token Refused")
        .expect_saying("it expired at");
    assert!(!world.ledger_file().exists(), "nothing was recorded");

    workspace.write("token", &key.token(&claims(&issuer, 600)));
    workspace
        .apply()
        .expect_success()
        .expect_not_saying("Warning: Identity");
    let record = Ledger::of(&world).environment();
    assert_eq!(record.created_by.standing, Standing::Verified);

    std::fs::remove_file(workspace.path("token")).expect("removed");
    workspace.expect_no_changes();
    workspace.destroy().expect_success();
}

#[test]
fn what_a_verified_identity_made_a_sweeper_without_any_token_ends() {
    let (world, issuer) = (World::new(), Issuer::start());
    let key = SigningKey::new("k1", Algorithm::EdDsa);
    publish(&issuer, &key);
    let demand = format!(
        "identity = {{\n    issuers    = [\"{}\"]\n    token_file = \"token\"\n    required   = true\n  }}",
        issuer.url()
    );
    // The destroy of the page replays the whole configuration, the demand included.
    let configuration = environment("pr-1", SHORT).replace("rm page.html", "echo gone");
    let configuration = configuration.replace(
        "default_owner = \"ana\"",
        &format!("default_owner = \"ana\"\n  {demand}"),
    );
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = world.workspace("pr-1");
    workspace.write("main.tf", &configuration);
    workspace
        .apply()
        .expect_failure_containing("Verified Identity Required");
    workspace.write("token", &key.token(&claims(&issuer, 600)));
    workspace.plan().expect_exit(CHANGES);
    workspace.apply().expect_success();

    // What is left in the file is old by then, and no reason to keep anything.
    workspace.write("token", &key.token(&claims(&issuer, -300)));
    wait_until_due(&sweeper, 1);
    let run = sweeper.run(&["apply", "--auto-approve", "--json"]);
    assert_eq!(result_of(&run, "pr-1")["result"], "destroyed", "{run}");
    assert_eq!(workspace.addresses(), [""; 0]);
}
