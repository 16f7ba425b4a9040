//! Work directories are private, leave nothing behind, and never lose a state.

use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("exists").permissions().mode() & 0o777
}

#[test]
fn a_work_directory_is_private_and_is_removed_whole() {
    let base = tempfile::tempdir().expect("a directory");
    let work = WorkDir::create(base.path(), base.path()).expect("made");
    work.write([("a/b/main.tf.json", b"{}".as_slice())])
        .expect("written");
    assert_eq!(mode(work.path()), 0o700);
    assert_eq!(mode(&work.root()), 0o700);
    assert_eq!(mode(&work.data()), 0o700);
    assert_eq!(mode(&work.root().join("a/b/main.tf.json")), 0o600);
    work.clear().expect("emptied");
    assert!(!work.root().join("a").exists() && work.root().exists());
    work.remove().expect("removed");
    assert_eq!(fs::read_dir(base.path()).expect("listed").count(), 0);
}

#[test]
fn data_kept_elsewhere_is_removed_with_the_work_directory() {
    let base = tempfile::tempdir().expect("a directory");
    let other = tempfile::tempdir().expect("a directory");
    let work = WorkDir::create(base.path(), base.path()).expect("made");
    let elsewhere = fresh(other.path()).expect("made");
    fs::remove_dir(work.data()).expect("empty");
    symlink(&elsewhere, work.data()).expect("linked");
    fs::write(work.data().join("x"), b"x").expect("written");
    work.clear().expect("emptied");
    assert!(elsewhere.is_dir() && !elsewhere.join("x").exists());
    work.remove().expect("removed");
    assert!(!elsewhere.exists());
}

#[test]
fn an_unsaved_state_is_kept_privately_and_never_over_an_earlier_one() {
    let base = tempfile::tempdir().expect("a directory");
    let kept_dir = base.path().join("kept");
    let mut all = Vec::new();
    for content in ["one", "two"] {
        let work = WorkDir::create(base.path(), base.path()).expect("made");
        assert_eq!(work.salvage(&kept_dir, "env-1").expect("none yet"), None);
        work.write([(ERRORED_STATE, content.as_bytes())])
            .expect("written");
        let path = work.path().to_owned();
        let kept = clear_leftover(&path, &kept_dir, "env-1")
            .expect("saved")
            .expect("there was one");
        assert_eq!(mode(&kept), 0o600);
        assert!(!path.exists());
        all.push(fs::read_to_string(kept).expect("readable"));
    }
    assert_eq!(all, ["one", "two"]);
}

#[test]
fn a_state_that_cannot_be_saved_keeps_its_work_directory() {
    let base = tempfile::tempdir().expect("a directory");
    let work = WorkDir::create(base.path(), base.path()).expect("made");
    work.write([(ERRORED_STATE, b"one".as_slice())])
        .expect("written");
    let blocked = base.path().join("blocked");
    fs::write(&blocked, b"a file, not a directory").expect("written");
    clear_leftover(work.path(), &blocked, "env-1").expect_err("nowhere to keep it");
    assert!(work.root().join(ERRORED_STATE).exists());
}

#[test]
fn no_file_is_written_outside() {
    let base = tempfile::tempdir().expect("a directory");
    let work = WorkDir::create(base.path(), base.path()).expect("made");
    for name in ["../x", "a/../../../x", "/tmp/ephemeral-sweep-outside"] {
        let error = work.write([(name, b"x".as_slice())]).expect_err(name);
        assert!(error.to_string().contains("leads out"), "{error}");
        work.write_data([(name, b"x".as_slice())]).expect_err(name);
    }
    assert_eq!(fs::read_dir(base.path()).expect("listed").count(), 1);
}

#[test]
fn a_kept_state_stays_in_its_directory_whatever_the_operation_is_called() {
    let base = tempfile::tempdir().expect("a directory");
    let work = WorkDir::create(base.path(), base.path()).expect("made");
    work.write([(ERRORED_STATE, b"one".as_slice())])
        .expect("written");
    let kept_dir = base.path().join("kept");
    let kept = work
        .salvage(&kept_dir, "../destroy:env/1")
        .expect("saved")
        .expect("there was one");
    assert_eq!(kept.parent(), Some(kept_dir.as_path()));
}

#[test]
fn only_work_directories_are_ever_cleared_up() {
    let base = tempfile::tempdir().expect("a directory");
    let precious = base.path().join("precious");
    fs::create_dir(&precious).expect("made");
    clear_leftover(&precious, base.path(), "env-1").expect_err("not ours");
    clear_leftover(Path::new("ephemeral-sweep-x"), base.path(), "env-1").expect_err("relative");
    assert!(precious.exists());
    let gone = base.path().join("ephemeral-sweep-gone");
    assert_eq!(
        clear_leftover(&gone, base.path(), "env-1").expect("nothing to do"),
        None
    );
}
