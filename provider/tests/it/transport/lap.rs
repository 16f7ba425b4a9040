//! One lap of every call of the protocol through the real executable, over the socket and the TLS that Terraform gets,
//! without Terraform. What each call means is tested in process; here, that none is lost on the way.

use std::collections::BTreeSet;

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider as _;
use serde_json::{Value as Json, json};
use tokio_stream::StreamExt as _;
use tonic::Request;

use super::client::ONE;
use crate::common::Bench;
use crate::driver::identity::Source;
use crate::driver::values::told;
use crate::driver::{Driver, Stored, assert_no_errors, only_error};
use crate::environment::ENVIRONMENT;
use crate::lease::LEASE;
use crate::process::plugin;
use crate::process::wire::Wire;

/// The protocol as it is published, from which the service is generated.
const PROTOCOL: &str = include_str!("../../../../crates/plugin/proto/tfplugin6.proto");

/// The calls of the provider's service, by the names of their methods.
fn every_call() -> BTreeSet<String> {
    let calls = PROTOCOL.lines().filter_map(|line| {
        let (name, _) = line.trim_start().strip_prefix("rpc ")?.split_once('(')?;
        Some(name)
    });
    calls
        .map(|name| {
            let mut method = String::new();
            for letter in name.chars() {
                if letter.is_ascii_uppercase() && !method.is_empty() {
                    method.push('_');
                }
                method.push(letter.to_ascii_lowercase());
            }
            method
        })
        .collect()
}

#[tokio::test]
async fn every_call_of_the_protocol_is_answered_by_the_executable_over_tls() {
    let bench = Bench::new();
    let mut command = plugin();
    command.env("PLUGIN_CLIENT_CERT", ONE.certificate);
    let (mut process, driver) = bench.process(&mut command).await;
    assert_ne!(process.certificate, "", "it speaks TLS");

    what_there_is(&driver).await;
    let (environment, lease) = a_life_of_each(&driver, &bench).await;
    identities_and_moves(&driver, &environment).await;
    what_only_looks(&driver, &environment, &lease).await;
    a_run(&driver).await;
    lists_and_actions(&driver, &environment).await;
    state_stores_are_refused(&driver.server).await;
    for (type_name, stored) in [(LEASE, &lease), (ENVIRONMENT, &environment)] {
        let gone = driver.change(type_name, stored, Json::Null).await;
        assert_eq!(gone.state, Json::Null);
        assert!(!bench.record(stored).await.record.is_live());
    }
    let stop = Request::new(proto::stop_provider::Request {});
    let stopped = driver.server.stop_provider(stop).await.expect("an answer");
    assert_eq!(stopped.into_inner().error, "");

    let called: BTreeSet<String> = driver.server.called().into_iter().map(Into::into).collect();
    assert_eq!(
        called,
        every_call(),
        "the lap has every call of the protocol"
    );
    drop(driver);
    process.shutdown().await;
    let end = process.ended().await;
    assert_eq!(end.status.code(), Some(0));
    assert_eq!((end.output.as_str(), end.errors.as_str()), ("", ""));
}

async fn what_there_is(driver: &Driver<Wire>) {
    let request = Request::new(proto::get_metadata::Request {});
    let metadata = driver
        .server
        .get_metadata(request)
        .await
        .expect("an answer");
    let metadata = metadata.into_inner();
    let names: BTreeSet<&str> = metadata
        .resources
        .iter()
        .map(|one| one.type_name.as_str())
        .collect();
    assert_eq!(names, BTreeSet::from([ENVIRONMENT, LEASE]));
    assert_eq!(metadata.actions.len(), driver.schema.action_schemas.len());

    let request = Request::new(proto::get_functions::Request {});
    let functions = driver
        .server
        .get_functions(request)
        .await
        .expect("an answer");
    assert_eq!(functions.into_inner().functions, driver.schema.functions);
}

/// Made, read, changed, imported and upgraded: an environment and a lease.
async fn a_life_of_each(driver: &Driver<Wire>, bench: &Bench) -> (Stored, Stored) {
    let config = |owner: &str| json!({"name": "pr-1", "owner": owner});
    assert_eq!(driver.validate(ENVIRONMENT, config("ana")).await, []);
    let made = driver.create(ENVIRONMENT, config("ana")).await;
    let environment = driver.change(ENVIRONMENT, &made, config("ben")).await;
    assert_eq!(bench.environment(&environment).await.owner.as_str(), "ben");
    assert_eq!(driver.validate(LEASE, json!({"ttl": "4h"})).await, []);
    let lease = driver.create(LEASE, json!({"ttl": "4h"})).await;

    for (type_name, stored) in [(ENVIRONMENT, &environment), (LEASE, &lease)] {
        let read = driver.read(type_name, stored).await;
        assert_eq!((&read.state, &read.told), (&stored.state, &vec![]));
        let upgraded = driver.upgrade(type_name, 0, &stored.state).await;
        assert_eq!((&upgraded.state, &upgraded.told), (&stored.state, &vec![]));
        let id = stored.state["id"].as_str().expect("an id");
        let imported = driver.import(type_name, id).await;
        assert_no_errors(&imported.told);
        assert_eq!(imported.state["id"], id);
        let (written, said) = driver.generate(type_name, &stored.state).await;
        assert_eq!(said, []);
        assert_eq!(driver.validate(type_name, written).await, []);
    }
    (environment, lease)
}

