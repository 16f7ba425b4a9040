//! Teardowns with a script in place of the CLI, for what the real one does only on bad days.

use std::time::Duration;

use sweeper::act::destroy::{
    Abort, Checkpoints, Destroyed, FailureKind, Ready, TeardownFailure, destroy_proven,
    job::TeardownJob,
};
use terraform::{events::Progress, process_group::surviving_group};

use super::support::{Recorder, World};

/// A state with one object, and the plan that deletes it.
const STATE: &str = r#"{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"l-1","outputs":{},"resources":[{"mode":"managed","type":"terraform_data","name":"one","provider":"provider[\"terraform.io/builtin/terraform\"]","instances":[{"schema_version":0,"attributes":{"id":"x"}}]}]}"#;
const PLAN: &str = r#"{"format_version":"1.2","resource_changes":[{"address":"terraform_data.one","mode":"managed","type":"terraform_data","name":"one","provider_name":"terraform.io/builtin/terraform","change":{"actions":["delete"]}}],"prior_state":{"values":{"root_module":{"resources":[{"address":"terraform_data.one","mode":"managed","type":"terraform_data","name":"one"}]}}}}"#;
const GONE: &str = r#"{"version":4,"terraform_version":"1.11.4","serial":4,"lineage":"l-1","outputs":{},"resources":[]}"#;

/// A world whose CLI plans well and then does `apply`; `$STATE` is the state file, `$CALLS` a list of all calls.
async fn scripted(plan: &str, apply: &str) -> (World, TeardownJob) {
    let world = World::with(&[]);
    std::fs::write(world.state_file(), STATE).expect("written");
    // What `init` notes of the backend, and by what the sweeper knows that it is the right one.
    let init = r#"echo "{\"backend\":{\"type\":\"local\",\"config\":{\"path\":\"$STATE\",\"workspace_dir\":\"$(dirname $STATE)/workspaces\"}}}" > $TF_DATA_DIR/terraform.tfstate"#;
    let script = world.script(&format!(
        "STATE={}\nCALLS={}\necho \"$*\" >> $CALLS\ncase $1 in\ninit) {init} ;;\nplan) {plan}\n;;\nshow) echo '{PLAN}' ;;\napply) {apply}\n;;\nesac",
        world.state_file().display(),
        world.path("calls").display(),
    ));
    let job = world.job_with(&script).await;
    (world, job)
}

async fn failure(world: &World, job: &TeardownJob) -> TeardownFailure {
    world
        .destroy(job, &Recorder::default())
        .await
        .expect_err("it fails")
}

