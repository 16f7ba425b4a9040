//! Bringing a kept state back to where it belongs: whether that may be, and the one call of the CLI that does it.
//!
//! Only `terraform state push` writes, under the lock, from a directory that leads to the leased address, and never with
//! force. No provider is installed and none runs. Whether it worked is said by a native read, not by an exit code.

use backend::{Backend, StateDoc, init_metadata};
use ledger::environment::TeardownStep;
use serde_json::json;
use terraform::work_dir::WorkDir;

use super::destroy::{
    calls::{Calls, plain, stopped_early, words},
    failure::{FailureKind, TeardownFailure},
    job::{Checkpoints, TeardownJob},
    ways,
};
use crate::rescue::seal::Header;

/// The most characters of the CLI's own words in a reason.
const LONGEST_WORDS: usize = 1000;

/// An empty mirror of providers: `init` looks there, finds none, and installs none. The backend is set up before.
const NO_PROVIDERS: &str = "no-providers";

/// The state in the work directory.
const STATE: &str = "kept.tfstate";

/// A kept state that was opened.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'kept> {
    /// What was sealed with it.
    pub header: &'kept Header,
    /// The state.
    pub doc: &'kept StateDoc,
    /// Its bytes.
    pub plain: &'kept [u8],
}

/// Where a kept state stands against the stored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The stored one is what the teardown found, and the kept one came after it.
    Ahead,
    /// The stored one is the kept one.
    Back,
}

/// Where `kept`, which was sealed with `header`, stands against `stored`. Pure.
///
/// # Errors
/// Why it must not be pushed.
pub fn standing(
    header: &Header,
    kept: &StateDoc,
    stored: &StateDoc,
) -> Result<Standing, TeardownFailure> {
    let no = |reason: String| Err(never_pushed(reason).with_left(Some(stored.managed_count())));
    if stored.lineage != kept.lineage {
        return no(format!(
            "the kept state has lineage {}, and the stored one has {}",
            kept.lineage, stored.lineage
        ));
    }
    if is_back(kept, stored) {
        return Ok(Standing::Back);
    }
    if kept.serial <= stored.serial {
        return no(format!(
            "the kept state has serial {}, and the stored one has {}, which is not lower",
            kept.serial, stored.serial
        ));
    }
    // A lower serial alone does not say who wrote it: a later apply would be forgotten.
    if !header.found.contains(&stored.serial) {
        let found: Vec<String> = header.found.iter().map(ToString::to_string).collect();
        return no(format!(
            "the stored state has serial {}, and the teardown that left the kept one found {}: it was written to since",
            stored.serial,
            found.join(" and ")
        ));
    }
    if let Some(new) = kept
        .managed()
        .find(|one| !stored.managed().any(|other| other.key == one.key))
    {
        return no(format!(
            "the kept state holds `{}`, which the stored one does not: a destroy never adds anything",
            new.key
        ));
    }
    Ok(Standing::Ahead)
}

/// A refusal that leaves the kept state where it is.
#[must_use]
pub fn never_pushed(reason: impl Into<String>) -> TeardownFailure {
    TeardownFailure::new(
        FailureKind::Refused,
        reason,
        "nothing is pushed and nothing destroyed while a kept state does not fit: find it with `sweeper state list`, look \
         at it with `sweeper state open`, push by hand what is right, then remove the kept file",
    )
}

/// Whether `stored` is `kept`. Where terraform pushes into a file, it counts one serial more.
fn is_back(kept: &StateDoc, stored: &StateDoc) -> bool {
    let same_serial =
        stored.serial == kept.serial || Some(stored.serial) == kept.serial.checked_add(1);
    let as_kept = StateDoc {
        serial: kept.serial,
        terraform_version: kept.terraform_version.clone(),
        ..stored.clone()
    };
    same_serial && as_kept == *kept
}

