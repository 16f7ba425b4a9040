//! Finding and ending what a killed sweeper left running.
//!
//! A process belongs to a teardown if and only if its environment names the teardown's work directory. A group number
//! alone proves nothing: the system gives old numbers to new processes.
//! A provider outlives a killed terraform and finishes its delete, so every process counts, not only the CLI.

use std::{path::Path, time::Duration};

use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};

/// How often to look whether processes have ended.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long a killed process may take to vanish.
const AFTER_KILL: Duration = Duration::from_secs(5);

/// Whether this system shows what a process belongs to; where it does not, nothing can be said without a group.
pub const SHOWS_WHOSE: bool = cfg!(target_os = "linux");

/// Whether any process of the teardown in `work_dir` still lives. `group` is its process group as far as it was
/// recorded; where the system does not show environments, the group alone is asked for.
#[must_use]
pub fn surviving_group(group: Option<i32>, work_dir: &Path) -> bool {
    !survivors(group, work_dir).is_empty()
}

/// Ends every process of the teardown in `work_dir`: SIGINT, then up to `grace`, then SIGKILL. Answers whether all of
/// them are gone.
pub async fn end_group(group: Option<i32>, work_dir: &Path, grace: Duration) -> bool {
    for (signal, patience) in [(Signal::SIGINT, grace), (Signal::SIGKILL, AFTER_KILL)] {
        for process in survivors(group, work_dir) {
            // It may have ended since; that is what is wanted.
            let _ = kill(process, signal);
        }
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            if !surviving_group(group, work_dir) {
                return true;
            }
            if deadline <= tokio::time::Instant::now() {
                break;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
    false
}

/// Signals every process of `group`; the caller knows that the group is its own child's.
pub(crate) fn signal_group(group: i32, signal: Signal) {
    // A group that is gone needs no signal. Groups 0 and 1 would be ourselves and everybody.
    if 1 < group {
        let _ = killpg(Pid::from_raw(group), signal);
    }
}

/// Whether anything of `group` lives; the caller knows that the group is its own child's.
pub(crate) fn group_lives(group: i32) -> bool {
    1 < group && killpg(Pid::from_raw(group), None).is_ok() && !only_zombies(group)
}

/// Whether all of `group` has ended and was only not waited for, as it stays for ever in a container without an init.
#[cfg(target_os = "linux")]
fn only_zombies(group: i32) -> bool {
    processes().iter().all(|process| {
        let Some((state, of)) = state_and_group(*process) else {
            // It has ended meanwhile.
            return true;
        };
        of != group || state == "Z" || state == "X"
    })
}

#[cfg(not(target_os = "linux"))]
fn only_zombies(_group: i32) -> bool {
    false
}

/// The state of a process and its group; `None` if it is gone.
#[cfg(target_os = "linux")]
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that looks at other processes"
)]
fn state_and_group(process: i32) -> Option<(String, i32)> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program comes second, in parentheses, and may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?.to_owned();
    let group = fields.nth(1)?.parse().ok()?;
    Some((state, group))
}

#[cfg(target_os = "linux")]
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that looks at other processes"
)]
fn processes() -> Vec<i32> {
    let Ok(all) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    all.filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

#[cfg(target_os = "linux")]
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that looks at other processes"
)]
fn survivors(_group: Option<i32>, work_dir: &Path) -> Vec<Pid> {
    use std::{fs, os::unix::ffi::OsStrExt};

    let mut mark = super::child_env::WORK_DIR_VARIABLE.as_bytes().to_vec();
    mark.push(b'=');
    mark.extend_from_slice(work_dir.as_os_str().as_bytes());
    processes()
        .into_iter()
        .filter(|process| {
            // Processes of other users cannot be read, and are not ours.
            fs::read(format!("/proc/{process}/environ")).is_ok_and(|environ| {
                environ
                    .split(|byte| *byte == 0)
                    .any(|variable| variable == mark)
            })
        })
        .map(Pid::from_raw)
        .collect()
}

#[cfg(not(target_os = "linux"))]
fn survivors(group: Option<i32>, _work_dir: &Path) -> Vec<Pid> {
    group
        .filter(|group| group_lives(*group))
        // A negative number names the group.
        .map(|group| Pid::from_raw(-group))
        .into_iter()
        .collect()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at real files")]
mod tests {
    use std::{
        os::unix::process::CommandExt,
        process::{Command, Stdio},
    };

    use super::*;
    use crate::child_env::WORK_DIR_VARIABLE;

    fn sleeper(work_dir: &Path, script: &str) -> std::process::Child {
        Command::new("sh")
            .args(["-c", script])
            .env(WORK_DIR_VARIABLE, work_dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("sh is there")
    }

    #[tokio::test]
    async fn what_a_killed_sweeper_left_is_found_by_its_work_directory_and_ended() {
        let work = tempfile::tempdir().expect("a directory");
        let mut child = sleeper(work.path(), "sleep 600; true");
        let group = i32::try_from(child.id()).expect("a process id");
        // Only init waits for the child of a killed sweeper; here a thread does.
        let waiter = std::thread::spawn(move || child.wait());
        while !surviving_group(Some(group), work.path()) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        assert!(end_group(Some(group), work.path(), Duration::from_secs(5)).await);
        assert!(!surviving_group(Some(group), work.path()));
        waiter.join().expect("no panic").expect("waited for");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_group_number_that_now_belongs_to_others_is_left_alone() {
        let ours = tempfile::tempdir().expect("a directory");
        let other = tempfile::tempdir().expect("a directory");
        let mut child = sleeper(other.path(), "sleep 600");
        let group = i32::try_from(child.id()).expect("a process id");
        assert!(!surviving_group(Some(group), ours.path()));
        assert!(end_group(Some(group), ours.path(), Duration::ZERO).await);
        assert_eq!(child.try_wait().expect("asked"), None, "it must still run");
        signal_group(group, Signal::SIGKILL);
        child.wait().expect("waited for");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_that_ended_and_was_not_waited_for_does_not_live() {
        let work = tempfile::tempdir().expect("a directory");
        let mut child = sleeper(work.path(), "exec sleep 600");
        let group = i32::try_from(child.id()).expect("a process id");
        assert!(group_lives(group));
        signal_group(group, Signal::SIGKILL);
        while group_lives(group) {
            std::thread::sleep(LOOK_EVERY);
        }
        killpg(Pid::from_raw(group), None).expect("it is still listed");
        child.wait().expect("waited for");
    }

    #[tokio::test]
    async fn a_process_that_ignores_the_interrupt_is_killed_after_the_grace() {
        let work = tempfile::tempdir().expect("a directory");
        let ready = work.path().join("ready");
        let script = format!(
            "trap '' INT; touch {}; while :; do sleep 1; done",
            ready.display()
        );
        let mut child = sleeper(work.path(), &script);
        let group = i32::try_from(child.id()).expect("a process id");
        let waiter = std::thread::spawn(move || child.wait());
        while !ready.exists() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        assert!(end_group(Some(group), work.path(), Duration::from_millis(200)).await);
        waiter.join().expect("no panic").expect("waited for");
    }
}
