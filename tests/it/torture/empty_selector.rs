//! Empty selector: closing one pull request deactivated all previews, because a selector was empty.

use acceptance::World;

use crate::sweep::{LONG, apply, sweeper};

#[test]
fn a_selector_names_exactly_one_environment_or_nothing_happens() {
    let world = World::new();
    apply(&world, "pr-1", LONG);
    apply(&world, "pr-2", LONG);
    let sweeper = sweeper(&world);
    let before = sweeper.json(&["list", "--all"]);
    let commands: [&[&str]; 6] = [
        &["release", "--reason", "r"],
        &["hold", "--reason", "r"],
        &["unhold", "--reason", "r"],
        &["extend", "--by", "1h", "--reason", "r"],
        &["show"],
        &["explain"],
    ];
    // An unset variable arrives as an empty text, or as no argument at all.
    for selector in [
        Some(""),
        Some(" "),
        Some("*"),
        Some("pr-*"),
        Some("pr-1,pr-2"),
        Some("pr-1 pr-2"),
        Some("pr-?"),
        None,
    ] {
        for command in commands {
            let (verb, rest) = command.split_first().expect("a verb");
            let mut arguments = vec![*verb];
            arguments.extend(selector);
            arguments.extend(rest);
            sweeper.run(&arguments).expect_exit(64);
        }
    }
    // Two names are not one either, and a prefix is not a name.
    sweeper
        .run(&["release", "pr-1", "pr-2", "--reason", "r"])
        .expect_exit(64);
    sweeper
        .run(&["release", "pr", "--reason", "r"])
        .expect_failure();
    let strip = |document: serde_json::Value| {
        let mut environments = document["environments"].clone();
        for environment in environments.as_array_mut().into_iter().flatten() {
            if let Some(fields) = environment.as_object_mut() {
                fields.remove("expires_in");
            }
        }
        environments
    };
    let (before, after) = (strip(before), strip(sweeper.json(&["list", "--all"])));
    assert!(
        before.as_array().is_some_and(|list| list.len() == 2),
        "{before}"
    );
    assert_eq!(before, after);
}
