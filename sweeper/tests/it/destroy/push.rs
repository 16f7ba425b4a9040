//! A kept state and its way back, with a script in place of the CLI, for what the real one does only on bad days.

use backend::{StateDoc, read::read};
use ledger::clock::from_millis;
use sweeper::{
    act::{
        destroy::{FailureKind, TeardownFailure, job::TeardownJob},
        push_back::{Kept, push},
    },
    rescue::seal::Header,
};

use super::support::{Recorder, World};

const OBJECT: &str = r#"{"mode":"managed","type":"terraform_data","name":"one","provider":"provider[\"terraform.io/builtin/terraform\"]","instances":[{"schema_version":0,"attributes":{"id":"x"}}]}"#;
const PLAN: &str = r#"{"format_version":"1.2","resource_changes":[{"address":"terraform_data.one","mode":"managed","type":"terraform_data","name":"one","provider_name":"terraform.io/builtin/terraform","change":{"actions":["delete"]}}],"prior_state":{"values":{"root_module":{"resources":[{"address":"terraform_data.one","mode":"managed","type":"terraform_data","name":"one"}]}}}}"#;

/// A state with `objects` at `serial`.
fn state(serial: u64, objects: &str) -> String {
    format!(
        r#"{{"version":4,"terraform_version":"1.11.4","serial":{serial},"lineage":"l-1","outputs":{{}},"resources":[{objects}]}}"#
    )
}

/// A world whose CLI notes at `init` that it works on the state of this world, or on that at `leads`, and does `apply`
/// and `push`; `$STATE` is the state file.
async fn scripted(leads: Option<&str>, apply: &str, push: &str) -> (World, TeardownJob) {
    let world = World::with(&[]);
    std::fs::write(world.state_file(), state(3, OBJECT)).expect("written");
    std::fs::write(world.path("at-init"), "").expect("written");
    let script = world.script(&format!(
        r#"STATE={state}
echo "$*" >> {calls}
case $1 in
init) . {hook}; echo "{{\"backend\":{{\"type\":\"local\",\"config\":{{\"path\":\"{leads}\",\"workspace_dir\":\"$(dirname $STATE)/workspaces\"}}}}}}" > $TF_DATA_DIR/terraform.tfstate ;;
show) echo '{PLAN}' ;;
apply) {apply}
;;
state) {push}
;;
esac"#,
        state = world.state_file().display(),
        calls = world.path("calls").display(),
        hook = world.path("at-init").display(),
        leads = leads.unwrap_or("$STATE"),
    ));
    let job = world.job_with(&script).await;
    (world, job)
}

async fn pushed(world: &World, job: &TeardownJob) -> Result<StateDoc, TeardownFailure> {
    let plain = state(9, "").into_bytes();
    let kept = read(&plain).expect("a state");
    let checkpoints = Recorder::default();
    let header = Header {
        environment: job.expected.id.clone(),
        generation: job.expected.generation,
        operation: job.operation.clone(),
        address: job.address.to_string(),
        found: vec![3],
        lineage: kept.lineage.clone(),
        serial: kept.serial,
        at: from_millis(0).expect("in range"),
    };
    let kept = Kept {
        header: &header,
        doc: &kept,
        plain: &plain,
    };
    let answer = push(job, backend::of(&job.address), &checkpoints, kept).await;
    world.assert_cleared_up();
    answer
}

fn calls(world: &World) -> Vec<String> {
    let calls = std::fs::read_to_string(world.path("calls")).expect("written");
    calls.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_push_has_no_force_and_goes_under_the_lock_with_no_provider() {
    let (world, job) = scripted(None, "exit 1", "cat kept.tfstate > $STATE").await;
    let after = pushed(&world, &job).await.expect("pushed");
    assert_eq!((after.serial, after.managed_count()), (9, 0));
    assert_eq!(
        calls(&world),
        [
            "init -input=false -no-color -plugin-dir=no-providers",
            "state push -no-color -lock-timeout=0s kept.tfstate"
        ]
    );
}

#[tokio::test]
async fn only_a_fresh_read_says_whether_it_is_back() {
    let (world, job) = scripted(None, "", "exit 0").await;
    let failure = pushed(&world, &job).await.expect_err("not back");
    assert_eq!(failure.kind, FailureKind::PushFailed);
    assert!(failure.reason.contains("serial 3"), "{failure}");

    let (world, job) = scripted(None, "", "cat kept.tfstate > $STATE; exit 1").await;
    pushed(&world, &job)
        .await
        .expect("it is back, whatever it says");

    let (world, job) = scripted(None, "", "echo 'no space left' >&2; : > $STATE; exit 1").await;
    let failure = pushed(&world, &job).await.expect_err("cut off");
    assert_eq!(failure.kind, FailureKind::PushFailed);
    assert!(failure.reason.contains("no space left"), "{failure}");
}

#[tokio::test]
async fn from_a_directory_that_leads_to_another_state_nothing_is_pushed() {
    let (world, job) = scripted(Some("/elsewhere"), "", "cat kept.tfstate > $STATE").await;
    let failure = pushed(&world, &job).await.expect_err("elsewhere");
    assert!(failure.reason.contains("/elsewhere"), "{failure}");
    assert_eq!(calls(&world).len(), 1, "there is an init and no push");
    assert_eq!(world.state().serial, 3);
}

#[tokio::test]
async fn what_somebody_applies_while_the_push_is_prepared_is_never_pushed_over() {
    for (meanwhile, expect) in [
        (
            format!("echo '{}' > $STATE", state(4, OBJECT)),
            "was written to since",
        ),
        ("rm $STATE".to_owned(), "there is no state"),
    ] {
        let (world, job) = scripted(None, "", "cat kept.tfstate > $STATE").await;
        std::fs::write(world.path("at-init"), &meanwhile).expect("written");
        let failure = pushed(&world, &job).await.expect_err("refused");
        assert_eq!(failure.kind, FailureKind::Refused);
        assert!(failure.reason.contains(expect), "{failure}");
        assert_eq!(calls(&world).len(), 1, "there is an init and no push");
    }
}

#[tokio::test]
async fn a_sealed_state_names_the_serials_its_own_teardown_found() {
    for (saved, found) in [("", vec![3]), ("echo \"$SAVED\" > $STATE; ", vec![3, 5])] {
        let apply = format!(
            "SAVED='{}'; {saved}echo '{}' > errored.tfstate; exit 1",
            state(5, OBJECT),
            state(9, "")
        );
        let (world, job) = scripted(None, &apply, "").await;
        let failure = world
            .destroy(&job, &Recorder::default())
            .await
            .expect_err("not saved");
        assert_eq!(failure.kind, FailureKind::ApplyFailed);
        let kept = failure.kept_state.expect("kept");
        let (header, _) = job.keeper.open(&kept).expect("opened");
        assert_eq!((header.serial, header.found), (9, found));
        assert_eq!(header.operation, job.operation);
        world.assert_cleared_up();
    }
}
