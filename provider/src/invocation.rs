//! The start of the process: variables, directory, user and host. Read once, at the edge; a plain value after.
//!
//! Nothing else in this crate reads the environment of the process.

use std::{collections::BTreeMap, path::PathBuf};

use backend::discover::WorkingDirectory;
use ledger::{
    book::location::{self, NoStateHome},
    identity::{Identity, is_ci},
};

mod command;

/// How the process was started, as a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invocation {
    /// Environment variables that are valid UTF-8.
    pub variables: BTreeMap<String, String>,
    /// The working directory. Terraform starts a provider in the root module's directory.
    pub root: PathBuf,
    /// The user's name, as the system says; `None` if it does not.
    pub user: Option<String>,
    /// The host's name, as the system says; `None` if it does not.
    pub host: Option<String>,
    /// The command, such as `terraform apply`, as far as the system says.
    pub command: Option<String>,
    /// The name of the program that started this one, as far as the system says.
    pub client: Option<String>,
}

impl Invocation {
    /// Reads the process's own.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the process's environment"
    )]
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            variables: std::env::vars_os()
                .filter_map(|(key, value)| {
                    Some((key.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            root: std::env::current_dir().unwrap_or_default(),
            user: system::user(),
            host: system::host(),
            client: system::name_of_the_client(),
            command: command::told(&system::arguments_of_the_client()),
        }
    }

    /// The variable `name`; one that is set to nothing counts as not set.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Where Terraform works, which is where it starts a provider.
    #[must_use]
    pub fn working_directory(&self) -> WorkingDirectory<'_> {
        WorkingDirectory {
            root: &self.root,
            data_dir: self.variable("TF_DATA_DIR"),
            workspace: self.variable("TF_WORKSPACE"),
        }
    }

    /// Where programs keep what must survive a restart. The sweeper looks in the same place.
    ///
    /// # Errors
    /// No variable says where, or one with a relative path.
    pub fn state_home(&self) -> Result<PathBuf, NoStateHome> {
        location::state_home(|name| self.variable(name))
    }

    /// Where programs keep what can be had again: `XDG_CACHE_HOME`, else `~/.cache`, else beside what must survive,
    /// else in the root: nothing is lost with it.
    #[must_use]
    pub fn cache_home(&self) -> PathBuf {
        match (self.variable("XDG_CACHE_HOME"), self.variable("HOME")) {
            (Some(home), _) => PathBuf::from(home),
            (None, Some(home)) => PathBuf::from(home).join(".cache"),
            (None, None) => self.state_home().unwrap_or_else(|_| self.root.clone()),
        }
    }

    /// Whether this is a CI job, whose disk dies with it.
    #[must_use]
    pub fn is_ci(&self) -> bool {
        is_ci(|name| self.variable(name))
    }

    /// Which CLI runs this. OpenTofu says so in the names of its files and variables; Terraform is the default.
    #[must_use]
    pub fn cli(&self) -> &'static str {
        let says_tofu = ["TOFU_CLI_CONFIG_FILE", "OPENTOFU_VERSION"]
            .into_iter()
            .any(|name| self.variable(name).is_some());
        if says_tofu || self.client.as_deref() == Some("tofu") {
            "tofu"
        } else {
            "terraform"
        }
    }

    /// The host's name, as the variables or the system say.
    #[must_use]
    pub fn host_name(&self) -> String {
        let variable = ["HOSTNAME", "COMPUTERNAME"]
            .into_iter()
            .find_map(|name| self.variable(name));
        let known = variable.map(str::to_owned).or_else(|| self.host.clone());
        known.unwrap_or_else(|| "localhost".to_owned())
    }

    /// The identity that the variables claim, without a proof.
    #[must_use]
    pub fn identity(&self) -> Identity {
        let named = |names: [&str; 2], known: &Option<String>| {
            let variable = names.into_iter().find_map(|name| self.variable(name));
            variable.map(str::to_owned).or_else(|| known.clone())
        };
        let user = named(["USER", "USERNAME"], &self.user);
        let host = named(["HOSTNAME", "COMPUTERNAME"], &self.host);
        Identity::claimed_in(
            |name| self.variable(name),
            user.as_deref().unwrap_or("unknown"),
            host.as_deref().unwrap_or("localhost"),
        )
    }
}

/// User and host, as the system says.
mod system {
    #[cfg(unix)]
    pub(super) fn user() -> Option<String> {
        let user = nix::unistd::User::from_uid(nix::unistd::Uid::current());
        user.ok().flatten().map(|user| user.name)
    }

    #[cfg(unix)]
    pub(super) fn host() -> Option<String> {
        let host = nix::unistd::gethostname().ok()?;
        host.into_string().ok().filter(|host| !host.is_empty())
    }

    /// The arguments of the process that started this one; nothing where the system does not show them.
    #[cfg(target_os = "linux")]
    #[expect(
        clippy::disallowed_methods,
        reason = "an edge: how this process came to be is part of its invocation"
    )]
    pub(super) fn arguments_of_the_client() -> Vec<String> {
        let client = std::os::unix::process::parent_id();
        let line = std::fs::read(format!("/proc/{client}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0)
            .map(|argument| String::from_utf8_lossy(argument).into_owned())
            .collect()
    }

    /// The name of the process that started this one.
    #[cfg(target_os = "linux")]
    #[expect(
        clippy::disallowed_methods,
        reason = "an edge: how this process came to be is part of its invocation"
    )]
    pub(super) fn name_of_the_client() -> Option<String> {
        let client = std::os::unix::process::parent_id();
        let name = std::fs::read_to_string(format!("/proc/{client}/comm")).ok()?;
        Some(name.trim().to_owned())
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn name_of_the_client() -> Option<String> {
        None
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn arguments_of_the_client() -> Vec<String> {
        Vec::new()
    }

    #[cfg(not(unix))]
    pub(super) fn user() -> Option<String> {
        None
    }

    #[cfg(not(unix))]
    pub(super) fn host() -> Option<String> {
        None
    }
}
