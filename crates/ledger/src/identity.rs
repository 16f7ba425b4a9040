//! Who asked: an issuer and a subject, and whether they are vouched for.

use std::fmt;

/// How far an identity can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Read from the environment of the process; any process could have written it.
    Claimed,
    /// Proven by a token whose signature, issuer, audience and expiry were checked.
    Verified,
}

impl Standing {
    /// The word used in records and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Verified => "verified",
        }
    }
}

/// Who made, changed or ended something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Who names them: a CI system's address, or `local`.
    pub issuer: String,
    /// Whom they name: a workflow, a job, or `user@host`.
    pub subject: String,
    /// Whether that was checked.
    pub standing: Standing,
}

impl Identity {
    /// An identity that was not checked.
    #[must_use]
    pub fn claimed(issuer: impl Into<String>, subject: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            subject: subject.into(),
            standing: Standing::Claimed,
        }
    }

    /// An identity that is vouched for: the caller has checked the signature, the issuer, the audience and the
    /// expiry of a token that says so.
    #[must_use]
    pub fn verified(issuer: impl Into<String>, subject: impl Into<String>) -> Self {
        Self {
            standing: Standing::Verified,
            ..Self::claimed(issuer, subject)
        }
    }

    /// Whom a process's surroundings claim to be: the CI job that `variable` describes, else `user` on `host`.
    /// `variable` answers `None` for one that is not set or set to nothing.
    #[must_use]
    pub fn claimed_in<'a>(
        variable: impl Fn(&str) -> Option<&'a str>,
        user: &str,
        host: &str,
    ) -> Self {
        let job = CI_SYSTEMS.iter().find_map(|system| {
            let issuer = match system.issuer {
                Issuer::Known(address) => address,
                Issuer::Variable(name) => variable(name)?,
            };
            let name = variable(system.name)?;
            let run = system.run.and_then(&variable);
            let subject = run.map_or_else(|| name.to_owned(), |run| format!("{name} run {run}"));
            Some(Self::claimed(issuer, subject))
        });
        job.unwrap_or_else(|| Self::claimed("local", format!("{user}@{host}")))
    }
}

/// Whether this looks like a CI job, whose disk dies with it. `variable` is as for [`Identity::claimed_in`].
#[must_use]
pub fn is_ci<'a>(variable: impl Fn(&str) -> Option<&'a str>) -> bool {
    [
        "CI",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "TF_BUILD",
        "JENKINS_URL",
    ]
    .into_iter()
    .filter_map(variable)
    .any(|value| !matches!(value, "false" | "0"))
}

/// How a CI system names its jobs.
struct CiSystem {
    issuer: Issuer,
    /// The variable that names the job, the build or the workflow.
    name: &'static str,
    /// The variable that numbers its runs, where the name does not.
    run: Option<&'static str>,
}

enum Issuer {
    Known(&'static str),
    Variable(&'static str),
}

/// The systems whose variables are known. The first that fits is taken.
const CI_SYSTEMS: [CiSystem; 8] = [
    CiSystem {
        issuer: Issuer::Variable("GITHUB_SERVER_URL"),
        name: "GITHUB_WORKFLOW_REF",
        run: Some("GITHUB_RUN_ID"),
    },
    CiSystem {
        issuer: Issuer::Variable("CI_SERVER_URL"),
        name: "CI_JOB_URL",
        run: None,
    },
    CiSystem {
        issuer: Issuer::Known("https://bitbucket.org"),
        name: "BITBUCKET_REPO_FULL_NAME",
        run: Some("BITBUCKET_BUILD_NUMBER"),
    },
    CiSystem {
        issuer: Issuer::Known("https://circleci.com"),
        name: "CIRCLE_BUILD_URL",
        run: None,
    },
    CiSystem {
        issuer: Issuer::Known("https://buildkite.com"),
        name: "BUILDKITE_BUILD_URL",
        run: Some("BUILDKITE_JOB_ID"),
    },
    CiSystem {
        issuer: Issuer::Variable("SYSTEM_COLLECTIONURI"),
        name: "BUILD_DEFINITIONNAME",
        run: Some("BUILD_BUILDID"),
    },
    CiSystem {
        issuer: Issuer::Known("https://app.terraform.io"),
        name: "TFC_WORKSPACE_SLUG",
        run: Some("TFC_RUN_ID"),
    },
    CiSystem {
        issuer: Issuer::Variable("JENKINS_URL"),
        name: "BUILD_URL",
        run: None,
    },
];

/// `user@host (local, claimed)`.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            issuer,
            subject,
            standing,
        } = self;
        write!(f, "{subject} ({issuer}, {})", standing.as_str())
    }
}
