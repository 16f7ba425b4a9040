//! Many environments: what each filter lets through, in which order, and what happens when a record cannot be read.

use serde_json::{Value as Json, json};

use crate::common::{Bench, Provider, places};
use crate::driver::values::{REFINED, UNKNOWN};
use crate::driver::{assert_no_errors, only_error};

const ENVIRONMENT: &str = "ephemeral_environment";
const ENVIRONMENTS: &str = "ephemeral_environments";

/// Four that live, with and without a request, and one that was given back; each from a provider of its own, as in
/// different states.
async fn fleet(bench: &Bench) -> Provider {
    let request = |number| json!({"repository": "acme/shop", "number": number});
    for config in [
        json!({"name": "pr-2", "owner": "ana", "team": "checkout", "pull_request": request(2)}),
        json!({"name": "pr-1", "owner": "bob", "team": "checkout", "pull_request": request(1),
               "tags": {"cost-centre": "4711"}}),
        json!({"name": "nightly", "owner": "ana", "project": "shop", "tags": {"cost-centre": "4711"}}),
        json!({"name": "mr-1", "owner": "eve",
               "pull_request": {"forge": "gitlab", "repository": "acme/shop", "number": 1}}),
    ] {
        bench.provider().await.create(ENVIRONMENT, config).await;
    }
    let provider = bench.provider().await;
    let gone = provider.create(ENVIRONMENT, json!({"name": "gone"})).await;
    provider.change(ENVIRONMENT, &gone, Json::Null).await;
    bench.provider().await
}

async fn read(provider: &Provider, config: Json) -> Json {
    let (object, told) = provider.read_data(ENVIRONMENTS, config).await;
    assert_no_errors(&told);
    object
}

#[tokio::test]
async fn each_filter_lets_through_what_fits_and_all_of_them_have_to() {
    let bench = Bench::new();
    let provider = fleet(&bench).await;
    let request = |request: Json| json!({"pull_request": request});
    for (config, names) in [
        (json!({}), vec!["mr-1", "nightly", "pr-1", "pr-2"]),
        (json!({"owner": "ana"}), vec!["nightly", "pr-2"]),
        (json!({"owner": "Ana"}), vec![]),
        (json!({"team": "checkout"}), vec!["pr-1", "pr-2"]),
        (json!({"project": "shop"}), vec!["nightly"]),
        (
            json!({"tags": {"cost-centre": "4711"}}),
            vec!["nightly", "pr-1"],
        ),
        (json!({"tags": {"cost-centre": "4712"}}), vec![]),
        (
            json!({"tags": {"cost-centre": "4711", "ephemeral-owner": "bob"}}),
            vec!["pr-1"],
        ),
        (json!({"tags": {}}), vec!["mr-1", "nightly", "pr-1", "pr-2"]),
        (
            request(json!({"repository": "acme/shop"})),
            vec!["mr-1", "pr-1", "pr-2"],
        ),
        (
            request(json!({"repository": "acme/shop", "number": 1})),
            vec!["mr-1", "pr-1"],
        ),
        (
            request(json!({"repository": "acme/shop", "number": 1, "forge": "github"})),
            vec!["pr-1"],
        ),
        (request(json!({"repository": "acme/web"})), vec![]),
        (
            json!({"phases": ["provisioning"]}),
            vec!["mr-1", "nightly", "pr-1", "pr-2"],
        ),
        (json!({"phases": ["expired", "stuck"]}), vec![]),
        (json!({"phases": ["released"]}), vec!["gone"]),
        (
            json!({"phases": ["released", "provisioning"], "owner": "ana"}),
            vec!["gone", "nightly", "pr-2"],
        ),
        (json!({"owner": "ana", "team": "checkout"}), vec!["pr-2"]),
        (json!({"owner": "bob", "project": "shop"}), vec![]),
    ] {
        let found = read(&provider, config.clone()).await;
        assert_eq!(found["names"], json!(names), "{config}");
        let listed = found["environments"].as_array().expect("a list");
        let listed: Vec<&str> = listed
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        assert_eq!(listed, names, "{config}");
        assert_eq!(found["unreadable"], json!([]));
        for (name, value) in config.as_object().expect("a filter") {
            let complete = name != "pull_request";
            assert!(
                !complete || found[name] == *value,
                "the filter is in the answer"
            );
        }
    }
}

#[tokio::test]
async fn each_one_says_what_the_single_data_source_says_and_the_order_is_that_of_generations() {
    let bench = Bench::new();
    let provider = fleet(&bench).await;
    let listed = read(&provider, json!({})).await;
    for one in listed["environments"].as_array().expect("a list") {
        let (single, told) = provider
            .read_data(ENVIRONMENT, json!({"id": one["id"]}))
            .await;
        assert_no_errors(&told);
        assert_eq!(single, *one);
    }
    bench
        .provider()
        .await
        .create(ENVIRONMENT, json!({"name": "gone"}))
        .await;
    let phases = json!({"phases": ["released", "provisioning"], "owner": "ana"});
    let both = read(&provider, phases).await;
    assert_eq!(
        both["names"],
        json!(["gone", "nightly", "pr-2"]),
        "each name once"
    );
    let generations: Vec<_> = both["environments"]
        .as_array()
        .expect("a list")
        .iter()
        .collect();
    assert_eq!(
        (&generations[0]["name"], &generations[0]["generation"]),
        (&json!("gone"), &json!(1))
    );
    assert_eq!(
        (&generations[1]["name"], &generations[1]["generation"]),
        (&json!("gone"), &json!(2))
    );
    assert_eq!(both["ids"][1], generations[1]["id"]);
}

