//! What goes wrong before a command begins: no ledger, not a ledger, no configuration.

use std::fs;

use super::place::{Place, finish, living};

/// Every command that needs the ledger.
const WITH_LEDGER: [&[&str]; 9] = [
    &["plan"],
    &["apply", "--auto-approve"],
    &["list"],
    &["show", "pr-128"],
    &["explain", "pr-128"],
    &["extend", "pr-128", "--by", "1h", "--reason", "x"],
    &["hold", "pr-128", "--reason", "x"],
    &["release", "pr-128", "--reason", "x"],
    &["audit", "verify"],
];

#[test]
fn without_a_ledger_every_command_is_blind_and_none_creates_one() {
    let place = Place::without_ledger();
    for line in WITH_LEDGER {
        let run = place.run(line).ends_with(5);
        assert!(run.stdout.is_empty(), "{line:?}: {run:?}");
        run.says("error: ")
            .says("caused by: ")
            .says("there is no ledger here");
    }
    let left = fs::read_dir(place.path("")).expect("a directory").count();
    assert_eq!(left, 0, "something was created");
}

#[test]
fn an_empty_file_in_the_place_of_the_ledger_is_blind_and_stays_empty() {
    let place = Place::without_ledger();
    fs::write(place.ledger(), "").expect("a file");
    let run = place.run(&["plan"]).ends_with(5);
    assert!(run.stdout.is_empty(), "{run:?}");
    run.says("the file is empty")
        .says("hint: ")
        .says("restore the file from a backup");
    assert_eq!(fs::read(place.ledger()).expect("the file"), b"");
}

#[test]
fn a_default_ledger_that_is_not_there_is_said_to_be_the_default() {
    let place = Place::without_ledger();
    let mut command = place.command(&["list"]);
    command.env_remove("EPHEMERAL_LEDGER");
    finish(command)
        .ends_with(5)
        .says("home/.local/state/ephemeral/ledger.sqlite3")
        .says("hint: no ledger configured");
}

#[test]
fn a_default_ledger_in_a_ci_job_is_warned_of_because_it_dies_with_the_job() {
    const WARNING: &str = "warning: no ledger configured";
    let place = Place::new();
    place.environment(living("pr-128"));
    // The default place of this user is the directory where the ledger is.
    fs::create_dir(place.path("state")).expect("a directory");
    std::os::unix::fs::symlink(place.path(""), place.path("state/ephemeral")).expect("a link");
    let listed = |ci: &str, named: bool| {
        // A command that shows no age: two runs may stand on either side of a minute.
        let mut command = place.command(&["audit", "verify"]);
        command
            .env("CI", ci)
            .env("XDG_STATE_HOME", place.path("state"));
        if !named {
            command.env_remove("EPHEMERAL_LEDGER");
        }
        finish(command).ends_with(0)
    };
    let warned = listed("true", false);
    assert!(warned.stderr.starts_with(WARNING), "{warned:?}");
    assert!(warned.stderr.contains("state/ephemeral/ledger.sqlite3"));
    for (ci, named) in [("true", true), ("false", false), ("", false)] {
        let run = listed(ci, named);
        assert!(run.stderr.is_empty(), "{ci:?}, {named}: {run:?}");
        assert_eq!(run.stdout, warned.stdout, "it is talk, not data");
    }
}

#[test]
fn a_file_that_is_no_ledger_is_left_as_it_is() {
    let place = Place::without_ledger();
    let bytes = "not a database, but somebody's only copy of something\n".repeat(100);
    fs::write(place.ledger(), &bytes).expect("a file");
    place
        .run(&["list"])
        .ends_with(5)
        .says("hint: name the ledger's own file");
    let left = fs::read_to_string(place.ledger()).expect("the file");
    assert_eq!(left, bytes);
}

#[test]
fn a_wrong_configuration_is_a_usage_error_and_nothing_is_opened() {
    let place = Place::without_ledger();
    fs::write(place.path("sweeper.toml"), "rate = 5\nratte = 6\n").expect("a file");
    place
        .run(&["list"])
        .ends_with(64)
        .says("`ratte`")
        .says("line 2")
        .says("did you mean `rate`?");
    place
        .run(&["list", "--config", "elsewhere.toml"])
        .ends_with(64)
        .says("elsewhere.toml")
        .says("named by `--config`");
    fs::remove_file(place.path("sweeper.toml")).expect("removed");
    place
        .run(&["list", "--ledger", "redis://me:hunter2@db"])
        .ends_with(64)
        .says("`--ledger` on the command line")
        .says("sqlite:///");
    place
        .run(&["list", "--scope", "Not A Scope"])
        .ends_with(64)
        .says("`--scope`");
    place.run(&["list", "--color", "blue"]).ends_with(64);
}

#[test]
fn a_configuration_file_is_a_regular_file_of_a_persons_size() {
    let place = Place::without_ledger();
    let refused = |path: &str, found: &str| {
        let run = place.run(&["list", "--config", path]);
        run.ends_with(64).says(path).says(found);
    };
    // Neither is opened: reading a device never ends, and opening a pipe waits for a writer.
    refused("/dev/zero", "it is not a regular file");
    let pipe = place.path("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    refused(&pipe.to_string_lossy(), "it is not a regular file");
    let large = place.path("large.toml");
    fs::write(&large, vec![b'#'; (1 << 20) + 1]).expect("a file");
    refused(&large.to_string_lossy(), "it is larger than 1 MiB");
}

#[test]
fn a_value_of_the_wrong_type_is_named_by_its_type() {
    let place = Place::without_ledger();
    let text = "rate = 99999999999999999999\nclaim = [\"1m\"]\n[forge.gh]\nkind = 3\n";
    fs::write(place.path("sweeper.toml"), text).expect("a file");
    let run = place.run(&["list"]);
    run.ends_with(64)
        .says("found an integer out of range; expected for example `rate = ")
        .says("found a value of the type array; expected for example `claim = ")
        .says("line 4: is not a text");
}

#[test]
fn the_flag_for_the_ledger_wins_over_the_environment() {
    let place = Place::new();
    let other = format!("sqlite://{}", place.path("other.sqlite3").display());
    place
        .run(&["list", "--ledger", &other])
        .ends_with(5)
        .says("other.sqlite3");
    place.run(&["--ledger", &other, "list"]).ends_with(5);
}

#[test]
fn a_name_that_nothing_has_is_a_usage_error() {
    let place = Place::new();
    for line in [
        &["show", "pr-128"][..],
        &["explain", "env-0190163d8694739bac4a5eb0f4a0b2c1"],
        &["show", "lease-0190163d8694739bac4a5eb0f4a0b2c1"],
        &["hold", "pr-128", "--reason", "x"],
        &["audit", "verify", "pr-128"],
    ] {
        place
            .run(line)
            .ends_with(64)
            .says("no record in the ledger is named")
            .says("hint: ");
    }
}
