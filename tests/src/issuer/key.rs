//! The keys an issuer signs with, and tokens signed with them. RSA keys cannot be made by ring, so there is one here, which
//! is used for nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair};
use serde_json::{Value as Json, json};

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with SHA-256.
    Rs256,
    /// RSA with SHA-384.
    Rs384,
    /// RSA with SHA-512.
    Rs512,
    /// ECDSA on P-256.
    Es256,
    /// ECDSA on P-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }
}

enum Kind {
    Rsa(RsaKeyPair, &'static dyn signature::RsaEncoding),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

/// A key with its name.
pub struct SigningKey {
    name: String,
    algorithm: Algorithm,
    kind: Kind,
}

impl SigningKey {
    /// A key called `name`. All RSA keys are the same one.
    #[must_use]
    pub fn new(name: &str, algorithm: Algorithm) -> Self {
        let random = SystemRandom::new();
        let rsa = |padding| {
            let der = STANDARD.decode(RSA_KEY.concat()).expect("Base64");
            Kind::Rsa(RsaKeyPair::from_der(&der).expect("a key"), padding)
        };
        let curve = |curve| {
            let der = EcdsaKeyPair::generate_pkcs8(curve, &random).expect("a key");
            Kind::Ec(EcdsaKeyPair::from_pkcs8(curve, der.as_ref(), &random).expect("a key"))
        };
        let kind = match algorithm {
            Algorithm::Rs256 => rsa(&signature::RSA_PKCS1_SHA256),
            Algorithm::Rs384 => rsa(&signature::RSA_PKCS1_SHA384),
            Algorithm::Rs512 => rsa(&signature::RSA_PKCS1_SHA512),
            Algorithm::Es256 => curve(&signature::ECDSA_P256_SHA256_FIXED_SIGNING),
            Algorithm::Es384 => curve(&signature::ECDSA_P384_SHA384_FIXED_SIGNING),
            Algorithm::EdDsa => {
                let der = Ed25519KeyPair::generate_pkcs8(&random).expect("a key");
                Kind::Ed(Ed25519KeyPair::from_pkcs8(der.as_ref()).expect("a key"))
            }
        };
        Self {
            name: name.to_owned(),
            algorithm,
            kind,
        }
    }

    /// The public half, as RFC 7517 writes it.
    #[must_use]
    pub fn published(&self) -> Json {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (kid, alg) = (&self.name, self.algorithm.name());
        match &self.kind {
            Kind::Rsa(pair, _) => {
                let public: signature::RsaPublicKeyComponents<Vec<u8>> = pair.public().into();
                json!({
                    "kty": "RSA", "kid": kid, "alg": alg, "use": "sig", "n": text(&public.n), "e": text(&public.e),
                })
            }
            Kind::Ec(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = point[1..].split_at(point.len() / 2);
                let crv = if x.len() == 32 { "P-256" } else { "P-384" };
                json!({
                    "kty": "EC", "kid": kid, "alg": alg, "use": "sig", "crv": crv, "x": text(x), "y": text(y),
                })
            }
            Kind::Ed(pair) => {
                json!({"kty": "OKP", "kid": kid, "crv": "Ed25519", "x": text(pair.public_key().as_ref())})
            }
        }
    }

    /// A token that says `claims`.
    #[must_use]
    pub fn token(&self, claims: &Json) -> String {
        let header = json!({"typ": "JWT", "alg": self.algorithm.name(), "kid": self.name});
        self.signed(&header, claims)
    }

    /// A token with a header of any kind, signed with this key all the same.
    #[must_use]
    pub fn signed(&self, header: &Json, claims: &Json) -> String {
        let part = |json: &Json| URL_SAFE_NO_PAD.encode(json.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let random = SystemRandom::new();
        let bytes = message.as_bytes();
        let signature = match &self.kind {
            Kind::Rsa(pair, padding) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(*padding, &random, bytes, &mut signature)
                    .expect("a signature");
                signature
            }
            Kind::Ec(pair) => pair
                .sign(&random, bytes)
                .expect("a signature")
                .as_ref()
                .to_vec(),
            Kind::Ed(pair) => pair.sign(bytes).as_ref().to_vec(),
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// PKCS #1, in Base64.
const RSA_KEY: [&str; 16] = [
    "MIIEowIBAAKCAQEAsHyrvhp0se49l3SKx4LfH3ds46IGu7NBixAoI8fd7py/yoGMix1WIsuzmd1+/tOmS4aGge3pdBIew5f7qxpK",
    "XeJeK6hvszuhqOhjc1H+6hpT5xGj8+75lXZbgAnccdY4n6GrfAZNMjmry12jkqiZ9pLVqy4quQ8u4HhLHTZoZzrj0i1BYlYTucht",
    "oIWdskzeCOGt7f/bgkm0pArW3evPGmoU5f5pkZ4KjWm5m4LZ9SuKkHAU+69DRl+hmJKH7zqYuQT0Ucc4SsWYkIVmsIQbRuw8BYq0",
    "07Hoi/A2fheU9S391PdodG+5TCRBcmLK679+mmY4fdr8UAamEzjDa3esRwIDAQABAoIBABUWSFT2B0RtQVmz2JMfDXbOh6mpJeHO",
    "eMHbY9hmnJtSik3xba//iNeufB6hyvc6pa93euHSYeb29UsMgUr/4KvYDMVtoi8JrHaokZ1pSiqBi83bmzndr1+O3T7urrLBVFGq",
    "ePlgLWAXaPHrFczDrWW7RKFn6j3jVQgIB32NjyrqOJJoTyeLfaHbsctqP27fyeIgFjO2wiKzVg6931ffVvHjjoX6KCDH3sYMLVkm",
    "kaH5+KAIM83BG3BJb7TfeCPXDOPkVCAf5itw61WRZK92P+0Vw2sTKD9/nJ5rNnCLqZ+uefg3HKD0Iy4AYSXwqRmrXQgWRLadoaXu",
    "v10Kwl/DEjkCgYEA9c536C+51hi5Yff3ws0n278g3g0VyU58RfcZpIxa/g6/lN336PqMBFwr2mKFGjMqbGbioDyRIm4utx/WvMy6",
    "GO+aMDQix36fpxYZif129dpnXY9pZoz9sjJmZU49qhj0ltiIG/14u7fLcCqmlV11Bds37eYY1F2ZtWe/QOUMiqkCgYEAt85K3cmh",
    "H1xT/UlRqA3Sx0fXdRTIVlGirZ9tEPr9UC4PBEF6FXVQtesNV9TfYnfBgspO3wxXOEGDvjZDe+kJ0TW0UvOdd6sLQc31xJOzgavz",
    "9WaQ4BSXNcbRslU7YpX/QOBhvIAX/UwLj0/ygqrEdTOGNWEJNHdXTeIujF1oRW8CgYEAgT5lh70Ibo0jdGKocFHkwkNVqcuhh+5v",
    "o24Qmpd+BJWGoGSxxFtwoZ5BJJumtqbuiH70bCJMgZkDkR/5jd3rf88D+JKBMvneQkF5fje6g/ypWuVcGyLJBhhABMZF4BktCd+i",
    "eW0mPTWfj0OtwV2ZeVHRr5HLvmXUuzBovFty47kCgYA5/mb0z5d8057Uffu7sJDeu7YphOMpCRzw9ypsfyTJ1Z57U0V328oZfA57",
    "tfi9kteFsttr2PL0FwfATlLAl+i3D+DTg3YdueQVYSy4V3n94glZVoFDknubRh4HzIiuNHGTQLjVxvzKuOG02B7GR6cw647e7L0A",
    "xt7O/hx9wUMTFQKBgH8/vA97lihLHnOdVYAIBVBtTkDrfkXVfoADS5D3CEU4J7Hhw6FqrYullx5xCMn5VKq5vFeEyMgMAFMum1jK",
    "HOFg9Wm3jZHVjc/Tx8EBFD1bkiM5pWdECowQ6OwedxZ78y8TB/Vn3etkVdPzdxYukFlLOd+e0dx1ClHtyI4SijcH",
];
