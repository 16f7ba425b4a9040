//! Running the CLI as a child that cannot get away: own process group, fixed environment, bounded in time and memory.
//!
//! Knows processes and bytes; knows nothing of what the CLI is asked to do.
//! When time is up: SIGINT to the group, grace, SIGINT, grace, SIGKILL. Dropping a running child interrupts its group.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    io,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use nix::sys::signal::Signal;
use thiserror::Error;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};

use super::process_group::{group_lives, signal_group};

/// How much of the end of what the CLI says on stderr is kept.
const STDERR_KEPT: usize = 16 * 1024;

/// How long pipes may stay open after the CLI has ended: a provider that outlives it holds them.
const AFTER_EXIT: Duration = Duration::from_secs(2);

/// How long a killed child may take to be gone.
const AFTER_KILL: Duration = Duration::from_secs(10);

/// One call of the CLI.
#[derive(Debug)]
pub struct Call<'a> {
    /// The binary.
    pub program: &'a Path,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Where it runs.
    pub directory: PathBuf,
    /// Its whole environment.
    pub environment: &'a BTreeMap<OsString, OsString>,
    /// How long it may take.
    pub timeout: Duration,
    /// How long it may take to stop after it was asked to, each time.
    pub grace: Duration,
}

/// The CLI could not be run.
#[derive(Debug, Error)]
#[error("cannot {doing} `{}`: {source}", program.display())]
pub struct ProcessError {
    /// The verb.
    pub doing: &'static str,
    /// The binary.
    pub program: PathBuf,
    /// What happened.
    pub source: io::Error,
}

/// Why a child was asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The caller wanted it to.
    Cancelled,
    /// Its time was up.
    TimedOut,
}

/// How a child ended.
#[derive(Debug)]
pub struct Outcome {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether and why it was asked to stop.
    pub stopped: Option<Stopped>,
    /// The end of what it said on stderr. May hold secrets: redact before use.
    pub stderr: String,
}

impl Outcome {
    /// Whether it says that it did what it was asked to. Not a proof of anything.
    #[must_use]
    pub fn success(&self) -> bool {
        self.code == Some(0)
    }
}

/// A child at work.
#[derive(Debug)]
pub struct Running {
    child: Child,
    group: i32,
    program: PathBuf,
    timeout: Duration,
    grace: Duration,
    stderr: JoinHandle<String>,
    over: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.over {
            signal_group(self.group, Signal::SIGINT);
        }
    }
}

/// Starts `call`.
///
/// # Errors
/// If it cannot be started.
pub fn start(call: &Call<'_>) -> Result<Running, ProcessError> {
    let failed = |source| ProcessError {
        doing: "start",
        program: call.program.to_owned(),
        source,
    };
    let mut child = Command::new(call.program)
        .args(&call.arguments)
        .current_dir(&call.directory)
        .env_clear()
        .envs(call.environment)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    let group = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .ok_or_else(|| failed(io::Error::other("it has no process id")))?;
    let stderr = tokio::spawn(tail(child.stderr.take()));
    Ok(Running {
        child,
        group,
        program: call.program.to_owned(),
        timeout: call.timeout,
        grace: call.grace,
        stderr,
        over: false,
    })
}

/// What happens next when a child does not end.
enum Stage {
    Working,
    Interrupted,
    InterruptedAgain,
    Killed,
}

impl Running {
    /// Its process group.
    #[must_use]
    pub fn group(&self) -> i32 {
        self.group
    }

