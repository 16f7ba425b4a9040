//! Whole teardowns with the real terraform and its builtin resources: what is destroyed, how it is proven, and which
//! of the known traps are not walked into.

use ledger::environment::TeardownStep;
use sweeper::act::destroy::{Abort, FailureKind, checks::Violation, destroy, strategy::Strategy};
use terraform::events::Progress;

use super::support::{PATIENCE, Recorder, World, capture, provisioned};

const ONE: &str = "resource \"terraform_data\" \"one\" {\n  input = \"a\"\n}\n";

const MANY: &[(&str, &str)] = &[
    (
        "main.tf",
        r#"
resource "terraform_data" "counted" {
  count = 3
  input = count.index
}
resource "terraform_data" "each" {
  for_each = toset(["a b", "c\"d", "ü"])
  input    = terraform_data.counted[0].output
}
module "web" {
  source   = "./web"
  for_each = toset(["x", "y.z"])
}
"#,
    ),
    (
        "web/main.tf",
        r#"
resource "terraform_data" "inner" {
  count = 2
}
module "deep" {
  source = "./deep"
  count  = 1
}
"#,
    ),
    (
        "web/deep/main.tf",
        "resource \"terraform_data\" \"leaf\" {}\n",
    ),
];

/// Adds a deposed object, as an interrupted replacement leaves it.
fn add_deposed(world: &World) {
    let mut state: serde_json::Value =
        serde_json::from_slice(&world.state_bytes()).expect("a state");
    let instances = state["resources"][0]["instances"]
        .as_array_mut()
        .expect("instances");
    let mut deposed = instances[0].clone();
    deposed["deposed"] = "0a1b2c3d".into();
    deposed["attributes"]["id"] = "the-old-one".into();
    instances.insert(1, deposed);
    state["serial"] = (state["serial"].as_u64().expect("a number") + 1).into();
    std::fs::write(world.state_file(), state.to_string()).expect("written");
}

#[tokio::test]
async fn every_object_is_destroyed_from_the_state_alone_and_the_end_is_proven() {
    let world = World::applied(MANY);
    add_deposed(&world);
    let before = world.state();
    let checkpoints = Recorder::default();
    let done = world
        .destroy(&world.job().await, &checkpoints)
        .await
        .expect("destroyed");

    let mut expect: Vec<String> = before.managed().map(|one| one.key.to_string()).collect();
    expect.sort();
    let mut deleted = done.evidence.deleted.clone();
    deleted.sort();
    assert_eq!(deleted, expect);
    assert_eq!(deleted.len(), 13);
    // The event stream never says that the deposed one is gone; the state does.
    assert!(
        deleted
            .iter()
            .any(|one| one.ends_with("(deposed 0a1b2c3d)"))
    );
    assert!(done.already_gone.is_empty());

    let after = world.state();
    assert_eq!(after.managed_count(), 0);
    assert_eq!(done.evidence.lineage, before.lineage);
    assert_eq!(after.lineage, before.lineage);
    assert_eq!(done.evidence.serial_before, before.serial);
    assert_eq!(done.evidence.serial_after, after.serial);
    assert!(before.serial < after.serial);
    assert_eq!(done.evidence.strategy, "state-only");
    assert_eq!(done.evidence.events_sha256.map(|hash| hash.len()), Some(64));

    assert_eq!(
        *checkpoints.steps.lock().expect("whole"),
        [
            TeardownStep::Planning,
            TeardownStep::Applying,
            TeardownStep::Proving
        ]
    );
    // Init, plan and apply; what the plan would do is read without a process.
    assert_eq!(checkpoints.groups.lock().expect("whole").len(), 3);
    let started = checkpoints.progress.lock().expect("whole");
    assert!(started.contains(&Progress::Completed {
        address: "module.web[\"y.z\"].module.deep[0].terraform_data.leaf".to_owned()
    }));
    world.assert_cleared_up();
}

#[tokio::test]
async fn an_empty_state_is_proven_destroyed_without_running_terraform() {
    let world = World::applied(&[("main.tf", ONE)]);
    world.terraform(&["destroy", "-auto-approve"]);
    let mut job = world.job().await;
    job.cli.path = "/nowhere/terraform".into();
    let done = world
        .destroy(&job, &Recorder::default())
        .await
        .expect("nothing to do");
    assert_eq!(done.evidence.strategy, "empty");
    assert_eq!(done.evidence.serial_before, done.evidence.serial_after);
    assert_eq!(done.evidence.events_sha256, None);
}

