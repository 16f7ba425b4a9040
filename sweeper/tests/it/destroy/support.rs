//! A workspace in a temporary directory, applied by the real terraform, and a job that destroys it.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use backend::{StateDoc, read::read};
use capsule::Capsule;
use ledger::{
    clock::from_millis,
    environment::{Capture, TeardownStep},
    fact::{Marker, Observed},
    id::{EnvironmentId, Fence, Generation},
    state_address::StateAddress,
};
use sweeper::{
    act::destroy::{
        Abort, Checkpoints, Destroyed, Limits, Ready, TeardownFailure, TeardownJob, destroy_proven,
        job::own_variables,
        ownership::{self, ExpectedMarker, Proof},
    },
    rescue::kept_state::Keeper,
};
use tempfile::TempDir;
use terraform::{
    child_env::ChildEnv,
    cli::{Cli, CliKind},
    events::Progress,
    passing::Passing,
    work_dir::Places,
};
use tokio::sync::Notify;

/// A directory with a configuration, its state and everything a teardown needs.
pub(crate) struct World {
    dir: TempDir,
    pub(crate) workspace: String,
}

/// Waits as long as a busy machine may need, and no longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

impl World {
    /// A world with these files, not applied yet.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let world = Self {
            dir: tempfile::tempdir().expect("a directory"),
            workspace: "default".to_owned(),
        };
        for directory in ["conf", "work", "kept", "states"] {
            std::fs::create_dir(world.path(directory)).expect("made");
        }
        std::fs::write(world.path("cli.rc"), "").expect("written");
        for (name, text) in files {
            let file = world.path("conf").join(name);
            std::fs::create_dir_all(file.parent().expect("a parent")).expect("made");
            std::fs::write(file, text).expect("written");
        }
        world
    }

    /// The same, applied.
    pub(crate) fn applied(files: &[(&str, &str)]) -> Self {
        let world = Self::with(files);
        world.apply();
        world
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn apply(&self) {
        self.terraform(&["init", "-input=false"]);
        self.terraform(&["apply", "-auto-approve", "-input=false"]);
    }

    /// Terraform as a person would run it, in the configuration, on the state of this world.
    pub(crate) fn terraform(&self, arguments: &[&str]) {
        let output = self
            .command(arguments)
            .output()
            .expect("terraform is there");
        assert!(
            output.status.success(),
            "terraform {arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let backend = format!(
            r#"{{"terraform":{{"backend":{{"local":{{"path":"{}","workspace_dir":"{}"}}}}}}}}"#,
            self.path("states/terraform.tfstate").display(),
            self.path("states/workspaces").display(),
        );
        std::fs::write(self.path("conf/test_override.tf.json"), backend).expect("written");
        let mut command = Command::new("terraform");
        command
            .args(arguments)
            .current_dir(self.path("conf"))
            .env_clear()
            .envs(self.inherited())
            .env("TF_WORKSPACE", &self.workspace);
        command
    }

    pub(crate) fn inherited(&self) -> Vec<(OsString, OsString)> {
        let path = std::env::var_os("PATH").expect("set");
        vec![
            ("PATH".into(), path),
            ("HOME".into(), self.dir.path().into()),
            ("CHECKPOINT_DISABLE".into(), "1".into()),
            ("TF_CLI_CONFIG_FILE".into(), self.path("cli.rc").into()),
        ]
    }

    pub(crate) fn address(&self) -> StateAddress {
        let text = |name: &str| self.path(name).display().to_string();
        StateAddress::new(
            "local",
            [
                ("path".to_owned(), text("states/terraform.tfstate")),
                ("workspace_dir".to_owned(), text("states/workspaces")),
            ],
            self.workspace.clone(),
        )
    }

    pub(crate) fn state_file(&self) -> PathBuf {
        backend::local::file(&self.address()).expect("a local state")
    }

    pub(crate) fn state_bytes(&self) -> Vec<u8> {
        std::fs::read(self.state_file()).expect("there is a state")
    }

    pub(crate) fn state(&self) -> StateDoc {
        read(&self.state_bytes()).expect("a state")
    }

    /// What the configuration directory would be captured as.
    pub(crate) fn capsule(&self) -> Capsule {
        let mut files = BTreeMap::new();
        collect(&self.path("conf"), "", &mut files);
        Capsule { files }
    }

    /// A job for it, with the real terraform.
    pub(crate) async fn job(&self) -> TeardownJob {
        self.job_with(Path::new("terraform")).await
    }

    /// A job for it, with the CLI at `program`.
    pub(crate) async fn job_with(&self, program: &Path) -> TeardownJob {
        let cli = Cli::probe(CliKind::Terraform, program, self.inherited())
            .await
            .expect("a CLI that answers");
        TeardownJob {
            operation: "destroy-env-1".to_owned(),
            address: self.address(),
            expected: expected(),
            capture: None,
            capsule: None,
            cli,
            child_env: self.environment(&[]),
            provider_templates: BTreeMap::new(),
            places: Places {
                work_base: self.path("work"),
                temporary: self.path("work"),
            },
            keeper: Keeper {
                directory: self.path("kept"),
                key_file: self.path("seal.key"),
            },
            templates: Arc::default(),
            limits: Limits {
                prepare: PATIENCE,
                apply: PATIENCE,
                grace: Duration::from_secs(20),
            },
            parallelism: None,
            accept_vanished: false,
            no_refresh: false,
        }
    }

    pub(crate) fn environment(&self, variables: &[(&str, &str)]) -> ChildEnv {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let own = own_variables("sqlite:///none", Fence(1));
        ChildEnv::new(self.inherited(), own, &variables, &Passing::default())
    }

    /// The proof for the state as it is, had it held the marker. These tests have no provider of ours.
    pub(crate) fn proof(&self) -> Proof {
        let mut doctored = self.state();
        doctored.markers.push(Marker {
            id: expected().id,
            generation: expected().generation,
        });
        ownership::prove(&doctored, &expected()).expect("a doctored state is ours")
    }

    pub(crate) async fn destroy(
        &self,
        job: &TeardownJob,
        checkpoints: &Recorder<'_>,
    ) -> Result<Destroyed, TeardownFailure> {
        destroy_proven(job, &self.proof(), backend::of(&job.address), checkpoints).await
    }

    /// Nothing of any work directory may stay.
    #[track_caller]
    pub(crate) fn assert_cleared_up(&self) {
        let left: Vec<_> = std::fs::read_dir(self.path("work"))
            .expect("listed")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }

    /// A script that stands in for the CLI; `version` is answered for it.
    pub(crate) fn script(&self, body: &str) -> PathBuf {
        let file = self.path("engine");
        let text = format!(
            "#!/bin/sh\nif [ \"$1\" = version ]; then echo '{{\"terraform_version\":\"1.11.4\"}}'; exit 0; fi\n{body}\n"
        );
        std::fs::write(&file, text).expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("set");
        file
    }
}

