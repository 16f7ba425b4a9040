//! What a person can do about the errors terraform is known to end with. Pure.

use crate::config::input_variables::is_name;

/// The title terraform gives to a lock that is held.
pub(super) const LOCK_TITLE: &str = "Error acquiring the state lock";

/// What is known: a piece of the error, and what helps.
const KNOWN: [(&str, &str); 13] = [
    (
        "Provider configuration not present",
        "write the provider's arguments under `[provider_templates.\"HOST/NAMESPACE/TYPE\"]` in the sweeper's configuration",
    ),
    (
        "managed by newer provider version",
        "apply the environment once more, so that the newer provider version is captured",
    ),
    (
        "no schema available for",
        "the provider no longer has that type: pin an older version and apply once, or remove the object with `terraform state rm`",
    ),
    (
        "Invalid value for variable",
        "correct the value under `[input_variables]` in the sweeper's configuration, or in `SWEEPER_VAR_…`",
    ),
    (
        "Invalid value for input variable",
        "correct the value under `[input_variables]` in the sweeper's configuration, or in `SWEEPER_VAR_…`",
    ),
    (
        "Saved plan is stale",
        "no action needed: the state changed meanwhile, and the next sweep decides anew",
    ),
    (
        "Instance cannot be destroyed",
        "remove `prevent_destroy` from the configuration and apply it, if the object really may go",
    ),
    (
        "Failed to query available provider packages",
        "make the provider reachable: a registry, or a filesystem mirror in the CLI configuration",
    ),
    (
        "Could not retrieve the list of available versions",
        "make the provider reachable: a registry, or a filesystem mirror in the CLI configuration",
    ),
    (
        "Failed to install provider",
        "make the pinned version of the provider reachable: a registry, or a filesystem mirror",
    ),
    (
        "Failed to persist state",
        "restore access to the state's backend: the next sweep pushes the kept state; `sweeper state list` shows \
         what is kept",
    ),
    (
        "Unsupported Terraform Core version",
        "give the sweeper a CLI of the version the configuration requires",
    ),
    (
        "Module not installed",
        "apply the environment once more, so that its modules are captured",
    ),
];

/// What stands before and after the name of a variable without a value.
const MISSING: (&str, &str) = ("input variable \"", "\" is not set");

/// What helps against the error `text`.
#[must_use]
pub(super) fn remedy(text: &str) -> String {
    let missing = missing_variables(text);
    if let [first, more @ ..] = missing.as_slice() {
        let and = more
            .iter()
            .map(|name| format!(", and the same for `{name}`"))
            .collect::<String>();
        return format!(
            "set the variable: `{first} = \"VALUE\"` under `[input_variables.\"*\"]` in the sweeper's \
             configuration (or `[input_variables.\"NAME\"]`, for this environment alone), or the variable \
             SWEEPER_VAR_{first} in the sweeper's environment{and}; TF_VAR_{first} is not used"
        );
    }
    let known = KNOWN.iter().find(|(piece, _)| text.contains(piece));
    let remedy = known.map_or(
        "read the error above; `terraform plan -destroy` where the environment is applied shows more",
        |(_, remedy)| remedy,
    );
    remedy.to_owned()
}

/// The names of the variables that `text` says have no value, each once.
fn missing_variables(text: &str) -> Vec<&str> {
    let (before, after) = MISSING;
    let mut names: Vec<&str> = text
        .split(before)
        .skip(1)
        .filter_map(|rest| rest.split_once(after))
        .map(|(name, _)| name)
        .filter(|name| is_name(name))
        .collect();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_without_a_value_is_named_with_its_setting() {
        let one = |name: &str| {
            format!(
                "No value for required variable: The root module input variable \"{name}\" is not set, and has no default \
                 value. Use a -var or -var-file command line argument to provide a value for this variable."
            )
        };
        let said = remedy(&format!("{}; {}", one("db_password"), one("region")));
        for part in [
            "`db_password = \"VALUE\"` under `[input_variables.\"*\"]`",
            "SWEEPER_VAR_db_password",
            "the same for `region`",
        ] {
            assert!(said.contains(part), "{said}");
        }
    }

    #[test]
    fn what_is_not_known_is_still_answered() {
        assert!(remedy("Saved plan is stale").contains("the next sweep"));
        assert!(remedy("an odd error").contains("read the error above"));
    }
}
