//! The one environment in which every call of a teardown runs: the same for init, plan, show and apply.
//!
//! Of the sweeper's own environment only what is known to be needed passes (see [`passing`](crate::passing)): a token of the
//! forge that runs the sweep is none of a provider's business. What the operator's shell says about *which* state,
//! workspace, arguments or variables is kept out; a teardown once destroyed nothing and said so with success because `init`
//! and `destroy` saw different environments.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::Path,
};

use hcl_edit::{Decorated, Spanned, expr::Expression, visit::Visit};
use ledger::state_address::DEFAULT_WORKSPACE;

use crate::passing::Passing;

/// Names the work directory in the environment of every process of a teardown, so that a later sweeper can find what
/// a killed one left behind.
pub const WORK_DIR_VARIABLE: &str = "EPHEMERAL_TEARDOWN_DIR";

/// How the CLI and its providers, which are written in Go, collect garbage unless the operator says otherwise: rarely
/// while they are small, as nearly every teardown is, and hard from 512 MiB on. A quarter of a small run's time.
const COLLECTOR: [(&str, &str); 2] = [("GOGC", "400"), ("GOMEMLIMIT", "512MiB")];

/// What every call of one teardown gets.
#[derive(Clone)]
pub struct ChildEnv {
    variables: BTreeMap<OsString, OsString>,
    secrets: Vec<String>,
}

/// Shows names only: values may be secrets.
impl std::fmt::Debug for ChildEnv {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

impl ChildEnv {
    /// The environment made of the sweeper's own, `inherited`, without what must not pass; of `own`, what our own
    /// provider is told; and of `input_variables`, the values for `variable` blocks in a replay.
    #[must_use]
    pub fn new(
        inherited: impl IntoIterator<Item = (OsString, OsString)>,
        own: impl IntoIterator<Item = (&'static str, String)>,
        input_variables: &BTreeMap<String, String>,
        passing: &Passing,
    ) -> Self {
        let mut variables = passing.of(inherited);
        let mut secrets: Vec<String> = variables
            .iter()
            .filter_map(|(name, value)| {
                let value = value.to_str()?;
                (holds_secret(name) || opens_doors(value)).then(|| value.to_owned())
            })
            .collect();
        secrets.extend(input_variables.values().flat_map(|value| secrets_in(value)));
        for (name, value) in [
            ("TF_IN_AUTOMATION", "1"),
            ("TF_INPUT", "0"),
            ("CHECKPOINT_DISABLE", "1"),
        ] {
            variables.insert(name.into(), value.into());
        }
        for (name, value) in own {
            variables.insert(name.into(), value.into());
        }
        for (name, value) in COLLECTOR {
            variables.entry(name.into()).or_insert(value.into());
        }
        for (name, value) in input_variables {
            variables.insert(format!("TF_VAR_{name}").into(), value.into());
        }
        Self { variables, secrets }
    }

    /// Everything for a call in `work_dir` on the states of `workspace`.
    #[must_use]
    pub fn within(
        &self,
        work_dir: &Path,
        data_dir: &Path,
        workspace: &str,
    ) -> BTreeMap<OsString, OsString> {
        let mut all = self.variables.clone();
        all.insert(WORK_DIR_VARIABLE.into(), work_dir.into());
        all.insert("TF_DATA_DIR".into(), data_dir.into());
        if workspace != DEFAULT_WORKSPACE {
            all.insert("TF_WORKSPACE".into(), workspace.into());
        }
        all
    }

    /// Values that may not appear in any text about this teardown.
    #[must_use]
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }
}

/// An input value and, if it is an expression, every text in it: an error may quote one of them.
fn secrets_in(value: &str) -> Vec<String> {
    let mut texts = Texts(vec![value.to_owned()]);
    if let Ok(expression) = value.parse::<Expression>() {
        texts.visit_expr(&expression);
    }
    texts.0
}

/// The texts of an expression.
struct Texts(Vec<String>);

impl Visit for Texts {
    fn visit_string(&mut self, text: &Decorated<String>) {
        self.0.push(text.to_string());
    }