#[tokio::test]
async fn the_workspace_of_the_address_is_destroyed_and_no_other() {
    let mut world = World::applied(&[("main.tf", ONE)]);
    let default_before = world.state_bytes();
    world.workspace = "pr-12".to_owned();
    world.apply();
    let mut job = world.job().await;
    // What the operator's shell selects must not matter.
    let mut inherited = world.inherited();
    inherited.push(("TF_WORKSPACE".into(), "nope".into()));
    inherited.push(("TF_CLI_ARGS".into(), "-no-such-flag".into()));
    inherited.push(("TF_DATA_DIR".into(), "/nowhere".into()));
    job.child_env = terraform::child_env::ChildEnv::new(
        inherited,
        sweeper::act::destroy::job::own_variables("sqlite:///none", ledger::id::Fence(1)),
        &std::collections::BTreeMap::new(),
        &terraform::passing::Passing::default(),
    );
    world
        .destroy(&job, &Recorder::default())
        .await
        .expect("destroyed");
    assert_eq!(world.state().managed_count(), 0);
    world.workspace = "default".to_owned();
    assert_eq!(world.state_bytes(), default_before);
    assert!(!world.path("states/workspaces/nope").exists());
}

#[tokio::test]
async fn a_state_without_the_marker_is_never_touched() {
    let world = World::applied(&[("main.tf", ONE)]);
    let before = world.state_bytes();
    let job = world.job().await;
    let failure = destroy(&job, backend::of(&job.address), &Recorder::default())
        .await
        .expect_err("not ours");
    assert_eq!(failure.kind, FailureKind::Refused);
    assert_eq!(
        failure.reason,
        "the state does not hold the marker of `env-1`"
    );
    assert_eq!(failure.instances_left, Some(1));
    assert_eq!(world.state_bytes(), before);
    world.assert_cleared_up();
}

#[tokio::test]
async fn a_state_of_length_zero_is_refused_and_not_taken_for_destroyed() {
    let world = World::applied(&[("main.tf", ONE)]);
    let proof = world.proof();
    std::fs::write(world.state_file(), b"").expect("written");
    let job = world.job().await;
    let failure = sweeper::act::destroy::destroy_proven(
        &job,
        &proof,
        backend::of(&job.address),
        &Recorder::default(),
    )
    .await
    .expect_err("refused");
    assert_eq!(failure.kind, FailureKind::Refused);
    assert!(failure.reason.contains("the state is empty"));
    assert!(world.state_bytes().is_empty());
}

#[tokio::test]
async fn prevent_destroy_a_newer_cli_and_another_cli_are_refused_with_the_state_untouched() {
    let world = World::applied(&[("main.tf", ONE)]);
    let before = world.state_bytes();
    let job = world.job().await;
    let mut protected = job.clone();
    protected.capture = Some(capture(&[], &["terraform_data.one"]));
    let mut newer = job.clone();
    newer.cli.version = backend::terraform_version::CliVersion::parse("1.0.0").expect("a version");
    let mut other = job.clone();
    let mut tofu = capture(&[], &[]);
    tofu.cli = "tofu".to_owned();
    other.capture = Some(tofu);
    for (job, expect) in [
        (protected, "`terraform_data.one` has `prevent_destroy`"),
        (newer, "which is newer than the terraform 1.0.0"),
        (other, "the state belongs to tofu"),
    ] {
        let failure = world
            .destroy(&job, &Recorder::default())
            .await
            .expect_err(expect);
        assert_eq!(failure.kind, FailureKind::Refused);
        assert!(failure.reason.contains(expect), "{}", failure.reason);
        assert!(!failure.remedy.is_empty());
    }
    assert_eq!(world.state_bytes(), before);
    world.assert_cleared_up();
}

