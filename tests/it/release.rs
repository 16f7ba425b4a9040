//! What a release is made with: `scripts/release`, tried on files that stand for binaries, and the workflows that run it.

use std::path::Path;
use std::process::Command;

use acceptance::{Run, RunningProcess, repository};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn release(arguments: &[&str]) -> Run {
    let mut command = Command::new(repository::root().join("scripts/release"));
    command
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1767225600");
    RunningProcess::run(command)
}

fn names(folder: &Path) -> Vec<String> {
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_tag_of_another_version_is_refused() {
    release(&["check", "v99.0.0"])
        .expect_exit(1)
        .expect_saying("the tag is v99.0.0")
        .expect_saying(VERSION);
}

#[test]
fn packages_have_the_layout_of_the_registries_and_their_sums_hold() {
    let scratch = tempfile::tempdir().expect("a folder of the test's own");
    let (binaries, dist) = (scratch.path().join("binaries"), scratch.path().join("dist"));
    for (platform, suffix) in [("linux_amd64", ""), ("windows_amd64", ".exe")] {
        let folder = binaries.join(platform);
        std::fs::create_dir_all(&folder).expect("a folder");
        for program in ["terraform-provider-ephemeral", "sweeper"] {
            std::fs::write(folder.join(format!("{program}{suffix}")), program).expect("a file");
        }
    }
    let places = [binaries.to_str(), dist.to_str()].map(|place| place.expect("UTF-8"));
    release(&["package", places[0], places[1]]).expect_success();

    for name in ["ephemeral", "ttl"] {
        let folder = dist.join(name);
        let prefix = format!("terraform-provider-{name}_{VERSION}");
        let sums = format!("{prefix}_SHA256SUMS");
        let listed = [
            format!("{prefix}_linux_amd64.zip"),
            format!("{prefix}_manifest.json"),
            format!("{prefix}_windows_amd64.zip"),
        ];
        assert_eq!(
            names(&folder),
            [std::slice::from_ref(&sums), &listed[..]].concat()
        );
        let text = std::fs::read_to_string(folder.join(&sums)).expect("the sums");
        let summed: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split("  ").nth(1))
            .collect();
        assert_eq!(summed, listed, "the manifest is summed as well");
        let mut check = Command::new("sha256sum");
        check.args(["--check", &sums]).current_dir(&folder);
        RunningProcess::run(check).expect_success();

        let mut list = Command::new("python3");
        list.args(["-m", "zipfile", "-l", &listed[2]])
            .current_dir(&folder);
        RunningProcess::run(list)
            .expect_success()
            .expect_saying(&format!("terraform-provider-{name}_v{VERSION}.exe"));
    }
    assert_eq!(
        names(&dist.join("sweeper")),
        [
            format!("sweeper_{VERSION}_SHA256SUMS"),
            format!("sweeper_{VERSION}_linux_amd64.zip"),
        ],
        "the sweeper needs a Unix"
    );
}

#[test]
fn a_platform_without_its_binary_is_no_release() {
    let scratch = tempfile::tempdir().expect("a folder of the test's own");
    let (binaries, dist) = (scratch.path().join("binaries"), scratch.path().join("dist"));
    std::fs::create_dir_all(binaries.join("linux_arm64")).expect("a folder");
    let places = [binaries.to_str(), dist.to_str()].map(|place| place.expect("UTF-8"));
    release(&["package", places[0], places[1]])
        .expect_exit(1)
        .expect_saying("there is no")
        .expect_saying("linux_arm64/terraform-provider-ephemeral");
}

/// A tag can be moved to other code; a commit cannot.
#[test]
fn every_action_is_pinned_by_its_commit_with_its_version_beside_it() {
    let mut seen = 0;
    for file in repository::files_of_kind("yml") {
        let text = file.text();
        let uses = text.lines().filter_map(|line| line.split_once("uses: "));
        for (_, action) in uses.filter(|(_, action)| !action.starts_with("./")) {
            seen += 1;
            let pinned = action.split_once('@').is_some_and(|(_, pin)| {
                pin.split_once(" # v").is_some_and(|(commit, version)| {
                    commit.len() == 40
                        && commit.chars().all(|digit| digit.is_ascii_hexdigit())
                        && version.starts_with(|digit: char| digit.is_ascii_digit())
                })
            });
            assert!(pinned, "{}: {action}", file.path);
        }
    }
    assert!(3 < seen, "the workflows were not found");
}
