//! The real executable, started and spoken to as go-plugin does: cookie, handshake line, Unix socket, TLS if wanted.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use base64::Engine as _;
use hyper_util::rt::TokioIo;
use plugin::proto::plugin::Empty;
use plugin::proto::plugin::grpc_controller_client::GrpcControllerClient;
use plugin::proto::tfplugin6::provider_client::ProviderClient;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStdout, Command};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Uri};

use wire::Wire;

pub(crate) mod wire;

/// What Terraform and OpenTofu set `TF_PLUGIN_MAGIC_COOKIE` to.
pub(crate) const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// The executable under test.
pub(crate) const EXECUTABLE: &str = env!("CARGO_BIN_EXE_terraform-provider-ephemeral");

/// No step of these tests takes longer than this unless it hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A command for the executable with nothing of go-plugin or Terraform in its environment.
pub(crate) fn command() -> Command {
    let mut command = Command::new(EXECUTABLE);
    for name in [
        "TF_PLUGIN_MAGIC_COOKIE",
        "PLUGIN_PROTOCOL_VERSIONS",
        "PLUGIN_CLIENT_CERT",
        "PLUGIN_UNIX_SOCKET_DIR",
        "TF_LOG",
        "TF_LOG_PROVIDER",
        "TF_LOG_PROVIDER_EPHEMERAL",
    ] {
        command.env_remove(name);
    }
    command.kill_on_drop(true);
    command
}

/// A command as go-plugin would start it.
pub(crate) fn plugin() -> Command {
    as_plugin(command())
}

/// A shell that stands for Terraform: it starts the provider, waits, and can be killed without a shutdown.
pub(crate) fn plugin_of_a_client() -> Command {
    let mut client = Command::new("sh");
    client
        .args(["-c", "\"$0\" & wait", EXECUTABLE])
        .kill_on_drop(true);
    as_plugin(client)
}

fn as_plugin(mut command: Command) -> Command {
    command
        .env("TF_PLUGIN_MAGIC_COOKIE", COOKIE)
        .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Sends a signal, for example `TERM`, to a process; to a whole group where `process` is its negative id.
pub(crate) fn signal(name: &str, process: impl Into<i64>) {
    let sent = std::process::Command::new("kill")
        .args([&format!("-{name}"), "--", &process.into().to_string()])
        .status();
    assert!(sent.expect("kill runs").success());
}

/// A running provider and a connection to it.
pub(crate) struct Process {
    /// The client of Terraform's protocol.
    pub(crate) client: ProviderClient<Channel>,
    /// Where it listens.
    pub(crate) socket: PathBuf,
    /// The certificate field of the handshake, empty without TLS.
    pub(crate) certificate: String,
    channel: Channel,
    child: Child,
    output: BufReader<ChildStdout>,
    litter: Litter,
}

/// The socket's directory, which a process that is killed at the end of a test leaves behind.
struct Litter(PathBuf);

impl Drop for Litter {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test cleans up after the process it killed"
    )]
    fn drop(&mut self) {
        // Gone already after a shutdown.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Process {
    /// Starts `command`, reads the handshake and connects.
    pub(crate) async fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("the executable starts");
        let mut output = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let mut line = String::new();
        let read = tokio::time::timeout(PATIENCE, output.read_line(&mut line)).await;
        read.expect("a handshake in time").expect("a line of text");
        let fields: Vec<&str> = line.trim_end_matches('\n').split('|').collect();
        let [core, protocol, network, address, kind, certificate] = fields[..] else {
            panic!("the handshake has six fields: {line:?}");
        };
        assert_eq!([core, protocol, network, kind], ["1", "6", "unix", "grpc"]);
        let socket = PathBuf::from(address);
        let channel = connect(&socket, certificate).await;
        Self {
            client: ProviderClient::new(channel.clone()).max_decoding_message_size(256 << 20),
            certificate: certificate.to_owned(),
            litter: Litter(socket.parent().expect("a directory").to_owned()),
            socket,
            channel,
            child,
            output,
        }
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id().expect("the process runs")
    }

    /// The service, for a driver; with messages as large as Terraform sends them.
    pub(crate) fn wire(&self) -> Wire {
        Wire::new(self.client.clone().max_encoding_message_size(256 << 20))
    }

    /// Another connection to the same process, as plain as the certificate says.
    pub(crate) async fn connect_again(&self) -> ProviderClient<Channel> {
        ProviderClient::new(connect(&self.socket, &self.certificate).await)
    }

    /// Asks for the shutdown as go-plugin does.
    pub(crate) async fn shutdown(&mut self) {
        let mut controller = GrpcControllerClient::new(self.channel.clone());
        let answer = controller.shutdown(Empty {}).await;
        answer.expect("the shutdown is answered");
    }

    /// Waits until the process has ended and nobody holds its standard output any more.
    pub(crate) async fn ended(mut self) -> Ended {
        drop((self.client, self.channel));
        let end = async {
            let status = self.child.wait().await.expect("it can be waited for");
            let (mut output, mut errors) = (String::new(), String::new());
            let read = self.output.read_to_string(&mut output).await;
            read.expect("text on standard output");
            if let Some(mut stderr) = self.child.stderr.take() {
                let read = stderr.read_to_string(&mut errors).await;
                read.expect("text on standard error");
            }
            (status, output, errors)
        };
        let end = tokio::time::timeout(PATIENCE, end).await;
        let (status, output, errors) = end.expect("it ends in time");
        Ended {
            status,
            output,
            errors,
            left_something: self.litter.0.exists(),
        }
    }
}

/// How a process ended.
pub(crate) struct Ended {
    /// Its status.
    pub(crate) status: ExitStatus,
    /// What was on standard output after the handshake.
    pub(crate) output: String,
    /// What was on standard error.
    pub(crate) errors: String,
    /// The socket's directory was still there.
    pub(crate) left_something: bool,
}

async fn connect(socket: &Path, certificate: &str) -> Channel {
    let path = socket.to_owned();
    let connector = tower::service_fn(move |_: Uri| {
        let path = path.clone();
        async move { UnixStream::connect(path).await.map(TokioIo::new) }
    });
    let endpoint = if certificate.is_empty() {
        Endpoint::from_static("http://localhost")
    } else {
        let tls = ClientTlsConfig::new()
            .ca_certificate(Certificate::from_pem(pem(certificate)))
            .domain_name("localhost");
        let endpoint = Endpoint::from_static("https://localhost");
        endpoint.tls_config(tls).expect("the certificate is one")
    };
    let channel = endpoint.connect_with_connector(connector).await;
    channel.expect("the socket of the handshake takes connections")
}

/// The certificate field, which is base64 without padding, as PEM.
fn pem(field: &str) -> String {
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
    let der = STANDARD_NO_PAD.decode(field).expect("base64, not padded");
    let text = STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}
