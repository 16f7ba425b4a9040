//! What the process was started with: variables, directory, user, host, terminals. Read once, at the edge; a plain
//! value after.
//!
//! Nothing else in this crate reads the environment of the process.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fmt,
    io::IsTerminal,
    path::PathBuf,
};

use ledger::{
    book::location::{self, NoStateHome},
    clock::{Timestamp, to_millis},
    id::Holder,
    identity::Identity,
};
use thiserror::Error;

/// How the process was started, as a value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Invocation {
    /// Every environment variable. Values may be secrets.
    pub variables: BTreeMap<OsString, OsString>,
    /// The working directory, absolute; empty if it could not be read.
    pub directory: PathBuf,
    /// The name of the user, as the variables or the system say.
    pub user: String,
    /// The name of the host, as the system says.
    pub host: String,
    /// The id of this process.
    pub process: u32,
    /// Whether standard output is a terminal.
    pub output_is_terminal: bool,
    /// How wide that terminal is, in columns.
    pub output_width: Option<u16>,
    /// Whether standard error is a terminal.
    pub talk_is_terminal: bool,
}

/// Shows the names of variables only.
impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invocation")
            .field("variables", &self.variables.keys().collect::<Vec<_>>())
            .field("directory", &self.directory)
            .field("user", &self.user)
            .field("host", &self.host)
            .field("process", &self.process)
            .finish_non_exhaustive()
    }
}

/// A variable that is set to something that is not text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the environment variable `{name}` is not valid UTF-8; set it again, or unset it")]
pub struct NotText {
    /// Its name.
    pub name: String,
}

impl Invocation {
    /// Reads the process's own.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the process's environment"
    )]
    #[must_use]
    pub fn of_process() -> Self {
        let variables: BTreeMap<OsString, OsString> = std::env::vars_os().collect();
        let named = ["USER", "LOGNAME"]
            .into_iter()
            .filter_map(|name| variables.get(OsStr::new(name))?.to_str())
            .find(|name| !name.is_empty())
            .map(str::to_owned);
        let user = named.or_else(|| {
            let user = nix::unistd::User::from_uid(nix::unistd::getuid()).ok()??;
            Some(user.name)
        });
        let host = nix::unistd::gethostname().map(|host| host.to_string_lossy().into_owned());
        Self {
            variables,
            directory: std::env::current_dir().unwrap_or_default(),
            user: user.unwrap_or_else(|| "unknown".to_owned()),
            host: host.unwrap_or_else(|_| "localhost".to_owned()),
            process: std::process::id(),
            output_is_terminal: std::io::stdout().is_terminal(),
            // Terminals of CI systems and containers say 0 when they do not know.
            output_width: comfy_table::Table::new().width().filter(|width| 0 < *width),
            talk_is_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// The variable `name`; one that is set to nothing counts as not set.
    ///
    /// # Errors
    /// If it is set to something that is not text.
    pub fn text(&self, name: &str) -> Result<Option<&str>, NotText> {
        match self
            .variables
            .get(OsStr::new(name))
            .map(|value| value.to_str())
        {
            None | Some(Some("")) => Ok(None),
            Some(Some(text)) => Ok(Some(text)),
            Some(None) => Err(NotText {
                name: name.to_owned(),
            }),
        }
    }

    /// The variable `name` where nothing depends on it: one that is not text counts as not set.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.text(name).ok().flatten()
    }

    /// Where programs keep what must survive a restart. The provider looks in the same place.
    ///
    /// # Errors
    /// No variable says where, or one with a relative path.
    pub fn state_home(&self) -> Result<PathBuf, NoStateHome> {
        location::state_home(|name| self.variable(name))
    }

    /// Where people keep configuration: `XDG_CONFIG_HOME`, else `~/.config`, else nowhere.
    #[must_use]
    pub fn config_home(&self) -> Option<PathBuf> {
        self.home("XDG_CONFIG_HOME", &[".config"])
    }

    fn home(&self, variable: &str, below_home: &[&str]) -> Option<PathBuf> {
        if let Some(home) = self.variable(variable) {
            return Some(PathBuf::from(home));
        }
        let mut home = PathBuf::from(self.variable("HOME")?);
        home.extend(below_home);
        Some(home)
    }

    /// Who runs this, as the variables claim. Nothing vouches for it.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity::claimed_in(|name| self.variable(name), &self.user, &self.host)
    }

    /// The name under which this process, started at `started`, holds claims: host, process and start, so that no two
    /// processes ever share one, and a later sweeper on the same host can tell whether it still runs.
    #[must_use]
    pub fn holder(&self, started: Timestamp) -> Holder {
        Holder(format!(
            "{}/{}/{}",
            self.host,
            self.process,
            to_millis(started)
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    fn with(variables: &[(&str, &str)]) -> Invocation {
        Invocation {
            variables: variables
                .iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            directory: PathBuf::from("/work"),
            user: "ana".to_owned(),
            host: "shop".to_owned(),
            ..Invocation::default()
        }
    }

    #[test]
    fn a_variable_set_to_nothing_is_not_set_and_one_that_is_not_text_is_refused() {
        let mut invocation = with(&[("EMPTY", "")]);
        invocation
            .variables
            .insert("BINARY".into(), OsStr::from_bytes(b"\xff").to_owned());
        assert_eq!(invocation.text("EMPTY"), Ok(None));
        assert!(invocation.text("BINARY").is_err());
    }

    #[test]
    fn the_state_home_is_the_one_the_provider_uses() {
        let explicit = with(&[("XDG_STATE_HOME", "/s"), ("HOME", "/h")]);
        assert_eq!(explicit.state_home(), Ok(PathBuf::from("/s")));
        assert_eq!(
            with(&[("HOME", "/h")]).state_home(),
            Ok(PathBuf::from("/h/.local/state"))
        );
        assert_eq!(with(&[]).state_home(), Err(NoStateHome::Unset));
    }

    #[test]
    fn a_ci_job_is_named_by_its_forge_and_a_person_by_user_and_host() {
        let job = with(&[
            ("GITHUB_SERVER_URL", "https://github.com"),
            (
                "GITHUB_WORKFLOW_REF",
                "acme/shop/.github/workflows/sweep.yml@refs/heads/main",
            ),
            ("GITHUB_RUN_ID", "7"),
        ]);
        assert_eq!(job.identity().issuer, "https://github.com");
        assert_eq!(with(&[]).identity(), Identity::claimed("local", "ana@shop"));
    }

    #[test]
    fn its_debug_form_shows_no_value_of_a_variable() {
        let shown = format!("{:?}", with(&[("AWS_SECRET_ACCESS_KEY", "hunter2")]));
        assert!(shown.contains("AWS_SECRET_ACCESS_KEY") && !shown.contains("hunter2"));
    }
}
