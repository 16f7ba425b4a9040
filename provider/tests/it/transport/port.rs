//! The port: on this host alone, for one client alone.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::Output;
use std::sync::Arc;

use plugin::proto::tfplugin6 as proto;
use rustls::sign::CertifiedKey;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use super::client::{IMPOSTOR, ONE, OTHER, connect, on_p256};
use crate::process::{PATIENCE, plugin};

fn on_a_port() -> Command {
    let mut command = plugin();
    command
        .env("EPHEMERAL_PLUGIN_NETWORK", "tcp")
        .env("PLUGIN_CLIENT_CERT", ONE.certificate);
    command
}

/// A provider that listens on a port; killed when it is dropped.
struct Listening {
    _child: Child,
    address: SocketAddr,
    certificate: String,
}

impl Listening {
    async fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("it starts");
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        let read = tokio::time::timeout(PATIENCE, output.read_line(&mut line)).await;
        read.expect("a handshake in time").expect("a line of text");
        let fields: Vec<&str> = line.trim_end_matches('\n').split('|').collect();
        let ["1", "6", "tcp", address, "grpc", certificate] = fields[..] else {
            panic!("not the handshake of a port: {line:?}");
        };
        Self {
            _child: child,
            address: address.parse().expect("an address and a port"),
            certificate: certificate.to_owned(),
        }
    }

    /// Whether a client that shows this is answered.
    async fn answers(&self, shown: Option<Arc<CertifiedKey>>) -> bool {
        let call = async {
            let mut client = connect(self.address, &self.certificate, shown).await.ok()?;
            let request = proto::get_metadata::Request {};
            client.get_metadata(request).await.ok()
        };
        let answer = tokio::time::timeout(PATIENCE, call).await;
        answer.expect("an answer or an end in time").is_some()
    }
}

async fn ended(command: &mut Command) -> Output {
    let output = tokio::time::timeout(PATIENCE, command.output()).await;
    output.expect("it ends in time").expect("it starts")
}

#[tokio::test]
async fn only_the_client_with_the_known_certificate_and_its_key_is_served() {
    let provider = Listening::start(&mut on_a_port()).await;
    assert_eq!(provider.address.ip(), IpAddr::V4(Ipv4Addr::LOCALHOST));
    assert!(
        provider.answers(Some(ONE.shown())).await,
        "the client it was started by"
    );
    assert!(
        !provider.answers(None).await,
        "a client without a certificate"
    );
    assert!(
        !provider.answers(Some(OTHER.shown())).await,
        "a client with another certificate"
    );
    assert!(
        !provider.answers(Some(IMPOSTOR.shown())).await,
        "a client with the certificate and another key"
    );
    assert!(
        provider.answers(Some(ONE.shown())).await,
        "strangers leave it serving"
    );
}

#[tokio::test]
async fn a_client_with_a_key_of_another_kind_is_known_as_well() {
    let (pem, shown) = on_p256();
    let (_, stranger) = on_p256();
    let provider = Listening::start(on_a_port().env("PLUGIN_CLIENT_CERT", pem)).await;
    assert!(provider.answers(Some(shown)).await);
    assert!(!provider.answers(Some(stranger)).await);
    assert!(!provider.answers(Some(ONE.shown())).await);
}

#[tokio::test]
async fn a_client_without_tls_gets_nothing_and_one_that_says_nothing_holds_up_nobody() {
    let provider = Listening::start(&mut on_a_port()).await;
    let _silent = TcpStream::connect(provider.address)
        .await
        .expect("a connection");
    let mut plain = TcpStream::connect(provider.address)
        .await
        .expect("a connection");
    plain
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .await
        .expect("sent");
    let mut answer = Vec::new();
    // A reset is an end as well.
    let _ = tokio::time::timeout(PATIENCE, plain.read_to_end(&mut answer))
        .await
        .expect("an end");
    let is_an_alert = answer.is_empty() || answer[0] == 0x15;
    assert!(is_an_alert, "{answer:?}");
    assert!(provider.answers(Some(ONE.shown())).await);
}

#[tokio::test]
async fn without_a_certificate_to_know_the_client_by_there_is_no_port() {
    for certificate in [
        None,
        Some("a certificate"),
        Some("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"),
    ] {
        let mut command = on_a_port();
        match certificate {
            None => command.env_remove("PLUGIN_CLIENT_CERT"),
            Some(text) => command.env("PLUGIN_CLIENT_CERT", text),
        };
        let output = ended(&mut command).await;
        assert_eq!(output.status.code(), Some(1), "{certificate:?}");
        assert_eq!(output.stdout, b"", "no handshake");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("PLUGIN_CLIENT_CERT"), "{said}");
    }
}

#[tokio::test]
async fn it_takes_a_free_port_of_those_it_may_have_and_none_beside_them() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let mut command = on_a_port();
    command
        .env("PLUGIN_MIN_PORT", &port)
        .env("PLUGIN_MAX_PORT", &port);
    let output = ended(&mut command).await;
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains(&format!("no port from {port} to {port}")),
        "{said}"
    );

    let provider = Listening::start(
        on_a_port()
            .env("PLUGIN_MIN_PORT", "30000")
            .env("PLUGIN_MAX_PORT", "31000"),
    )
    .await;
    assert!(
        (30_000..=31_000).contains(&provider.address.port()),
        "{}",
        provider.address
    );
}
