//! A token as it came: its parts, before they are believed. Shows nothing of itself.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Secret, shown};
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::problem::InvalidToken;

/// The most bytes a token may have. GitHub's and GitLab's have less than four thousand.
pub(crate) const MOST_BYTES: usize = 16 * 1024;

/// A token whose header is acceptable. Nothing it says is proven.
#[derive(Debug)]
pub(crate) struct Token {
    /// The whole.
    pub(crate) text: Secret,
    /// How it says it is signed; one of those that prove something.
    pub(crate) algorithm: Algorithm,
    /// With which key.
    pub(crate) key: String,
    /// What it says.
    pub(crate) claims: Map<String, Json>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Json>,
}

impl Token {
    /// Takes a token apart.
    ///
    /// # Errors
    /// It is none, or signed in a way that proves nothing, or names no key.
    pub(crate) fn parse(text: Secret) -> Result<Self, InvalidToken> {
        if text.expose().is_empty() {
            return Err(InvalidToken::Malformed("it is empty"));
        }
        if MOST_BYTES < text.expose().len() {
            return Err(InvalidToken::Malformed("it is longer than 16 KiB"));
        }
        let parts: Vec<&str> = text.expose().split('.').collect();
        let [header, claims, _] = parts[..] else {
            let problem = "it has not three parts separated by dots";
            return Err(InvalidToken::Malformed(problem));
        };
        let header: Header = decoded(header, "its header is not JSON in Base64")?;
        let claims = decoded(claims, "its claims are not JSON in Base64")?;
        if header.crit.is_some() {
            let problem = "its header demands extensions that are not known here";
            return Err(InvalidToken::Malformed(problem));
        }
        let Some(algorithm) = algorithm(&header.alg) else {
            return Err(InvalidToken::Algorithm {
                found: shown(&header.alg),
            });
        };
        let key = header.kid.filter(|key| !key.is_empty());
        Ok(Self {
            algorithm,
            key: key.ok_or(InvalidToken::Missing("kid"))?,
            claims,
            text,
        })
    }
}

/// The algorithms that prove something with a public key. Never `none`, never a shared secret (`HS…`).
fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "RS256" => Some(Algorithm::RS256),
        "RS384" => Some(Algorithm::RS384),
        "RS512" => Some(Algorithm::RS512),
        "ES256" => Some(Algorithm::ES256),
        "ES384" => Some(Algorithm::ES384),
        "EdDSA" => Some(Algorithm::EdDSA),
        _ => None,
    }
}

fn decoded<T: serde::de::DeserializeOwned>(
    part: &str,
    problem: &'static str,
) -> Result<T, InvalidToken> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok();
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or(InvalidToken::Malformed(problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> Result<Token, InvalidToken> {
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
        Token::parse(Secret::new(&format!("{header}.{claims}.c2ln\n")))
    }

    #[test]
    fn a_token_is_taken_apart_and_shows_nothing_of_itself() {
        let parsed = token(r#"{"alg":"ES256","kid":"k1"}"#, r#"{"sub":"me"}"#).expect("a token");
        assert_eq!(parsed.algorithm, Algorithm::ES256);
        assert_eq!(parsed.key, "k1");
        assert_eq!(parsed.claims["sub"], "me");
        assert_eq!(format!("{:?}", parsed.text), "Secret");
    }

    #[test]
    fn an_algorithm_that_proves_nothing_is_refused() {
        for found in [
            "none", "None", "HS256", "HS384", "HS512", "PS256", "ES512", "",
        ] {
            let header = format!(r#"{{"alg":"{found}","kid":"k1"}}"#);
            let problem = token(&header, "{}").expect_err(found);
            let found = found.to_owned();
            assert_eq!(problem, InvalidToken::Algorithm { found });
        }
    }

    #[test]
    fn what_is_no_token_is_refused_and_not_repeated() {
        let long = "a".repeat(MOST_BYTES + 1);
        for text in [
            "", " \n", "hunter2", "a.b", "a.b.c.d", "!.e30.x", "e30.!.x", &long,
        ] {
            let problem = Token::parse(Secret::new(text)).expect_err(text);
            assert!(matches!(problem, InvalidToken::Malformed(_)), "{problem:?}");
            assert!(!problem.to_string().contains("hunter2"), "{problem}");
        }
        let extended = token(r#"{"alg":"ES256","kid":"k","crit":["b64"]}"#, "{}");
        assert!(matches!(extended, Err(InvalidToken::Malformed(_))));
        for nameless in [r#"{"alg":"ES256"}"#, r#"{"alg":"ES256","kid":""}"#] {
            let problem = token(nameless, "{}").expect_err("without a key");
            assert_eq!(problem, InvalidToken::Missing("kid"));
        }
    }
}
