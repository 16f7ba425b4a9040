//! An issuer's public keys, and the one that fits a token. Knows no network: the set is a text.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::shown;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::{issuer::TrustedIssuer, problem::InvalidToken, signature, token::Token};

/// The most keys that are looked at. Issuers have a handful.
const MOST_KEYS: usize = 100;

/// The public keys of one issuer.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeySet(Vec<Key>);

/// One of them, as published (RFC 7517). What is not text where text belongs makes it unusable.
#[derive(Debug, Clone, Deserialize)]
struct Key {
    kid: String,
    kty: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// The keys in a set as published. A key that cannot be used is left out, so that a new kind of key does no harm.
    /// `None` if it is no set of keys.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Published {
            keys: Vec<Json>,
        }
        let published: Published = serde_json::from_slice(bytes).ok()?;
        let usable = published.keys.into_iter().take(MOST_KEYS);
        let keys = usable.filter_map(|key| serde_json::from_value(key).ok());
        Some(Self(keys.collect()))
    }

    /// Whether there is a key of this name.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.0.iter().any(|key| key.kid == name)
    }

    /// The claims of `token`, if one of these keys made its signature.
    ///
    /// # Errors
    /// None did, or the key it names is unknown or of another kind.
    pub(crate) fn verify(
        &self,
        token: &Token,
        issuer: &TrustedIssuer,
    ) -> Result<Map<String, Json>, InvalidToken> {
        if !self.knows(&token.key) {
            return Err(InvalidToken::UnknownKey {
                key: shown(&token.key),
                issuer: issuer.to_string(),
            });
        }
        let fitting = self
            .0
            .iter()
            .filter(|key| key.kid == token.key)
            .find_map(|key| key.decoding(token.algorithm));
        let Some(key) = fitting else {
            return Err(InvalidToken::WrongKey {
                key: shown(&token.key),
                algorithm: format!("{:?}", token.algorithm),
            });
        };
        signature::install();
        // Issuer, audience and time are checked in `claims`, with `now` as an argument.
        let mut validation = Validation::new(token.algorithm);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        jsonwebtoken::decode(token.text.expose(), &key, &validation)
            .map(|proven| proven.claims)
            .map_err(|_| InvalidToken::Signature {
                key: shown(&token.key),
                issuer: issuer.to_string(),
            })
    }
}

impl Key {
    /// The key for `algorithm`; `None` if it is not for that.
    fn decoding(&self, algorithm: Algorithm) -> Option<DecodingKey> {
        if self.purpose.as_deref().is_some_and(|word| word != "sig") {
            return None;
        }
        let named = format!("{algorithm:?}");
        if self.alg.as_ref().is_some_and(|own| *own != named) {
            return None;
        }
        match (algorithm, self.kty.as_str(), self.crv.as_deref()) {
            (Algorithm::RS256 | Algorithm::RS384 | Algorithm::RS512, "RSA", _) => {
                let [n, e] = [self.n.as_ref()?, self.e.as_ref()?].map(|part| number(part));
                Some(DecodingKey::from_rsa_raw_components(&n?, &e?))
            }
            (Algorithm::ES256, "EC", Some("P-256")) => self.point(32),
            (Algorithm::ES384, "EC", Some("P-384")) => self.point(48),
            (Algorithm::EdDSA, "OKP", Some("Ed25519")) => {
                DecodingKey::from_ed_components(self.x.as_ref()?).ok()
            }
            _ => None,
        }
    }

    fn point(&self, length: usize) -> Option<DecodingKey> {
        let (x, y) = (self.x.as_ref()?, self.y.as_ref()?);
        let fits = |part: &String| {
            let bytes = URL_SAFE_NO_PAD.decode(part).ok();
            bytes.is_some_and(|bytes| bytes.len() == length)
        };
        (fits(x) && fits(y))
            .then(|| DecodingKey::from_ec_components(x, y).ok())
            .flatten()
    }
}

/// A number in Base64, without the leading zeros that ring does not take.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Some(bytes.into_iter().skip(zeros).collect())
}