fn calls(world: &World) -> Vec<String> {
    std::fs::read_to_string(world.path("calls"))
        .expect("written")
        .lines()
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn success_without_proof_is_not_success() {
    for (apply, expect) in [
        (
            "exit 0",
            "1 objects are left in the state: terraform_data.one",
        ),
        ("rm $STATE", "no longer there"),
        (": > $STATE", "the state is empty"),
        ("sed -i s/l-1/l-2/ $STATE", "another state lies there"),
    ] {
        let (world, job) = scripted("", apply).await;
        let failure = failure(&world, &job).await;
        assert_eq!(failure.kind, FailureKind::NotProven, "{apply}");
        assert!(failure.reason.contains(expect), "{}", failure.reason);
        world.assert_cleared_up();
    }
}

#[tokio::test]
async fn a_failure_after_everything_was_deleted_is_success() {
    let begun = r#"{"type":"apply_start","hook":{"resource":{"addr":"terraform_data.one"}}}"#;
    let (world, job) = scripted(
        "",
        &format!("echo '{begun}'; echo '{GONE}' > $STATE; exit 1"),
    )
    .await;
    let Destroyed { evidence, .. } = world
        .destroy(&job, &Recorder::default())
        .await
        .expect("nothing is left");
    assert_eq!(evidence.serial_after, 4);
}

#[tokio::test]
async fn what_somebody_else_deleted_is_not_recorded_as_own_work() {
    let (world, job) = scripted("", &format!("echo '{GONE}' > $STATE; exit 1")).await;
    let failure = failure(&world, &job).await;
    assert_eq!(failure.kind, FailureKind::ApplyFailed);
    assert_eq!(failure.instances_left, Some(0));
    assert!(failure.reason.contains("another program"));
}

#[tokio::test]
async fn no_call_has_a_target_and_none_goes_without_the_lock() {
    let (world, job) = scripted("", &format!("echo '{GONE}' > $STATE")).await;
    world
        .destroy(&job, &Recorder::default())
        .await
        .expect("destroyed");
    let calls = calls(&world);
    assert_eq!(calls.len(), 4, "{calls:?}");
    for call in &calls {
        assert!(!call.contains("-target") && !call.contains("-lock=false"));
    }
    assert!(calls[1].starts_with("plan -destroy -json"));
    assert!(calls[3].starts_with("apply -json") && calls[3].ends_with("/destroy.plan"));
}

#[tokio::test]
async fn a_read_that_fails_is_got_round_without_a_refresh() {
    let plan = r#"case "$*" in *-refresh=false*) ;; *) echo '{"type":"diagnostic","diagnostic":{"severity":"error","summary":"reading: 403","detail":""}}'; exit 1;; esac"#;
    let (world, job) = scripted(plan, &format!("echo '{GONE}' > $STATE")).await;
    let done = world
        .destroy(&job, &Recorder::default())
        .await
        .expect("destroyed");
    assert_eq!(done.evidence.strategy, "state-only, no refresh");
    assert_eq!(calls(&world).len(), 6);
    world.assert_cleared_up();
}

#[tokio::test]
async fn a_plan_that_fails_in_every_way_says_what_failed_first() {
    let plan = r#"case "$*" in *-refresh=false*) echo 'second' >&2;; *) echo '{"type":"diagnostic","diagnostic":{"severity":"error","summary":"first","detail":"because","address":"a.b"}}';; esac; exit 1"#;
    let (world, job) = scripted(plan, "").await;
    let failure = failure(&world, &job).await;
    assert_eq!(failure.kind, FailureKind::PlanFailed);
    assert_eq!(failure.reason, "`plan` failed: first at `a.b`: because");
    assert_eq!(failure.instances_left, Some(1));
    world.assert_cleared_up();
}

#[tokio::test]
async fn a_lock_taken_between_the_look_and_the_plan_is_reported() {
    let plan = r#"cat <<'E'
{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Error acquiring the state lock","detail":"Lock Info:\n  Operation: OperationTypeApply\n  Who:       ana@host\n  Created:   2026-11-21 12:13:24.802062468 +0000 UTC\n"}}
E
exit 1"#;
    let (world, job) = scripted(plan, "").await;
    let failure = failure(&world, &job).await;
    let FailureKind::LockHeld(lock) = &failure.kind else {
        panic!("{failure:?}");
    };
    assert_eq!(lock.who, "ana@host");
    assert!(lock.since.is_some());
    assert_eq!(
        failure.reason,
        "the state is locked by ana@host since 2026-11-21T12:13:24Z (OperationTypeApply)"
    );
    assert_eq!(calls(&world).len(), 2, "it is not tried in other ways");
}

#[tokio::test]
async fn a_state_that_could_not_be_saved_is_kept_and_named() {
    let (world, job) = scripted("", "echo the-only-copy > errored.tfstate; exit 1").await;
    let failure = failure(&world, &job).await;
    assert_eq!(failure.kind, FailureKind::ApplyFailed);
    let kept = failure.kept_state.expect("kept");
    assert!(kept.starts_with(world.path("kept")));
    assert!(failure.remedy.contains("terraform state push"));
    assert!(failure.remedy.contains(&kept.display().to_string()));
    assert_eq!(
        std::fs::read_to_string(kept).expect("readable"),
        "the-only-copy\n"
    );
    world.assert_cleared_up();
}

#[tokio::test]
async fn a_state_that_could_not_even_be_kept_leaves_its_work_directory() {
    let (world, mut job) = scripted("", "echo the-only-copy > errored.tfstate; exit 1").await;
    job.keeper.directory = world.state_file().join("impossible");
    let failure = failure(&world, &job).await;
    let left = failure.work_dir.expect("left behind");
    assert!(left.join("root/errored.tfstate").exists());
    assert!(failure.remedy.contains(&left.display().to_string()));
}

#[tokio::test]
async fn a_teardown_whose_time_is_up_ends_its_processes_and_says_what_is_left() {
    let (world, mut job) = scripted(
        "",
        "trap '' INT; (sleep 600) & while :; do sleep 0.05; done",
    )
    .await;
    job.limits.apply = Duration::from_millis(200);
    job.limits.grace = Duration::from_millis(200);
    let checkpoints = Recorder::default();
    let failure = world
        .destroy(&job, &checkpoints)
        .await
        .expect_err("time is up");
    assert_eq!(failure.kind, FailureKind::TimedOut);
    assert_eq!(failure.instances_left, Some(1));
    let work_dir = checkpoints.work_dirs.lock().expect("whole")[0].clone();
    assert!(!surviving_group(None, &work_dir));
    world.assert_cleared_up();
}

#[tokio::test]
async fn a_preparation_whose_time_is_up_did_nothing() {
    let (world, mut job) = scripted("exec sleep 600", "echo never > $STATE").await;
    job.limits.prepare = Duration::from_millis(200);
    job.limits.grace = Duration::from_millis(200);
    let failure = failure(&world, &job).await;
    assert_eq!(failure.kind, FailureKind::TimedOut);
    assert!(failure.reason.contains("nothing was deleted"));
    assert_eq!(world.state().managed_count(), 1);
}

#[tokio::test]
async fn a_failed_init_says_why_and_what_helps() {
    let world = World::with(&[]);
    std::fs::write(world.state_file(), STATE).expect("written");
    let script = world.script(
        "printf '╷\\n│ Error: Failed to query available provider packages\\n│ no such host\\n╵\\n' >&2; exit 1",
    );
    let job = world.job_with(&script).await;
    let failure = failure(&world, &job).await;
    assert_eq!(failure.kind, FailureKind::InitFailed);
    assert_eq!(
        failure.reason,
        "`init` failed: Error: Failed to query available provider packages no such host"
    );
    assert!(failure.remedy.contains("mirror"));
}

/// Checkpoints that cannot write down what was started.
struct Forgetful(Recorder<'static>);

#[async_trait::async_trait]
impl Checkpoints for Forgetful {
    async fn step(
        &self,
        step: ledger::environment::TeardownStep,
        work_dir: Option<&std::path::Path>,
    ) -> Result<(), Abort> {
        self.0.step(step, work_dir).await
    }

    async fn process_group(&self, _group: i32) -> Result<(), Abort> {
        Err(Abort("the claim is lost".to_owned()))
    }

    async fn before_apply(&self, ready: &Ready) -> Result<(), Abort> {
        self.0.before_apply(ready).await
    }

    fn state_pushed(&self, _: u64, _: u64) {}

    fn progress(&self, progress: &Progress) {
        self.0.progress(progress);
    }

    async fn cancelled(&self) {
        self.0.cancelled().await;
    }
}

#[tokio::test]
async fn a_process_that_cannot_be_written_down_is_ended() {
    let world = World::with(&[]);
    std::fs::write(world.state_file(), STATE).expect("written");
    let script = world.script("exec sleep 600");
    let job = world.job_with(&script).await;
    let checkpoints = Forgetful(Recorder::default());
    let failure = destroy_proven(
        &job,
        &world.proof(),
        backend::of(&job.address),
        &checkpoints,
    )
    .await
    .expect_err("nobody would know of it");
    assert_eq!(failure.kind, FailureKind::Aborted);
    assert_eq!(failure.reason, "the claim is lost");
    let work_dir = checkpoints.0.work_dirs.lock().expect("whole")[0].clone();
    assert!(!surviving_group(None, &work_dir));
    world.assert_cleared_up();
}

#[tokio::test]
async fn a_teardown_that_is_dropped_interrupts_what_it_started() {
    let (world, job) = scripted("", "exec sleep 600").await;
    let checkpoints = Recorder::default();
    let proof = world.proof();
    let reader = backend::of(&job.address);
    tokio::select! {
        answer = destroy_proven(&job, &proof, reader, &checkpoints) => panic!("{answer:?}"),
        () = async {
            while std::fs::read_to_string(world.path("calls")).map_or(true, |calls| !calls.contains("apply")) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        } => {}
    }
    let work_dir = checkpoints.work_dirs.lock().expect("whole")[0].clone();
    let deadline = tokio::time::Instant::now() + super::support::PATIENCE;
    while surviving_group(None, &work_dir) {
        assert!(tokio::time::Instant::now() < deadline, "it still runs");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
