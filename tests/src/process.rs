//! A command that runs: in a process group of its own, its output read as it comes, its life bounded. Dropping it ends
//! the whole group, so that a failed test leaves nothing behind.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use crate::run::Run;
use crate::wait::wait_for_some;

/// How long a command may take unless a test says otherwise.
pub const LIMIT: Duration = Duration::from_secs(240);

type Stream = Arc<Mutex<Vec<u8>>>;

/// A started command.
#[derive(Debug)]
pub struct RunningProcess {
    command: String,
    child: Child,
    stdout: Stream,
    stderr: Stream,
}

impl RunningProcess {
    /// Starts `command` without standard input.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    pub fn start(mut command: Command) -> Self {
        let name = describe(&command);
        let mut child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("starting `{name}`: {error}"));
        let stdout = collect(child.stdout.take());
        let stderr = collect(child.stderr.take());
        Self {
            command: name,
            child,
            stdout,
            stderr,
        }
    }

    /// Starts `command` and waits for its end, [`LIMIT`] at most.
    #[track_caller]
    pub fn run(command: Command) -> Run {
        Self::start(command).wait(LIMIT)
    }

    /// The process id, which is also that of the group.
    #[must_use]
    pub fn id(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).expect("a process id is an i32"))
    }

    /// Ctrl-C: SIGINT to the whole group, as a terminal sends it.
    pub fn interrupt(&self) {
        let _ = killpg(self.id(), Signal::SIGINT); // gone already is as good
    }

    /// `kill -9` of the command alone: what it started lives on.
    pub fn kill9(&self) {
        let _ = kill(self.id(), Signal::SIGKILL);
    }

    /// `kill -9` of the command and of all that it started and that stayed in its group.
    pub fn kill9_group(&self) {
        let _ = killpg(self.id(), Signal::SIGKILL);
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        self.ended().is_none()
    }

    /// What both streams have said so far.
    #[must_use]
    pub fn output(&self) -> String {
        format!("{}\n{}", text(&self.stdout), text(&self.stderr))
    }

    /// Waits until either stream has said `what`.
    ///
    /// # Panics
    /// When it does not within `limit`, or ends without it.
    #[track_caller]
    pub fn wait_for_output(&mut self, what: &str, limit: Duration) {
        wait_for_some(
            &format!("{what:?} in the output of `{}`", self.command),
            limit,
            || {
                let over = self.ended().is_some();
                let said = self.output().contains(what);
                assert!(
                    said || !over,
                    "`{}` ended without saying {what:?}:\n{}",
                    self.command,
                    self.output()
                );
                said.then_some(())
            },
        );
    }

    /// Waits for its end. What it started and left behind lives on until this value is dropped.
    ///
    /// # Panics
    /// When it does not end within `limit`.
    #[track_caller]
    pub fn wait(&mut self, limit: Duration) -> Run {
        let status = wait_for_some(&format!("the end of `{}`", self.command), limit, || {
            self.ended()
        });
        self.wait_for_streams();
        Run {
            command: self.command.clone(),
            status,
            stdout: text(&self.stdout),
            stderr: text(&self.stderr),
        }
    }

    fn ended(&mut self) -> Option<ExitStatus> {
        self.child
            .try_wait()
            .expect("a child can be asked whether it has ended")
    }

    /// Gives the readers time to reach the end. It may never come: a provider that outlives a killed terraform holds
    /// the same streams open.
    fn wait_for_streams(&self) {
        for _ in 0..100 {
            // A reader holds a second reference for as long as it reads.
            if Arc::strong_count(&self.stdout) == 1 && Arc::strong_count(&self.stderr) == 1 {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for RunningProcess {
    fn drop(&mut self) {
        self.kill9_group();
        let _ = self.child.wait();
    }
}

fn collect(stream: Option<impl Read + Send + 'static>) -> Stream {
    let stream_so_far = Stream::default();
    let Some(mut stream) = stream else {
        return stream_so_far;
    };
    let write = Arc::clone(&stream_so_far);
    std::thread::spawn(move || {
        let mut piece = [0; 8192];
        while let Ok(length @ 1..) = stream.read(&mut piece) {
            write
                .lock()
                .expect("no reader panics")
                .extend_from_slice(&piece[..length]);
        }
    });
    stream_so_far
}

fn text(stream: &Stream) -> String {
    String::from_utf8_lossy(&stream.lock().expect("no reader panics")).into_owned()
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
