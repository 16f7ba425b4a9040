//! Teardowns of one sweep that share what one `init` set up: how often `init` runs, and what is refused or begun anew when
//! something of it is wrong.

use std::{path::Path, sync::Arc};

use sweeper::act::destroy::{FailureKind, TeardownFailure, checks::Violation, job::TeardownJob};
use terraform::template::Templates;

use super::support::{Recorder, World};

const ONE: &str = "resource \"terraform_data\" \"one\" {\n  input = \"a\"\n}\n";

/// A state with one object, and the plan that deletes it.
const STATE: &str = r#"{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"l-1","outputs":{},"resources":[{"mode":"managed","type":"terraform_data","name":"one","provider":"provider[\"terraform.io/builtin/terraform\"]","instances":[{"schema_version":0,"attributes":{"id":"x"}}]}]}"#;
const PLAN: &str = r#"{"format_version":"1.2","resource_changes":[{"address":"terraform_data.one","mode":"managed","type":"terraform_data","name":"one","provider_name":"terraform.io/builtin/terraform","change":{"actions":["delete"]}}],"prior_state":{"values":{"root_module":{"resources":[{"address":"terraform_data.one","mode":"managed","type":"terraform_data","name":"one"}]}}}}"#;
const GONE: &str = r#"{"version":4,"terraform_version":"1.11.4","serial":4,"lineage":"l-1","outputs":{},"resources":[]}"#;

/// What an `init` writes down for the state at `$STATE`, as Terraform 1.11.4 does.
const RECORD: &str = r#"echo "{\"version\":3,\"terraform_version\":\"1.11.4\",\"backend\":{\"type\":\"local\",\"config\":{\"path\":\"$STATE\",\"workspace_dir\":\"$(dirname $STATE)/workspaces\"},\"hash\":7}}" > $TF_DATA_DIR/terraform.tfstate"#;

/// Installs a package by unpacking it, as `init` does from a registry.
const PACKAGE: &str = "mkdir -p $TF_DATA_DIR/providers/h/n/t/1/p; echo x > $TF_DATA_DIR/providers/h/n/t/1/p/provider; echo pinned > .terraform.lock.hcl";

/// The states of a sweep, and the job of each. They differ in nothing but their states.
struct Sweep {
    worlds: Vec<World>,
    jobs: Vec<TeardownJob>,
}

impl Sweep {
    async fn of(worlds: Vec<World>, program: &Path) -> Self {
        let first = worlds[0].job_with(program).await;
        let templates = Arc::new(Templates::new(&first.places));
        let jobs = worlds.iter().map(|world| TeardownJob {
            address: world.address(),
            templates: Arc::clone(&templates),
            ..first.clone()
        });
        Self {
            jobs: jobs.collect(),
            worlds,
        }
    }

    /// States with a script for a CLI, which does `init` and `plan` and destroys.
    async fn scripted(states: usize, init: &str, plan: &str) -> Self {
        let worlds: Vec<World> = (0..states).map(|_| World::with(&[])).collect();
        for world in &worlds {
            std::fs::write(world.state_file(), STATE).expect("written");
        }
        let calls = worlds[0].path("calls");
        let script = worlds[0].script(&format!(
            "STATE=$(sed 's/.*\"path\":\"\\([^\"]*\\)\".*/\\1/' main.tf.json)\necho $1 >> {}\ncase $1 in\ninit) {init} ;;\nplan) {plan}\n;;\nshow) echo '{PLAN}' ;;\napply) echo '{GONE}' > $STATE\n;;\nesac",
            calls.display(),
        ));
        Self::of(worlds, &script).await
    }

    async fn destroy(&self, number: usize) -> Result<(), TeardownFailure> {
        let checkpoints = Recorder::default();
        let done = self.worlds[number].destroy(&self.jobs[number], &checkpoints);
        done.await.map(drop)
    }

    async fn destroyed(&self, number: usize) {
        self.destroy(number).await.expect("destroyed");
        assert_eq!(self.worlds[number].state().managed_count(), 0);
    }

    fn calls(&self, name: &str) -> usize {
        std::fs::read_to_string(self.worlds[0].path("calls"))
            .expect("written")
            .lines()
            .filter(|call| *call == name)
            .count()
    }

    /// What is where the work directories are made.
    fn left(&self) -> Vec<std::ffi::OsString> {
        std::fs::read_dir(self.worlds[0].path("work"))
            .expect("listed")
            .map(|entry| entry.expect("an entry").file_name())
            .collect()
    }
}

#[tokio::test]
async fn states_of_one_provider_set_are_initialised_once_by_the_real_cli() {
    let worlds: Vec<World> = (0..3)
        .map(|_| World::applied(&[("main.tf", ONE)]))
        .collect();
    let sweep = Sweep::of(worlds, Path::new("terraform")).await;
    for (number, calls) in [(0, 3), (1, 2), (2, 2)] {
        let checkpoints = Recorder::default();
        let world = &sweep.worlds[number];
        world
            .destroy(&sweep.jobs[number], &checkpoints)
            .await
            .expect("destroyed");
        // Set up, plan and apply; no process only to show the plan.
        assert_eq!(checkpoints.groups.lock().expect("whole").len(), calls);
        assert_eq!(world.state().managed_count(), 0);
    }
    assert!(sweep.left().is_empty(), "{:?}", sweep.left());
}