async fn identities_and_moves(driver: &Driver<Wire>, environment: &Stored) {
    let identity = json!({"id": environment.state["id"]});
    let schemas = driver.identity_schemas().await.identity_schemas;
    assert_eq!(schemas.len(), 2);
    let (upgraded, said) = driver.upgrade_identity(ENVIRONMENT, 0, &identity).await;
    assert_eq!((&upgraded, said), (&identity, vec![]));
    let (imported, its_identity, said) = driver.import_by_identity(ENVIRONMENT, &identity).await;
    assert_eq!((&its_identity, said), (&identity, vec![]));
    assert_eq!(imported.state["id"], environment.state["id"]);

    let source = Source {
        provider: "registry.terraform.io/ephemeral-environments/ttl",
        type_name: ENVIRONMENT,
        version: 0,
        state: &environment.state,
        private: &environment.private,
        identity: Some(&identity),
    };
    let (moved, its_identity) = driver.relocate(ENVIRONMENT, source).await;
    assert_eq!(moved.told, []);
    assert_eq!(
        (moved.state, moved.private),
        (environment.state.clone(), environment.private.clone())
    );
    assert_eq!(its_identity, identity);
}

async fn what_only_looks(driver: &Driver<Wire>, environment: &Stored, lease: &Stored) {
    let sources = [
        (
            "ephemeral_environment",
            json!({"name": "pr-1"}),
            "/id",
            &environment.state["id"],
        ),
        (
            "ephemeral_environments",
            json!({}),
            "/environments/0/id",
            &environment.state["id"],
        ),
        (
            "ephemeral_lease",
            json!({"id": lease.state["id"]}),
            "/id",
            &lease.state["id"],
        ),
    ];
    for (type_name, config, place, id) in sources {
        assert_eq!(
            driver.validate_data(type_name, config.clone()).await,
            [],
            "{type_name}"
        );
        let (object, said) = driver.read_data(type_name, config).await;
        assert_eq!(said, [], "{type_name}");
        assert_eq!(object.pointer(place), Some(id), "{object}");
    }
    assert_eq!(
        driver.call("slug", &[json!("pr-128")]).await,
        Ok(json!("pr-128"))
    );
    let refused = driver.call("duration", &[json!("soon")]).await;
    assert_eq!(refused.expect_err("no duration").argument, Some(0));
}

async fn a_run(driver: &Driver<Wire>) {
    let config = json!({"ttl": "1h"});
    assert_eq!(driver.validate_ephemeral(LEASE, config.clone()).await, []);
    let opened = driver.open(LEASE, config).await;
    assert_no_errors(&opened.told);
    let renewed = driver.renew(LEASE, &opened).await;
    assert_eq!(renewed.told, []);
    assert!(renewed.renew_at.is_some());
    assert_eq!(driver.close(LEASE, &opened).await, []);
}

async fn lists_and_actions(driver: &Driver<Wire>, environment: &Stored) {
    for (type_name, filter) in [
        (ENVIRONMENT, json!({"owner": "ben"})),
        (LEASE, json!({"active": true})),
    ] {
        assert_eq!(driver.validate_list(type_name, filter.clone()).await, []);
        let (items, said) = driver.list(type_name, filter, 0, true).await;
        assert_eq!((items.len(), said), (1, vec![]), "{type_name}");
    }
    let hold = json!({"environment": environment.state["id"], "reason": "demo for the board"});
    assert_eq!(
        driver
            .plan_action("ephemeral_environment_hold", hold.clone())
            .await,
        []
    );
    let (words, said) = driver.invoke("ephemeral_environment_hold", hold).await;
    assert_eq!((words.len(), said), (1, vec![]));
}

/// There is none, and every call about one says so in its own answer.
async fn state_stores_are_refused(wire: &Wire) {
    macro_rules! refused {
        ($($call:ident $message:ident,)*) => {$(
            let mut request = proto::$message::Request::default();
            request.type_name = "x_y".to_owned();
            let answer = wire.$call(Request::new(request)).await.expect(stringify!($call));
            let said = told(answer.into_inner().diagnostics);
            assert_eq!(only_error(&said).summary, "Unsupported State Store", stringify!($call));
        )*};
    }
    refused!(
        validate_state_store_config validate_state_store,
        configure_state_store configure_state_store,
        lock_state lock_state,
        unlock_state unlock_state,
        get_states get_states,
        delete_state delete_state,
    );
    let request = proto::read_state_bytes::Request {
        type_name: "x_y".to_owned(),
        state_id: "s".to_owned(),
    };
    let events = wire.read_state_bytes(Request::new(request)).await;
    let events = events.expect("a stream").into_inner();
    let events: Vec<_> = events.collect().await;
    let [Ok(event)] = events.as_slice() else {
        panic!("one event was expected: {events:?}");
    };
    let said = told(event.diagnostics.clone());
    assert_eq!(only_error(&said).summary, "Unsupported State Store");

    let chunk = |meta| proto::write_state_bytes::RequestChunk {
        meta,
        bytes: vec![b'x'; 1 << 20],
        total_length: 3 << 20,
        range: None,
    };
    let meta = proto::RequestChunkMeta {
        type_name: "x_y".to_owned(),
        state_id: "s".to_owned(),
    };
    let chunks = vec![chunk(Some(meta)), chunk(None), chunk(None)];
    let answer = wire.write_chunks(chunks).await.expect("an answer");
    let said = told(answer.into_inner().diagnostics);
    assert_eq!(only_error(&said).summary, "Unsupported State Store");
}
