//! What ends the process from outside: signals, and the death of the client.

use std::io;
use std::sync::Arc;

use crate::stop::StopSwitch;

/// Who started the process.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Started by Terraform: until it asks for the shutdown.
    Plugin,
    /// Started by a person with `--debug`: until Ctrl-C.
    Debug,
}

/// Raises `end` when it is time.
///
/// Ctrl-C reaches the whole process group. Terraform then wants us to finish what we are creating, so a plugin takes no
/// notice of it. `SIGTERM` ends either mode, and the death of the client ends a plugin, after the calls under way.
///
/// # Errors
/// Signals cannot be watched.
#[cfg(unix)]
pub(super) fn watch(mode: Mode, end: &Arc<StopSwitch>) -> io::Result<()> {
    use std::os::unix::process::parent_id;
    use std::time::Duration;
    use tokio::signal::unix::{SignalKind, signal};

    /// How often to see whether the client still lives. Soon enough to go unnoticed, rare enough to cost nothing.
    const PARENT_CHECK: Duration = Duration::from_secs(2);

    let mut interrupts = signal(SignalKind::interrupt())?;
    let mut terminations = signal(SignalKind::terminate())?;
    let client = parent_id();
    let end = Arc::clone(end);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupts.recv() => if mode == Mode::Debug { break },
                _ = terminations.recv() => break,
                () = tokio::time::sleep(PARENT_CHECK) => {
                    // A client that was killed asks for no shutdown; an orphan gets another parent.
                    if mode == Mode::Plugin && parent_id() != client { break }
                }
            }
        }
        end.raise();
    });
    Ok(())
}

/// Raises `end` at Ctrl-C in debug mode. A plugin takes no notice of it, as everywhere; there are no orphans to see here.
///
/// # Errors
/// Ctrl-C cannot be watched.
#[cfg(not(unix))]
pub(super) fn watch(mode: Mode, end: &Arc<StopSwitch>) -> io::Result<()> {
    let mut interrupts = tokio::signal::windows::ctrl_c()?;
    let end = Arc::clone(end);
    tokio::spawn(async move {
        while interrupts.recv().await.is_some() {
            if mode == Mode::Debug {
                end.raise();
            }
        }
    });
    Ok(())
}
