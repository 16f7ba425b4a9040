//! Kept states that do not fit, that cannot be sealed, or that a person looks at.

use std::path::{Path, PathBuf};

use acceptance::sweeper::Sweeper;
use acceptance::{BrokenState, World};
use ledger::clock::from_millis;
use ledger::id::EnvironmentId;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;
use serde_json::Value;
use sweeper::rescue::kept_state::Origin;

use super::kept::{
    broken_and_mended, due, environment, keeper, kept, retry_now, state_serial, stuck_because,
    sweep,
};
use super::{phase, result_of};

#[test]
fn what_does_not_fit_is_never_pushed_and_nothing_is_destroyed_beside_it() {
    let world = World::new();
    let (sweeper, workspace) = due(&world, "pr-1");
    broken_and_mended(&sweeper, &workspace);
    let state = workspace.path("terraform.tfstate");
    let stored = std::fs::read(&state).expect("a state");
    let [file] = <[PathBuf; 1]>::try_from(kept(&sweeper)).expect("one is kept");
    let sealed = std::fs::read(&file).expect("readable");

    // The lock is held.
    let held = lock(&state);
    retry_now(&world, "pr-1");
    let run = sweep(&sweeper);
    assert_eq!(std::fs::read(&state).expect("a state"), stored, "{run}");
    drop(held);
    assert_eq!(phase(&sweeper, "pr-1"), "stuck");

    // Somebody wrote meanwhile.
    let text = String::from_utf8(stored.clone()).expect("text");
    let serial = state_serial(&stored);
    let written = text.replace(
        &format!("\"serial\": {serial}"),
        &format!("\"serial\": {}", serial + 1),
    );
    unchanged(
        &world,
        &sweeper,
        &state,
        written.as_bytes(),
        "was written to since",
    );

    // The file was changed.
    let mut changed = sealed.clone();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    std::fs::write(&file, &changed).expect("written");
    unchanged(
        &world,
        &sweeper,
        &state,
        &stored,
        "was changed after it was sealed",
    );
    sweeper
        .run(&["state", "list"])
        .expect_exit(5)
        .expect_saying("does not open");

    // It is the state of another lineage, sealed by the sweeper itself.
    let (header, plain) = {
        std::fs::write(&file, &sealed).expect("written");
        keeper(&sweeper).open(&file).expect("opened")
    };
    keeper(&sweeper).remove(&file).expect("removed");
    let other = String::from_utf8(plain)
        .expect("text")
        .replace(&header.lineage, "00000000-0000-4000-8000-000000000000");
    let origin = Origin {
        environment: header.environment,
        generation: header.generation,
        operation: header.operation,
        address: header.address,
        found: header.found,
    };
    let at = from_millis(0).expect("in range");
    keeper(&sweeper)
        .seal(&origin, other.as_bytes(), at)
        .expect("sealed");
    unchanged(&world, &sweeper, &state, &stored, "has lineage");
    assert_eq!(kept(&sweeper).len(), 1);

    // There are two of them.
    let second = file.with_extension("1.sealed");
    std::fs::write(&second, &sealed).expect("written");
    unchanged(&world, &sweeper, &state, &stored, "more than one");

    // It is the state of another environment under a name of this one.
    let other = Origin {
        environment: EnvironmentId::parse("env-2").expect("an id"),
        ..origin
    };
    for old in [&file, &second] {
        keeper(&sweeper).remove(old).expect("removed");
    }
    keeper(&sweeper).seal(&other, &stored, at).expect("sealed");
    unchanged(&world, &sweeper, &state, &stored, "is the state of env-2");

    // Nothing is kept any more, so the teardown goes on.
    for old in kept(&sweeper) {
        keeper(&sweeper).remove(&old).expect("removed");
    }
    retry_now(&world, "pr-1");
    let run = sweep(&sweeper);
    assert_ne!(std::fs::read(&state).expect("a state"), stored, "{run}");
}

/// A sweep that finds `stored` in `state` leaves it so, and says `because`.
#[track_caller]
fn unchanged(world: &World, sweeper: &Sweeper<'_>, state: &Path, stored: &[u8], because: &str) {
    std::fs::write(state, stored).expect("written");
    retry_now(world, "pr-1");
    let run = sweep(sweeper).expect_exit(3);
    assert_eq!(std::fs::read(state).expect("a state"), stored, "{run}");
    let said = stuck_because(world, "pr-1");
    assert!(said.contains(because), "{because}: {said}\n{run}");
}

