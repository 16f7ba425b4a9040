//! Identities: what is shown always says how far it can be trusted.

use ledger::identity::{Identity, Standing};

#[test]
fn an_identity_is_shown_with_its_issuer_and_whether_anybody_checked_it() {
    let claimed = Identity::claimed("local", "ana@laptop");
    assert_eq!(claimed.standing, Standing::Claimed);
    assert_eq!(claimed.to_string(), "ana@laptop (local, claimed)");
    let verified = Identity {
        standing: Standing::Verified,
        ..claimed.clone()
    };
    assert_eq!(verified.to_string(), "ana@laptop (local, verified)");
    assert_ne!(
        claimed, verified,
        "the same words, unchecked, are another identity"
    );
}

fn claimed_in(variables: &[(&str, &'static str)]) -> Identity {
    let variable = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    };
    Identity::claimed_in(variable, "ana", "shop")
}

#[test]
fn a_job_of_each_known_ci_system_is_claimed_by_its_address_and_its_run() {
    for (variables, issuer, subject) in [
        (
            &[
                ("GITHUB_SERVER_URL", "https://github.com"),
                (
                    "GITHUB_WORKFLOW_REF",
                    "acme/shop/.github/workflows/a.yml@refs/heads/main",
                ),
                ("GITHUB_RUN_ID", "7"),
            ][..],
            "https://github.com",
            "acme/shop/.github/workflows/a.yml@refs/heads/main run 7",
        ),
        (
            &[
                ("CI_SERVER_URL", "https://gitlab.com"),
                ("CI_JOB_URL", "https://gitlab.com/acme/shop/-/jobs/7"),
            ],
            "https://gitlab.com",
            "https://gitlab.com/acme/shop/-/jobs/7",
        ),
        (
            &[
                ("BITBUCKET_REPO_FULL_NAME", "acme/shop"),
                ("BITBUCKET_BUILD_NUMBER", "7"),
            ],
            "https://bitbucket.org",
            "acme/shop run 7",
        ),
        (
            &[("CIRCLE_BUILD_URL", "https://circleci.com/gh/acme/shop/7")],
            "https://circleci.com",
            "https://circleci.com/gh/acme/shop/7",
        ),
        (
            &[
                (
                    "BUILDKITE_BUILD_URL",
                    "https://buildkite.com/acme/shop/builds/7",
                ),
                ("BUILDKITE_JOB_ID", "e4-4a"),
            ],
            "https://buildkite.com",
            "https://buildkite.com/acme/shop/builds/7 run e4-4a",
        ),
        (
            &[
                ("SYSTEM_COLLECTIONURI", "https://dev.azure.com/acme/"),
                ("BUILD_DEFINITIONNAME", "shop"),
                ("BUILD_BUILDID", "7"),
            ],
            "https://dev.azure.com/acme/",
            "shop run 7",
        ),
        (
            &[("TFC_WORKSPACE_SLUG", "acme/shop"), ("TFC_RUN_ID", "run-7")],
            "https://app.terraform.io",
            "acme/shop run run-7",
        ),
        (
            &[
                ("JENKINS_URL", "https://ci.acme.test/"),
                ("BUILD_URL", "https://ci.acme.test/job/shop/7/"),
            ],
            "https://ci.acme.test/",
            "https://ci.acme.test/job/shop/7/",
        ),
    ] {
        assert_eq!(claimed_in(variables), Identity::claimed(issuer, subject));
    }
}

#[test]
fn without_a_job_or_with_half_of_one_it_is_the_user_on_the_host() {
    let local = Identity::claimed("local", "ana@shop");
    assert_eq!(claimed_in(&[]), local);
    let half = [("GITHUB_SERVER_URL", "https://github.com")];
    assert_eq!(claimed_in(&half), local);
}
