//! The reader of local states over real files: absent, unreadable and refused are three answers.

use std::{os::unix::fs::symlink, path::Path};

use backend::{StateRefusal, local::MOST_BYTES, observe, of};
use ledger::{
    clock::from_millis,
    fact::{Fact, Observed, StateFact},
    state_address::StateAddress,
};

const EMPTY: &str = r#"{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"l-1","outputs":{},"resources":[]}"#;

fn address(path: &Path, workspace: &str) -> StateAddress {
    StateAddress::new(
        "local",
        [
            ("path".to_owned(), path.display().to_string()),
            (
                "workspace_dir".to_owned(),
                path.with_extension("d").display().to_string(),
            ),
        ],
        workspace,
    )
}

async fn look(address: &StateAddress) -> Fact<StateFact> {
    let now = from_millis(0).expect("in range");
    observe(of(address), address, now).await
}

#[track_caller]
fn unreadable(fact: &Fact<StateFact>, expect: &str) {
    let Observed::Unreadable(cause) = &fact.answer else {
        panic!("{fact:?}");
    };
    assert!(cause.0.contains(expect), "{cause}");
    // Whoever reads that line reads nothing else.
    assert!(cause.0.contains("; to do: "), "{cause}");
    assert!(!fact.complete);
}

#[tokio::test]
async fn a_state_is_seen_with_its_lineage_serial_and_source() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("terraform.tfstate");
    std::fs::write(&file, EMPTY).expect("written");
    let fact = look(&address(&file, "default")).await;
    let seen = fact.seen().expect("seen");
    assert_eq!((seen.lineage.as_str(), seen.serial), ("l-1", 3));
    assert_eq!((seen.instances, &seen.lock), (0, &None));
    assert_eq!(fact.source, format!("local:{}", file.display()));
}

#[tokio::test]
async fn a_file_that_is_missing_from_a_directory_that_can_be_listed_is_absent() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("terraform.tfstate");
    let fact = look(&address(&file, "default")).await;
    assert_eq!(fact.answer, Observed::Absent);
    // Terraform removes the directory of a workspace together with the workspace.
    std::fs::create_dir(file.with_extension("d")).expect("made");
    let fact = look(&address(&file, "pr-12")).await;
    assert_eq!(fact.answer, Observed::Absent);
}

#[tokio::test]
async fn an_address_without_a_file_is_answered_with_one_as_the_schema_takes_it() {
    let address = StateAddress::new("local", [], "default");
    unreadable(
        &look(&address).await,
        "state = { backend = \"local\", config = { path = \"/srv/shop/terraform.tfstate\" } }",
    );
}

#[tokio::test]
async fn a_directory_that_is_missing_may_be_a_mount_and_is_not_absence() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("mnt/states/terraform.tfstate");
    unreadable(&look(&address(&file, "default")).await, "cannot read");
    unreadable(&look(&address(&file, "pr-12")).await, "cannot read");
}

#[tokio::test]
async fn what_is_no_file_is_unreadable_and_never_waited_for() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("terraform.tfstate");
    std::fs::create_dir(&file).expect("made");
    unreadable(
        &look(&address(&file, "default")).await,
        "not a regular file",
    );

    let pipe = dir.path().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("made");
    unreadable(
        &look(&address(&pipe, "default")).await,
        "not a regular file",
    );

    let link = dir.path().join("link");
    symlink(dir.path().join("nowhere"), &link).expect("linked");
    unreadable(&look(&address(&link, "default")).await, "without a target");

    let relative = address(Path::new("terraform.tfstate"), "default");
    unreadable(&look(&relative).await, "relative");
    let nameless = StateAddress::new("local", [], "default");
    unreadable(&look(&nameless).await, "names no file");
}

#[tokio::test]
async fn a_state_that_is_empty_cut_off_or_too_large_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("terraform.tfstate");
    std::fs::write(&file, "").expect("written");
    let at = address(&file, "default");
    unreadable(&look(&at).await, "the state is empty");

    std::fs::write(&file, &EMPTY[..EMPTY.len() / 2]).expect("written");
    unreadable(&look(&at).await, "not JSON");

    // A file of this length that takes no room.
    let sparse = std::fs::File::create(&file).expect("created");
    sparse.set_len(MOST_BYTES + 1).expect("stretched");
    let error = of(&at).read(&at).await.expect_err("too large");
    assert_eq!(
        error,
        StateRefusal::TooLarge {
            found: MOST_BYTES + 1,
            most: MOST_BYTES
        }
        .into()
    );
}

#[tokio::test]
async fn a_note_about_a_lock_that_nobody_holds_is_no_lock() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("terraform.tfstate");
    std::fs::write(&file, EMPTY).expect("written");
    std::fs::write(
        dir.path().join(".terraform.tfstate.lock.info"),
        r#"{"ID":"x","Operation":"OperationTypeApply","Who":"ana@host","Created":"2026-01-01T00:00:00Z"}"#,
    )
    .expect("written");
    let fact = look(&address(&file, "default")).await;
    assert_eq!(fact.seen().expect("seen").lock, None);
}
