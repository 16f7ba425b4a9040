//! Which variables of the sweeper's own environment its children get: those that are known to be needed. Pure.
//!
//! A sweep often runs in a job of a forge, whose environment holds tokens for the forge and for the ledger. A provider, a
//! provisioner or a program of a data source sees a variable only if it says how programs run here, if it is one of a
//! cloud's, if it belongs to a provider of the state, or if the operator names it.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::{OsStr, OsString},
};

use backend::provider_address::ProviderSource;

/// How programs run here: where they and their files are, language and time, proxies, certificates, and how Go collects
/// garbage. An entry that ends in `*` is the beginning of names.
const PROGRAMS: [&str; 38] = [
    "PATH",
    "LD_LIBRARY_PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "XDG_STATE_HOME",
    "LANG",
    "LANGUAGE",
    "LC_*",
    "TZ",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "NIX_SSL_CERT_FILE",
    "GOGC",
    "GOMEMLIMIT",
    "GOMAXPROCS",
    "GODEBUG",
    // Version managers, whose `terraform` asks them which one to start.
    "TFENV_*",
    "TOFUENV_*",
    "TENV_*",
    "ASDF_*",
    "MISE_*",
];

/// What may pass of the variables that begin with `TF_`: where the CLI's own configuration is, how it reaches
/// registries, and the shared cache of providers. None of them says what is destroyed.
const CLI: [&str; 7] = [
    "TF_CLI_CONFIG_FILE",
    "TF_PLUGIN_CACHE_DIR",
    "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE",
    "TF_REGISTRY_CLIENT_TIMEOUT",
    "TF_REGISTRY_DISCOVERY_RETRY",
    "TF_PROVIDER_DOWNLOAD_RETRY",
    "TF_TOKEN_*",
];

/// Where and as whom the clouds are asked. Backends read them too, so they do not wait for a provider of that cloud.
const CLOUDS: [&str; 9] = [
    "AWS_*",
    "GOOGLE_*",
    "CLOUDSDK_*",
    "GCE_METADATA_*",
    "ARM_*",
    "AZURE_*",
    "KUBECONFIG",
    "KUBE_*",
    "KUBERNETES_*",
];

/// What a provider reads that is not called after its type, as its documentation says.
const OF_PROVIDERS: [(&str, &[&str]); 21] = [
    ("alicloud", &["ALIBABA_CLOUD_*"]),
    ("azuread", &["IDENTITY_*", "MSI_*"]),
    ("azuredevops", &["AZDO_*"]),
    ("azurerm", &["IDENTITY_*", "MSI_*"]),
    ("cloudflare", &["CF_*"]),
    ("datadog", &["DD_*"]),
    ("digitalocean", &["SPACES_*"]),
    ("helm", &["KUBE*"]),
    ("ibm", &["IC_*", "IAAS_*"]),
    ("kubectl", &["KUBE*"]),
    ("kubernetes", &["KUBE*"]),
    ("mongodbatlas", &["MONGODB_*"]),
    ("newrelic", &["NEW_RELIC_*"]),
    ("opentelekomcloud", &["OS_*"]),
    ("openstack", &["OS_*"]),
    ("postgresql", &["PG*"]),
    ("proxmox", &["PM_*"]),
    ("rabbitmq", &["RABBITMQ_*"]),
    ("scaleway", &["SCW_*"]),
    ("vsphere", &["VSPHERE_*", "GOVC_*"]),
    ("yandex", &["YC_*"]),
];

/// How our own provider reads a configuration that leaves something out, in a replay as in the apply. No secret is among
/// them; the ledger and the claim are set apart.
const OUR_DEFAULTS: [&str; 5] = [
    "EPHEMERAL_DEFAULT_*",
    "EPHEMERAL_MAX_LIFETIME",
    "EPHEMERAL_REQUIRED_TAGS",
    "EPHEMERAL_TAG_*",
    "EPHEMERAL_PLUGIN_NETWORK",
];

/// What a forge's own provider reads, which a job of that forge has too: by the whole address of the provider, as
/// any provider can be called `github`.
const OF_FORGES: [(&str, &str, &[&str]); 5] = [
    (
        "buildkite",
        "buildkite",
        &["BUILDKITE_API_TOKEN", "BUILDKITE_ORGANIZATION_SLUG"],
    ),
    ("integrations", "github", &["GITHUB_*", "GH_*"]),
    ("hashicorp", "github", &["GITHUB_*", "GH_*"]),
    ("gitlabhq", "gitlab", &["GITLAB_*"]),
    ("hashicorp", "gitlab", &["GITLAB_*"]),
];

