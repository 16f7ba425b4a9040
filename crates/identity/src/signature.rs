//! Checks signatures for `jsonwebtoken` with ring, which TLS brings anyway. Signs nothing, and has no shared secrets.

use std::sync::Once;

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
    signature::{self, Verifier},
};
use ring::signature as ring;

/// Makes `jsonwebtoken` use ring, in the whole process. Again is harmless.
pub(crate) fn install() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: no_signer,
        verifier_factory: verifier,
        key_utils: KeyUtils {
            rsa_pub_components_from_private_key: |_| Err(unsupported()),
            rsa_pub_components_from_public_key: |_| Err(unsupported()),
            ec_pub_components_from_private_key: |_, _| Err(unsupported()),
            ed_pub_components_from_private_key: |_, _| Err(unsupported()),
            compute_digest: |_, _| Err(unsupported()),
        },
    };
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Refused only if it is installed already, and nothing else in this process installs one.
        let _ = PROVIDER.install_default();
    });
}

fn unsupported() -> Error {
    ErrorKind::UnsupportedAlgorithm.into()
}

fn no_signer(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    Err(unsupported())
}

enum Scheme {
    Rsa(&'static ring::RsaParameters),
    Point(&'static dyn ring::VerificationAlgorithm),
}

struct RingVerifier {
    algorithm: Algorithm,
    scheme: Scheme,
    key: DecodingKey,
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let (family, scheme) = match algorithm {
        Algorithm::RS256 => rsa(&ring::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => rsa(&ring::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => rsa(&ring::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::ES256 => (
            AlgorithmFamily::Ec,
            Scheme::Point(&ring::ECDSA_P256_SHA256_FIXED),
        ),
        Algorithm::ES384 => (
            AlgorithmFamily::Ec,
            Scheme::Point(&ring::ECDSA_P384_SHA384_FIXED),
        ),
        Algorithm::EdDSA => (AlgorithmFamily::Ed, Scheme::Point(&ring::ED25519)),
        _ => return Err(unsupported()),
    };
    if key.family() != family {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    Ok(Box::new(RingVerifier {
        algorithm: *algorithm,
        scheme,
        key: key.clone(),
    }))
}

fn rsa(parameters: &'static ring::RsaParameters) -> (AlgorithmFamily, Scheme) {
    (AlgorithmFamily::Rsa, Scheme::Rsa(parameters))
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let checked = match (&self.scheme, self.key.kind()) {
            (Scheme::Rsa(parameters), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                let key = ring::RsaPublicKeyComponents { n, e };
                key.verify(parameters, message, signature)
            }
            (Scheme::Point(algorithm), DecodingKeyKind::SecretOrDer(bytes)) => {
                ring::UnparsedPublicKey::new(*algorithm, bytes).verify(message, signature)
            }
            _ => return Err(signature::Error::new()),
        };
        checked.map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
