//! The process variables in which go-plugin and Terraform say what they want, read once.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// The variables, as they are.
#[cfg_attr(
    not(unix),
    expect(
        dead_code,
        reason = "where there are no Unix sockets, some say nothing"
    )
)]
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// `TF_PLUGIN_MAGIC_COOKIE`: there and right if and only if Terraform or OpenTofu started us.
    pub(super) cookie: Option<OsString>,
    /// `PLUGIN_PROTOCOL_VERSIONS`: major versions the client speaks, for example `5,6`.
    pub(super) protocol_versions: Option<String>,
    /// `PLUGIN_CLIENT_CERT`: the client's certificate in PEM; the client wants TLS.
    pub(super) client_certificate: Option<String>,
    /// `EPHEMERAL_PLUGIN_NETWORK` is `tcp`: listen on a port, as where there are no Unix sockets.
    pub(super) wants_tcp: bool,
    /// `PLUGIN_MIN_PORT`: the first port we may listen on.
    pub(super) first_port: Option<u16>,
    /// `PLUGIN_MAX_PORT`: the last one.
    pub(super) last_port: Option<u16>,
    /// `PLUGIN_UNIX_SOCKET_DIR`: where sockets should go.
    pub(super) socket_directory: Option<PathBuf>,
    /// The directory for temporary files.
    pub(super) temporary_directory: PathBuf,
    /// `TF_LOG_PROVIDER_EPHEMERAL`, `TF_LOG_PROVIDER` or `TF_LOG`: the first that is set.
    pub(super) log_level: Option<String>,
}

impl Variables {
    /// Those of this process.
    #[expect(
        clippy::disallowed_methods,
        reason = "the process starts here; what go-plugin says it says through the environment"
    )]
    pub(super) fn read() -> Self {
        let text = |name: &str| {
            let value = std::env::var_os(name).filter(|value| !value.is_empty());
            value.map(|value| value.to_string_lossy().into_owned())
        };
        Self {
            cookie: std::env::var_os("TF_PLUGIN_MAGIC_COOKIE"),
            protocol_versions: text("PLUGIN_PROTOCOL_VERSIONS"),
            client_certificate: text("PLUGIN_CLIENT_CERT"),
            wants_tcp: text("EPHEMERAL_PLUGIN_NETWORK").as_deref() == Some("tcp"),
            first_port: text("PLUGIN_MIN_PORT").and_then(|port| port.parse().ok()),
            last_port: text("PLUGIN_MAX_PORT").and_then(|port| port.parse().ok()),
            socket_directory: text("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            temporary_directory: std::env::temp_dir(),
            log_level: text("TF_LOG_PROVIDER_EPHEMERAL")
                .or_else(|| text("TF_LOG_PROVIDER"))
                .or_else(|| text("TF_LOG")),
        }
    }

    /// The ports we may listen on; go-plugin's own where the client does not say.
    pub(super) fn ports(&self) -> RangeInclusive<u16> {
        self.first_port.unwrap_or(10_000)..=self.last_port.unwrap_or(25_000)
    }
}
