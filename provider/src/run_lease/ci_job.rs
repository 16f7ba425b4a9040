//! The address of the CI job a run is, as far as its variables tell one. For people to follow; it is never requested.

/// The variables that hold the whole address, the most exact first.
const WHOLE: [&str; 4] = [
    "CI_JOB_URL",          // GitLab
    "CIRCLE_BUILD_URL",    // CircleCI
    "BUILDKITE_BUILD_URL", // Buildkite
    "BUILD_URL",           // Jenkins
];

/// The address, from what `variable` says; `None` outside CI.
#[must_use]
pub fn address<'a>(variable: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let all = |names: [&str; 3]| -> Option<[&'a str; 3]> {
        let [one, two, three] = names;
        Some([variable(one)?, variable(two)?, variable(three)?])
    };
    if let Some([server, repository, run]) =
        all(["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"])
    {
        let attempt = variable("GITHUB_RUN_ATTEMPT")
            .map_or_else(String::new, |attempt| format!("/attempts/{attempt}"));
        return Some(format!("{server}/{repository}/actions/runs/{run}{attempt}"));
    }
    if let Some([collection, project, build]) = all([
        "SYSTEM_COLLECTIONURI",
        "SYSTEM_TEAMPROJECT",
        "BUILD_BUILDID",
    ]) {
        let collection = collection.trim_end_matches('/');
        let project = project.replace(' ', "%20");
        return Some(format!(
            "{collection}/{project}/_build/results?buildId={build}"
        ));
    }
    if let (Some(repository), Some(build)) = (
        variable("BITBUCKET_REPO_FULL_NAME"),
        variable("BITBUCKET_BUILD_NUMBER"),
    ) {
        return Some(format!(
            "https://bitbucket.org/{repository}/pipelines/results/{build}"
        ));
    }
    WHOLE.into_iter().find_map(variable).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Option<String> {
        address(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| *value)
        })
    }

    #[test]
    fn each_system_says_where_its_job_is_in_its_own_words() {
        let github = [
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", "acme/shop"),
            ("GITHUB_RUN_ID", "42"),
        ];
        let expected = "https://github.com/acme/shop/actions/runs/42";
        assert_eq!(of(&github).as_deref(), Some(expected));
        let again = [&github[..], &[("GITHUB_RUN_ATTEMPT", "2")]].concat();
        assert_eq!(of(&again), Some(format!("{expected}/attempts/2")));
        let azure = of(&[
            ("SYSTEM_COLLECTIONURI", "https://dev.azure.com/acme/"),
            ("SYSTEM_TEAMPROJECT", "web shop"),
            ("BUILD_BUILDID", "7"),
        ]);
        let expected = "https://dev.azure.com/acme/web%20shop/_build/results?buildId=7";
        assert_eq!(azure.as_deref(), Some(expected));
        let bitbucket = of(&[
            ("BITBUCKET_REPO_FULL_NAME", "acme/shop"),
            ("BITBUCKET_BUILD_NUMBER", "9"),
        ]);
        let expected = "https://bitbucket.org/acme/shop/pipelines/results/9";
        assert_eq!(bitbucket.as_deref(), Some(expected));
        for name in WHOLE {
            let job = "https://ci.example/jobs/1";
            assert_eq!(of(&[(name, job)]).as_deref(), Some(job), "{name}");
        }
        assert_eq!(of(&[("GITHUB_SERVER_URL", "https://github.com")]), None);
        assert_eq!(of(&[]), None);
    }
}
