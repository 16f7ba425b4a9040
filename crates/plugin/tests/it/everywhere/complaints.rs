//! What is wrong with an answer, whatever was asked: that there is none, that it tells of a panic, or that no client could
//! use it.

use std::future::Future;
use std::time::Duration;

use plugin::proto::tfplugin6 as proto;
use rmpv::Value;
use tonic::{Response, Status};

/// No call takes longer than this unless it hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether a message tells of a panic that the wire caught. What a message repeats of its input may say so as well.
pub fn is_panic(summary: &str) -> bool {
    summary.starts_with("Provider Panicked")
}

/// The errors among `diagnostics`, in words.
pub(super) fn failed(diagnostics: &[proto::Diagnostic]) -> Vec<String> {
    let errors = diagnostics.iter().filter(|said| is_error(said));
    errors
        .map(|said| format!("{}: {}", said.summary, said.detail))
        .collect()
}

fn is_error(said: &proto::Diagnostic) -> bool {
    said.severity() == proto::diagnostic::Severity::Error
}

/// The value, if it is whole; why not, else. A client reads one value of msgpack and insists on its end.
pub(super) fn whole(value: &proto::DynamicValue) -> Result<Value, String> {
    let mut bytes = value.msgpack.as_slice();
    let read = rmpv::decode::read_value(&mut bytes).map_err(|error| error.to_string())?;
    match (bytes, value.json.as_slice()) {
        ([], []) => Ok(read),
        _ => Err("something follows the value".to_owned()),
    }
}

fn holds_unknown(value: &Value) -> bool {
    match value {
        Value::Ext(..) => true,
        Value::Array(items) => items.iter().any(holds_unknown),
        Value::Map(entries) => entries.iter().any(|(_, item)| holds_unknown(item)),
        _ => false,
    }
}

/// What every answer has in some form.
pub(super) trait Answer {
    /// Whether every value in it must be known in full.
    const IS_KNOWN: bool = false;

    /// What was said, and the values that have to be there where nothing was said against it.
    fn parts(self) -> (Vec<proto::Diagnostic>, Vec<Option<proto::DynamicValue>>);
}

/// What was answered wrongly.
#[derive(Default)]
pub(super) struct Complaints(Vec<String>);

impl Complaints {
    /// Adds one.
    pub(super) fn add(&mut self, complaint: String) {
        self.0.push(complaint);
    }

    /// All there are.
    pub(super) fn all(self) -> Vec<String> {
        self.0
    }

    /// The answer of `call`, or a failure once it has taken too long.
    pub(super) async fn in_time<T>(
        &self,
        call: &str,
        asked: impl Future<Output = Result<T, Status>>,
    ) -> Result<T, Status> {
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(answer) => answer,
            Err(_) => Err(Status::deadline_exceeded(format!("{call} hangs"))),
        }
    }

    /// Listens to what was said; whether there was an error in it.
    pub(super) fn listen(&mut self, call: &str, diagnostics: &[proto::Diagnostic]) -> bool {
        for said in diagnostics {
            let words = || format!("{call}: {}: {}", said.summary, said.detail);
            if is_panic(&said.summary) {
                self.add(words());
            }
            let has_severity = said.severity() != proto::diagnostic::Severity::Invalid;
            if said.summary.is_empty() || !has_severity {
                self.add(format!("no diagnostic of a kind: {}", words()));
            }
        }
        diagnostics.iter().any(is_error)
    }

    /// Listens to a whole answer; whether there was an error in it, or none at all.
    pub(super) fn hear<A: Answer>(
        &mut self,
        call: &str,
        answer: Result<Response<A>, Status>,
    ) -> bool {
        let (said, values) = match answer {
            Err(status) => {
                self.add(format!("{call} failed: {status}"));
                return true;
            }
            Ok(answer) => answer.into_inner().parts(),
        };
        if self.listen(call, &said) {
            return true;
        }
        if values.iter().any(Option::is_none) {
            self.add(format!("{call} answered nothing and no error"));
        }
        for value in values.iter().flatten() {
            self.look_at(call, value, A::IS_KNOWN);
        }
        false
    }

    /// Looks at a value that a client would take.
    pub(super) fn look_at(&mut self, call: &str, value: &proto::DynamicValue, is_known: bool) {
        match whole(value) {
            Err(error) => self.add(format!("{call} answered something unreadable: {error}")),
            Ok(value) if is_known && holds_unknown(&value) => {
                self.add(format!("{call} answered what is not known: {value}"));
            }
            Ok(_) => {}
        }
    }
}

macro_rules! answers {
    ($($message:ident [$($field:ident),*] $known:literal,)*) => {$(
        impl Answer for proto::$message::Response {
            const IS_KNOWN: bool = $known;

            fn parts(self) -> (Vec<proto::Diagnostic>, Vec<Option<proto::DynamicValue>>) {
                (self.diagnostics, vec![$(self.$field),*])
            }
        }
    )*};
}

answers!(
    validate_provider_config [] false,
    configure_provider [] false,
    validate_resource_config [] false,
    plan_resource_change [planned_state] false,
    apply_resource_change [new_state] true,
    read_resource [new_state] true,
    upgrade_resource_state [upgraded_state] true,
    move_resource_state [target_state] true,
    generate_resource_config [config] false,
    validate_data_resource_config [] false,
    read_data_source [state] true,
    validate_ephemeral_resource_config [] false,
    open_ephemeral_resource [result] true,
    renew_ephemeral_resource [] false,
    close_ephemeral_resource [] false,
    validate_list_resource_config [] false,
    validate_action_config [] false,
    plan_action [] false,
    validate_state_store [] false,
    configure_state_store [] false,
    lock_state [] false,
    unlock_state [] false,
    get_states [] false,
    delete_state [] false,
);

impl Answer for proto::upgrade_resource_identity::Response {
    const IS_KNOWN: bool = true;

    fn parts(self) -> (Vec<proto::Diagnostic>, Vec<Option<proto::DynamicValue>>) {
        let identity = self.upgraded_identity.and_then(|found| found.identity_data);
        (self.diagnostics, vec![identity])
    }
}

impl Answer for proto::import_resource_state::Response {
    const IS_KNOWN: bool = true;

    fn parts(self) -> (Vec<proto::Diagnostic>, Vec<Option<proto::DynamicValue>>) {
        let imported = self.imported_resources.into_iter();
        let states: Vec<_> = imported.map(|object| object.state).collect();
        // Nothing imported and nothing said is no answer.
        let states = if states.is_empty() {
            vec![None]
        } else {
            states
        };
        (self.diagnostics, states)
    }
}

impl Answer for proto::call_function::Response {
    fn parts(self) -> (Vec<proto::Diagnostic>, Vec<Option<proto::DynamicValue>>) {
        let error = self.error.map(|error| proto::Diagnostic {
            severity: proto::diagnostic::Severity::Error.into(),
            summary: error.text,
            ..Default::default()
        });
        (error.into_iter().collect(), vec![self.result])
    }
}