#[tokio::test]
async fn what_the_caller_takes_back_before_apply_does_not_happen() {
    let world = World::applied(&[("main.tf", ONE)]);
    let before = world.state_bytes();
    let checkpoints = Recorder {
        before_apply: Some(Box::new(|| Err(Abort("it was renewed".to_owned())))),
        ..Recorder::default()
    };
    let failure = world
        .destroy(&world.job().await, &checkpoints)
        .await
        .expect_err("taken back");
    assert_eq!(failure.kind, FailureKind::Aborted);
    assert_eq!(failure.reason, "it was renewed");
    let ready = checkpoints
        .ready
        .lock()
        .expect("whole")
        .clone()
        .expect("asked");
    assert_eq!(ready.deletes, ["terraform_data.one"]);
    assert_eq!(ready.strategy, Strategy::StateOnly { refresh: true });
    assert_eq!(world.state_bytes(), before);
    world.assert_cleared_up();
}

#[tokio::test]
async fn a_state_that_changes_between_plan_and_apply_is_left_alone() {
    let world = World::applied(&[("main.tf", ONE)]);
    let checkpoints = Recorder {
        before_apply: Some(Box::new(|| {
            std::fs::write(
                world.path("conf/more.tf"),
                "resource \"terraform_data\" \"two\" {}\n",
            )
            .expect("written");
            world.apply();
            Ok(())
        })),
        ..Recorder::default()
    };
    let failure = world
        .destroy(&world.job().await, &checkpoints)
        .await
        .expect_err("it moved");
    let FailureKind::ChecksFailed(violations) = &failure.kind else {
        panic!("{failure:?}");
    };
    assert!(matches!(violations[..], [Violation::Moved { .. }]));
    assert_eq!(failure.instances_left, Some(2));
    assert_eq!(world.state().managed_count(), 2);
}

#[tokio::test]
async fn of_two_teardowns_of_one_state_exactly_one_destroys_it() {
    let world = World::applied(MANY);
    let job = world.job().await;
    let (one, other) = (Recorder::default(), Recorder::default());
    let (first, second) = tokio::join!(world.destroy(&job, &one), world.destroy(&job, &other));
    assert_eq!(
        [first.is_ok(), second.is_ok()]
            .iter()
            .filter(|ok| **ok)
            .count(),
        1,
        "{first:?} {second:?}"
    );
    let started = |checkpoints: &Recorder<'_>| checkpoints.progress.lock().expect("whole").len();
    assert!(started(&one) == 0 || started(&other) == 0);
    assert_eq!(world.state().managed_count(), 0);
    world.assert_cleared_up();
}

#[tokio::test]
async fn a_lock_held_by_somebody_is_reported_and_never_broken() {
    let release = tempfile::tempdir().expect("a directory");
    let gate = release.path().join("go");
    let world = World::applied(&[(
        "main.tf",
        &provisioned(&format!(
            "while [ ! -e {} ]; do sleep 0.05; done",
            gate.display()
        )),
    )]);
    let job = world.job().await;
    let mut holder = world
        .command(&["destroy", "-auto-approve"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("terraform is there");
    let reader = backend::of(&job.address);
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let lock = loop {
        if let Some(lock) = reader.lock(&job.address).await.expect("readable") {
            break lock;
        }
        assert!(tokio::time::Instant::now() < deadline, "it takes the lock");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!(lock.operation, "OperationTypeApply");
    assert!(lock.who.contains('@') && lock.since.is_some(), "{lock:?}");
    let failure = world
        .destroy(&job, &Recorder::default())
        .await
        .expect_err("locked");
    assert_eq!(failure.kind, FailureKind::LockHeld(Box::new(lock)));
    // A crash leaves the note behind; the lock itself dies with its process.
    std::fs::write(&gate, b"").expect("written");
    assert!(holder.wait().expect("waited for").success());
    let note = world.path("states/.terraform.tfstate.lock.info");
    std::fs::write(note, b"{\"Who\":\"a@b\"}").expect("written");
    assert_eq!(reader.lock(&job.address).await, Ok(None));
}

#[tokio::test]
async fn a_backend_that_is_not_known_is_left_alone() {
    let world = World::applied(&[("main.tf", ONE)]);
    let mut job = world.job().await;
    job.address = ledger::state_address::StateAddress::new("s3", [], "default");
    let failure = destroy(&job, backend::of(&job.address), &Recorder::default())
        .await
        .expect_err("unknown");
    assert_eq!(failure.kind, FailureKind::Unreadable);
    assert!(failure.reason.contains("backend `s3` is not supported"));
}
