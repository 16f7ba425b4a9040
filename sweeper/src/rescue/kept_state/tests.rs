//! What is kept survives, is found again, shows nothing and is never written over.

use std::os::unix::fs::PermissionsExt;

use ledger::clock::from_millis;

use super::*;

fn keeper(home: &Path) -> Keeper {
    Keeper {
        directory: home.join("kept"),
        key_file: home.join("seal.key"),
    }
}

fn origin(environment: &str) -> Origin {
    Origin {
        environment: EnvironmentId::parse(environment).expect("an id"),
        generation: Generation::FIRST,
        operation: format!("destroy-{environment}-1"),
        address: "local path=/s".to_owned(),
        found: vec![7],
    }
}

fn state(serial: u64, secret: &str) -> Vec<u8> {
    format!(
        r#"{{"version":4,"terraform_version":"1.11.4","serial":{serial},"lineage":"l-1","outputs":{{"x":{{"value":"{secret}","type":"string"}}}},"resources":[]}}"#
    )
    .into_bytes()
}

fn at() -> Timestamp {
    from_millis(0).expect("in range")
}

fn names(keeper: &Keeper) -> Vec<String> {
    let kept = keeper.list().expect("listed");
    kept.iter()
        .map(|one| {
            one.path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

#[test]
fn a_state_is_kept_sealed_for_nobody_else_to_read_and_opens_again() {
    let home = tempfile::tempdir().expect("a directory");
    let keeper = keeper(home.path());
    assert!(keeper.list().expect("nothing yet").is_empty());
    let plain = state(9, "hunter2");
    let path = keeper.seal(&origin("env-1"), &plain, at()).expect("sealed");
    let (header, bytes) = keeper.open(&path).expect("opened");
    assert_eq!((header.lineage.as_str(), header.serial), ("l-1", 9));
    assert_eq!(bytes, plain);
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&keeper.directory)), (0o600, 0o700));
    let raw = fs::read(&path).expect("there");
    assert!(!String::from_utf8_lossy(&raw).contains("hunter2"));
    assert_eq!(names(&keeper), ["destroy-env-1-1-9-0.sealed"]);
}

#[test]
fn the_same_state_is_kept_once_and_another_never_takes_its_place() {
    let home = tempfile::tempdir().expect("a directory");
    let keeper = keeper(home.path());
    let seal = |secret: &str| {
        keeper
            .seal(&origin("env-1"), &state(9, secret), at())
            .expect("sealed")
    };
    let first = seal("a");
    assert_eq!(seal("a"), first, "a pass that was killed seals it again");
    assert_ne!(seal("b"), first);
    assert_eq!(
        names(&keeper),
        ["destroy-env-1-1-9-0.sealed", "destroy-env-1-1-9-1.sealed"]
    );
    keeper.remove(&first).expect("removed");
    keeper.remove(&first).expect("gone already is as good");
    assert_eq!(names(&keeper).len(), 1);
}

#[test]
fn only_what_is_kept_of_one_life_of_one_environment_is_found_whatever_it_says_of_itself() {
    let home = tempfile::tempdir().expect("a directory");
    let keeper = keeper(home.path());
    for environment in ["env-1", "env-10", "env-2"] {
        keeper
            .seal(&origin(environment), &state(9, "a"), at())
            .expect("sealed");
    }
    let broken = keeper.directory.join("destroy-env-1-1-8-0.sealed");
    fs::write(&broken, "nothing").expect("written");
    let plain = keeper.directory.join("destroy-env-1-1-0-errored.tfstate");
    fs::write(&plain, state(9, "a")).expect("written");
    fs::write(keeper.directory.join("notes.txt"), "").expect("written");
    let own = origin("env-1");
    let kept = keeper
        .of(&own.environment, own.generation, &own.operation)
        .expect("listed");
    let kinds: Vec<&str> = kept
        .iter()
        .map(|one| match one.kind {
            KeptKind::Sealed(..) => "sealed",
            KeptKind::Plain => "plain",
            KeptKind::Odd(_) => "odd",
        })
        .collect();
    assert_eq!(kinds, ["plain", "odd", "sealed"]);
    let next = own.generation.next();
    let later = keeper.of(&own.environment, next, "destroy-env-1-2");
    assert!(later.expect("listed").is_empty());
}

#[test]
fn what_was_changed_or_sealed_by_another_sweeper_does_not_open() {
    let home = tempfile::tempdir().expect("a directory");
    let keeper = keeper(home.path());
    let path = keeper
        .seal(&origin("env-1"), &state(9, "hunter2"), at())
        .expect("sealed");
    let mut raw = fs::read(&path).expect("there");
    let last = raw.len() - 1;
    raw[last] ^= 1;
    fs::write(&path, &raw).expect("written");
    let error = keeper.open(&path).expect_err("changed");
    assert!(error.to_string().contains("was changed"), "{error}");
    let elsewhere = Keeper {
        key_file: home.path().join("other.key"),
        ..keeper.clone()
    };
    let error = elsewhere.open(&path).expect_err("no key");
    assert!(error.to_string().contains("other.key"), "{error}");
    assert!(!elsewhere.key_file.exists(), "opening makes no key");
    seal_key::load_or_make(&elsewhere.key_file).expect("made");
    let error = elsewhere.open(&path).expect_err("another key");
    assert!(error.to_string().contains("seal_key"), "{error}");
}

#[test]
fn what_is_no_state_or_has_no_key_is_not_sealed() {
    let home = tempfile::tempdir().expect("a directory");
    let keeper = keeper(home.path());
    let error = keeper
        .seal(&origin("env-1"), b"hunter2", at())
        .expect_err("no state");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    fs::write(&keeper.key_file, "no key").expect("written");
    keeper
        .seal(&origin("env-1"), &state(9, "a"), at())
        .expect_err("no key");
    assert!(keeper.list().expect("listed").is_empty());
}