#[tokio::test]
async fn a_workspace_is_destroyed_from_a_template_of_another_and_no_other_is_touched() {
    let first = World::applied(&[("main.tf", ONE)]);
    let mut second = World::applied(&[("main.tf", ONE)]);
    let untouched = second.state_bytes();
    second.workspace = "pr-12".to_owned();
    second.apply();
    let mut sweep = Sweep::of(vec![first, second], Path::new("terraform")).await;
    sweep.destroyed(0).await;
    sweep.destroyed(1).await;
    sweep.worlds[1].workspace = "default".to_owned();
    assert_eq!(sweep.worlds[1].state_bytes(), untouched);
}

#[tokio::test]
async fn of_two_at_once_one_initialises_and_the_other_waits_for_it() {
    let init = format!("sleep 0.3; {PACKAGE}; {RECORD}");
    // What is prepared from a template has the package, read-only, and the lock file.
    let plan = "[ $(cat $TF_DATA_DIR/providers/h/n/t/1/p/provider) = x ] && [ $(cat .terraform.lock.hcl) = pinned ] && [ -L $TF_DATA_DIR/providers/h/n/t/1/p ] && [ $(stat -L -c %a $TF_DATA_DIR/providers/h/n/t/1/p/provider) = 444 ] || exit 1";
    let sweep = Sweep::scripted(2, &init, plan).await;
    let (one, other) = tokio::join!(sweep.destroy(0), sweep.destroy(1));
    one.expect("destroyed");
    other.expect("destroyed");
    assert_eq!(sweep.calls("init"), 1);
    assert_eq!(sweep.left().len(), 1, "the packages, until the sweep ends");
    let Sweep { worlds, jobs } = sweep;
    drop(jobs);
    worlds[0].assert_cleared_up();
}

#[tokio::test]
async fn a_failed_init_is_not_taken_over_and_nobody_waits_for_the_next() {
    let init = format!("[ -e $STATE.second ] || {{ : > $STATE.second; exit 1; }}; {RECORD}");
    let sweep = Sweep::scripted(2, &init, "").await;
    let failure = sweep.destroy(0).await.expect_err("it failed");
    assert_eq!(failure.kind, FailureKind::InitFailed);
    sweep.destroyed(0).await;
    let failure = sweep.destroy(1).await.expect_err("its own init failed");
    assert_eq!(failure.kind, FailureKind::InitFailed);
    sweep.destroyed(1).await;
    assert_eq!(sweep.calls("init"), 4);
}

#[tokio::test]
async fn what_init_set_up_in_a_way_that_is_not_known_is_not_taken_over() {
    for odd in [
        "sed -i 's/\"version\":3/\"version\":4/' $TF_DATA_DIR/terraform.tfstate",
        "sed -i 's/\"hash\"/\"key\":1,\"hash\"/' $TF_DATA_DIR/terraform.tfstate",
        ": > $TF_DATA_DIR/environment",
        "mkdir $TF_DATA_DIR/modules",
        "mkdir $TF_DATA_DIR/providers; : > $TF_DATA_DIR/providers/file",
    ] {
        let sweep = Sweep::scripted(2, &format!("{RECORD}; {odd}"), "").await;
        sweep.destroyed(0).await;
        sweep.destroyed(1).await;
        assert_eq!(sweep.calls("init"), 2, "{odd}");
    }
}

#[tokio::test]
async fn a_record_that_leads_to_another_state_is_refused_and_never_taken_over() {
    let init = r#"STATE=/elsewhere/terraform.tfstate; "#.to_owned() + RECORD;
    let sweep = Sweep::scripted(2, &init, "").await;
    for number in [0, 1] {
        let failure = sweep.destroy(number).await.expect_err("another state");
        assert_eq!(failure.kind, FailureKind::Refused);
        assert!(failure.reason.contains("/elsewhere"), "{}", failure.reason);
    }
    assert_eq!((sweep.calls("init"), sweep.calls("plan")), (2, 0));
}

#[tokio::test]
async fn a_changed_lock_file_or_cli_configuration_is_another_set() {
    let mut sweep = Sweep::scripted(3, &format!("{PACKAGE}; {RECORD}"), "").await;
    sweep.destroyed(0).await;
    let lock = (".terraform.lock.hcl".to_owned(), b"# other\n".to_vec());
    sweep.jobs[1].capsule = Some(capsule::Capsule {
        files: [lock].into(),
    });
    sweep.destroyed(1).await;
    assert_eq!(sweep.calls("init"), 2);
    std::fs::write(sweep.worlds[0].path("cli.rc"), "# other\n").expect("written");
    sweep.destroyed(2).await;
    assert_eq!(sweep.calls("init"), 3);
}

