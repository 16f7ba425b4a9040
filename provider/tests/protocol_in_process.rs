//! The protocol without a process: the service is called as a value, driven with a widget that can go wrong at every
//! step.

#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared by all suites; each uses its part"
)]
mod driver;
#[expect(unreachable_pub, reason = "shared by all suites")]
mod support;

use driver::Driver;
use driver::values::{UNKNOWN, dv, told};
use driver::{Stored, assert_no_errors, only_error};
use provider::wire::Server;
use provider::wire::proto::tfplugin6 as proto;
use provider::wire::proto::tfplugin6::provider_server::Provider as _;
use serde_json::{Value as Json, json};
use support::Workshop;
use tonic::Request;

const WIDGET: &str = "workshop_widget";

async fn workshop() -> Driver<Server<Workshop>> {
    Driver::of(Server::new(Workshop::default())).await
}

fn named(name: &str) -> Json {
    json!({ "name": name })
}

fn behaving(how: &str) -> Json {
    json!({ "name": "a", "behaviour": how })
}

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
            json!({"name": "a", "count": 1.5}),
            "Unusable Value",
            "count",
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
    let config = json!({"size": "s3cret", "count": "s3cret", "policy": {"mode": 5}});
    let said = driver.validate(WIDGET, config).await;
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(!format!("{said:?}").contains("s3cret"));
    let both = driver
        .validate(WIDGET, json!({"id": "x", "policy": {}}))
        .await;
    assert_eq!(both.len(), 3, "{both:?}");
}

#[tokio::test]
async fn warnings_do_not_stop_anything() {
    let said = workshop().await.validate(WIDGET, behaving("warn")).await;
    assert_no_errors(&said);
    assert_eq!(said[0].at, "behaviour");
    assert!(!said[0].is_error);
}

#[tokio::test]
async fn only_an_authoritative_absence_removes_a_resource() {
    let driver = workshop().await;
    let stored = |how: &str| Stored {
        state: json!({"id": "w-a", "name": "a", "behaviour": how}),
        ..Stored::nothing()
    };
    let gone = driver.read(WIDGET, &stored("gone")).await;
    assert_eq!((gone.state, gone.told), (Json::Null, vec![]));

    for (how, said) in [
        ("unreadable", "Unreadable"),
        ("panic on read", "The provider panicked in ReadResource"),
    ] {
        let kept = driver.read(WIDGET, &stored(how)).await;
        assert_eq!(only_error(&kept.told).summary, said);
        assert_eq!(kept.state, stored(how).state, "the state is kept");
    }
    let broken = Stored {
        state: json!({"id": 5}),
        ..Stored::nothing()
    };
    let kept = driver.read(WIDGET, &broken).await;
    assert_eq!(only_error(&kept.told).summary, "Wrong Type");
    assert_eq!(kept.state, broken.state);

    let drifted = driver.read(WIDGET, &stored("drift")).await;
    assert_eq!(drifted.state["size"], 99);
}

#[tokio::test]
async fn a_create_that_fails_stores_what_exists_and_nothing_else() {
    let driver = workshop().await;
    let config = json!({
        "name": "a", "behaviour": "half created", "policy": {"mode": "m"},
    });
    let half = driver.plan(WIDGET, &Stored::nothing(), config).await;
    let half = driver.apply(WIDGET, half).await;
    assert_eq!(only_error(&half.told).summary, "Half Created");
    assert_eq!(half.state["id"], "w-half");
    assert_eq!(
        half.state["policy"]["stamp"],
        Json::Null,
        "unknowns are not stored"
    );

    for (how, said) in [
        ("fail on create", "Not Created"),
        ("no reason on create", "No Answer from the Provider"),
        (
            "panic on create",
            "The provider panicked in ApplyResourceChange",
        ),
    ] {
        let planned = driver.plan(WIDGET, &Stored::nothing(), behaving(how)).await;
        let none = driver.apply(WIDGET, planned).await;
        assert_eq!(only_error(&none.told).summary, said);
        assert_eq!(none.state, Json::Null);
    }
}

#[tokio::test]
async fn an_update_that_fails_keeps_the_prior_state() {
    let driver = workshop().await;
    let made = driver.create(WIDGET, named("a")).await;
    for (how, said) in [
        ("fail on update", "Not Updated"),
        (
            "panic on update",
            "The provider panicked in ApplyResourceChange",
        ),
    ] {
        let planned = driver.plan(WIDGET, &made, behaving(how)).await;
        assert_no_errors(&planned.told);
        let kept = driver.apply(WIDGET, planned).await;
        assert_eq!(only_error(&kept.told).summary, said);
        assert_eq!(kept.state, made.state);
    }
}

