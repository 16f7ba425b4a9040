//! Terraform's own data directory, as Terraform writes it, and what leaves it.

use std::path::Path;

use super::*;

struct Root(tempfile::TempDir);

impl Root {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory of the test's own"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a test prepares the files that are read"
    )]
    fn with(self, file: &str, text: &str) -> Self {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().expect("in the root")).expect("made");
        std::fs::write(path, text).expect("written");
        self
    }

    fn backend(self, backend: &str) -> Self {
        let file = format!(
            r#"{{"version": 3, "terraform_version": "1.11.4", "backend": {backend}, "hash": 1}}"#
        );
        self.with(".terraform/terraform.tfstate", &file)
    }

    fn address(&self, variables: &[(&str, &str)]) -> Result<StateAddress, String> {
        let set = |name: &str| {
            let found = variables.iter().find(|(set, _)| *set == name);
            found.map(|(_, value)| *value)
        };
        WorkingDirectory {
            root: self.path(),
            data_dir: set("TF_DATA_DIR"),
            workspace: set("TF_WORKSPACE"),
        }
        .state_address()
    }

    fn found(&self, variables: &[(&str, &str)]) -> String {
        let address = self.address(variables).expect("it is found");
        let here = self.path().to_string_lossy().into_owned();
        address.to_string().replace(&here, "HERE")
    }
}

#[test]
fn without_a_data_directory_the_state_is_beside_the_configuration() {
    assert_eq!(Root::new().found(&[]), "local:HERE/terraform.tfstate");
    let initialised = Root::new().with(".terraform/providers/x", "");
    assert_eq!(initialised.found(&[]), "local:HERE/terraform.tfstate");
}

#[test]
fn the_selected_workspace_and_the_variable_over_it_are_followed() {
    let root = Root::new().with(".terraform/environment", "blue\n");
    let blue = "local:HERE/terraform.tfstate.d/blue/terraform.tfstate";
    assert_eq!(root.found(&[]), blue);
    assert_eq!(
        root.found(&[("TF_WORKSPACE", "green")]),
        "local:HERE/terraform.tfstate.d/green/terraform.tfstate"
    );
    let empty = Root::new().with(".terraform/environment", "");
    assert_eq!(empty.found(&[]), "local:HERE/terraform.tfstate");
}

#[test]
fn a_data_directory_elsewhere_is_followed() {
    let root = Root::new()
        .with(".terraform/environment", "wrong")
        .with("data/environment", "blue");
    let blue = "local:HERE/terraform.tfstate.d/blue/terraform.tfstate";
    assert_eq!(root.found(&[("TF_DATA_DIR", "data")]), blue);
    let absolute = root.path().join("data");
    let absolute = absolute.to_str().expect("UTF-8");
    assert_eq!(root.found(&[("TF_DATA_DIR", absolute)]), blue);
}

#[test]
fn a_local_backend_is_an_absolute_file() {
    let config =
        r#"{"type": "local", "config": {"path": "states/shop.tfstate", "workspace_dir": null}}"#;
    let root = Root::new().backend(config);
    assert_eq!(root.found(&[]), "local:HERE/states/shop.tfstate");
    assert_eq!(
        root.found(&[("TF_WORKSPACE", "blue")]),
        "local:HERE/terraform.tfstate.d/blue/terraform.tfstate"
    );
    let config =
        r#"{"type": "local", "config": {"path": "/srv/shop.tfstate", "workspace_dir": "/srv/ws"}}"#;
    let root = Root::new().backend(config);
    assert_eq!(root.found(&[]), "local:/srv/shop.tfstate");
    assert_eq!(
        root.found(&[("TF_WORKSPACE", "blue")]),
        "local:/srv/ws/blue/terraform.tfstate"
    );
    let null = r#"{"type": "local", "config": {"path": null, "workspace_dir": null}}"#;
    assert_eq!(
        Root::new().backend(null).found(&[]),
        "local:HERE/terraform.tfstate"
    );
    assert_eq!(
        Root::new().backend("null").found(&[]),
        "local:HERE/terraform.tfstate"
    );
}

