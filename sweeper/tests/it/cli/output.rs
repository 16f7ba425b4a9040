//! Where words go, in which colour, and what is made from the definitions of the command line.

use std::fs;

use sweeper::exit::ExitStatus;

use super::place::{Place, ended, expired, finish, living};

const ESCAPE: char = '\u{1b}';

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let place = Place::new();
    place.environment(expired("pr-128"));
    let plain = place.run(&["list"]).ends_with(0);
    assert!(!plain.stdout.contains(ESCAPE), "not a terminal: {plain:?}");
    let asked = place.run(&["list", "--color", "always"]).ends_with(0);
    assert!(asked.stdout.contains(ESCAPE), "{asked:?}");
    let never = place.run(&["list", "--color", "never"]).ends_with(0);
    assert_eq!(never.stdout, plain.stdout);
    let mut command = place.command(&["list"]);
    command.env("NO_COLOR", "1").env("EPHEMERAL_COLOR", "auto");
    assert_eq!(finish(command).ends_with(0).stdout, plain.stdout);
    let json = place.run(&["list", "--json", "--color", "always"]);
    assert!(!json.ends_with(0).stdout.contains(ESCAPE));
}

#[test]
fn data_goes_to_standard_output_and_talk_to_standard_error() {
    let place = Place::new();
    place.environment(living("pr-128"));
    let run = place.run(&["hold", "pr-128", "--reason", "x", "--json"]);
    let run = run.ends_with(0);
    assert_eq!(run.json()["environment"]["phase"], "held");
    assert!(run.stderr.contains("sweeper unhold"), "{run:?}");
    let run = place.run(&["show", "pr-999"]).ends_with(64);
    assert!(run.stdout.is_empty() && run.stderr.starts_with("error: "));
}

#[test]
fn an_owner_cannot_steer_the_terminal() {
    let place = Place::new();
    let mut environment = living("pr-128");
    environment.owner = "\u{1b}[2J\u{1b}[Heve".to_owned();
    place.environment(environment);
    for line in [&["list"][..], &["show", "pr-128"], &["explain", "pr-128"]] {
        let run = place.run(line);
        assert!(!run.stdout.contains(ESCAPE), "{run:?}");
        assert!(run.stdout.contains("eve"), "{run:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::new();
    place.environment(living("pr-128"));
    for line in [
        &["show", "pr-128"][..],
        &["completions", "bash"],
        &["list", "--json"],
    ] {
        let mut child = place.spawn(line);
        drop(child.stdout.take());
        ended(child.wait_with_output().expect("it ends")).ends_with(0);
    }
}

#[test]
fn there_are_completions_for_every_shell_without_ledger_or_configuration() {
    let place = Place::without_ledger();
    fs::write(place.path("sweeper.toml"), "nonsense = 1").expect("a file");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = place.run(&["completions", shell]).ends_with(0);
        for word in ["explain", "auto-approve", "release-brake"] {
            assert!(run.stdout.contains(word), "{shell} {word}");
        }
    }
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let place = Place::without_ledger();
    let page = place.run(&["man"]).ends_with(0).stdout;
    assert!(page.contains(".TH SWEEPER 1"), "{page}");
    let run = place.run(&["man", "--out", "pages/man1"]).ends_with(0);
    assert!(run.stdout.is_empty(), "{run:?}");
    for name in [
        "sweeper",
        "sweeper-plan",
        "sweeper-apply",
        "sweeper-list",
        "sweeper-show",
        "sweeper-explain",
        "sweeper-extend",
        "sweeper-hold",
        "sweeper-unhold",
        "sweeper-release",
        "sweeper-audit",
        "sweeper-audit-verify",
        "sweeper-completions",
        "sweeper-man",
    ] {
        let path = place.path(&format!("pages/man1/{name}.1"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let title = format!(".TH {} 1", name.to_uppercase());
        assert!(text.contains(&title), "{name}: {text}");
    }
    fs::write(place.path("file"), "in the way").expect("a file");
    place.run(&["man", "--out", "file"]).ends_with(3);
}

#[test]
fn the_help_names_every_exit_code() {
    let help = Place::without_ledger().run(&["--help"]).ends_with(0).stdout;
    let (_, codes) = help.split_once("Exit codes:").expect("a list of codes");
    let said: Vec<u8> = codes
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    assert_eq!(said, ExitStatus::ALL.map(ExitStatus::code));
}
