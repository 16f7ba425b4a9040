//! The server's certificate: made anew for each process, told to the client in the handshake, forgotten at the end.
//!
//! On a Unix socket no certificate is asked of the client: what keeps other users out is the socket's directory, which
//! only its owner may enter. On TCP nothing else does, and the client must have the one certificate that it named.

use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use rustls::ConfigBuilder;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WantsServerCert;
use thiserror::Error;

use super::pinned_client::{PinError, PinnedClient};

/// A fresh key with its certificate.
pub(super) struct Certificate {
    /// The certificate for the handshake line.
    pub(super) der: Vec<u8>,
    key: KeyPair,
}

/// Why no client can be told from another.
#[derive(Debug, Error)]
pub(super) enum MutualError {
    /// The client's certificate is none.
    #[error(transparent)]
    Client(#[from] PinError),
    /// Our own cannot be used.
    #[error("cannot use the server's certificate: {0}")]
    Server(#[from] rustls::Error),
}

impl Certificate {
    /// Makes a P-256 key and a certificate for `localhost`, the name go-plugin's clients ask for.
    ///
    /// # Errors
    ///
    /// When the system has no randomness.
    pub(super) fn fresh() -> Result<Self, rcgen::Error> {
        let mut wanted = CertificateParams::new(["localhost".to_owned()])?;
        wanted
            .distinguished_name
            .push(DnType::CommonName, "localhost");
        wanted.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
        let certificate = wanted.self_signed(&key)?;
        Ok(Self {
            der: certificate.der().to_vec(),
            key,
        })
    }

    /// TLS for every client that can reach us.
    ///
    /// # Errors
    ///
    /// Our own certificate cannot be used.
    #[cfg(unix)]
    pub(super) fn for_anyone(&self) -> Result<Arc<rustls::ServerConfig>, MutualError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth();
        self.speaking(config)
    }

    /// TLS 1.3 for the client with the certificate in `client`, and for no other.
    ///
    /// # Errors
    ///
    /// There is no certificate in it, or none that can be used.
    pub(super) fn for_client(
        &self,
        client: &str,
    ) -> Result<Arc<rustls::ServerConfig>, MutualError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Arc::new(PinnedClient::of_pem(client, Arc::clone(&provider))?);
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_client_cert_verifier(verifier);
        self.speaking(config)
    }

    /// What both have in common: who we are, and that we speak HTTP/2.
    fn speaking(
        &self,
        config: ConfigBuilder<rustls::ServerConfig, WantsServerCert>,
    ) -> Result<Arc<rustls::ServerConfig>, MutualError> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let ours = vec![CertificateDer::from(self.der.clone())];
        let mut config = config.with_single_cert(ours, key)?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        // A session is for one connection: nothing is remembered of a client that could let it in again.
        config.send_tls13_tickets = 0;
        Ok(Arc::new(config))
    }
}