#[test]
fn no_secret_of_any_backend_leaves_the_data_directory() {
    let secret = "hunter2";
    let backends = [
        (
            "s3",
            r#"{"bucket": "b", "key": "k", "use_lockfile": true, "max_retries": 5,
            "access_key": "hunter2", "secret_key": "hunter2", "token": "hunter2", "sse_customer_key": "hunter2",
            "assume_role": {"external_id": "hunter2"}, "endpoints": null}"#,
            "s3:bucket=b,key=k,use_lockfile=true",
        ),
        (
            "azurerm",
            r#"{"storage_account_name": "a", "container_name": "c", "key": "k", "client_secret": "hunter2",
            "access_key": "hunter2", "sas_token": "hunter2", "client_certificate_password": "hunter2"}"#,
            "azurerm:container_name=c,key=k,storage_account_name=a",
        ),
        (
            "gcs",
            r#"{"bucket": "b", "prefix": "p", "credentials": "hunter2", "access_token": "hunter2",
            "encryption_key": "hunter2"}"#,
            "gcs:bucket=b,prefix=p",
        ),
        (
            "pg",
            r#"{"conn_str": "postgres://me:hunter2@db/x", "schema_name": "shop"}"#,
            "pg:schema_name=shop",
        ),
        (
            "http",
            r#"{"address": "https://me:hunter2@git/state", "username": "me", "password": "hunter2"}"#,
            "http:",
        ),
        (
            "consul",
            r#"{"path": "p", "address": "hunter2", "access_token": "hunter2", "http_auth": "hunter2"}"#,
            "consul:path=p",
        ),
        (
            "kubernetes",
            r#"{"secret_suffix": "shop", "token": "hunter2", "client_key": "hunter2",
            "exec": [{"args": ["hunter2"]}]}"#,
            "kubernetes:secret_suffix=shop",
        ),
        (
            "remote",
            r#"{"organization": "acme", "token": "hunter2", "workspaces": [{"name": "x"}]}"#,
            "remote:organization=acme",
        ),
        ("brand-new", r#"{"where": "hunter2"}"#, "brand-new:"),
    ];
    for (kind, config, expected) in backends {
        let config = format!(r#"{{"type": "{kind}", "config": {config}}}"#);
        let root = Root::new().backend(&config);
        let address = root.address(&[]).expect("it is found");
        assert_eq!(address.to_string(), expected);
        assert!(!format!("{address:?}").contains(secret), "{address:?}");
    }
}

#[test]
fn a_workspace_of_a_remote_backend_is_part_of_the_address() {
    let root = Root::new()
        .backend(r#"{"type": "s3", "config": {"bucket": "b", "key": "k"}}"#)
        .with(".terraform/environment", "blue");
    assert_eq!(root.found(&[]), "s3:bucket=b,key=k (workspace blue)");
}

#[test]
fn what_cannot_be_read_is_an_error_that_names_the_file_and_repeats_nothing_of_it() {
    for text in [
        "",
        "hunter2",
        r#"{"backend": {"type": "s3", "config": {"secret_key": "hunter2"}"#,
        r#"{"backend": {"type": 7, "config": {"secret_key": "hunter2"}}}"#,
        r#"{"backend": {"config": "hunter2"}}"#,
    ] {
        let root = Root::new().with(".terraform/terraform.tfstate", text);
        let error = root.address(&[]).expect_err(text);
        assert!(error.contains(".terraform/terraform.tfstate"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let root = Root::new().with(".terraform/terraform.tfstate/directory", "");
    let error = root.address(&[]).expect_err("a directory");
    assert!(error.contains("could not be read"), "{error}");
    let root = Root::new().with(".terraform/environment/directory", "");
    let error = root.address(&[]).expect_err("a directory");
    assert!(error.contains("environment could not be read"), "{error}");
}
