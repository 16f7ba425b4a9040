//! What a person can do about the errors terraform is known to end with. Pure.

/// The title terraform gives to a lock held by somebody else.
pub(super) const LOCK_TITLE: &str = "Error acquiring the state lock";

/// What is known: a piece of the error, and what helps.
const KNOWN: [(&str, &str); 12] = [
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
        "No value for required variable",
        "give the variable a default in the configuration and apply it, or destroy it by hand where its value is known",
    ),
    (
        "Saved plan is stale",
        "nothing: somebody changed the state meanwhile, and the next sweep decides anew",
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
        "bring the state's store back, then run `terraform state push` with the state that was kept",
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

/// What helps against the error `text`.
#[must_use]
pub(super) fn remedy(text: &str) -> &'static str {
    KNOWN
        .iter()
        .find(|(piece, _)| text.contains(piece))
        .map_or(
            "read the error above; `terraform plan -destroy` where the environment is applied shows more",
            |(_, remedy)| remedy,
        )
}
