//! The one client that may connect over TCP: the one whose certificate Terraform put into our environment.
//!
//! No signature of an authority makes a certificate good here, and no date makes it bad: it is the very one, byte for byte, or it is
//! not. That the client has its key is proven by the signature of the TLS handshake. go-plugin's keys lie on P-521, which
//! ring does not know; that one signature is checked with RustCrypto's `p521`, where only public data passes through. Every
//! other kind of key is ring's.

use std::fmt;
use std::sync::Arc;

use p521::ecdsa::signature::Verifier as _;
use p521::ecdsa::{Signature, VerifyingKey};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, PeerIncompatible,
    PeerMisbehaved, SignatureScheme,
};
use thiserror::Error as ThisError;

/// What stands before the point in the public key of a P-521 certificate: the two names of the algorithm and the lengths.
const P521_KEY: [u8; 25] = [
    0x30, 0x81, 0x9b, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05,
    0x2b, 0x81, 0x04, 0x00, 0x23, 0x03, 0x81, 0x86, 0x00,
];

/// Why `PLUGIN_CLIENT_CERT` names no client.
#[derive(Debug, ThisError)]
pub(super) enum PinError {
    /// No PEM.
    #[error("PLUGIN_CLIENT_CERT holds no certificate in PEM: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    /// No X.509.
    #[error("the certificate in PLUGIN_CLIENT_CERT cannot be read: {0}")]
    Certificate(#[from] Error),
    /// A key that is no point of its curve.
    #[error("the key of the certificate in PLUGIN_CLIENT_CERT is no point on P-521")]
    Key,
}

/// Lets in the holder of the key of one certificate.
pub(super) struct PinnedClient {
    certificate: CertificateDer<'static>,
    /// `None`: the key is of a kind that ring verifies.
    p521: Option<VerifyingKey>,
    provider: Arc<CryptoProvider>,
}

impl PinnedClient {
    /// The client of the certificate in `pem`.
    ///
    /// # Errors
    /// There is none, or its key cannot be read.
    pub(super) fn of_pem(pem: &str, provider: Arc<CryptoProvider>) -> Result<Self, PinError> {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes())?;
        let key = ParsedCertificate::try_from(&certificate)?.subject_public_key_info();
        let point = key.strip_prefix(&P521_KEY);
        let p521 = point.map(VerifyingKey::from_sec1_bytes).transpose();
        Ok(Self {
            certificate,
            p521: p521.map_err(|_| PinError::Key)?,
            provider,
        })
    }

    fn is_pinned(&self, certificate: &CertificateDer<'_>) -> Result<(), Error> {
        if certificate.as_ref() == self.certificate.as_ref() {
            Ok(())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }
}

impl fmt::Debug for PinnedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinnedClient")
    }
}

impl ClientCertVerifier for PinnedClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.is_pinned(end_entity)?;
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        // The server offers TLS 1.3 alone.
        Err(PeerIncompatible::Tls12NotOffered.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.is_pinned(certificate)?;
        let Some(key) = &self.p521 else {
            let algorithms = &self.provider.signature_verification_algorithms;
            return verify_tls13_signature(message, certificate, signed, algorithms);
        };
        if signed.scheme != SignatureScheme::ECDSA_NISTP521_SHA512 {
            return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
        }
        let signature = Signature::from_der(signed.signature());
        let verified = signature.and_then(|signature| key.verify(message, &signature));
        verified.map_err(|_| CertificateError::BadSignature)?;
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        if self.p521.is_some() {
            return vec![SignatureScheme::ECDSA_NISTP521_SHA512];
        }
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}
