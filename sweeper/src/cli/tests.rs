//! The grammar of the command line.

use clap::{CommandFactory, Parser, error::ErrorKind};

use super::*;

fn parse(line: &[&str]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from([&["sweeper"], line].concat())
}

fn refused(line: &[&str]) -> clap::Error {
    parse(line).expect_err(&line.join(" "))
}

#[test]
fn the_definitions_hold_together() {
    Cli::command().debug_assert();
}

#[test]
fn apply_takes_a_file_or_auto_approve_and_never_both_or_neither() {
    let what = |line: &[&str]| match parse(line).expect("parses").command {
        Command::Apply(args) => args.file,
        other => panic!("{other:?}"),
    };
    assert_eq!(what(&["apply", "p.json"]), Some("p.json".into()));
    assert_eq!(what(&["apply", "--auto-approve"]), None);
    assert_eq!(
        refused(&["apply"]).kind(),
        ErrorKind::MissingRequiredArgument
    );
    assert_eq!(
        refused(&["apply", "p.json", "--auto-approve"]).kind(),
        ErrorKind::ArgumentConflict
    );
}

#[test]
fn only_plan_releases_brakes_and_a_clock_is_never_released() {
    assert!(
        parse(&[
            "plan",
            "--release-brake",
            "jump",
            "--release-brake",
            "coverage"
        ])
        .is_ok()
    );
    assert_eq!(
        refused(&["apply", "--auto-approve", "--release-brake", "jump"]).kind(),
        ErrorKind::UnknownArgument
    );
    assert!(
        refused(&["plan", "--release-brake", "clock"])
            .to_string()
            .contains("set the clocks right")
    );
}

#[test]
fn a_command_about_one_environment_refuses_none_and_two() {
    for command in ["show", "explain", "extend", "hold", "unhold", "release"] {
        assert_eq!(
            refused(&[command]).kind(),
            ErrorKind::MissingRequiredArgument,
            "{command}"
        );
        assert_eq!(
            refused(&[command, "pr-1", "pr-2"]).kind(),
            ErrorKind::UnknownArgument,
            "{command}"
        );
        assert_eq!(refused(&[command, ""]).kind(), ErrorKind::ValueValidation);
        assert_eq!(refused(&[command, "*"]).kind(), ErrorKind::ValueValidation);
    }
}

#[test]
fn extend_takes_a_duration_or_a_time_and_always_a_reason() {
    assert!(parse(&["extend", "pr-1", "--by", "4h", "--reason", "demo"]).is_ok());
    assert!(
        parse(&[
            "extend",
            "pr-1",
            "--until",
            "2026-03-01T18:00:00Z",
            "--reason",
            "demo"
        ])
        .is_ok()
    );
    for line in [
        &["extend", "pr-1", "--reason", "demo"][..],
        &["extend", "pr-1", "--by", "4h"],
        &["extend", "pr-1", "--by", "4h", "--reason", " "],
        &["extend", "pr-1", "--by", "4", "--reason", "demo"],
        &["extend", "pr-1", "--until", "tomorrow", "--reason", "demo"],
        &[
            "extend",
            "pr-1",
            "--by",
            "4h",
            "--until",
            "2026-03-01T18:00:00Z",
            "--reason",
            "demo",
        ],
    ] {
        refused(line);
    }
    let negative = refused(&["extend", "pr-1", "--by", "-4h", "--reason", "demo"]).to_string();
    for part in ["`-4h`", "for example `72h`"] {
        assert!(negative.contains(part), "{negative}");
    }
}

#[test]
fn no_option_widens_what_a_sweep_may_touch() {
    // `--all`, `--force` and their like do not exist where something is destroyed or changed.
    let mut command = Cli::command();
    command.build();
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "list")
    {
        for wide in [
            "all",
            "force",
            "include",
            "no-guards",
            "rate",
            "yes",
            "everything",
        ] {
            assert!(
                sub.get_arguments()
                    .all(|argument| argument.get_long() != Some(wide)),
                "{} --{wide}",
                sub.get_name()
            );
        }
    }
}
