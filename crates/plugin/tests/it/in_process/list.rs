//! Lists of widgets, and the configuration that an import writes.

use super::*;

#[tokio::test]
async fn a_list_gives_what_passes_the_filter_up_to_the_limit_with_states_only_if_asked() {
    let driver = workshop().await;
    let (all, told) = driver.list(WIDGET, Json::Null, 0, false).await;
    assert_eq!(
        (all.len(), told),
        (10, vec![]),
        "no `config` block, no limit"
    );
    assert_eq!(
        (&all[0].identity, all[0].name.as_str()),
        (&json!({"name": "a0"}), "widget a0")
    );
    assert_eq!(all[0].state, Json::Null);

    let (some, told) = driver
        .list(WIDGET, json!({"name_prefix": "b"}), 3, true)
        .await;
    let names: Vec<_> = some.iter().map(|item| item.state["name"].clone()).collect();
    assert_eq!(
        (names, told),
        (vec![json!("b1"), json!("b3"), json!("b5")], vec![])
    );
    assert_eq!(
        some[0].state["secret"],
        Json::Null,
        "write-only stays inside"
    );
    let imported = driver.import_by_identity(WIDGET, &some[0].identity).await;
    assert_eq!(imported.0.state["name"], "b1");
}

#[tokio::test]
async fn a_list_that_fails_gives_a_reason_and_no_half_and_one_with_gaps_says_so() {
    let driver = workshop().await;
    for (how, said) in [
        ("panic", "Provider Panicked"),
        ("no reason", "No Answer from the Provider"),
        ("fail after half", "Shelf Broke"),
    ] {
        let (items, told) = driver
            .list(WIDGET, json!({"behaviour": how}), 0, false)
            .await;
        assert_eq!((items.len(), only_error(&told).summary.as_str()), (0, said));
    }
    let (items, told) = driver
        .list(WIDGET, json!({"behaviour": "gap"}), 4, false)
        .await;
    assert_no_errors(&told);
    assert_eq!(
        (items.len(), told[0].summary.as_str()),
        (4, "Gap on the Shelf")
    );
    let (items, told) = driver
        .list(WIDGET, json!({"name_prefix": UNKNOWN}), 0, false)
        .await;
    assert_eq!(
        (items.len(), only_error(&told).summary.as_str()),
        (0, "Unknown Value in a List")
    );
}

#[tokio::test]
async fn a_filter_is_checked_like_any_configuration() {
    let driver = workshop().await;
    for (config, summary, at) in [
        (json!({"name_prefix": ""}), "Empty Prefix", "name_prefix"),
        (json!({"name_prefix": []}), "Wrong Type", "name_prefix"),
        (json!({"colour": "red"}), "Unsupported Attribute", "colour"),
    ] {
        let said = driver.validate_list(WIDGET, config).await;
        let error = only_error(&said);
        assert_eq!((error.summary.as_str(), error.at.as_str()), (summary, at));
    }
    for fine in [json!({}), json!({"name_prefix": UNKNOWN}), Json::Null] {
        assert_eq!(driver.validate_list(WIDGET, fine).await, []);
    }
    let request = proto::list_resource::Request {
        type_name: "x_y".to_owned(),
        ..Default::default()
    };
    let answer = driver.server.list_resource(Request::new(request)).await;
    let mut events = answer.expect("a stream").into_inner();
    let event = tokio_stream::StreamExt::next(&mut events).await;
    let said = told(event.expect("one event").expect("no status").diagnostic);
    assert_eq!(only_error(&said).summary, "Unsupported List Resource");
}

#[tokio::test]
async fn a_generated_configuration_has_what_a_person_would_write_and_nothing_else() {
    let driver = workshop().await;
    let config = json!({
        "name": "a", "size": 1.5, "tags": {"team": "x"}, "policy": {"mode": "hard"},
        "rules": [{"mode": "soft"}], "secret": "hush",
    });
    let made = driver.create(WIDGET, config).await;
    let (written, told) = driver.generate(WIDGET, &made.state).await;
    assert_eq!(told, []);
    assert_eq!(
        written["policy"],
        json!({"mode": "hard", "limit": null, "stamp": null}),
        "neither the default nor what is computed"
    );
    assert_eq!(
        (&written["id"], &written["secret"]),
        (&Json::Null, &Json::Null)
    );
    assert_eq!(
        (&written["name"], &written["size"]),
        (&json!("a"), &json!("1.5"))
    );
    assert_eq!(driver.validate(WIDGET, written.clone()).await, []);
    let again = driver.plan(WIDGET, &made, written).await;
    assert_eq!(
        again.state["policy"], made.state["policy"],
        "and means the same"
    );
}
