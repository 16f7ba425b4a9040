//! `scripts/setup`: quiet when nothing is missing, one line that helps when it can do nothing. And what
//! `scripts/install-provider` installs for good.

use std::path::Path;
use std::process::Command;

use acceptance::binaries::Binaries;
use acceptance::{Run, RunningProcess, repository};

fn setup(arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let mut command = Command::new(repository::root().join("scripts/setup"));
    command.args(arguments).envs(environment.iter().copied());
    RunningProcess::run(command)
}

#[test]
fn nothing_is_said_when_nothing_is_missing() {
    let run = setup(&["test"], &[]).expect_success();
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        ("", ""),
        "a second set-up has nothing to do"
    );
}

#[test]
fn a_protoc_that_does_not_work_is_named_with_the_way_out() {
    let run = setup(&["build"], &[("PROTOC", "/bin/false")]);
    let run = run
        .expect_exit(1)
        .expect_saying("PROTOC is '/bin/false'")
        .expect_saying("unset PROTOC");
    assert_eq!(run.stderr.lines().count(), 1, "one line says it\n{run}");
}

#[test]
fn a_terraform_that_is_none_is_named_with_the_way_out() {
    let run = setup(&["demo"], &[("TERRAFORM", "/bin/true")]);
    run.expect_exit(1)
        .expect_saying("TERRAFORM is '/bin/true'")
        .expect_saying("unset TERRAFORM");
}

#[test]
fn an_unknown_mode_is_refused_with_the_known_ones() {
    setup(&["everything"], &[])
        .expect_exit(64)
        .expect_saying("expected build, demo, test or ci");
}

/// In memory, so that it is another file system than that of the build wherever there is such a thing.
#[test]
fn an_installation_that_stays_does_not_lead_back_into_the_build() {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    let folder = folder.expect("a folder of the test's own");
    let binaries = Binaries::find();
    let mut install = Command::new(repository::root().join("scripts/install-provider"));
    install
        .arg(&binaries.folder)
        .arg(folder.path())
        .arg("plain");
    RunningProcess::run(install).expect_success();
    let mut found = Command::new("find");
    found
        .arg(folder.path())
        .args(["-name", "terraform-provider-*", "!", "-type", "d"]);
    let found = RunningProcess::run(found).expect_success();
    let home = folder.path().canonicalize().expect("it is there");
    let files: Vec<&str> = found.stdout.lines().collect();
    for file in &files {
        let real = Path::new(file).canonicalize().expect("it leads somewhere");
        assert!(
            real.starts_with(&home),
            "{file} leads to {}",
            real.display()
        );
    }
    assert!(4 < files.len(), "two addresses at two hosts: {files:?}");
}