#[tokio::test]
async fn a_destroy_that_does_not_say_yes_keeps_the_state() {
    let driver = workshop().await;
    for (how, said) in [
        ("fail on destroy", "Not Destroyed"),
        ("error beside success", "Perhaps Destroyed"),
        ("no reason on destroy", "No Answer from the Provider"),
        (
            "panic on destroy",
            "The provider panicked in ApplyResourceChange",
        ),
    ] {
        let made = driver.create(WIDGET, behaving(how)).await;
        let planned = driver.plan(WIDGET, &made, Json::Null).await;
        assert_no_errors(&planned.told);
        let kept = driver.apply(WIDGET, planned).await;
        assert_eq!(only_error(&kept.told).summary, said);
        assert_eq!(kept.state, made.state, "{how}");
    }
    let held = driver.create(WIDGET, behaving("held")).await;
    let refused = driver.plan(WIDGET, &held, Json::Null).await;
    assert_eq!(only_error(&refused.told).summary, "Held");
}

#[tokio::test]
async fn a_plan_that_fails_says_why() {
    let driver = workshop().await;
    for (how, said, part) in [
        (
            "panic on plan",
            "The provider panicked in PlanResourceChange",
            "boom in plan",
        ),
        (
            "no plan",
            "No Answer from the Provider",
            "bug in the provider",
        ),
    ] {
        let planned = driver.plan(WIDGET, &Stored::nothing(), behaving(how)).await;
        let error = only_error(&planned.told);
        assert_eq!(error.summary, said);
        assert!(error.detail.contains(part), "{error:?}");
    }
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
        (
            json!({"place": "panic"}),
            "The provider panicked in ConfigureProvider",
        ),
    ] {
        assert_eq!(only_error(&driver.configure(config).await).summary, said);
    }
}

#[tokio::test]
async fn stopping_tells_whoever_waits_and_ends_nothing() {
    let driver = workshop().await;
    driver.configure(json!({"place": "here"})).await;
    let session = driver
        .server
        .definition()
        .session
        .get()
        .expect("configured");
    assert!(!session.stop.is_raised());
    let stop = Request::new(proto::stop_provider::Request {});
    let answer = driver.server.stop_provider(stop).await.expect("an answer");
    assert_eq!(answer.into_inner().error, "");
    session.stop.raised().await;
    driver.create(WIDGET, named("a")).await;
}

#[tokio::test]
async fn a_data_source_reads_and_a_function_calls() {
    let driver = workshop().await;
    let read = |type_name: &str, config: Json| {
        driver
            .server
            .read_data_source(Request::new(proto::read_data_source::Request {
                type_name: type_name.to_owned(),
                config: Some(dv(&config)),
                ..Default::default()
            }))
    };
    let answer = read("workshop_echo", json!({"text": "hi"}))
        .await
        .expect("an answer");
    let state = answer.into_inner().state.expect("a state");
    assert_eq!(driver::values::jv(&state)["back"], "hi");
    let absent = read("workshop_ether", json!({})).await.expect("an answer");
    let said = told(absent.into_inner().diagnostics);
    assert_eq!(only_error(&said).summary, "Unsupported Data Source");

    let call = async |name: &str, arguments: &[Json]| {
        let request = Request::new(proto::call_function::Request {
            name: name.to_owned(),
            arguments: arguments.iter().map(dv).collect(),
        });
        let answer = driver.server.call_function(request).await;
        answer.expect("an answer").into_inner()
    };
    let loud = call("shout", &[json!("a"), json!(3)]).await;
    assert_eq!(driver::values::jv(&loud.result.expect("a result")), "AAA");
    let negative = call("shout", &[json!("a"), json!(-1)]).await;
    assert_eq!(negative.error.expect("an error").function_argument, Some(1));
    for (name, arguments) in [("whisper", vec![]), ("shout", vec![json!({})])] {
        let wrong = call(name, &arguments).await;
        assert!(wrong.error.is_some() && wrong.result.is_none(), "{name}");
    }
}