/// Pushes `kept` to where the state of `job` belongs, and answers what a fresh read finds there. Whether it still may be is
/// asked once more right before: terraform itself would take any higher serial of the same lineage.
///
/// # Errors
/// What kept it from its end. Nothing was deleted.
pub async fn push(
    job: &TeardownJob,
    reader: &dyn Backend,
    checkpoints: &dyn Checkpoints,
    kept: Kept<'_>,
) -> Result<StateDoc, TeardownFailure> {
    match reader.lock(&job.address).await {
        Ok(None) => {}
        Ok(Some(lock)) => return Err(TeardownFailure::lock_held(lock)),
        Err(error) => return Err(not_back(error.to_string(), error.remedy())),
    }
    let work = WorkDir::create(&job.places.work_base, &job.places.temporary)
        .map_err(|error| TeardownFailure::machine(&error))?;
    let called = call(job, reader, checkpoints, &work, kept).await;
    if let Err(error) = work.remove() {
        tracing::warn!(%error, "a work directory stays behind");
    }
    let said = called?;
    let kept = kept.doc;
    match reader.read(&job.address).await {
        Ok(Some(after)) if is_back(kept, &after) => Ok(after),
        Ok(Some(after)) => Err(not_back(
            format!(
                "after the push, the stored state has lineage {} and serial {}, and the kept one has {} and {}{said}",
                after.lineage, after.serial, kept.lineage, kept.serial
            ),
            RETRY,
        )),
        Ok(None) => Err(not_back(
            format!("after the push, there is no state at {}{said}", job.address),
            RETRY,
        )),
        Err(error) => Err(not_back(format!("{error}{said}"), error.remedy())),
    }
}

/// What a person can do about a push that failed.
const RETRY: &str =
    "restore access to the state's backend; the next sweep pushes the kept state again";

fn not_back(reason: String, remedy: &str) -> TeardownFailure {
    TeardownFailure::new(
        FailureKind::PushFailed,
        format!("the kept state could not be pushed back: {reason}"),
        remedy,
    )
}

/// Sets up the backend and pushes, if that still may be. Answers what the CLI said against it, to be put at the end of a
/// reason.
async fn call(
    job: &TeardownJob,
    reader: &dyn Backend,
    checkpoints: &dyn Checkpoints,
    work: &WorkDir,
    kept: Kept<'_>,
) -> Result<String, TeardownFailure> {
    let backend = ways::backend(job)?;
    let root = json!({"terraform": {"backend": backend}}).to_string();
    let anchor = format!("{NO_PROVIDERS}/.keep");
    work.write([
        ("main.tf.json", root.as_bytes()),
        (anchor.as_str(), b"".as_slice()),
        (STATE, kept.plain),
    ])
    .map_err(|error| TeardownFailure::machine(&error))?;
    checkpoints
        .step(TeardownStep::Claimed, Some(work.path()))
        .await
        .map_err(|abort| TeardownFailure::aborted(&abort.0))?;
    let environment = job
        .child_env
        .within(work.path(), &work.data(), &job.address.workspace);
    let calls = Calls {
        job,
        checkpoints,
        work,
        environment: &environment,
        redactor: &job.redactor(),
    };
    let mirror = format!("-plugin-dir={NO_PROVIDERS}");
    let said = run(&calls, &["init", "-input=false", "-no-color", &mirror]).await?;
    // It ends with an error where the state names a provider, and the backend is set up by then. What counts is where
    // the directory leads.
    init_metadata::leads_to(&work.data(), &job.address)
        .map_err(|found| not_back(format!("{found}{said}"), RETRY))?;
    let stored = match reader.read(&job.address).await {
        Ok(Some(stored)) => stored,
        Ok(None) => {
            let reason = format!("there is no state at {} any more", job.address);
            return Err(never_pushed(reason));
        }
        Err(error) => return Err(not_back(error.to_string(), error.remedy())),
    };
    if standing(kept.header, kept.doc, &stored)? == Standing::Back {
        return Ok(said);
    }
    let push = ["state", "push", "-no-color", "-lock-timeout=0s", STATE];
    run(&calls, &push).await
}

