//! The Unix socket: in a directory of its own that only its owner may enter, gone when this is dropped.

use std::fs::Permissions;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use thiserror::Error;
use tokio::net::UnixListener;

use super::variables::Variables;

/// A path of a socket has room for 104 bytes on macOS and 108 on Linux, with a zero at the end.
const LONGEST_PATH: usize = 103;

/// Why there is no socket.
#[derive(Debug, Error)]
#[error("cannot listen on a Unix socket under `{}`: {source}", directory.display())]
pub(super) struct SocketError {
    directory: PathBuf,
    source: io::Error,
}

/// A bound socket. Its directory lives as long as this.
#[derive(Debug)]
pub(super) struct Socket {
    path: PathBuf,
    _directory: TempDir,
}

impl Socket {
    /// Binds a fresh socket in `PLUGIN_UNIX_SOCKET_DIR`, else in the directory for temporary files; in `/tmp` where
    /// those make too long a path.
    ///
    /// # Errors
    ///
    /// When the directory cannot be made or the socket cannot be bound.
    pub(super) fn bind(variables: &Variables) -> Result<(Self, UnixListener), SocketError> {
        let wanted = variables.socket_directory.as_deref();
        let wanted = wanted.unwrap_or(&variables.temporary_directory);
        let socket = Self::create(wanted)?;
        let socket = if socket.path.as_os_str().as_bytes().len() <= LONGEST_PATH {
            socket
        } else {
            Self::create(Path::new("/tmp"))?
        };
        let listener = UnixListener::bind(&socket.path).map_err(|source| SocketError {
            directory: wanted.to_owned(),
            source,
        })?;
        Ok((socket, listener))
    }

    /// Where the socket is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn create(parent: &Path) -> Result<Self, SocketError> {
        let directory = tempfile::Builder::new()
            .prefix("tf-ephemeral-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(parent)
            .map_err(|source| SocketError {
                directory: parent.to_owned(),
                source,
            })?;
        Ok(Self {
            path: directory.path().join("s"),
            _directory: directory,
        })
    }
}
