//! The provider's log as Terraform shows it: with the level that the provider gave each line, and its fields.

use acceptance::World;

use super::environment;

/// A line of Terraform's log that came from the provider.
const OURS: &str = "provider.terraform-provider-ephemeral: ";

#[test]
fn terraform_gives_each_line_of_the_provider_its_own_level() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    workspace.write("main.tf", &environment("pr-1", ""));
    let said = [
        ("[TRACE]", "called: "),
        ("[DEBUG]", "answered: "),
        ("[INFO]", "configure: "),
    ];
    for (asked, shown) in [("TRACE", 3), ("DEBUG", 2), ("INFO", 1), ("WARN", 0)] {
        let plan = workspace.clone().with_env("TF_LOG_PROVIDER", asked).plan();
        let lines: Vec<&str> = plan
            .stderr
            .lines()
            .filter(|line| line.contains(OURS))
            .collect();
        for (place, (level, message)) in said.into_iter().rev().enumerate() {
            let message = format!("{OURS}{message}");
            let found: Vec<&&str> = lines
                .iter()
                .filter(|line| line.contains(&message))
                .collect();
            assert_eq!(!found.is_empty(), place < shown, "{asked}: {message}{plan}");
            for line in found {
                assert!(line.contains(level), "{line}");
                assert!(line.contains("@module=plugin."), "{line}");
            }
        }
    }
}
