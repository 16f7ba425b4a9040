//! Settings: what an address keeps tells where, and nothing kept or shown opens a door.

use std::path::Path;

use ledger::state_address::{DEFAULT_WORKSPACE, StateAddress};
use proptest::prelude::*;
use serde_json::Value as Json;

const SECRET: &str = "hunter2";

fn address(backend: &str, settings: &[(&str, &str)], workspace: &str) -> StateAddress {
    let settings = settings
        .iter()
        .map(|(key, value)| ((*key).to_owned(), Json::from(*value)));
    backend::address(backend, settings, workspace, Path::new("/r"))
}

/// Everything anybody could see of it.
fn everything(address: &StateAddress) -> String {
    format!("{address} {address:?}")
}

#[test]
fn no_setting_that_opens_a_door_is_kept_on_any_backend() {
    let doors = [
        ("s3", "access_key"),
        ("s3", "secret_key"),
        ("s3", "token"),
        ("s3", "sse_customer_key"),
        ("s3", "assume_role"),
        ("s3", "external_id"),
        ("gcs", "credentials"),
        ("gcs", "access_token"),
        ("gcs", "encryption_key"),
        ("azurerm", "access_key"),
        ("azurerm", "sas_token"),
        ("azurerm", "client_secret"),
        ("azurerm", "client_certificate_password"),
        ("azurerm", "oidc_token"),
        ("pg", "conn_str"),
        ("consul", "access_token"),
        ("consul", "http_auth"),
        ("http", "address"),
        ("http", "username"),
        ("http", "password"),
        ("http", "client_private_key_pem"),
        ("kubernetes", "token"),
        ("kubernetes", "password"),
        ("kubernetes", "client_key"),
        ("kubernetes", "exec"),
        ("oss", "access_key"),
        ("oss", "secret_key"),
        ("oss", "security_token"),
        ("cos", "secret_id"),
        ("cos", "secret_key"),
        ("remote", "token"),
        ("cloud", "token"),
        ("local", "password"),
        ("a-backend-of-tomorrow", "bucket"),
    ];
    for (backend, setting) in doors {
        let kept = address(backend, &[(setting, SECRET)], DEFAULT_WORKSPACE);
        assert!(!everything(&kept).contains(SECRET), "{backend}: {setting}");
        assert!(!kept.settings.contains_key(setting), "{backend}: {setting}");
    }
}

#[test]
fn what_tells_where_is_kept() {
    let kept = address(
        "s3",
        &[
            ("bucket", "states"),
            ("key", "shop/terraform.tfstate"),
            ("region", "eu-central-1"),
            ("secret_key", SECRET),
        ],
        "pr-128",
    );
    assert_eq!(
        kept.to_string(),
        "s3:bucket=states,key=shop/terraform.tfstate,region=eu-central-1 (workspace pr-128)"
    );
    let azure = address(
        "azurerm",
        &[("key", "shop.tfstate"), ("access_key", SECRET)],
        "default",
    );
    assert_eq!(azure.to_string(), "azurerm:key=shop.tfstate");
}

#[test]
fn a_credential_inside_an_address_is_cut_out_of_it() {
    let cases = [
        (
            "https://ana:hunter2@minio.example:9000",
            "https://minio.example:9000",
        ),
        (
            "https://hunter2@minio.example/path",
            "https://minio.example/path",
        ),
        (
            "https://minio.example/path?sig=hunter2",
            "https://minio.example/path",
        ),
        ("https://minio.example#hunter2", "https://minio.example"),
        (
            "https://a@b:hunter2@minio.example/",
            "https://minio.example/",
        ),
        (
            "https://ana:x/hunter2?#@minio.example",
            "https://minio.example",
        ),
        ("ana:hunter2@minio.example", "minio.example"),
        ("https://minio.example:9000", "https://minio.example:9000"),
    ];
    for (given, kept) in cases {
        let s3 = address("s3", &[("endpoint", given)], DEFAULT_WORKSPACE);
        assert_eq!(s3.settings["endpoint"], kept, "{given}");
        let gcs = address(
            "gcs",
            &[("storage_custom_endpoint", given)],
            DEFAULT_WORKSPACE,
        );
        assert!(!everything(&gcs).contains(SECRET), "{given}");
    }
    // An `@` that is no credential is no reason to change a key.
    let key = address("s3", &[("key", "team@shop/state?v=1")], DEFAULT_WORKSPACE);
    assert_eq!(key.settings["key"], "team@shop/state?v=1");
}

#[test]
fn only_an_address_that_keeps_what_tells_states_apart_is_certain() {
    let address = |backend: &str, settings: &[(&str, &str)]| {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        StateAddress::new(backend, settings.iter().map(owned), DEFAULT_WORKSPACE)
    };
    let certain = [
        address("local", &[("path", "/srv/shop/terraform.tfstate")]),
        address("s3", &[("bucket", "states"), ("key", "shop")]),
        address("gcs", &[("bucket", "states")]),
    ];
    for one in certain {
        assert!(backend::is_certain(&one), "{one}");
    }
    let uncertain = [
        address("pg", &[("schema_name", "shop")]),
        address("http", &[]),
        address("s3", &[("bucket", "states")]),
        address("local", &[("path", "")]),
        address("remote", &[("organization", "acme")]),
    ];
    for one in uncertain {
        assert!(!backend::is_certain(&one), "{one}");
    }
}

#[test]
fn two_connections_are_one_address_and_no_certainty() {
    let databases = ["postgres://a:x@one/states", "postgres://b:y@two/states"]
        .map(|connection| address("pg", &[("conn_str", connection)], DEFAULT_WORKSPACE));
    assert_eq!(databases[0], databases[1]);
    assert!(!backend::is_certain(&databases[0]));
}

proptest! {
    #[test]
    fn no_unknown_setting_of_any_backend_is_kept_or_shown(
        backend in "s3|gcs|azurerm|pg|http|consul|kubernetes|local|remote|cloud|oss|cos|[a-z]{1,8}",
        setting in "[a-z_]{0,12}(token|secret|password|key_id|conn_str|credential|auth)[a-z_]{0,6}",
    ) {
        prop_assume!(setting != "kms_key_id" && setting != "secret_suffix");
        let kept = address(&backend, &[(setting.as_str(), SECRET)], "pr-1");
        prop_assert!(!everything(&kept).contains(SECRET));
    }

    #[test]
    fn no_credential_in_a_url_survives(
        user in "[a-z@:]{0,6}", path in "(/[a-z]{0,5}){0,2}", tail in "(\\?|#)?",
    ) {
        let given = format!("https://{user}:{SECRET}@host{path}{tail}{}", if tail.is_empty() { "" } else { SECRET });
        let kept = address("s3", &[("endpoint", given.as_str())], DEFAULT_WORKSPACE);
        prop_assert!(!everything(&kept).contains(SECRET), "{}", kept);
        prop_assert!(kept.settings["endpoint"].starts_with("https://host"), "{}", kept);
    }
}
