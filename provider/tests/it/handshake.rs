//! The executable itself: who it talks to, how it shakes hands, what it survives and how it ends.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Output, Stdio};

use crate::driver::only_error;
use crate::driver::values::told;
use crate::process::{COOKIE, PATIENCE, Process, command, plugin, plugin_of_a_client, signal};
use plugin::proto::tfplugin6 as proto;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

async fn finished(command: &mut Command) -> Output {
    let output = command.stdin(Stdio::null()).output();
    let output = tokio::time::timeout(PATIENCE, output).await;
    output.expect("it ends in time").expect("it starts")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

async fn schema(process: &mut Process) -> proto::get_provider_schema::Response {
    let request = proto::get_provider_schema::Request {};
    let answer = process.client.get_provider_schema(request).await;
    answer.expect("an answer").into_inner()
}

#[tokio::test]
async fn run_by_hand_it_says_what_it_is_in_three_lines_and_fails() {
    for cookie in [None, Some("wrong")] {
        let mut by_hand = command();
        if let Some(cookie) = cookie {
            by_hand.env("TF_PLUGIN_MAGIC_COOKIE", cookie);
        }
        let output = finished(&mut by_hand).await;
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            text(&output.stdout),
            "",
            "standard output is for the handshake"
        );
        let said = text(&output.stderr);
        assert_eq!(said.lines().count(), 3, "{said}");
        assert!(said.contains("plugin of Terraform and OpenTofu"), "{said}");
    }
}

#[tokio::test]
async fn it_tells_its_version_and_knows_no_other_argument() {
    let version = finished(command().arg("--version")).await;
    assert!(version.status.success());
    let expected = format!(
        "terraform-provider-ephemeral {}\n",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(text(&version.stdout), expected);
    let unknown = finished(plugin().arg("--verbose")).await;
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(text(&unknown.stdout), "");
}

#[tokio::test]
async fn a_client_of_another_protocol_is_refused_with_a_reason() {
    let output = finished(plugin().env("PLUGIN_PROTOCOL_VERSIONS", "5")).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    assert!(
        text(&output.stderr).contains("protocol 5"),
        "{:?}",
        text(&output.stderr)
    );
}

#[tokio::test]
async fn it_serves_until_the_shutdown_then_ends_well_and_leaves_nothing_behind() {
    let mut process = Process::start(&mut plugin()).await;
    assert_eq!(process.certificate, "");
    let directory = process.socket.parent().expect("a directory").to_owned();
    let mode = directory
        .metadata()
        .expect("it exists")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700, "nobody else may enter");

    assert_eq!(told(schema(&mut process).await.diagnostics), []);
    process.shutdown().await;
    let end = process.ended().await;
    assert_eq!(end.status.code(), Some(0));
    assert_eq!((end.output.as_str(), end.errors.as_str()), ("", ""));
    assert!(!end.left_something);
}

#[tokio::test]
async fn with_tls_wanted_it_speaks_tls_and_nothing_else() {
    let mut process = Process::start(plugin().env("PLUGIN_CLIENT_CERT", "a certificate")).await;
    assert_ne!(process.certificate, "");
    assert_eq!(told(schema(&mut process).await.diagnostics), []);

    let certificate = std::mem::take(&mut process.certificate);
    let mut plain = process.connect_again().await;
    let answer = plain
        .get_provider_schema(proto::get_provider_schema::Request {})
        .await;
    assert!(answer.is_err(), "a client without TLS is not answered");
    drop(plain);
    process.certificate = certificate;

    process.shutdown().await;
    assert_eq!(process.ended().await.status.code(), Some(0));
}

#[tokio::test]
async fn each_process_has_a_certificate_of_its_own() {
    let one = Process::start(plugin().env("PLUGIN_CLIENT_CERT", "x")).await;
    let other = Process::start(plugin().env("PLUGIN_CLIENT_CERT", "x")).await;
    assert_ne!(one.certificate, other.certificate);
    assert_ne!(one.socket, other.socket);
}

#[tokio::test]
async fn stopping_and_ctrl_c_leave_it_serving() {
    let mut process = Process::start(&mut plugin()).await;
    signal("INT", process.id());
    let stop = process
        .client
        .stop_provider(proto::stop_provider::Request {})
        .await;
    assert_eq!(stop.expect("an answer").into_inner().error, "");
    signal("INT", process.id());
    assert_eq!(told(schema(&mut process).await.diagnostics), []);
    process.shutdown().await;
    assert_eq!(process.ended().await.status.code(), Some(0));
}

#[tokio::test]
async fn a_termination_ends_it_well() {
    let process = Process::start(&mut plugin()).await;
    signal("TERM", process.id());
    let end = process.ended().await;
    assert_eq!(end.status.code(), Some(0));
    assert!(!end.left_something);
}

#[tokio::test]
async fn it_does_not_outlive_a_client_that_was_killed() {
    let process = Process::start(&mut plugin_of_a_client()).await;
    signal("KILL", process.id());
    // The provider holds the shell's standard output, so this waits for both.
    let end = process.ended().await;
    assert_eq!(end.status.code(), None, "the client was killed");
    assert!(!end.left_something, "the provider ended well");
}

