//! A trusted issuer, and where it says its keys are. Pure: what was fetched is an argument.

use std::fmt;

use http::{Url, is_loopback, may_be_asked};
use serde::Deserialize;
use thiserror::Error;

/// What comes after an issuer's name in the address of its discovery document (OpenID Connect Discovery 1.0, section 4).
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// The name of an issuer as its tokens write it, letter for letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedIssuer {
    name: String,
    discovery: Url,
}

/// A text that names no issuer to trust. It is not repeated, because it could be anything.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "a name of an issuer cannot be used: {0}; expected an address with `https://`, for example \
     `https://gitlab.example.com`"
)]
pub struct IssuerError(&'static str);

impl TrustedIssuer {
    /// Reads a name: `https://`, a host and at most a path. `http://` is for this very host only.
    ///
    /// # Errors
    /// It is no such name.
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        let url = Url::parse(text).map_err(|_| IssuerError("it is not an address"))?;
        if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
            return Err(IssuerError("it holds credentials"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(IssuerError("it goes on after `?` or `#`"));
        }
        if !may_be_asked(&url) {
            return Err(IssuerError("it is not reached over TLS"));
        }
        let discovery = format!("{}{DISCOVERY}", text.trim_end_matches('/'));
        let discovery = Url::parse(&discovery).map_err(|_| IssuerError("it is not an address"))?;
        Ok(Self {
            name: text.to_owned(),
            discovery,
        })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Where it describes itself.
    pub(crate) fn discovery(&self) -> &Url {
        &self.discovery
    }

    /// Where its keys are, as its discovery document says.
    ///
    /// # Errors
    /// The document is none, or another issuer's, or points to an address that may not be asked.
    pub(crate) fn keys_at(&self, document: &[u8]) -> Result<Url, &'static str> {
        #[derive(Deserialize)]
        struct Document {
            issuer: String,
            jwks_uri: String,
        }
        let document: Document = serde_json::from_slice(document)
            .map_err(|_| "the answer is no discovery document with `issuer` and `jwks_uri`")?;
        if document.issuer != self.name {
            return Err("the answer is the document of another issuer");
        }
        let keys = Url::parse(&document.jwks_uri).map_err(|_| "its `jwks_uri` is no address")?;
        if !may_be_asked(&keys) || (is_loopback(&keys) && !is_loopback(&self.discovery)) {
            return Err("its `jwks_uri` is not reached over TLS");
        }
        Ok(keys)
    }
}

impl fmt::Display for TrustedIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_describes_itself_below_its_name() {
        for (name, place) in [
            (
                "https://gitlab.com",
                "https://gitlab.com/.well-known/openid-configuration",
            ),
            (
                "https://ci.test/org/1/",
                "https://ci.test/org/1/.well-known/openid-configuration",
            ),
            (
                "http://127.0.0.1:8080",
                "http://127.0.0.1:8080/.well-known/openid-configuration",
            ),
        ] {
            let issuer = TrustedIssuer::parse(name).expect("an issuer");
            assert_eq!(issuer.discovery().as_str(), place);
            assert_eq!(issuer.to_string(), name);
        }
    }

    #[test]
    fn what_is_no_issuer_is_refused_with_an_example_and_without_its_password() {
        for text in [
            "",
            "gitlab.com",
            "http://gitlab.com",
            "http://127.0.0.1.evil.test",
            "ftp://gitlab.com",
            "https://gitlab.com?x",
            "https://gitlab.com#x",
            "https://ana:hunter2@gitlab.com",
            "file:///etc/passwd",
        ] {
            let problem = TrustedIssuer::parse(text).expect_err(text).to_string();
            assert!(problem.contains("https://gitlab.example.com"), "{problem}");
            assert!(!problem.contains("hunter2"), "{problem}");
        }
    }

    #[test]
    fn a_discovery_document_counts_only_if_it_is_the_issuers_own_and_points_to_tls() {
        let issuer = TrustedIssuer::parse("https://gitlab.com").expect("an issuer");
        let document = |own: &str, keys: &str| {
            let text = format!(r#"{{"issuer":"{own}","jwks_uri":"{keys}"}}"#);
            issuer.keys_at(text.as_bytes())
        };
        let right = document("https://gitlab.com", "https://keys.gitlab.com/jwks");
        assert_eq!(
            right.expect("an address").as_str(),
            "https://keys.gitlab.com/jwks"
        );
        for (own, keys) in [
            ("https://gitlab.com/", "https://gitlab.com/jwks"),
            ("https://gitlab.com", "http://gitlab.com/jwks"),
            ("https://gitlab.com", "http://127.0.0.1/jwks"),
            ("https://gitlab.com", "https://localhost/jwks"),
            ("https://gitlab.com", "/jwks"),
        ] {
            assert!(document(own, keys).is_err(), "{own} {keys}");
        }
        assert!(issuer.keys_at(b"<html>").is_err());
    }
}
