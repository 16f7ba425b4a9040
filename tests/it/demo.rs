//! `scripts/demo`, whole: it shows what it says it shows, fails where it cannot, and leaves nothing behind.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use acceptance::binaries::Binaries;
use acceptance::terraform::terraform;
use acceptance::{Run, RunningProcess, World, repository, wait_for};

/// How long what was told to end may take to do so on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs the demo in `world`, with its temporary files there too.
fn demo(world: &World) -> Run {
    let script = repository::root().join("scripts/demo");
    let mut command = world.command(&script.to_string_lossy());
    command
        .env("DEMO_BINARIES", Binaries::find().folder)
        .env("TERRAFORM", terraform());
    RunningProcess::run(command)
}

/// Puts a command of our own before that of the machine.
fn instead_of(world: &World, name: &str, script: &str) {
    let path = world.root().join("bin").join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("writing a command");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("making it one");
}

#[track_caller]
fn expect_nothing_left(world: &World, run: &Run) {
    let left: Vec<_> = std::fs::read_dir(world.root().join("tmp"))
        .expect("reading the temporary folder")
        .flatten()
        .map(|entry| entry.file_name())
        .filter(|name| name.to_string_lossy().starts_with("ephemeral-demo"))
        .collect();
    assert!(left.is_empty(), "{left:?}\n{run}");
    // The server of the page names its folder, which lies in this world.
    let folder = world.root().to_string_lossy().into_owned();
    wait_for("every process of the demo to end", LIMIT, || {
        commands().iter().all(|command| !command.contains(&folder))
    });
}

/// The command lines of all processes of this machine.
fn commands() -> Vec<String> {
    std::fs::read_dir("/proc")
        .expect("reading the processes")
        .flatten()
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).into_owned())
        .collect()
}

#[test]
fn the_demo_shows_the_page_and_that_it_is_gone_with_what_set_up_guarantees() {
    let world = World::new();
    // As on a machine without it.
    instead_of(
        &world,
        "curl",
        "echo 'curl: command not found' >&2; exit 127",
    );
    let run = demo(&world).expect_success();
    let served = run.stdout.find("<h1>Preview of pr-128</h1>");
    let refused = run.stdout.find("connection refused");
    assert!(served.is_some() && served < refused, "{run}");
    let run = run
        .expect_saying("cost-centre")
        .expect_saying("1 destroyed, 0 skipped, 0 failed")
        .expect_saying("nothing is broken")
        .expect_saying("The page is gone, and the ledger can prove why.")
        .expect_not_saying("command not found");
    expect_nothing_left(&world, &run);
}

#[test]
fn a_demo_whose_page_is_not_served_fails_and_says_so() {
    let world = World::new();
    let path = std::env::var("PATH").expect("a path");
    let no_server =
        format!("case \"$*\" in *http.server*) exit 1 ;; esac\nPATH='{path}' exec python3 \"$@\"");
    instead_of(&world, "python3", &no_server);
    let run = demo(&world).expect_exit(1);
    let run = run
        .expect_saying("demo: the page is not served: connection refused")
        .expect_not_saying("The page is gone");
    expect_nothing_left(&world, &run);
}
