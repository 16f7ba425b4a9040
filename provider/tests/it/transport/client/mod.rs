//! A client of the port, with a certificate of go-plugin's kind: P-521 with SHA-512, which rustls here cannot sign with
//! by itself.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use hyper_util::rt::TokioIo;
use p521::ecdsa::signature::RandomizedSigner as _;
use p521::ecdsa::{Signature, SigningKey};
use plugin::proto::tfplugin6::provider_client::ProviderClient;
use rustls::client::ResolvesClientCert;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::{CertifiedKey, Signer, SigningKey as TlsKey};
use rustls::{ClientConfig, Error, RootCertStore, SignatureAlgorithm, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint, Uri};

/// A certificate and its key, made for these tests alone; the keys open nothing else.
#[derive(Clone, Copy)]
pub(crate) struct Somebody {
    /// PEM, as in `PLUGIN_CLIENT_CERT`.
    pub(crate) certificate: &'static str,
    key: &'static str,
}

/// The client that starts the provider.
pub(crate) const ONE: Somebody = Somebody {
    certificate: include_str!("one.pem"),
    key: "0158feae3279924a9992a3dc662b51f9bedcd257178ce77a88ec256a8f738bc08a189b731d795b1e6dc9f2f0277bb3840fc4535e58493c23ce00f2ae4cfc34cbc866",
};

/// Somebody else on the same host.
pub(crate) const OTHER: Somebody = Somebody {
    certificate: include_str!("other.pem"),
    key: "0184e028cf44a607cabb80d141292b0f5398cf36e5be49aaa8d4de596644b8d82f7b13dcddbeb68d9ed5071154fe65e7001fb8f96923f15da42d54fbfbf9f884e457",
};

/// Who shows the certificate of the first and has the key of the second.
pub(crate) const IMPOSTOR: Somebody = Somebody {
    certificate: ONE.certificate,
    key: OTHER.key,
};

/// Connects to `address`, where the server has the `certificate` of the handshake line, showing `shown` or nothing.
pub(crate) async fn connect(
    address: SocketAddr,
    certificate: &str,
    shown: Option<Arc<CertifiedKey>>,
) -> Result<ProviderClient<Channel>, tonic::transport::Error> {
    let tls = TlsConnector::from(Arc::new(config(certificate, shown)));
    let connector = tower::service_fn(move |_: Uri| {
        let tls = tls.clone();
        async move {
            let stream = TcpStream::connect(address).await?;
            let name = ServerName::try_from("localhost").expect("a name");
            tls.connect(name, stream).await.map(TokioIo::new)
        }
    });
    let endpoint = Endpoint::from_static("http://localhost");
    let channel = endpoint.connect_with_connector(connector).await?;
    Ok(ProviderClient::new(channel))
}

fn config(certificate: &str, shown: Option<Arc<CertifiedKey>>) -> ClientConfig {
    let der = base64::engine::general_purpose::STANDARD_NO_PAD.decode(certificate);
    let mut roots = RootCertStore::empty();
    let server = CertificateDer::from(der.expect("base64, not padded"));
    roots.add(server).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots);
    let mut config = match shown {
        Some(shown) => config.with_client_cert_resolver(Arc::new(Shown(shown))),
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

impl Somebody {
    /// What it shows in the handshake.
    pub(crate) fn shown(self) -> Arc<CertifiedKey> {
        let digits = (0..self.key.len()).step_by(2);
        let bytes: Vec<u8> = digits
            .map(|at| u8::from_str_radix(&self.key[at..at + 2], 16).expect("hexadecimal"))
            .collect();
        let key = P521Key(SigningKey::from_slice(&bytes).expect("a scalar"));
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes());
        let chain = vec![certificate.expect("PEM")];
        Arc::new(CertifiedKey::new(chain, Arc::new(key)))
    }
}

/// A client with a key of a kind that go-plugin may change to: the certificate in PEM, and what it shows.
pub(crate) fn on_p256() -> (String, Arc<CertifiedKey>) {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key");
    let wanted = rcgen::CertificateParams::new(["localhost".to_owned()]).expect("a name");
    let certificate = wanted.self_signed(&key).expect("a certificate");
    let der = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let signer = rustls::crypto::ring::sign::any_supported_type(&der).expect("a key of ring's");
    let chain = vec![certificate.der().clone()];
    (
        certificate.pem(),
        Arc::new(CertifiedKey::new(chain, signer)),
    )
}

#[derive(Debug)]
struct Shown(Arc<CertifiedKey>);

impl ResolvesClientCert for Shown {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[derive(Clone)]
struct P521Key(SigningKey);

impl std::fmt::Debug for P521Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key on P-521")
    }
}

impl TlsKey for P521Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let known = offered.contains(&SignatureScheme::ECDSA_NISTP521_SHA512);
        known.then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for P521Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature: Signature = self.0.sign_with_rng(&mut Randomness, message);
        Ok(signature.to_der().as_bytes().to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}

/// The system's randomness, in the shape `p521` takes it.
struct Randomness;

impl p521::elliptic_curve::rand_core::RngCore for Randomness {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        let random = rustls::crypto::ring::default_provider().secure_random;
        random.fill(bytes).expect("the system has randomness");
    }

    fn try_fill_bytes(
        &mut self,
        bytes: &mut [u8],
    ) -> Result<(), p521::elliptic_curve::rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl p521::elliptic_curve::rand_core::CryptoRng for Randomness {}