#[test]
fn without_a_key_a_state_is_kept_in_clear_and_with_one_it_is_sealed_and_pushed() {
    let world = World::new();
    let (sweeper, workspace) = due(&world, "pr-1");
    let key = keeper(&sweeper).key_file;
    std::fs::create_dir_all(key.parent().expect("a parent")).expect("made");
    std::fs::write(&key, "no key").expect("written");
    let broken = BrokenState::at(&workspace.path("terraform.tfstate"));
    let run = sweep(&sweeper).expect_exit(3);
    let [plain] = <[PathBuf; 1]>::try_from(kept(&sweeper)).expect("one is kept");
    assert!(
        plain.to_string_lossy().ends_with("-errored.tfstate"),
        "{run}"
    );
    assert_eq!(mode(&plain), 0o600);
    assert!(stuck_because(&world, "pr-1").contains("it could not be sealed"));
    sweeper
        .run(&["state", "list"])
        .expect_exit(5)
        .expect_saying("not sealed");

    broken.mend();
    retry_now(&world, "pr-1");
    sweep(&sweeper).expect_exit(3);
    assert!(stuck_because(&world, "pr-1").contains("seal.key"));
    assert!(plain.is_file(), "it stays until it is sealed");

    std::fs::remove_file(&key).expect("removed");
    retry_now(&world, "pr-1");
    let run = sweep(&sweeper).expect_success();
    assert_eq!(result_of(&run, "pr-1")["result"], "destroyed", "{run}");
    assert!(kept(&sweeper).is_empty());
}

#[test]
fn a_person_lists_and_opens_what_is_kept_without_a_ledger() {
    let world = World::new();
    let (sweeper, workspace) = due(&world, "pr-1");
    sweeper
        .run(&["state", "list"])
        .expect_success()
        .expect_saying("no kept states");
    broken_and_mended(&sweeper, &workspace);
    let [file] = <[PathBuf; 1]>::try_from(kept(&sweeper)).expect("one is kept");
    let name = file.file_name().expect("a name").to_string_lossy();
    let lost = sweeper
        .clone()
        .with_env("EPHEMERAL_LEDGER", "sqlite:///nowhere");

    let listed = lost.run(&["state", "list"]).expect_success();
    listed.expect_saying(&name).expect_saying("sound");
    let listed: Value = lost.json(&["state", "list"]);
    let id = environment(&world, "pr-1").id;
    assert_eq!(listed["kept"][0]["header"]["environment"], id.as_str());

    lost.run(&["state", "open", &name]).expect_exit(64);
    let both = ["state", "open", &name, "--out", "x", "--stdout"];
    lost.run(&both).expect_exit(64);
    lost.run(&["state", "open", "none.sealed", "--stdout"])
        .expect_exit(64)
        .expect_saying("sweeper state list");
    lost.run(&["state", "open", &name, "--out", "opened.tfstate"])
        .expect_success()
        .expect_saying("it holds secrets");
    let opened = sweeper.folder().join("opened.tfstate");
    assert_eq!(mode(&opened), 0o600);
    let state: Value =
        serde_json::from_slice(&std::fs::read(&opened).expect("readable")).expect("a state");
    assert_eq!(state["version"], 4);
    lost.run(&["state", "open", &name, "--out", "opened.tfstate"])
        .expect_exit(3)
        .expect_saying("never overwritten");
    let printed = lost.run(&["state", "open", &name, "--stdout"]);
    assert_eq!(printed.expect_success().json(), state);
}

fn mode(path: &Path) -> u32 {
    let meta = std::fs::metadata(path).expect("there");
    std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o7777
}

/// The lock terraform takes on a local state, held until the file is dropped.
fn lock(state: &Path) -> std::fs::File {
    let file = std::fs::File::options()
        .read(true)
        .write(true)
        .open(state)
        .expect("opened");
    let whole = libc::flock {
        l_type: libc::F_WRLCK.try_into().unwrap_or_default(),
        l_whence: libc::SEEK_SET.try_into().unwrap_or_default(),
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    fcntl(&file, FcntlArg::F_SETLK(&whole)).expect("locked");
    file
}