/// Runs the CLI; answers what it said if it failed, else nothing.
async fn run(calls: &Calls<'_>, arguments: &[&str]) -> Result<String, TeardownFailure> {
    let limit = calls.job.limits.prepare;
    let outcome = calls.call(words(arguments), limit, &mut |_| {}).await?;
    match outcome.stopped {
        Some(stopped) => Err(stopped_early(
            stopped,
            "the kept state stays where it is, and nothing was deleted",
        )),
        None if outcome.success() => Ok(String::new()),
        None => {
            let said = calls.clean(&plain(&outcome.stderr));
            let said: String = said.chars().take(LONGEST_WORDS).collect();
            Ok(format!("; terraform said: {said}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use backend::read::read;
    use ledger::{
        clock::from_millis,
        id::{EnvironmentId, Generation},
    };

    use super::*;

    fn state(lineage: &str, serial: u64, objects: &[&str]) -> StateDoc {
        let all: Vec<String> = objects
            .iter()
            .map(|name| {
                format!(
                    r#"{{"mode":"managed","type":"x","name":"{name}","provider":"provider[\"a/b/c\"]","instances":[{{"schema_version":0}}]}}"#
                )
            })
            .collect();
        let text = format!(
            r#"{{"version":4,"terraform_version":"1.11.4","serial":{serial},"lineage":"{lineage}","resources":[{}]}}"#,
            all.join(",")
        );
        read(text.as_bytes()).expect("well formed")
    }

    fn header(kept: &StateDoc) -> Header {
        Header {
            environment: EnvironmentId::parse("env-1").expect("an id"),
            generation: Generation::FIRST,
            operation: "destroy-env-1-1".to_owned(),
            address: "local path=/s".to_owned(),
            found: vec![7],
            lineage: kept.lineage.clone(),
            serial: kept.serial,
            at: from_millis(0).expect("in range"),
        }
    }

    #[track_caller]
    fn check(kept: &StateDoc, stored: &StateDoc, expect: Result<Standing, &str>) {
        match (standing(&header(kept), kept, stored), expect) {
            (Ok(found), Ok(expect)) => assert_eq!(found, expect),
            (Err(found), Err(expect)) => {
                assert!(found.reason.contains(expect), "{}", found.reason);
                assert_eq!(found.kind, FailureKind::Refused);
                assert!(found.remedy.contains("sweeper state"));
            }
            (found, expect) => panic!("{found:?} in place of {expect:?}"),
        }
    }

    #[test]
    fn a_later_state_of_what_the_teardown_found_is_ahead() {
        let kept = state("l", 10, &["b"]);
        check(&kept, &state("l", 7, &["a", "b"]), Ok(Standing::Ahead));
        let gone = state("l", 8, &[]);
        check(&gone, &state("l", 7, &["a"]), Ok(Standing::Ahead));
    }

    #[test]
    fn what_was_pushed_before_is_back_also_under_the_serial_terraform_gave_it() {
        let kept = state("l", 10, &["b"]);
        check(&kept, &kept, Ok(Standing::Back));
        check(&kept, &state("l", 11, &["b"]), Ok(Standing::Back));
        check(&kept, &state("l", 12, &["b"]), Err("not lower"));
    }

    #[test]
    fn another_lineage_a_serial_not_lower_and_later_work_are_never_pushed_over() {
        let kept = state("l", 10, &["b"]);
        check(&kept, &state("m", 7, &["a", "b"]), Err("lineage"));
        check(&kept, &state("m", 10, &["b"]), Err("lineage"));
        check(&kept, &state("l", 10, &["a", "b"]), Err("not lower"));
        check(&kept, &state("l", 11, &["a", "b"]), Err("not lower"));
        check(
            &kept,
            &state("l", 8, &["a", "b"]),
            Err("was written to since"),
        );
        check(
            &kept,
            &state("l", 6, &["a", "b"]),
            Err("was written to since"),
        );
        check(&kept, &state("l", 7, &["a"]), Err("never adds"));
    }
}
