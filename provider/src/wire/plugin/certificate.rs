//! The server's certificate: made anew for each process, told to the client in the handshake, forgotten at the end.
//!
//! No certificate is asked of the client. go-plugin's is P-521, which the TLS library here cannot verify; what keeps
//! other users out is the socket's directory, which only its owner may enter.

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use tonic::transport::{Identity, ServerTlsConfig};

/// A fresh key with its certificate.
pub(super) struct Certificate {
    /// The certificate for the handshake line.
    pub(super) der: Vec<u8>,
    /// The server's side of it.
    pub(super) tls: ServerTlsConfig,
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
        let identity = Identity::from_pem(certificate.pem(), key.serialize_pem());
        Ok(Self {
            der: certificate.der().to_vec(),
            tls: ServerTlsConfig::new().identity(identity),
        })
    }
}
