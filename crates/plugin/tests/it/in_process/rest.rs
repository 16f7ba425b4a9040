//! Whatever else a client may ask or send: functions, data sources, stopping, garbage, absent types.

use super::*;
use crate::everywhere::is_panic;

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
    assert_eq!(crate::driver::values::jv(&state)["back"], "hi");
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
    assert_eq!(
        crate::driver::values::jv(&loud.result.expect("a result")),
        "AAA"
    );
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
    let map_of_maps = [[0x81, 0xa1, b'k'].repeat(10_000), vec![0xc0]].concat();
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
        assert!(!said.iter().any(|said| is_panic(&said.summary)), "{said:?}");

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
            let mut request = proto::$message::Request::default();
            request.$field = "x_y".to_owned();
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
        move_resource_state move_resource_state target_type_name "managed resource type",
        generate_resource_config generate_resource_config type_name "managed resource type",
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
    let metadata = server
        .get_metadata(Request::new(proto::get_metadata::Request {}))
        .await;
    assert_eq!(
        metadata.expect("an answer").into_inner().resources[0].type_name,
        WIDGET
    );
}

#[tokio::test]
async fn no_damaged_byte_of_a_configuration_makes_the_provider_panic() {
    let driver = workshop().await;
    let config = json!({
        "name": "a", "size": 1.5, "tags": {"k": UNKNOWN}, "policy": {"mode": "m"},
        "rules": [{"mode": "m"}], "notify": [{"email": "e"}],
    });
    let whole = dv(&config).msgpack;
    for place in 0..whole.len() {
        // One of each kind of first byte: small numbers, maps, arrays, texts, and every marker from 0xc0 to 0xdf.
        for byte in (0xc0..=0xdf).chain([0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xff]) {
            let mut msgpack = whole.clone();
            msgpack[place] = byte;
            let value = Some(proto::DynamicValue {
                msgpack,
                json: Vec::new(),
            });
            let request = proto::plan_resource_change::Request {
                type_name: WIDGET.to_owned(),
                prior_state: None,
                proposed_new_state: value.clone(),
                config: value,
                ..Default::default()
            };
            let answer = driver
                .server
                .plan_resource_change(Request::new(request))
                .await;
            let said = told(answer.expect("an answer").into_inner().diagnostics);
            assert!(
                !said.iter().any(|said| is_panic(&said.summary)),
                "byte {place} as {byte:#x}: {said:?}"
            );
        }
    }
}
