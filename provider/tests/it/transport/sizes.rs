//! States of every size go through, in both directions.

use plugin::proto::tfplugin6 as proto;
use serde_json::json;

use crate::driver::values::told;
use crate::process::{Process, plugin};

/// A lease's state with targets of altogether `bytes`.
fn state(bytes: usize) -> Vec<u8> {
    let target = "x".repeat(1 << 10);
    let targets: Vec<&str> = (0..bytes >> 10).map(|_| target.as_str()).collect();
    serde_json::to_vec(&json!({"id": "lease-1", "ttl": "4h", "targets": targets})).expect("JSON")
}

#[tokio::test]
async fn a_state_of_five_megabytes_and_one_of_sixty_come_back_whole() {
    let mut process = Process::start(&mut plugin()).await;
    for bytes in [5 << 20, 60 << 20] {
        let request = proto::upgrade_resource_state::Request {
            type_name: "ttl_lease".to_owned(),
            version: 0,
            raw_state: Some(proto::RawState {
                json: state(bytes),
                ..proto::RawState::default()
            }),
        };
        let mut client = process.client.clone().max_encoding_message_size(256 << 20);
        let answer = client.upgrade_resource_state(request).await;
        let answer = answer.expect("an answer").into_inner();
        assert_eq!(told(answer.diagnostics), []);
        let upgraded = answer.upgraded_state.expect("a state").msgpack;
        assert!(
            bytes <= upgraded.len(),
            "{} of {bytes} bytes came back",
            upgraded.len()
        );
    }
    process.shutdown().await;
    assert_eq!(process.ended().await.status.code(), Some(0));
}
