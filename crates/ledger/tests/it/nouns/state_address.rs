//! State addresses: the file that one leads to, and how one is shown.

use std::path::Path;

use ledger::state_address::{DEFAULT_WORKSPACE, StateAddress};

fn address(backend: &str, settings: &[(&str, &str)], workspace: &str) -> StateAddress {
    let settings = settings
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    StateAddress::new(backend, settings, workspace)
}

#[test]
fn the_file_of_a_local_state_follows_from_the_workspace() {
    let in_workspace = |workspace: &str| {
        address(
            "local",
            &[
                ("path", "/srv/shop/terraform.tfstate"),
                ("workspace_dir", "/srv/shop/terraform.tfstate.d"),
            ],
            workspace,
        )
    };
    let default = in_workspace(DEFAULT_WORKSPACE);
    assert_eq!(
        default.file().as_deref(),
        Some(Path::new("/srv/shop/terraform.tfstate"))
    );
    assert_eq!(default.to_string(), "local:/srv/shop/terraform.tfstate");
    let other = in_workspace("pr-128");
    let file = "/srv/shop/terraform.tfstate.d/pr-128/terraform.tfstate";
    assert_eq!(other.file().as_deref(), Some(Path::new(file)));
    assert_eq!(other.to_string(), format!("local:{file}"));
}

#[test]
fn without_what_it_takes_there_is_no_local_file() {
    let path = ("path", "/srv/terraform.tfstate");
    assert_eq!(address("local", &[], DEFAULT_WORKSPACE).file(), None);
    assert_eq!(address("local", &[path], "pr-1").file(), None);
    let bucket = ("bucket", "states");
    assert_eq!(
        address("s3", &[path, bucket], DEFAULT_WORKSPACE).file(),
        None
    );
}

#[test]
fn a_workspace_never_leads_out_of_its_directory() {
    for workspace in ["", ".", "..", "../../etc", "/etc", "a/b", "a\\b"] {
        let settings = [
            ("path", "/srv/terraform.tfstate"),
            ("workspace_dir", "/srv/d"),
        ];
        assert_eq!(
            address("local", &settings, workspace).file(),
            None,
            "{workspace:?}"
        );
    }
}

#[test]
fn what_is_no_file_is_shown_by_its_settings() {
    let consul = address("consul", &[("path", "states/shop")], DEFAULT_WORKSPACE);
    assert_eq!(consul.to_string(), "consul:path=states/shop");
    let s3 = address("s3", &[("bucket", "b"), ("key", "k")], "pr-1");
    assert_eq!(s3.to_string(), "s3:bucket=b,key=k (workspace pr-1)");
}
