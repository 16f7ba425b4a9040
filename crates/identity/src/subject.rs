//! Which proven claims make the identity, and which are kept beside it: plain facts about a run, never a secret.

use std::collections::BTreeMap;

use ledger::identity::Identity;
use serde_json::{Map, Value as Json};

use crate::{Who, claims::text, issuer::TrustedIssuer, problem::InvalidToken};

/// The longest subject, in bytes. OpenID Connect allows 255; GitHub's templates make longer ones.
const MOST_SUBJECT: usize = 1024;
/// The longest fact, in bytes. A longer one is left out.
const MOST_FACT: usize = 256;

/// What GitHub Actions and GitLab say about a run that helps to find it again. Names, numbers and places; what could be
/// personal, such as an address of mail, stays out.
const FACTS: [&str; 24] = [
    "actor",
    "actor_id",
    "ci_config_ref_uri",
    "environment",
    "environment_protected",
    "event_name",
    "job_id",
    "job_workflow_ref",
    "namespace_path",
    "pipeline_id",
    "pipeline_source",
    "project_id",
    "project_path",
    "ref",
    "ref_protected",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "run_attempt",
    "run_id",
    "sha",
    "user_login",
    "workflow_ref",
];

/// Who `claims`, which `issuer` proved, are about.
///
/// # Errors
/// They name no subject.
pub(crate) fn who(issuer: &TrustedIssuer, claims: &Map<String, Json>) -> Result<Who, InvalidToken> {
    let subject = text(claims, "sub")
        .filter(|subject| subject.len() <= MOST_SUBJECT && is_plain(subject))
        .ok_or(InvalidToken::Missing("sub"))?;
    let facts = FACTS.iter().filter_map(|name| {
        let fact = match claims.get(*name)? {
            Json::String(text) => text.clone(),
            Json::Number(number) => number.to_string(),
            Json::Bool(word) => word.to_string(),
            Json::Null | Json::Array(_) | Json::Object(_) => return None,
        };
        let fits = !fact.is_empty() && fact.len() <= MOST_FACT && is_plain(&fact);
        fits.then(|| ((*name).to_owned(), fact))
    });
    Ok(Who {
        identity: Identity::verified(issuer.as_str(), subject),
        facts: facts.collect::<BTreeMap<_, _>>(),
        doubt: None,
    })
}

/// Whether `text` shows as one line and as what it is.
fn is_plain(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(claims: &Json) -> Result<Who, InvalidToken> {
        let issuer = TrustedIssuer::parse("https://gitlab.com").expect("an issuer");
        who(&issuer, claims.as_object().expect("an object"))
    }

    #[test]
    fn the_subject_is_the_tokens_and_the_facts_are_those_that_find_the_run_again() {
        let who = of(&json!({
            "sub": "project_path:acme/shop:ref_type:branch:ref:main",
            "project_path": "acme/shop",
            "pipeline_id": 77,
            "ref_protected": true,
            "environment": null,
            "user_email": "ana@acme.test",
            "sha": "a".repeat(MOST_FACT + 1),
            "ref": "a\nb",
            "jti": "secret-ish",
        }))
        .expect("an identity");
        assert_eq!(
            who.identity.to_string(),
            "project_path:acme/shop:ref_type:branch:ref:main (https://gitlab.com, verified)"
        );
        let facts = [
            ("pipeline_id", "77"),
            ("project_path", "acme/shop"),
            ("ref_protected", "true"),
        ];
        let facts = facts.map(|(name, fact)| (name.to_owned(), fact.to_owned()));
        assert_eq!(who.facts, BTreeMap::from(facts));
    }

    #[test]
    fn a_token_without_a_plain_subject_names_nobody() {
        let long = "a".repeat(MOST_SUBJECT + 1);
        for sub in [
            json!(null),
            json!(""),
            json!(7),
            json!("a\u{1b}[2J"),
            json!(long),
        ] {
            assert_eq!(of(&json!({"sub": sub})), Err(InvalidToken::Missing("sub")));
        }
    }
}