#[tokio::test]
async fn garbage_is_answered_with_diagnostics_on_the_same_connection() {
    let mut process = Process::start(&mut plugin()).await;
    let deep = vec![0x91; 1 << 20];
    for msgpack in [vec![0xc1], vec![0xdd, 0xff, 0xff, 0xff, 0xff], deep] {
        let config = Some(proto::DynamicValue {
            msgpack,
            json: Vec::new(),
        });
        let request = proto::validate_provider_config::Request { config };
        let answer = process.client.validate_provider_config(request).await;
        let said = told(answer.expect("an answer").into_inner().diagnostics);
        assert_eq!(only_error(&said).summary, "Unreadable Value");
    }
    assert_eq!(told(schema(&mut process).await.diagnostics), []);
}

#[tokio::test]
async fn a_message_far_beyond_four_megabytes_is_taken() {
    let mut process = Process::start(&mut plugin()).await;
    let config = Some(proto::DynamicValue {
        msgpack: vec![0x91; 40 << 20],
        json: Vec::new(),
    });
    let request = proto::validate_provider_config::Request { config };
    let mut client = process.client.clone().max_encoding_message_size(256 << 20);
    let answer = client.validate_provider_config(request).await;
    let said = told(answer.expect("an answer").into_inner().diagnostics);
    assert_eq!(only_error(&said).summary, "Unreadable Value");
    process.shutdown().await;
}

#[tokio::test]
async fn the_socket_goes_where_the_client_wants_unless_the_path_would_be_too_long() {
    let base = tempfile::tempdir().expect("a directory");
    let process = Process::start(plugin().env("PLUGIN_UNIX_SOCKET_DIR", base.path())).await;
    assert!(
        process.socket.starts_with(base.path()),
        "{:?}",
        process.socket
    );

    let long = tempfile::Builder::new()
        .prefix(&"x".repeat(120))
        .tempdir_in(base.path())
        .expect("a directory with a long name");
    let process = Process::start(plugin().env("TMPDIR", long.path())).await;
    assert!(process.socket.starts_with("/tmp"), "{:?}", process.socket);
}

#[tokio::test]
async fn the_log_is_hclog_on_standard_error_and_off_by_default() {
    let mut process = Process::start(plugin().env("TF_LOG_PROVIDER", "TRACE")).await;
    schema(&mut process).await;
    process.shutdown().await;
    let end = process.ended().await;
    assert_eq!(end.output, "");
    let lines: Vec<serde_json::Value> = end
        .errors
        .lines()
        .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
        .collect();
    assert!(!lines.is_empty());
    for line in &lines {
        let members = line.as_object().expect("an object");
        for member in ["@level", "@message", "@module", "@timestamp"] {
            assert!(members[member].is_string(), "{line}");
        }
        let module = line["@module"].as_str().unwrap_or_default();
        let ours = ["plugin.", "provider."]
            .iter()
            .any(|ours| module.starts_with(ours));
        assert!(ours, "only our own lines: {line}");
    }
    let answered = lines.iter().find(|line| line["@message"] == "answered");
    assert_eq!(
        answered.expect("the call is logged")["call"],
        "GetProviderSchema"
    );
}

#[tokio::test]
async fn debug_mode_needs_no_cookie_prints_how_to_reattach_and_ends_on_ctrl_c() {
    let mut debug = command()
        .arg("--debug")
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let output = debug.stdout.take().expect("standard output is piped");
    let mut lines = BufReader::new(output).lines();
    let value = loop {
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        let line = line
            .expect("in time")
            .expect("text")
            .expect("the value is printed");
        if let Some(value) = line.trim().strip_prefix("export TF_REATTACH_PROVIDERS='") {
            break value.trim_end_matches('\'').to_owned();
        }
    };
    let value: serde_json::Value = serde_json::from_str(&value).expect("JSON");
    let mut sockets = BTreeSet::new();
    for name in ["ephemeral", "ttl"] {
        let ours = &value[format!("registry.terraform.io/ephemeral-environments/{name}")];
        assert_eq!(ours["ProtocolVersion"], 6, "{name}");
        assert_eq!(ours["Pid"], debug.id().expect("it runs"));
        assert_eq!(ours["Test"], true);
        let socket = ours["Addr"]["String"].as_str().expect("a path");
        let socket = std::path::PathBuf::from(socket);
        assert!(socket.exists());
        sockets.insert(socket);
    }
    assert_eq!(sockets.len(), 2, "each address has a server of its own");

    signal("INT", debug.id().expect("it runs"));
    let status = tokio::time::timeout(PATIENCE, debug.wait()).await;
    assert!(status.expect("in time").expect("a status").success());
    assert!(sockets.iter().all(|socket| !socket.exists()));
}

#[tokio::test]
async fn the_cookie_alone_is_enough_for_a_client_that_names_no_versions() {
    let mut process = Process::start(
        command()
            .env("TF_PLUGIN_MAGIC_COOKIE", COOKIE)
            .stdout(Stdio::piped()),
    )
    .await;
    process.shutdown().await;
    assert_eq!(process.ended().await.status.code(), Some(0));
}