/// Does to the file what no program of ours would.
fn sql(bench: &Bench, statement: &str) {
    let connection = rusqlite::Connection::open(bench.ledger()).expect("opened");
    connection.execute_batch(statement).expect("done");
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_named_and_is_never_taken_for_one_that_is_not_there() {
    let bench = Bench::new();
    let provider = fleet(&bench).await;
    let before = read(&provider, json!({})).await;
    let damaged = before["ids"][1].as_str().expect("an id").to_owned();
    sql(
        &bench,
        "UPDATE records SET body = '{\"version\": 999}' WHERE name = 'nightly'",
    );

    let (object, told) = provider
        .read_data(ENVIRONMENTS, json!({"owner": "bob"}))
        .await;
    let error = only_error(&told);
    assert_eq!(
        (error.summary.as_str(), object),
        ("Unreadable Records", Json::Null)
    );
    assert!(error.detail.contains(&damaged), "{error:?}");

    let config = json!({"owner": "bob", "allow_unreadable": true});
    let (object, told) = provider.read_data(ENVIRONMENTS, config).await;
    assert_no_errors(&told);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].summary, "Records Left Out");
    assert!(told[0].detail.contains(&damaged), "{told:?}");
    assert_eq!(object["names"], json!(["pr-1"]));
    assert_eq!(object["unreadable"], json!([damaged]));

    for config in [
        json!({"name": "nightly"}),
        json!({"name": "nightly", "generation": 1}),
    ] {
        let (_, told) = provider.read_data(ENVIRONMENT, config).await;
        assert_eq!(only_error(&told).summary, "Unreadable Records");
    }
    let (_, told) = provider
        .read_data(ENVIRONMENT, json!({"id": damaged}))
        .await;
    assert_eq!(only_error(&told).summary, "Ledger Not Available");
    let (object, told) = provider
        .read_data(ENVIRONMENT, json!({"name": "pr-1"}))
        .await;
    assert_no_errors(&told);
    assert_eq!(object["name"], "pr-1", "others are not its business");
}

/// Use is no part of a record, so a filter by it would find nothing and say so by an empty list.
#[tokio::test]
async fn a_phase_nothing_can_be_in_is_named_with_why() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (phase, why) in [
        (
            json!("dead"),
            "`dead` is no phase; expected one of `requested`",
        ),
        (json!(null), "`null` is no phase"),
        (
            json!("active"),
            "`active` follows from when the environment was last used",
        ),
        (
            json!("idle"),
            "`idle` follows from when the environment was last used",
        ),
    ] {
        let config = json!({ "phases": [phase] });
        let told = provider.validate_data(ENVIRONMENTS, config).await;
        let detail = only_error(&told).detail.to_lowercase();
        assert!(detail.contains(why), "{detail}");
    }
}

#[tokio::test]
async fn every_wrong_filter_is_refused_at_its_own_attribute() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (config, at) in [
        (json!({"owner": ""}), "owner"),
        (json!({"team": " "}), "team"),
        (json!({"project": ""}), "project"),
        (json!({"owner": {}}), "owner"),
        (json!({"phases": []}), "phases"),
        (json!({"phases": "expired"}), "phases"),
        (json!({"phases": ["expired", "dead"]}), "phases[1]"),
        (json!({"phases": [null]}), "phases[0]"),
        (json!({"phases": ["held", "active"]}), "phases[1]"),
        (json!({"phases": ["idle", "held"]}), "phases[0]"),
        (json!({"tags": {"a": null}}), r#"tags["a"]"#),
        (json!({"tags": ["a"]}), "tags"),
        (
            json!({"pull_request": {"number": 1}}),
            r#"pull_request["repository"]"#,
        ),
        (
            json!({"pull_request": {"repository": "shop"}}),
            r#"pull_request["repository"]"#,
        ),
        (
            json!({"pull_request": {"repository": "a/b", "forge": "git"}}),
            r#"pull_request["forge"]"#,
        ),
        (
            json!({"pull_request": {"repository": "a/b", "number": 0}}),
            r#"pull_request["number"]"#,
        ),
        (json!({"allow_unreadable": "maybe"}), "allow_unreadable"),
        (json!({"environments": []}), "environments"),
        (json!({"names": []}), "names"),
    ] {
        let told = provider.validate_data(ENVIRONMENTS, config.clone()).await;
        assert_eq!(places(&told), [at], "{config}: {told:#?}");
    }
    let all = json!({"owner": "", "phases": ["dead", "gone"], "tags": {"a": null}});
    let told = provider.validate_data(ENVIRONMENTS, all).await;
    assert_eq!(
        places(&told),
        ["owner", "phases[0]", "phases[1]", r#"tags["a"]"#]
    );
}

#[tokio::test]
async fn an_unknown_filter_waits_in_validation_and_is_never_read() {
    let bench = Bench::new();
    let provider = fleet(&bench).await;
    for unknown in [UNKNOWN, REFINED] {
        for config in [
            json!({"owner": unknown}),
            json!({"phases": unknown}),
            json!({"phases": ["expired", unknown]}),
            json!({"tags": unknown}),
            json!({"tags": {"a": unknown}}),
            json!({"pull_request": unknown}),
            json!({"pull_request": {"repository": unknown, "number": unknown}}),
            json!({"allow_unreadable": unknown}),
        ] {
            let told = provider.validate_data(ENVIRONMENTS, config.clone()).await;
            assert_no_errors(&told);
            let (object, told) = provider.read_data(ENVIRONMENTS, config).await;
            assert_eq!(only_error(&told).summary, "Unknown Value on Reading");
            assert_eq!(object, Json::Null);
        }
    }
}