    fn visit_literal(&mut self, text: &Spanned<String>) {
        self.0.push(text.to_string());
    }
}

/// Whether a variable of this name is taken to hold a secret.
fn holds_secret(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return true;
    };
    let name = name.to_ascii_uppercase();
    [
        "SECRET",
        "TOKEN",
        "PASSWORD",
        "PASSWD",
        "CREDENTIAL",
        "PRIVATE",
        "API_KEY",
        "APIKEY",
        "ACCESS_KEY",
        "PGPASS",
        "_KEY",
        "_PAT",
        "_AUTH",
        "CONN_STR",
        "DSN",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// Whether `value` is an address with a user and a password in it, whatever its variable is called.
fn opens_doors(value: &str) -> bool {
    value
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('@'))
        .is_some_and(|(user, _)| user.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everything() -> Vec<String> {
        vec!["*".to_owned()]
    }

    fn made(inherited: &[(&str, &str)], workspace: &str) -> BTreeMap<OsString, OsString> {
        let inherited = inherited
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let input = BTreeMap::from([("region".to_owned(), "eu".to_owned())]);
        let own = [
            ("EPHEMERAL_LEDGER", "sqlite:///l.db".to_owned()),
            ("EPHEMERAL_FENCE", "7".to_owned()),
        ];
        ChildEnv::new(inherited, own, &input, &Passing::default()).within(
            Path::new("/w"),
            Path::new("/w/data"),
            workspace,
        )
    }

    #[track_caller]
    fn check(all: &BTreeMap<OsString, OsString>, name: &str, expect: Option<&str>) {
        assert_eq!(
            all.get(OsStr::new(name)).and_then(|value| value.to_str()),
            expect,
            "{name}"
        );
    }

    #[test]
    fn nothing_that_says_what_is_destroyed_comes_from_the_operators_shell() {
        let all = made(
            &[
                ("PATH", "/bin"),
                ("TF_VAR_region", "us"),
                ("SWEEPER_VAR_region", "us"),
                ("TF_VAR_other", "x"),
                ("TF_WORKSPACE", "prod"),
                ("TF_CLI_ARGS", "-lock=false"),
                ("TF_CLI_ARGS_plan", "-target=a"),
                ("TF_LOG", "TRACE"),
                ("TF_LOG_PATH", "/tmp/x"),
                ("TF_DATA_DIR", "/elsewhere"),
                ("TF_REATTACH_PROVIDERS", "{}"),
                ("TF_CLI_CONFIG_FILE", "/etc/rc"),
                ("TF_PLUGIN_CACHE_DIR", "/cache"),
                ("TF_TOKEN_app_terraform_io", "t"),
                ("EPHEMERAL_FENCE", "1"),
                ("EPHEMERAL_LEDGER", "sqlite:///other.db"),
            ],
            "default",
        );
        for gone in [
            "TF_VAR_other",
            "SWEEPER_VAR_region",
            "TF_WORKSPACE",
            "TF_CLI_ARGS",
            "TF_CLI_ARGS_plan",
            "TF_LOG",
            "TF_LOG_PATH",
            "TF_REATTACH_PROVIDERS",
        ] {
            check(&all, gone, None);
        }
        check(&all, "PATH", Some("/bin"));
        check(&all, "TF_CLI_CONFIG_FILE", Some("/etc/rc"));
        check(&all, "TF_PLUGIN_CACHE_DIR", Some("/cache"));
        check(&all, "TF_TOKEN_app_terraform_io", Some("t"));
        check(&all, "TF_VAR_region", Some("eu"));
        check(&all, "TF_DATA_DIR", Some("/w/data"));
        check(&all, WORK_DIR_VARIABLE, Some("/w"));
        check(&all, "EPHEMERAL_FENCE", Some("7"));
        check(&all, "EPHEMERAL_LEDGER", Some("sqlite:///l.db"));
        check(&all, "TF_IN_AUTOMATION", Some("1"));
        check(&all, "TF_INPUT", Some("0"));
        check(&all, "CHECKPOINT_DISABLE", Some("1"));
    }

    #[test]
    fn the_operators_word_on_garbage_collection_counts() {
        let all = made(&[("GOGC", "50")], "default");
        check(&all, "GOGC", Some("50"));
        check(&all, "GOMEMLIMIT", Some("512MiB"));
    }

    #[test]
    fn a_workspace_is_named_by_the_environment_and_the_default_one_is_not() {
        check(&made(&[], "default"), "TF_WORKSPACE", None);
        check(&made(&[], "pr-12"), "TF_WORKSPACE", Some("pr-12"));
    }

    #[test]
    fn what_opens_doors_is_known_to_be_secret() {
        let secrets_of = |name: &str, value: &str| {
            let one = [(OsString::from(name), OsString::from(value))];
            let made = ChildEnv::new(one, [], &BTreeMap::new(), &Passing::new([], &everything()));
            made.secrets().to_vec()
        };
        for (name, value) in [
            ("PG_CONN_STR", "host=db password=hunter2"),
            ("FASTLY_KEY", "hunter22"),
            ("DATABASE_URL", "postgres://ana:hunter2@db/states"),
            ("https_proxy", "http://ana:hunter2@proxy:3128"),
        ] {
            assert_eq!(secrets_of(name, value), [value], "{name}");
        }
        for (name, value) in [
            ("VAULT_ADDR", "https://vault:8200"),
            ("NO_PROXY", "localhost"),
        ] {
            assert!(secrets_of(name, value).is_empty(), "{name}");
        }
    }

    #[test]
    fn every_text_of_an_input_value_is_secret() {
        let input = BTreeMap::from([
            ("plain".to_owned(), "hunter22".to_owned()),
            (
                "many".to_owned(),
                r#"["hunter23", {a = "hunter24"}]"#.to_owned(),
            ),
        ]);
        let made = ChildEnv::new([], [], &input, &Passing::default());
        for secret in ["hunter22", "hunter23", "hunter24"] {
            assert!(
                made.secrets().iter().any(|known| known == secret),
                "{secret}"
            );
        }
        assert!(!format!("{made:?}").contains("hunter"));
    }

    #[test]
    fn its_debug_form_shows_no_value() {
        let shown = format!(
            "{:?}",
            ChildEnv::new(
                [("AWS_SECRET_ACCESS_KEY".into(), "hunter2".into())],
                [],
                &BTreeMap::new(),
                &Passing::default()
            )
        );
        assert!(shown.contains("AWS_SECRET_ACCESS_KEY") && !shown.contains("hunter2"));
    }
}
