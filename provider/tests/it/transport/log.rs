//! The log of the real process: what each level shows, in the form that Terraform understands, and without a secret.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::DateTime;
use plugin::proto::tfplugin6 as proto;
use serde_json::{Value as Json, json};
use tokio::process::Command;

use crate::driver::core;
use crate::driver::values::{dv, told};
use crate::process::{Process, plugin};

/// From the least grave to the gravest.
const LEVELS: [&str; 5] = ["trace", "debug", "info", "warn", "error"];

/// In a variable, and in the provider block.
const ID_TOKEN: &str = "hunter2.hunter2.hunter2";

/// What was written, and whether every line was JSON.
struct Log {
    lines: Vec<Json>,
    text: String,
}

impl Log {
    fn of(text: String) -> Self {
        let lines = text.lines();
        let lines = lines.filter_map(|line| serde_json::from_str(line).ok());
        Self {
            lines: lines.collect(),
            text,
        }
    }

    fn levels(&self) -> BTreeSet<&str> {
        let levels = self.lines.iter().map(|line| line["@level"].as_str());
        levels.map(|level| level.expect("a level")).collect()
    }

    fn says(&self, level: &str, message: &str) -> bool {
        let mut lines = self.lines.iter();
        lines.any(|line| {
            let said = line["@message"].as_str().unwrap_or_default();
            line["@level"] == level && said.contains(message)
        })
    }
}

/// A life of the process with something to say at every level but the gravest: calls, a configuration that is refused for
/// its secrets, one that is taken, a ledger that cannot be asked, an interruption and a shutdown.
async fn life(command: &mut Command, folder: &Path) -> Log {
    let mut process = Process::start(command.env("EPHEMERAL_ID_TOKEN", ID_TOKEN)).await;
    let request = proto::get_provider_schema::Request {};
    let schema = process.client.get_provider_schema(request).await;
    let schema = schema.expect("an answer").into_inner().provider;
    let block = schema.and_then(|schema| schema.block).expect("a block");
    let ledger = format!("sqlite://{}", folder.join("none.db").display());
    let refused = json!({"ledger": ledger, "run_token": run_token()});
    let taken = json!({"ledger": ledger, "identity": {"issuers": []}});
    for (config, errors) in [(refused, 2), (taken, 0)] {
        let request = proto::configure_provider::Request {
            config: Some(dv(&core::complete(&block, &config))),
            ..Default::default()
        };
        let answer = process.client.configure_provider(request).await;
        let said = told(answer.expect("an answer").into_inner().diagnostics);
        let said: Vec<_> = said.iter().filter(|said| said.is_error).collect();
        assert_eq!(said.len(), errors, "{said:#?}");
    }
    let request = proto::renew_ephemeral_resource::Request {
        type_name: "ttl_lease".to_owned(),
        private: Some(dv(&json!({"run": "run-a", "ttl": "2m"})).msgpack),
    };
    let renewed = process.client.renew_ephemeral_resource(request).await;
    let renewed = renewed.expect("an answer").into_inner();
    assert_eq!(told(renewed.diagnostics), [], "it is tried again");
    let request = proto::stop_provider::Request {};
    process
        .client
        .stop_provider(request)
        .await
        .expect("an answer");
    process.shutdown().await;
    Log::of(process.ended().await.errors)
}

fn run_token() -> String {
    format!("run-a.{}", "5ec3e7".repeat(10) + "5ec3")
}

/// A life that ends before it begins: there is no such folder for the socket.
async fn stillborn(command: &mut Command, folder: &Path) -> Log {
    let nowhere = folder.join("no/such/folder");
    let ended = command.env("PLUGIN_UNIX_SOCKET_DIR", nowhere).output();
    let ended = ended.await.expect("it starts");
    assert_eq!(ended.status.code(), Some(1));
    Log::of(String::from_utf8(ended.stderr).expect("text"))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory of the test's own")
}