fn collect(directory: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(directory).expect("listed") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("text");
        let path = format!("{prefix}{name}");
        let left_out = name == "test_override.tf.json"
            || (path.starts_with(".terraform/") && !path.starts_with(".terraform/modules"));
        if left_out {
            continue;
        }
        if entry.file_type().expect("known").is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, std::fs::read(entry.path()).expect("readable"));
        }
    }
}

/// A configuration whose object runs `command` when it is destroyed.
pub(crate) fn provisioned(command: &str) -> String {
    format!(
        "resource \"terraform_data\" \"fast\" {{}}\nresource \"terraform_data\" \"slow\" {{\n  input = terraform_data.fast.id\n  \
         provisioner \"local-exec\" {{\n    when    = destroy\n    command = \"{command}\"\n  }}\n}}\n"
    )
}

pub(crate) fn expected() -> ExpectedMarker {
    ExpectedMarker {
        id: EnvironmentId::parse("env-1").expect("an id"),
        generation: Generation::FIRST,
        lineage: None,
        deleted_before: false,
        begun_with: Observed::Absent,
    }
}

pub(crate) fn capture(destroy_provisioners: &[&str], prevent_destroy: &[&str]) -> Capture {
    let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    Capture {
        capsule: None,
        at: from_millis(0).expect("in range"),
        cli: "terraform".to_owned(),
        prevent_destroy: owned(prevent_destroy),
        destroy_provisioners: owned(destroy_provisioners),
        gaps: Vec::new(),
    }
}

/// What runs in the middle of a teardown.
type Between<'a> = Box<dyn Fn() -> Result<(), Abort> + Send + Sync + 'a>;

/// What is done when deleting something begins.
type OnStarted<'a> = Box<dyn Fn(&Recorder<'a>) + Send + Sync + 'a>;

/// Checkpoints that write everything down.
#[derive(Default)]
pub(crate) struct Recorder<'a> {
    pub(crate) steps: Mutex<Vec<TeardownStep>>,
    pub(crate) groups: Mutex<Vec<i32>>,
    pub(crate) work_dirs: Mutex<Vec<PathBuf>>,
    pub(crate) ready: Mutex<Option<Ready>>,
    pub(crate) progress: Mutex<Vec<Progress>>,
    /// Called before an apply.
    pub(crate) before_apply: Option<Between<'a>>,
    /// Called when deleting something begins.
    pub(crate) on_started: Option<OnStarted<'a>>,
    /// Stops the teardown.
    pub(crate) stop: Notify,
}

#[async_trait]
impl Checkpoints for Recorder<'_> {
    async fn step(&self, step: TeardownStep, work_dir: Option<&Path>) -> Result<(), Abort> {
        self.steps.lock().expect("whole").push(step);
        self.work_dirs
            .lock()
            .expect("whole")
            .extend(work_dir.map(Path::to_owned));
        Ok(())
    }

    async fn process_group(&self, group: i32) -> Result<(), Abort> {
        self.groups.lock().expect("whole").push(group);
        Ok(())
    }

    async fn before_apply(&self, ready: &Ready) -> Result<(), Abort> {
        *self.ready.lock().expect("whole") = Some(ready.clone());
        self.before_apply.as_ref().map_or(Ok(()), |before| before())
    }

    fn state_pushed(&self, _: u64, _: u64) {}

    fn progress(&self, progress: &Progress) {
        self.progress.lock().expect("whole").push(progress.clone());
        if matches!(progress, Progress::Started { .. })
            && let Some(started) = &self.on_started
        {
            started(self);
        }
    }

    async fn cancelled(&self) {
        self.stop.notified().await;
    }
}