/// The registries whose owners of namespaces are known.
const REGISTRIES: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// Never by the type of a provider, which the author of the provider chooses: the sweeper's own, what tells the CLI which
/// state, workspace, arguments or values, and what forges and CI systems give to their jobs, tokens among it.
const NEVER_BY_TYPE: [&str; 27] = [
    "EPHEMERAL_*",
    "SWEEPER_*",
    "TF_*",
    "TERRAFORM_*",
    "ACTIONS_*",
    "AGENT_*",
    "ATLANTIS_*",
    "BITBUCKET_*",
    "BUILDKITE_*",
    "BUILD_*",
    "CI_*",
    "CIRCLE_*",
    "DRONE_*",
    "FORGEJO_*",
    "GH_*",
    "GITEA_*",
    "GITHUB_*",
    "GITLAB_*",
    "ID_*",
    "JENKINS_*",
    "JOB_*",
    "NPM_*",
    "OIDC_*",
    "RUNNER_*",
    "SYSTEM_*",
    "TRAVIS_*",
    "WOODPECKER_*",
];

/// What the operator cannot let pass either.
const NEVER: [&str; 3] = ["EPHEMERAL_*", "SWEEPER_*", "TF_*"];

/// What passes to the children of one teardown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passing {
    of_types: BTreeSet<String>,
    of_forges: BTreeSet<&'static str>,
    named: Vec<String>,
}

impl Passing {
    /// For a state with these `providers`, and with what the operator `named`.
    #[must_use]
    pub fn new<'a>(
        providers: impl IntoIterator<Item = &'a ProviderSource>,
        named: &[String],
    ) -> Self {
        let mut passing = Self {
            named: named.to_vec(),
            ..Self::default()
        };
        for source in providers {
            let kind = source.kind.as_str();
            let prefix = kind.replace('-', "_").to_ascii_uppercase();
            passing.of_types.insert(format!("{prefix}_*"));
            let more = OF_PROVIDERS.iter().filter(|(of, _)| *of == kind);
            let more = more.flat_map(|(_, all)| *all).map(|one| (*one).to_owned());
            passing.of_types.extend(more);
            let forges = OF_FORGES.iter().filter(|(namespace, of, _)| {
                *of == kind
                    && *namespace == source.namespace
                    && REGISTRIES.contains(&source.host.as_str())
            });
            passing
                .of_forges
                .extend(forges.flat_map(|(_, _, all)| *all));
        }
        passing
    }

    /// What passes of `inherited`.
    #[must_use]
    pub fn of(
        &self,
        inherited: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> BTreeMap<OsString, OsString> {
        let passing = |(name, _): &(OsString, OsString)| self.passes(name);
        inherited.into_iter().filter(passing).collect()
    }

    fn passes(&self, name: &OsStr) -> bool {
        let Some(name) = name.to_str() else {
            return false;
        };
        let is_in = |patterns: &[&str]| patterns.iter().any(|one| matches(one, name));
        let named = self.named.iter().any(|one| matches(one, name));
        let by_type = self.of_types.iter().any(|one| matches(one, name));
        let by_forge = self.of_forges.iter().any(|one| matches(one, name));
        is_in(&PROGRAMS)
            || is_in(&CLI)
            || is_in(&CLOUDS)
            || is_in(&OUR_DEFAULTS)
            || by_forge
            || (by_type && !is_in(&NEVER_BY_TYPE))
            || (named && !is_in(&NEVER))
    }
}

/// Whether `pattern` is the name of a variable, or a beginning with a `*`, that the operator can let pass.
#[must_use]
pub fn can_be_named(pattern: &str) -> bool {
    let name = pattern.strip_suffix('*').unwrap_or(pattern);
    let in_names = |one: char| one.is_ascii_alphanumeric() || one == '_';
    // A `*` alone would let pass whatever is there.
    !name.is_empty()
        && name.chars().all(in_names)
        && !NEVER.iter().any(|never| matches(never, pattern))
}