#[tokio::test]
async fn each_level_shows_itself_and_what_is_graver_and_nothing_else() {
    let folder = folder();
    for (place, level) in LEVELS.into_iter().enumerate() {
        let shown = BTreeSet::from_iter(LEVELS.into_iter().skip(place));
        for spelled in [level.to_uppercase(), level.to_owned()] {
            let log = life(plugin().env("TF_LOG", &spelled), folder.path()).await;
            let mut expected = shown.clone();
            expected.remove("error");
            assert_eq!(log.levels(), expected, "{spelled}\n{}", log.text);
            for (level, message) in [
                ("trace", "called"),
                ("debug", "answered"),
                ("debug", "shutdown"),
                ("info", "configure"),
                ("info", "asked to stop"),
                ("warn", "the run lease could not be renewed"),
            ] {
                let wanted = expected.contains(level);
                assert_eq!(log.says(level, message), wanted, "{spelled}: {message}");
            }
        }
        let log = stillborn(plugin().env("TF_LOG", level.to_uppercase()), folder.path()).await;
        assert_eq!(log.levels(), BTreeSet::from(["error"]), "{}", log.text);
    }
}

#[tokio::test]
async fn without_a_level_nothing_is_logged() {
    let folder = folder();
    for level in [None, Some(""), Some("OFF"), Some("off")] {
        let mut command = plugin();
        let mut command = &mut command;
        if let Some(level) = level {
            command = command.env("TF_LOG", level);
        }
        assert_eq!(life(command, folder.path()).await.text, "", "{level:?}");
        let log = stillborn(command, folder.path()).await;
        assert_eq!(log.lines, [] as [Json; 0], "{level:?}");
        // Whoever started it still learns why it did not.
        assert_eq!(log.text.lines().count(), 1, "{}", log.text);
    }
}

#[tokio::test]
async fn the_nearest_variable_decides() {
    let folder = folder();
    for (variables, expected) in [
        (
            [("TF_LOG", "ERROR"), ("TF_LOG_PROVIDER", "WARN")],
            &["warn"][..],
        ),
        ([("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "OFF")], &[]),
        (
            [
                ("TF_LOG_PROVIDER", "TRACE"),
                ("TF_LOG_PROVIDER_EPHEMERAL", "INFO"),
            ],
            &["info", "warn"],
        ),
        // All there is, in a form that is ours anyway.
        ([("TF_LOG", "JSON"), ("TF_LOG_PROVIDER", "")], &LEVELS[..4]),
    ] {
        let log = life(plugin().envs(variables), folder.path()).await;
        let expected = expected.iter().copied().collect();
        assert_eq!(log.levels(), expected, "{variables:?}");
    }
}

#[tokio::test]
async fn every_line_is_one_object_of_hclog_and_no_secret_is_in_any() {
    let folder = folder();
    let mut command = plugin();
    let command = command.env("TF_LOG", "TRACE");
    let log = life(command, folder.path()).await;
    assert_eq!(log.lines.len(), log.text.lines().count(), "{}", log.text);
    let failed = stillborn(command, folder.path()).await;
    let mut last = None;
    for line in log.lines.iter().chain(&failed.lines) {
        let object = line.as_object().expect("an object");
        let own: BTreeSet<&str> = object
            .keys()
            .map(String::as_str)
            .filter(|key| key.starts_with('@'))
            .collect();
        let expected = ["@level", "@message", "@module", "@timestamp"];
        assert_eq!(own, BTreeSet::from(expected), "{line}");
        for key in expected {
            let text = line[key].as_str().expect("text");
            assert!(!text.is_empty() && !text.contains('\n'), "{line}");
        }
        let module = line["@module"].as_str().expect("text");
        let ours = ["ledger.", "plugin.", "provider."];
        let is_ours = ours.iter().any(|ours| module.starts_with(ours));
        assert!(is_ours && !module.contains("::"), "{line}");
        let at = line["@timestamp"].as_str().expect("text");
        assert!(at.ends_with('Z'), "{line}");
        let at = DateTime::parse_from_rfc3339(at).expect("a time in RFC 3339");
        assert!(last <= Some(at), "in order: {line}");
        last = Some(at);
    }
    let secret = run_token();
    let secret = secret.split_once('.').expect("two parts").1;
    for text in [&log.text, &failed.text] {
        assert!(
            !text.contains("hunter2") && !text.contains(secret),
            "{text}"
        );
    }
}
