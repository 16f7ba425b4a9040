//! Configurations that are wrong, each refused on its attribute.

use super::*;

#[tokio::test]
async fn a_configuration_is_refused_on_the_attribute_that_is_wrong() {
    let driver = workshop().await;
    for (config, summary, at) in [
        (json!({}), "Missing Required Value", "name"),
        (
            json!({"name": "a", "id": "x"}),
            "Value for a Read-Only Attribute",
            "id",
        ),
        (
            json!({"name": "a", "id": UNKNOWN}),
            "Value for a Read-Only Attribute",
            "id",
        ),
        (
            json!({"name": "a", "policy": {}}),
            "Missing Required Value",
            r#"policy["mode"]"#,
        ),
        (
            json!({"name": "a", "policy": {"mode": "x", "stamp": "y"}}),
            "Value for a Read-Only Attribute",
            r#"policy["stamp"]"#,
        ),
        (
            json!({"name": "a", "rules": [{"mode": "x"}, {}]}),
            "Missing Required Value",
            "rules[1]",
        ),
        (
            json!({"name": "a", "notify": [{}]}),
            "Missing Required Value",
            "notify[0].email",
        ),
        (
            json!({"name": "a", "colour": "red"}),
            "Unsupported Attribute",
            "colour",
        ),
        (
            json!({"name": "a", "policy": {"mode": "x", "hue": 1}}),
            "Unsupported Attribute",
            r#"policy["hue"]"#,
        ),
        (json!({"name": 7}), "Wrong Type", "name"),
        (json!({"name": "a", "size": "large"}), "Wrong Type", "size"),
        (json!({"name": "a", "tags": ["x"]}), "Wrong Type", "tags"),
        (
            json!({"name": "a", "tags": {"k": {}}}),
            "Wrong Type",
            r#"tags["k"]"#,
        ),
        (json!({"name": "a", "policy": 3}), "Wrong Type", "policy"),
        (json!({"name": "a", "rules": {}}), "Wrong Type", "rules"),
        (
            json!({"name": "a", "amount": 1.5}),
            "Unusable Value",
            "amount",
        ),
    ] {
        let said = driver.validate(WIDGET, config.clone()).await;
        let error = only_error(&said);
        assert_eq!(
            (error.summary.as_str(), error.at.as_str()),
            (summary, at),
            "{config}"
        );
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once_and_no_value_is_shown() {
    let driver = workshop().await;
    let config = json!({"size": "s3cret", "amount": "s3cret", "policy": {"mode": 5}});
    let said = driver.validate(WIDGET, config).await;
    let mut places: Vec<&str> = said.iter().map(|said| said.at.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["amount", "name", r#"policy["mode"]"#, "size"]);
    assert!(!format!("{said:?}").contains("s3cret"));
    let both = driver
        .validate(WIDGET, json!({"id": "x", "policy": {}}))
        .await;
    assert_eq!(both.len(), 3, "{both:?}");
}

#[tokio::test]
async fn what_the_type_says_itself_is_told_beside_what_breaks_the_schema() {
    let driver = workshop().await;
    for broken in [
        json!({"behaviour": "warn"}),
        json!({"behaviour": "warn", "name": "a", "id": "x"}),
        json!({"behaviour": "warn", "name": "a", "size": "large"}),
        json!({"behaviour": "warn", "name": "a", "amount": 1.5}),
        json!({"behaviour": "warn", "name": "a", "policy": {"hue": 1, "mode": "x"}}),
        json!({"behaviour": "warn", "name": "a", "notify": [{}]}),
    ] {
        let said = driver.validate(WIDGET, broken.clone()).await;
        let _ = only_error(&said);
        assert_eq!(said.len(), 2, "{broken}: {said:?}");
        assert_eq!(said[1].at, "behaviour");
    }
    let nothing = driver.validate(WIDGET, json!(["warn"])).await;
    assert_eq!(only_error(&nothing).summary, "Wrong Type");
}

#[tokio::test]
async fn warnings_do_not_stop_anything() {
    let said = workshop().await.validate(WIDGET, behaving("warn")).await;
    assert_no_errors(&said);
    assert_eq!(said[0].at, "behaviour");
    assert!(!said[0].is_error);
}

#[tokio::test]
async fn the_provider_block_is_checked_and_a_panic_in_it_is_told() {
    let driver = workshop().await;
    assert_no_errors(&driver.configure(json!({"place": "here"})).await);
    let session = driver
        .server
        .definition()
        .session
        .get()
        .expect("configured");
    assert_eq!(session.terraform_version, "1.11.4");
    assert_no_errors(&driver.configure(json!({"place": UNKNOWN})).await);
    for (config, said) in [
        (json!({}), "Missing Required Value"),
        (json!({"place": "nowhere"}), "No Such Place"),
        (json!({"place": 1}), "Wrong Type"),
        (json!({"place": "panic"}), "Provider Panicked"),
    ] {
        assert_eq!(only_error(&driver.configure(config).await).summary, said);
    }
}