/// Whether `name` is `pattern`, or begins with it where it ends in `*`.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passing(providers: &[&str], named: &[&str]) -> Passing {
        let named: Vec<String> = named.iter().map(|one| (*one).to_owned()).collect();
        let source = |name: &&str| {
            let whole = match name.split('/').count() {
                1 => format!("registry.terraform.io/hashicorp/{name}"),
                2 => format!("registry.terraform.io/{name}"),
                _ => (*name).to_owned(),
            };
            ProviderSource::parse(&whole).expect("the address of a provider")
        };
        let providers: Vec<ProviderSource> = providers.iter().map(source).collect();
        Passing::new(&providers, &named)
    }

    #[track_caller]
    fn check(passing: &Passing, names: &[&str], expect: bool) {
        for name in names {
            assert_eq!(passing.passes(OsStr::new(name)), expect, "{name}");
        }
    }

    /// What a job of a forge holds, and a key of something else.
    const TOKENS: [&str; 9] = [
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "GITLAB_TOKEN",
        "CI_JOB_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "ACTIONS_RUNTIME_TOKEN",
        "EPHEMERAL_TOKEN",
        "NPM_TOKEN",
        "SSH_AUTH_SOCK",
    ];

    #[test]
    fn no_token_of_a_forge_reaches_a_provider_of_something_else() {
        let aws = passing(
            &["aws", "null", "acme/ephemeral", "acme/ttl", "random"],
            &[],
        );
        check(&aws, &TOKENS, false);
        let needed = [
            "PATH",
            "HOME",
            "LC_ALL",
            "AWS_PROFILE",
            "GOOGLE_CREDENTIALS",
            "ARM_CLIENT_ID",
            "KUBECONFIG",
            "https_proxy",
            "TF_CLI_CONFIG_FILE",
            "TF_TOKEN_app_terraform_io",
        ];
        check(&aws, &needed, true);
        check(&aws, &["AWSOME", "NULLABLE", "PATHS", "TF_LOG"], false);
    }

    #[test]
    fn what_belongs_to_a_provider_of_the_state_passes() {
        let github = passing(&["integrations/github"], &[]);
        check(&github, &["GITHUB_TOKEN", "GITHUB_OWNER", "GH_TOKEN"], true);
        check(&github, &["GITLAB_TOKEN", "CI_JOB_TOKEN"], false);
        check(
            &passing(&["cyrilgdn/postgresql"], &[]),
            &["PGPASSWORD"],
            true,
        );
        check(&passing(&["acme/my-cloud"], &[]), &["MY_CLOUD_KEY"], true);
        check(&passing(&["acme/my-cloud"], &[]), &["MY_KEY"], false);
    }

    #[test]
    fn a_token_of_a_forge_is_for_the_provider_of_that_forge_whoever_else_takes_its_name() {
        for other in [
            "mallory/github",
            "evil.example/integrations/github",
            "acme/gh",
            "acme/git",
        ] {
            check(
                &passing(&[other], &[]),
                &["GITHUB_TOKEN", "GH_TOKEN"],
                false,
            );
        }
    }

    #[test]
    fn a_provider_called_like_ours_or_like_the_forge_gets_nothing_by_its_name() {
        let odd = passing(
            &[
                "acme/ephemeral",
                "acme/sweeper",
                "acme/actions",
                "acme/ci",
                "acme/tf",
            ],
            &[],
        );
        check(
            &odd,
            &["EPHEMERAL_LEDGER", "SWEEPER_VAR_a", "TF_WORKSPACE"],
            false,
        );
        check(&odd, &["ACTIONS_RUNTIME_TOKEN", "CI_JOB_TOKEN"], false);
    }

    #[test]
    fn a_provider_called_like_a_ci_system_gets_nothing_that_the_system_gives_its_jobs() {
        for (provider, token) in [
            ("evil/system", "SYSTEM_ACCESSTOKEN"),
            ("evil/atlantis", "ATLANTIS_GH_TOKEN"),
            ("evil/buildkite", "BUILDKITE_AGENT_ACCESS_TOKEN"),
            ("buildkite/buildkite", "BUILDKITE_AGENT_ACCESS_TOKEN"),
            ("evil/bitbucket", "BITBUCKET_STEP_OIDC_TOKEN"),
            ("evil/circle", "CIRCLE_OIDC_TOKEN"),
            ("evil/drone", "DRONE_TOKEN"),
            ("evil/forgejo", "FORGEJO_TOKEN"),
            ("evil/runner", "RUNNER_TOKEN"),
            ("evil/id", "ID_TOKEN"),
            ("evil/npm", "NPM_TOKEN"),
            ("terraform.io/builtin/terraform", "TERRAFORM_KEY"),
        ] {
            check(&passing(&[provider], &[]), &[token], false);
        }
        let buildkite = passing(&["buildkite/buildkite"], &[]);
        check(&buildkite, &["BUILDKITE_API_TOKEN"], true);
    }

    #[test]
    fn the_operator_names_more_and_never_what_says_which_state() {
        let named = passing(&[], &["CI_JOB_TOKEN", "VAULT_*"]);
        check(&named, &["CI_JOB_TOKEN", "VAULT_TOKEN"], true);
        check(&named, &["CI_JOB_ID", "GITHUB_TOKEN", "XDG_SECRET"], false);
        let all = passing(&[], &["*"]);
        check(&all, &["ANYTHING"], true);
        check(
            &all,
            &["TF_WORKSPACE", "EPHEMERAL_FENCE", "SWEEPER_VAR_a"],
            false,
        );
        for never in [
            "",
            "*",
            "a b",
            "A=B",
            "TF_WORKSPACE",
            "EPHEMERAL_LEDGER",
            "SWEEPER_*",
        ] {
            assert!(!can_be_named(never), "{never}");
        }
        assert!(can_be_named("GITHUB_TOKEN") && can_be_named("TFE_TOKEN"));
    }

    #[test]
    fn a_name_that_is_no_text_does_not_pass() {
        use std::os::unix::ffi::OsStrExt as _;

        let odd = OsStr::from_bytes(b"AWS_\xff");
        assert!(!passing(&["aws"], &["*"]).passes(odd));
    }
}
