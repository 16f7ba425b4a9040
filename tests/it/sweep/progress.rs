//! What a sweep says while it works: a line for each step where nobody looks, bars on a terminal.

use acceptance::{RunningProcess, World};

use super::{LONG, SHORT, apply, sweeper, wait_until_due};

/// Runs a sweep on a terminal of its own; Python, because set-up sees to that.
const TERMINAL: &str = r#"
import os, pty, sys
sweep = "stty cols 120 rows 24 && exec sweeper apply --auto-approve"
sys.exit(os.waitstatus_to_exitcode(pty.spawn(["sh", "-c", sweep])))
"#;

#[test]
fn where_nobody_looks_each_step_is_a_plain_line_and_none_of_it_is_data() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    apply(&world, "due", SHORT);
    wait_until_due(&sweeper, 1);
    let run = sweeper
        .run(&["apply", "--auto-approve", "--json"])
        .expect_success();
    assert_eq!(run.json()["version"], 1, "{run}");
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(lines.iter().all(|line| line.starts_with("due: ")), "{run}");
    assert!(!run.stderr.contains('\u{1b}'), "{run}");
    let place = |what: &str| {
        let found = lines.iter().position(|line| line.starts_with(what));
        found.unwrap_or_else(|| panic!("expected {what:?}\n{run}"))
    };
    let steps = [
        place("due: destroying (it expired at "),
        place("due: destroyed terraform_data.part["),
        place("due: destroyed, 4 objects, serial "),
    ];
    assert!(steps.is_sorted(), "{run}");
    assert_eq!(steps[0], 0, "{run}");
    assert_eq!(steps[2] + 1, lines.len(), "{run}");
    let objects = lines.iter().filter(|line| line.ends_with(" of 4)"));
    assert_eq!(objects.count(), 4, "{run}");
}

#[test]
fn on_a_terminal_there_are_bars_and_the_end_is_a_line() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    apply(&world, "due", SHORT);
    wait_until_due(&sweeper, 1);
    let mut command = world.command("python3");
    command.args(["-c", TERMINAL]).env("TERM", "xterm-256color");
    let run = RunningProcess::run(command).expect_success();
    let shown = &run.stdout;
    assert!(shown.contains('\u{1b}'), "nothing is drawn\n{run}");
    // A bar: its name, and how many of how many objects are gone.
    assert!(shown.contains("/4 "), "{run}");
    assert!(
        shown.contains("due: destroyed, 4 objects, serial "),
        "{run}"
    );
    assert!(
        !shown.contains("due: destroying ("),
        "lines and bars\n{run}"
    );
}
