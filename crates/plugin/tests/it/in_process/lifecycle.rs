//! A widget from create to destroy, and what is told about its type.

use super::*;

#[tokio::test]
async fn a_widget_lives_through_create_no_op_update_replace_and_destroy() {
    let driver = workshop().await;
    let config = json!({
        "name": "a", "size": 1.1, "tags": {"team": "x"},
        "policy": {"mode": "hard"}, "rules": [{"mode": "soft"}], "notify": [{"email": "a@b"}],
    });
    let made = driver.create(WIDGET, config.clone()).await;
    assert_eq!(made.state["id"], "w-a");
    assert_eq!(made.state["size"], "1.1", "a decimal is sent exactly");
    assert_eq!(
        made.state["policy"],
        json!({"mode": "hard", "limit": 3, "stamp": "stamped"})
    );
    assert_eq!(made.state["notify"], json!([{"email": "a@b"}]));

    let again = driver.plan(WIDGET, &made, config).await;
    assert_eq!(again.state, made.state, "a second plan changes nothing");
    assert_eq!(again.replace, Vec::<String>::new());

    let read = driver.read(WIDGET, &made).await;
    assert_eq!(
        (read.state, read.private),
        (made.state.clone(), made.private.clone())
    );

    let grown = driver
        .change(WIDGET, &made, json!({"name": "a", "size": 2}))
        .await;
    assert_eq!(grown.state["size"], 2);
    assert_eq!(grown.state["policy"], Json::Null);
    assert_ne!(
        grown.private, made.private,
        "private data follows the update"
    );

    let renamed = driver.plan(WIDGET, &grown, named("b")).await;
    assert_eq!(renamed.replace, ["name"]);
    assert_eq!(renamed.state["id"], UNKNOWN);

    let gone = driver.change(WIDGET, &grown, Json::Null).await;
    assert_eq!(gone.state, Json::Null);
}

#[tokio::test]
async fn unknown_values_pass_through_a_plan_at_every_depth() {
    let driver = workshop().await;
    let config = json!({
        "name": UNKNOWN, "size": UNKNOWN, "tags": {"team": UNKNOWN},
        "policy": {"mode": UNKNOWN}, "rules": [UNKNOWN, {"mode": UNKNOWN}], "notify": UNKNOWN,
    });
    assert_no_errors(&driver.validate(WIDGET, config.clone()).await);
    let planned = driver.plan(WIDGET, &Stored::nothing(), config).await;
    assert_no_errors(&planned.told);
    assert_eq!(planned.state["name"], UNKNOWN);
    assert_eq!(planned.state["tags"], json!({"team": UNKNOWN}));
    assert_eq!(planned.state["rules"], json!([UNKNOWN, {"mode": UNKNOWN}]));
    assert_eq!(planned.state["notify"], UNKNOWN);
}

#[tokio::test]
async fn the_schema_never_sets_a_type_beside_a_nested_type_and_is_the_same_each_time() {
    let driver = workshop().await;
    let block = driver.block(WIDGET);
    let names: Vec<_> = block
        .attributes
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(names, sorted);
    for attribute in &block.attributes {
        assert_eq!(attribute.r#type.is_empty(), attribute.nested_type.is_some());
        assert_eq!(attribute.write_only, attribute.name == "secret");
    }
    let schema = &driver.schema;
    let capabilities = schema.server_capabilities.expect("capabilities");
    assert!(capabilities.get_provider_schema_optional && capabilities.plan_destroy);
    assert_eq!(schema.resource_schemas[WIDGET].version, 2);
    let tags = block.attributes.iter().find(|one| one.name == "tags");
    assert_eq!(tags.expect("tags").r#type, br#"["map","string"]"#);
    assert_eq!(workshop().await.schema, *schema);
}

#[tokio::test]
async fn a_write_only_value_reaches_create_and_never_leaves() {
    let driver = workshop().await;
    let made = driver
        .create(WIDGET, json!({"name": "a", "secret": "hush"}))
        .await;
    assert_eq!(made.state["secret"], Json::Null);
    let updated = driver
        .change(
            WIDGET,
            &made,
            json!({"name": "a", "size": 1, "secret": "hush"}),
        )
        .await;
    assert_eq!(updated.state["secret"], Json::Null);
    let leaky = driver.create(WIDGET, behaving("leak")).await;
    assert_eq!(
        driver.read(WIDGET, &leaky).await.state["secret"],
        Json::Null
    );
}

#[tokio::test]
async fn an_import_gives_a_state_or_says_what_an_id_looks_like() {
    let driver = workshop().await;
    let imported = driver.import(WIDGET, "w-a").await;
    assert_no_errors(&imported.told);
    assert_eq!(imported.state["name"], "a");
    for (id, said) in [("a", "Unexpected Format of Id"), ("", "Import Needs an Id")] {
        assert_eq!(
            only_error(&driver.import(WIDGET, id).await.told).summary,
            said
        );
    }
}

#[tokio::test]
async fn a_stored_state_is_brought_to_the_schema_of_today() {
    let driver = workshop().await;
    // The same version: what is new is null, what is gone is dropped.
    let same = driver
        .upgrade(
            WIDGET,
            2,
            &json!({"id": "w-a", "name": "a", "size": 1.5, "old": 1}),
        )
        .await;
    assert_no_errors(&same.told);
    assert_eq!(same.state["size"], "1.5");
    assert_eq!(same.state["tags"], Json::Null);
    assert!(same.state.get("old").is_none());

    let upgraded = driver
        .upgrade(WIDGET, 1, &json!({"id": "w-a", "label": "a"}))
        .await;
    assert_eq!(upgraded.state["name"], "a");
    let newer = driver.upgrade(WIDGET, 3, &json!({})).await;
    assert_eq!(only_error(&newer.told).summary, "Unsupported State Version");
    let unexplained = driver.upgrade(WIDGET, 1, &json!({})).await;
    assert_eq!(
        only_error(&unexplained.told).summary,
        "No Answer from the Provider"
    );
    let wrong = driver.upgrade(WIDGET, 2, &json!({"name": []})).await;
    assert_eq!(only_error(&wrong.told).at, "name");
}
