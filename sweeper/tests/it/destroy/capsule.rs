//! Teardowns that need the captured configuration, and teardowns that are interrupted, with the real terraform.

use sweeper::act::destroy::FailureKind;
use terraform::events::Progress;

use super::support::{Recorder, World, capture, provisioned};

const ONE: &str = "resource \"terraform_data\" \"one\" {\n  input = \"a\"\n}\n";

#[tokio::test]
async fn a_provisioner_that_runs_at_destroy_runs_from_the_capsule() {
    let world = World::with(&[]);
    let trace = world.path("trace");
    std::fs::write(
        world.path("conf/main.tf"),
        provisioned(&format!("echo ran >> {}", trace.display())),
    )
    .expect("written");
    world.apply();
    let mut job = world.job().await;
    job.capture = Some(capture(&["terraform_data.slow"], &[]));
    let failure = world
        .destroy(&job, &Recorder::default())
        .await
        .expect_err("the configuration is needed");
    assert_eq!(failure.kind, FailureKind::NoStrategy);
    assert!(failure.reason.contains("terraform_data.slow"));

    job.capsule = Some(world.capsule());
    let done = world
        .destroy(&job, &Recorder::default())
        .await
        .expect("destroyed");
    assert_eq!(done.evidence.strategy, "capsule");
    assert_eq!(std::fs::read_to_string(trace).expect("it ran"), "ran\n");
    assert_eq!(world.state().managed_count(), 0);
    world.assert_cleared_up();
}

#[tokio::test]
async fn a_module_whose_source_is_gone_is_replayed_from_its_captured_copy() {
    let world = World::with(&[
        (
            "main.tf",
            "module \"m\" {\n  source = \"git::https://gone.invalid/m.git\"\n}\n",
        ),
        (".terraform/modules/m/main.tf", ONE),
        (
            ".terraform/modules/modules.json",
            r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"m","Source":"git::https://gone.invalid/m.git","Dir":".terraform/modules/m"}]}"#,
        ),
    ]);
    world.apply();
    let mut job = world.job().await;
    job.capsule = Some(world.capsule());
    job.capture = Some(capture(&["module.m.terraform_data.one"], &[]));
    let done = world
        .destroy(&job, &Recorder::default())
        .await
        .expect("destroyed");
    assert_eq!(done.evidence.strategy, "capsule");
    assert_eq!(done.evidence.deleted, ["module.m.terraform_data.one"]);
}

#[tokio::test]
async fn a_configuration_that_no_longer_works_does_not_keep_a_state_alive() {
    let world = World::applied(&[("main.tf", ONE)]);
    std::fs::write(
        world.path("conf/broken.tf"),
        "terraform {\n  required_version = \"= 0.1.0\"\n}\nlocals {\n  x = file(\"/nowhere\")\n}\n",
    )
    .expect("written");
    let mut job = world.job().await;
    job.capsule = Some(world.capsule());
    let done = world
        .destroy(&job, &Recorder::default())
        .await
        .expect("destroyed");
    assert_eq!(done.evidence.strategy, "state-only");
}

#[tokio::test]
async fn a_replay_gets_its_variables_and_says_which_one_is_missing() {
    let world = World::with(&[(
        "main.tf",
        "variable \"size\" {\n  type = string\n}\nresource \"terraform_data\" \"one\" {\n  input = var.size\n}\n",
    )]);
    world.terraform(&["init"]);
    world.terraform(&["apply", "-auto-approve", "-var=size=big"]);
    let mut job = world.job().await;
    job.capsule = Some(world.capsule());
    job.capture = Some(capture(&["terraform_data.one"], &[]));
    let failure = world
        .destroy(&job, &Recorder::default())
        .await
        .expect_err("a value is missing");
    assert_eq!(failure.kind, FailureKind::PlanFailed);
    assert!(failure.reason.contains("No value for required variable"));
    assert!(
        failure.remedy.contains("SWEEPER_VAR_size"),
        "{}",
        failure.remedy
    );
    job.child_env = world.environment(&[("size", "big")]);
    world
        .destroy(&job, &Recorder::default())
        .await
        .expect("destroyed");
}

