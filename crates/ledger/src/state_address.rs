//! Where a Terraform state is: the backend's type, its configuration without secrets, and the workspace.
//!
//! The configuration is kept by an allow-list: a setting that is not known to be harmless is not recorded at all.

use std::{collections::BTreeMap, fmt, path::PathBuf};

/// The workspace every state has.
pub const DEFAULT_WORKSPACE: &str = "default";

/// The address of one state.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StateAddress {
    /// `local`, `s3`, `pg`, …
    pub backend: String,
    /// Settings that say where, never ones that open doors. For `local`: absolute `path` and `workspace_dir`.
    pub settings: BTreeMap<String, String>,
    /// The workspace, `default` if none was selected.
    pub workspace: String,
}

/// The settings of a backend that say where its states are and hold no secret.
fn harmless(backend: &str) -> &'static [&'static str] {
    match backend {
        "local" => &["path", "workspace_dir"],
        "s3" => &[
            "bucket",
            "key",
            "region",
            "workspace_key_prefix",
            "use_lockfile",
            "dynamodb_table",
            "encrypt",
            "kms_key_id",
            "use_path_style",
            "endpoint",
            "role_arn",
        ],
        "gcs" => &["bucket", "prefix", "storage_custom_endpoint"],
        "azurerm" => &[
            "storage_account_name",
            "container_name",
            "key",
            "resource_group_name",
            "subscription_id",
            "environment",
        ],
        "pg" => &["schema_name"],
        "consul" => &["path", "scheme", "datacenter", "gzip", "lock"],
        "kubernetes" => &["secret_suffix", "namespace"],
        "oss" => &["bucket", "prefix", "key", "region", "tablestore_table"],
        "cos" => &["bucket", "prefix", "key", "region"],
        "remote" | "cloud" => &["hostname", "organization", "workspaces"],
        _ => &[],
    }
}

/// The settings that together name one state for certain; `None` where what tells two states apart is not kept, as it
/// may hold a secret (a connection, a URL) or is not known here.
fn telling(backend: &str) -> Option<&'static [&'static str]> {
    match backend {
        "local" => Some(&["path"]),
        "s3" => Some(&["bucket", "key"]),
        "gcs" | "oss" | "cos" => Some(&["bucket"]),
        "azurerm" => Some(&["storage_account_name", "container_name", "key"]),
        _ => None,
    }
}

/// Settings that are URLs, which may hold a user, a password or a signature.
const URLS: [&str; 2] = ["endpoint", "storage_custom_endpoint"];

/// Scheme, host and path of a URL. Whatever stands before the last `@` may be a password, however it is written.
fn without_credentials(url: &str) -> String {
    let (scheme, rest) = url
        .split_once("://")
        .map_or(("", url), |(scheme, rest)| (scheme, rest));
    let place = rest.rsplit('@').next().unwrap_or_default();
    let place = place.split(['?', '#']).next().unwrap_or_default();
    let separator = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{separator}{place}")
}

impl StateAddress {
    /// An address that keeps only what is harmless of `settings`.
    #[must_use]
    pub fn new(
        backend: impl Into<String>,
        settings: impl IntoIterator<Item = (String, String)>,
        workspace: impl Into<String>,
    ) -> Self {
        let backend = backend.into();
        let kept = harmless(&backend);
        Self {
            settings: settings
                .into_iter()
                .filter(|(key, _)| kept.contains(&key.as_str()))
                .map(|(key, value)| match URLS.contains(&key.as_str()) {
                    true => (key, without_credentials(&value)),
                    false => (key, value),
                })
                .collect(),
            workspace: workspace.into(),
            backend,
        }
    }

    /// Whether two addresses equal to this one are one state for certain. Where it is not, equality proves nothing: every
    /// `http` address is equal to every other, because the URL is not kept.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        telling(&self.backend).is_some_and(|keys| {
            keys.iter()
                .all(|key| self.settings.get(*key).is_some_and(|text| !text.is_empty()))
        })
    }

    /// The file of a `local` state; `None` for other backends, without a path, or for a workspace that would lead out of
    /// its directory.
    ///
    /// The default workspace is `path` itself, another is `<workspace_dir>/<workspace>/terraform.tfstate`.
    #[must_use]
    pub fn local_file(&self) -> Option<PathBuf> {
        if self.backend != "local" {
            return None;
        }
        let path = PathBuf::from(self.settings.get("path")?);
        if self.workspace == DEFAULT_WORKSPACE {
            return Some(path);
        }
        let leads_out = ["", ".", ".."].contains(&self.workspace.as_str())
            || self.workspace.contains(['/', '\\']);
        if leads_out {
            return None;
        }
        let workspaces = PathBuf::from(self.settings.get("workspace_dir")?);
        Some(workspaces.join(&self.workspace).join("terraform.tfstate"))
    }
}

/// `local:/srv/shop/terraform.tfstate`, `s3:bucket=states,key=shop (workspace pr-128)`.
impl fmt::Display for StateAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = self.local_file() {
            return write!(f, "local:{}", file.display());
        }
        let settings: Vec<String> = self
            .settings
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        write!(f, "{}:{}", self.backend, settings.join(","))?;
        if self.workspace != DEFAULT_WORKSPACE {
            write!(f, " (workspace {})", self.workspace)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(backend: &str, settings: &[(&str, &str)]) -> StateAddress {
        let settings = settings
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        StateAddress::new(backend, settings, DEFAULT_WORKSPACE)
    }

    #[test]
    fn only_an_address_that_keeps_what_tells_states_apart_is_certain() {
        let certain = [
            address("local", &[("path", "/srv/shop/terraform.tfstate")]),
            address("s3", &[("bucket", "states"), ("key", "shop")]),
            address("gcs", &[("bucket", "states")]),
        ];
        for one in certain {
            assert!(one.is_certain(), "{one}");
        }
        let two_databases = ["postgres://a:x@one/states", "postgres://b:y@two/states"]
            .map(|connection| address("pg", &[("conn_str", connection)]));
        assert_eq!(two_databases[0], two_databases[1]);
        let uncertain = [
            two_databases[0].clone(),
            address("http", &[("address", "https://git.example/state/1")]),
            address("s3", &[("bucket", "states")]),
            address("local", &[("path", "")]),
            address("remote", &[("organization", "acme")]),
        ];
        for one in uncertain {
            assert!(!one.is_certain(), "{one}");
        }
    }

    #[test]
    fn a_setting_that_opens_doors_is_not_kept() {
        let kept = address("s3", &[("bucket", "b"), ("secret_key", "hunter2")]);
        assert!(!format!("{kept:?} {kept}").contains("hunter2"));
        assert_eq!(kept.to_string(), "s3:bucket=b");
    }
}
