//! What may be typed, and what is refused before anything happens.

use super::place::{Place, living, subject};

#[test]
fn help_and_version_are_answers() {
    let place = Place::without_ledger();
    for line in [&["--help"][..], &["-h"], &["help"], &["extend", "--help"]] {
        let run = place.run(line).ends_with(0);
        assert!(run.stdout.contains("Usage: sweeper"), "{run:?}");
    }
    let run = place.run(&["--version"]).ends_with(0);
    assert_eq!(
        run.stdout.trim(),
        format!("sweeper {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn what_is_not_a_command_line_is_refused_with_the_code_for_usage() {
    let place = Place::new();
    for line in [
        &[][..],
        &["destroy"],
        &["list", "--everything"],
        &["list", "--phase", "dead"],
        &["list", "--phase", "active"],
        &["list", "--owner", ""],
        &["list", "--leases", "--phase", "ready"],
        &["apply"],
        &["apply", "plan.json", "--auto-approve"],
        &["apply", "--auto-approve", "--release-brake", "jump"],
        &["apply", "--auto-approve", "--all"],
        &["plan", "--release-brake", "clock"],
        &["plan", "pr-128"],
        &["audit"],
        &["state"],
        &["state", "open", "x.sealed"],
        &["state", "open", "x.sealed", "--out", "x", "--stdout"],
        &["state", "open", "", "--stdout"],
        &["completions"],
        &["completions", "csh"],
        &["hold", "pr-128"],
        &["hold", "pr-128", "--reason", ""],
        &["hold", "pr-128", "--reason", "x", "--until", "tomorrow"],
        &["extend", "pr-128", "--reason", "x"],
        &["extend", "pr-128", "--by", "72", "--reason", "x"],
        &["extend", "pr-128", "--by", "0h", "--reason", "x"],
        &["release", "pr-128"],
    ] {
        let run = place.run(line).ends_with(64);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{line:?}");
    }
}

#[test]
fn a_selector_that_could_mean_several_or_all_changes_nothing() {
    // Elsewhere, closing one pull request deactivated all previews, and no filter meant all.
    let place = Place::new();
    let environment = place.environment(living("pr-128"));
    for selector in [
        "",
        " ",
        "*",
        "pr-*",
        "pr-12?",
        "pr-128,pr-129",
        "pr-128 pr-129",
        "%",
        "all",
        "pr",
    ] {
        for command in [
            &["show", selector][..],
            &["explain", selector],
            &["extend", selector, "--by", "1h", "--reason", "x"],
            &["hold", selector, "--reason", "x"],
            &["unhold", selector, "--reason", "x"],
            &["release", selector, "--reason", "x"],
            &["audit", "verify", selector],
        ] {
            let run = place.run(command).ends_with(64);
            assert!(run.stdout.is_empty(), "{command:?}: {run:?}");
        }
    }
    assert_eq!(place.stored(&subject(&environment)).revision.0, 1);
    place
        .run(&["hold", "", "--reason", "x"])
        .says("for example `pr-128`");
}

#[test]
fn a_command_about_one_refuses_none_and_two() {
    let place = Place::new();
    place.environment(living("pr-1"));
    place.environment(living("pr-2"));
    for command in ["show", "explain"] {
        place.run(&[command]).ends_with(64);
        place.run(&[command, "pr-1", "pr-2"]).ends_with(64);
    }
    for command in ["hold", "unhold", "release"] {
        place.run(&[command, "--reason", "x"]).ends_with(64);
        place
            .run(&[command, "pr-1", "pr-2", "--reason", "x"])
            .ends_with(64);
    }
}