#[tokio::test]
async fn a_failed_apply_says_what_is_left_and_hides_secrets() {
    let world = World::with(&[(
        "main.tf",
        r#"
variable "token" {
  type = string
}
resource "terraform_data" "fast" {
  input = terraform_data.slow.id
}
resource "terraform_data" "slow" {
  input = var.token
  provisioner "local-exec" {
    when    = destroy
    command = "echo failing with ${self.input} >&2; exit 1"
  }
}
"#,
    )]);
    world.terraform(&["init"]);
    world.terraform(&["apply", "-auto-approve", "-var=token=hunter2-hunter2"]);
    let mut job = world.job().await;
    job.capsule = Some(world.capsule());
    job.capture = Some(capture(&["terraform_data.slow"], &[]));
    job.child_env = world.environment(&[("token", "hunter2-hunter2")]);
    let checkpoints = Recorder::default();
    let failure = world
        .destroy(&job, &checkpoints)
        .await
        .expect_err("it fails");
    assert_eq!(failure.kind, FailureKind::ApplyFailed);
    assert_eq!(failure.instances_left, Some(1));
    assert!(
        failure.reason.contains("local-exec provisioner error"),
        "{}",
        failure.reason
    );
    assert!(failure.reason.contains("failing with (hidden)"));
    assert!(!format!("{failure:?}").contains("hunter2"));
    assert!(
        checkpoints
            .progress
            .lock()
            .expect("whole")
            .contains(&Progress::Errored {
                address: "terraform_data.slow".to_owned()
            })
    );
    world.assert_cleared_up();
}

#[tokio::test]
async fn a_stopped_teardown_finishes_what_is_in_flight_and_the_next_pass_ends_it() {
    let world = World::applied(&[(
        "main.tf",
        "resource \"terraform_data\" \"fast\" {}\nresource \"terraform_data\" \"slow\" {\n  input = terraform_data.fast.id\n  \
         provisioner \"local-exec\" {\n    when    = destroy\n    command = \"trap '' INT; sleep 1\"\n  }\n}\n",
    )]);
    let mut job = world.job().await;
    job.capsule = Some(world.capsule());
    job.capture = Some(capture(&["terraform_data.slow"], &[]));
    let checkpoints = Recorder {
        on_started: Some(Box::new(|checkpoints| checkpoints.stop.notify_one())),
        ..Recorder::default()
    };
    let failure = world
        .destroy(&job, &checkpoints)
        .await
        .expect_err("stopped");
    assert_eq!(failure.kind, FailureKind::Cancelled, "{failure:?}");
    // The one in flight may or may not have come to its end; the one after it was never begun.
    assert!(matches!(failure.instances_left, Some(1 | 2)), "{failure:?}");
    assert_eq!(failure.kept_state, None);
    world
        .destroy(&job, &Recorder::default())
        .await
        .expect("the next pass ends it");
    assert_eq!(world.state().managed_count(), 0);
    world.assert_cleared_up();
}

#[tokio::test]
async fn after_a_kill_nothing_is_lost_and_the_next_pass_ends_it() {
    let world = World::applied(&[("main.tf", &provisioned("sleep 600"))]);
    let mut job = world.job().await;
    job.capsule = Some(world.capsule());
    job.capture = Some(capture(&["terraform_data.slow"], &[]));
    let checkpoints = Recorder {
        on_started: Some(Box::new(|checkpoints| {
            let group = *checkpoints
                .groups
                .lock()
                .expect("whole")
                .last()
                .expect("one runs");
            nix::sys::signal::killpg(
                nix::unistd::Pid::from_raw(group),
                nix::sys::signal::Signal::SIGKILL,
            )
            .expect("it runs");
        })),
        ..Recorder::default()
    };
    let failure = world.destroy(&job, &checkpoints).await.expect_err("killed");
    assert_eq!(failure.kind, FailureKind::ApplyFailed);
    assert!(failure.reason.contains("ended by signal 9"), "{failure:?}");
    assert_eq!(failure.instances_left, Some(2));
    job.capture = None;
    world
        .destroy(&job, &Recorder::default())
        .await
        .expect("the next pass ends it");
    assert_eq!(world.state().managed_count(), 0);
    world.assert_cleared_up();
}