#[tokio::test]
async fn a_plan_that_asks_for_init_gets_one_and_no_other_is_tried_in_vain() {
    let event = r#"{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Required plugins are not installed","detail":"please run: terraform init"}}"#;
    let init = format!("{RECORD}; : > $TF_DATA_DIR/../initialised");
    let plan = format!("[ -e $TF_DATA_DIR/../initialised ] || {{ echo '{event}'; exit 1; }}");
    let sweep = Sweep::scripted(3, &init, &plan).await;
    for number in [0, 1, 2] {
        sweep.destroyed(number).await;
    }
    assert_eq!((sweep.calls("init"), sweep.calls("plan")), (3, 4));
}

#[tokio::test]
async fn a_plan_that_fails_otherwise_fails_as_it_would_have() {
    let event = r#"{"type":"diagnostic","diagnostic":{"severity":"error","summary":"reading: 403","detail":"forbidden"}}"#;
    let plan = format!("case $STATE in *broken*) echo '{event}'; exit 1;; esac");
    let mut sweep = Sweep::scripted(2, RECORD, &plan).await;
    sweep.destroyed(0).await;
    let broken = sweep.worlds[1].path("states/broken.tfstate");
    std::fs::rename(sweep.worlds[1].state_file(), &broken).expect("moved");
    let settings = [
        ("path".to_owned(), broken.display().to_string()),
        (
            "workspace_dir".to_owned(),
            sweep.worlds[1]
                .path("states/workspaces")
                .display()
                .to_string(),
        ),
    ];
    let address = ledger::state_address::StateAddress::new("local", settings, "default");
    sweep.jobs[1].address = address;
    std::fs::write(sweep.worlds[1].state_file(), STATE).expect("written");
    let failure = sweep.destroy(1).await.expect_err("it cannot be read");
    assert_eq!(failure.kind, FailureKind::PlanFailed);
    assert!(failure.reason.contains("403"), "{}", failure.reason);
    assert_eq!(sweep.calls("init"), 1);
}

/// A sweep of one state whose CLI is the real one, and does `then` to the plan it saved, at `$PLAN`.
async fn tampered(world: World, then: &str) -> (Sweep, Vec<u8>) {
    let before = world.state_bytes();
    let script = world.script(&format!(
        "terraform \"$@\" || exit\nPLAN=$TF_DATA_DIR/../destroy.plan\ncase $1 in plan) {then} ;; esac"
    ));
    (Sweep::of(vec![world], &script).await, before)
}

#[tokio::test]
async fn a_plan_that_was_made_on_another_state_is_refused() {
    let other = World::applied(&[("main.tf", ONE)]);
    other.terraform(&["plan", "-destroy", "-out=plan"]);
    let world = World::applied(&[("main.tf", ONE)]);
    let exchange = format!("cp {} $PLAN", other.path("conf/plan").display());
    let (sweep, before) = tampered(world, &exchange).await;
    let failure = sweep.destroy(0).await.expect_err("another state");
    let FailureKind::ChecksFailed(violations) = &failure.kind else {
        panic!("{failure:?}");
    };
    // Its path, its directory of workspaces, and its lineage.
    assert_eq!(violations.len(), 3, "{violations:?}");
    for violation in violations {
        assert!(matches!(violation, Violation::Elsewhere { .. }));
    }
    assert_eq!(sweep.worlds[0].state_bytes(), before);
    assert_eq!(other.state().managed_count(), 1);
}

#[tokio::test]
async fn a_plan_made_on_an_older_serial_is_refused() {
    let world = World::applied(&[("main.tf", ONE)]);
    world.terraform(&["plan", "-destroy", "-out=plan"]);
    let more = "resource \"terraform_data\" \"two\" {}\n";
    std::fs::write(world.path("conf/more.tf"), more).expect("written");
    world.apply();
    let exchange = format!("cp {} $PLAN", world.path("conf/plan").display());
    let (sweep, before) = tampered(world, &exchange).await;
    let failure = sweep.destroy(0).await.expect_err("an older plan");
    let FailureKind::ChecksFailed(violations) = &failure.kind else {
        panic!("{failure:?}");
    };
    assert!(matches!(violations[0], Violation::Moved { .. }));
    assert_eq!(sweep.worlds[0].state_bytes(), before);
}

#[tokio::test]
async fn a_plan_that_was_damaged_or_is_of_another_kind_is_refused() {
    for then in [
        "printf x | dd of=$PLAN bs=1 seek=60 conv=notrunc 2>/dev/null",
        "truncate -s -1 $PLAN",
        ": > $PLAN",
        "rm $PLAN",
        // It would destroy, and only a part.
        "terraform plan -destroy -target=terraform_data.one -out=$PLAN >/dev/null",
        "terraform plan -out=$PLAN >/dev/null",
        "terraform plan -refresh-only -out=$PLAN >/dev/null",
    ] {
        let world = World::applied(&[("main.tf", ONE)]);
        let (sweep, before) = tampered(world, then).await;
        let failure = sweep.destroy(0).await.expect_err(then);
        let refused = matches!(
            failure.kind,
            FailureKind::PlanFailed | FailureKind::ChecksFailed(_)
        );
        assert!(refused, "{then}: {failure:?}");
        assert_eq!(sweep.worlds[0].state_bytes(), before, "{then}");
    }
}