#[tokio::test]
async fn no_bytes_make_a_call_fail_or_the_provider_panic() {
    let driver = workshop().await;
    let deep = [vec![0x91; 100_000], vec![0xc0]].concat();
    let map_of_maps = [vec![0x81, 0xa1, b'k'].repeat(10_000), vec![0xc0]].concat();
    let bytes: [&[u8]; 12] = [
        &[0xc1],
        &[0x81],
        &[0x81, 0xa4, b'n', b'a'],
        &[0xdd, 0xff, 0xff, 0xff, 0xff],
        &[0xdf, 0xff, 0xff, 0xff, 0xff],
        &[0x81, 0xa4, b'n', b'a', b'm', b'e', 0xa2, 0xff, 0xfe],
        &[0x81, 0x01, 0x02],
        &[0xc0, 0xc0],
        &[0x93, 0x01, 0x02, 0x03],
        &[0xa3, b'x', b'y', b'z'],
        &deep,
        &map_of_maps,
    ];
    for msgpack in bytes {
        let value = Some(proto::DynamicValue {
            msgpack: msgpack.to_vec(),
            json: Vec::new(),
        });
        let name = WIDGET.to_owned();
        let validate = proto::validate_resource_config::Request {
            type_name: name.clone(),
            config: value.clone(),
            client_capabilities: None,
        };
        let said = driver
            .server
            .validate_resource_config(Request::new(validate))
            .await;
        let said = told(said.expect("an answer").into_inner().diagnostics);
        let start = &msgpack[..msgpack.len().min(8)];
        assert!(said.iter().any(|said| said.is_error), "{start:x?}");
        assert!(
            !said.iter().any(|said| said.summary.contains("panicked")),
            "{said:?}"
        );

        let apply = proto::apply_resource_change::Request {
            type_name: name.clone(),
            prior_state: value.clone(),
            planned_state: value.clone(),
            config: value.clone(),
            planned_private: msgpack.to_vec(),
            ..Default::default()
        };
        let applied = driver
            .server
            .apply_resource_change(Request::new(apply))
            .await;
        let applied = applied.expect("an answer").into_inner();
        assert_eq!(applied.new_state, value, "what was there is kept");
        assert!(!applied.diagnostics.is_empty());
    }
    let made = driver.create(WIDGET, named("a")).await;
    let spoilt = Stored {
        private: vec![0xc1, 0xff],
        ..made.clone()
    };
    let kept = driver.read(WIDGET, &spoilt).await;
    assert_eq!(only_error(&kept.told).summary, "Unreadable Private State");
    assert_eq!((kept.state, kept.private), (made.state, spoilt.private));
}

#[tokio::test]
async fn what_the_provider_does_not_have_is_told_and_never_unimplemented() {
    let server = workshop().await.server;
    macro_rules! ask {
        ($($call:ident $message:ident $field:ident $noun:literal,)*) => {$(
            let request = proto::$message::Request { $field: "x_y".to_owned(), ..Default::default() };
            let answer = server.$call(Request::new(request)).await.expect(stringify!($call));
            let said = told(answer.into_inner().diagnostics);
            let error = only_error(&said);
            assert!(error.detail.contains($noun), "{}: {error:?}", stringify!($call));
        )*};
    }
    ask!(
        read_resource read_resource type_name "managed resource type",
        import_resource_state import_resource_state type_name "managed resource type",
        upgrade_resource_state upgrade_resource_state type_name "managed resource type",
        validate_resource_config validate_resource_config type_name "managed resource type",
        plan_resource_change plan_resource_change type_name "managed resource type",
        apply_resource_change apply_resource_change type_name "managed resource type",
        move_resource_state move_resource_state source_type_name "x_y",
        generate_resource_config generate_resource_config type_name "writes its own",
        upgrade_resource_identity upgrade_resource_identity type_name "identity",
        validate_ephemeral_resource_config validate_ephemeral_resource_config type_name "ephemeral",
        open_ephemeral_resource open_ephemeral_resource type_name "ephemeral",
        renew_ephemeral_resource renew_ephemeral_resource type_name "ephemeral",
        close_ephemeral_resource close_ephemeral_resource type_name "ephemeral",
        validate_list_resource_config validate_list_resource_config type_name "list",
        plan_action plan_action action_type "action",
        validate_action_config validate_action_config type_name "action",
        validate_state_store_config validate_state_store type_name "state store",
        configure_state_store configure_state_store type_name "state store",
        lock_state lock_state type_name "state store",
        unlock_state unlock_state type_name "state store",
        get_states get_states type_name "state store",
        delete_state delete_state type_name "state store",
    );
    let identities = proto::get_resource_identity_schemas::Request {};
    let identities = server
        .get_resource_identity_schemas(Request::new(identities))
        .await;
    assert_eq!(
        identities.expect("an answer").into_inner(),
        Default::default()
    );
    let metadata = server
        .get_metadata(Request::new(proto::get_metadata::Request {}))
        .await;
    assert_eq!(
        metadata.expect("an answer").into_inner().resources[0].type_name,
        WIDGET
    );
}