    /// Hands what it says on stdout to `on_output`, in pieces, until it has ended. It is asked once to stop when
    /// `cancelled` ends, and with more force when its time is up.
    ///
    /// # Errors
    /// If it cannot be waited for.
    pub async fn finish(
        mut self,
        on_output: &mut (dyn FnMut(&[u8]) + Send),
        cancelled: impl Future<Output = ()> + Send,
    ) -> Result<Outcome, ProcessError> {
        let mut stdout = self.child.stdout.take();
        let mut piece = vec![0; 64 * 1024];
        let mut stopped = None;
        let mut stage = Stage::Working;
        let mut deadline = Instant::now() + self.timeout;
        tokio::pin!(cancelled);
        let status = loop {
            let open = stdout.is_some();
            tokio::select! {
                read = read_some(&mut stdout, &mut piece), if open => match read {
                    Ok(length) if 0 < length => on_output(&piece[..length]),
                    _ => stdout = None,
                },
                () = &mut cancelled, if stopped.is_none() => {
                    stopped = Some(Stopped::Cancelled);
                    signal_group(self.group, Signal::SIGINT);
                }
                () = sleep_until(deadline) => {
                    stopped.get_or_insert(Stopped::TimedOut);
                    (stage, deadline) = self.press(&stage)?;
                }
                status = self.child.wait() => break status.map_err(|source| self.failed("wait for", source))?,
            }
        };
        // What it said last may still be in the pipe.
        let rest = async {
            while let Ok(length) = read_some(&mut stdout, &mut piece).await
                && 0 < length
            {
                on_output(&piece[..length]);
            }
        };
        let _ = timeout(AFTER_EXIT, rest).await;
        self.end_rest().await;
        self.over = true;
        Ok(self.outcome(status, stopped).await)
    }

    /// Stops it at once, for a caller that could not write down that it runs.
    pub async fn abandon(mut self) {
        signal_group(self.group, Signal::SIGINT);
        if timeout(self.grace, self.child.wait()).await.is_err() {
            signal_group(self.group, Signal::SIGKILL);
            let _ = timeout(AFTER_KILL, self.child.wait()).await;
        }
        self.end_rest().await;
        self.over = true;
    }

    /// The next, harder way to stop it, and until when that may take.
    fn press(&self, stage: &Stage) -> Result<(Stage, Instant), ProcessError> {
        let (signal, next, patience) = match stage {
            Stage::Working => (Signal::SIGINT, Stage::Interrupted, self.grace),
            Stage::Interrupted => (Signal::SIGINT, Stage::InterruptedAgain, self.grace),
            Stage::InterruptedAgain => (Signal::SIGKILL, Stage::Killed, AFTER_KILL),
            Stage::Killed => {
                let source = io::Error::new(io::ErrorKind::TimedOut, "it survives SIGKILL");
                return Err(self.failed("end", source));
            }
        };
        signal_group(self.group, signal);
        Ok((next, Instant::now() + patience))
    }

    /// Ends what the child left in its group. A provider may be in the middle of a delete, so it gets the grace.
    async fn end_rest(&self) {
        if !group_lives(self.group) {
            return;
        }
        signal_group(self.group, Signal::SIGINT);
        let deadline = Instant::now() + self.grace;
        while group_lives(self.group) && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        signal_group(self.group, Signal::SIGKILL);
    }

    async fn outcome(&mut self, status: ExitStatus, stopped: Option<Stopped>) -> Outcome {
        let stderr = match timeout(AFTER_EXIT, &mut self.stderr).await {
            Ok(Ok(text)) => text,
            _ => String::new(),
        };
        Outcome {
            code: status.code(),
            signal: status.signal(),
            stopped,
            stderr,
        }
    }

    fn failed(&self, doing: &'static str, source: io::Error) -> ProcessError {
        ProcessError {
            doing,
            program: self.program.clone(),
            source,
        }
    }
}

async fn read_some(
    from: &mut Option<impl AsyncRead + Unpin>,
    piece: &mut [u8],
) -> io::Result<usize> {
    match from {
        Some(from) => from.read(piece).await,
        None => Ok(0),
    }
}

/// The end of everything in `from`.
async fn tail(mut from: Option<impl AsyncRead + Unpin>) -> String {
    let mut kept = Vec::new();
    let mut piece = vec![0; 8 * 1024];
    while let Ok(length) = read_some(&mut from, &mut piece).await
        && 0 < length
    {
        kept.extend_from_slice(&piece[..length]);
        if 2 * STDERR_KEPT < kept.len() {
            kept.drain(..kept.len() - STDERR_KEPT);
        }
    }
    let from = kept.len().saturating_sub(STDERR_KEPT);
    String::from_utf8_lossy(&kept[from..]).into_owned()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at real files")]
mod tests;
