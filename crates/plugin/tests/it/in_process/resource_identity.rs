//! What tells two widgets apart: told with every answer, kept when a step fails, and enough for an import.

use super::*;

#[tokio::test]
async fn an_identity_comes_with_plan_apply_read_and_import_and_is_the_same_in_all() {
    let driver = workshop().await;
    let planned = driver.plan(WIDGET, &Stored::nothing(), named("a")).await;
    let (plan, applied) = driver.change_identity(WIDGET, &planned, None).await;
    let identity = json!({"name": "a"});
    assert_eq!((&plan, &applied), (&identity, &identity));

    let made = driver.apply(WIDGET, planned).await;
    for before in [None, Some(&identity)] {
        let read = driver.read_identity(WIDGET, &made, before).await;
        assert_eq!(read, identity, "also for a state from before identities");
    }
    let (imported, its_identity, told) = driver.import_by_identity(WIDGET, &identity).await;
    assert_eq!(told, []);
    assert_eq!(
        (&its_identity, &imported.state["id"]),
        (&identity, &json!("w-a"))
    );
}

#[tokio::test]
async fn an_identity_that_is_not_known_yet_is_left_out() {
    let driver = workshop().await;
    let unknown = json!({"name": UNKNOWN});
    let planned = driver.plan(WIDGET, &Stored::nothing(), unknown).await;
    let (plan, _) = driver.change_identity(WIDGET, &planned, None).await;
    assert_eq!(plan, Json::Null);
}

#[tokio::test]
async fn a_step_that_fails_or_destroys_keeps_the_identity_there_was() {
    let driver = workshop().await;
    let made = driver.create(WIDGET, named("a")).await;
    let before = json!({"name": "a"});
    let failing = driver.plan(WIDGET, &made, behaving("fail on update")).await;
    let (_, kept) = driver
        .change_identity(WIDGET, &failing, Some(&before))
        .await;
    assert_eq!(kept, before);
    let destroying = driver.plan(WIDGET, &made, Json::Null).await;
    let (plan, _) = driver
        .change_identity(WIDGET, &destroying, Some(&before))
        .await;
    assert_eq!(plan, before);
    let unreadable = Stored {
        state: json!({"id": "w-a", "name": "a", "behaviour": "unreadable"}),
        ..Stored::nothing()
    };
    let other = json!({"name": "as it was"});
    let read = driver
        .read_identity(WIDGET, &unreadable, Some(&other))
        .await;
    assert_eq!(read, other);
}

#[tokio::test]
async fn the_schema_of_an_identity_is_told_and_a_stored_one_is_brought_to_it() {
    let driver = workshop().await;
    let schemas = driver.identity_schemas().await.identity_schemas;
    let schema = &schemas[WIDGET];
    assert_eq!((schemas.len(), schema.version), (1, 0));
    let part = &schema.identity_attributes[0];
    assert_eq!(
        (part.name.as_str(), part.r#type.as_slice()),
        ("name", &br#""string""#[..])
    );
    assert!(part.required_for_import && !part.optional_for_import);

    let stored = json!({"name": "a"});
    assert_eq!(
        driver.upgrade_identity(WIDGET, 0, &stored).await,
        (stored.clone(), vec![])
    );
    for (type_name, version, stored, said) in [
        (WIDGET, 1, stored.clone(), "Unsupported Identity Version"),
        (WIDGET, 0, json!({}), "Unusable Identity"),
        (WIDGET, 0, json!([]), "Unusable Identity"),
        ("x_y", 0, stored, "Unsupported Resource Identity"),
    ] {
        let (_, told) = driver.upgrade_identity(type_name, version, &stored).await;
        assert_eq!(
            only_error(&told).summary,
            said,
            "{type_name} {version} {stored}"
        );
    }
}

#[tokio::test]
async fn an_import_by_an_identity_that_is_not_whole_says_what_is_missing() {
    let driver = workshop().await;
    for (identity, part) in [
        (json!({}), "`name`"),
        (json!({"name": ""}), "`name`"),
        (json!({"name": UNKNOWN}), "`name`"),
        (json!({"name": 3}), "`name`"),
        (json!({"name": "a", "colour": "red"}), "`colour`"),
        (json!("a"), "a string"),
    ] {
        let (stored, _, told) = driver.import_by_identity(WIDGET, &identity).await;
        let error = only_error(&told);
        assert!(error.detail.contains(part), "{identity}: {error:?}");
        assert_eq!(stored.state, Json::Null);
    }
}
