//! The log: one JSON object a line on standard error, in the form of HashiCorp's hclog, which is the only one Terraform
//! gives its level and fields. Off unless `TF_LOG` or its relatives ask for it.

use std::fmt;
use std::io::Write as _;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::Registry;

/// Starts logging at the level of `TF_LOG`; does nothing, at no cost later, when it is off or not understood.
pub(super) fn start(level: Option<&str>) {
    let level = level.map_or(LevelFilter::OFF, level_of);
    if level == LevelFilter::OFF {
        return;
    }
    let subscriber = Registry::default().with(Hclog { level });
    // Fails only when there is a subscriber already, which then has the log.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

fn level_of(name: &str) -> LevelFilter {
    match name.to_ascii_lowercase().as_str() {
        "json" => LevelFilter::TRACE,
        name => name.parse().unwrap_or(LevelFilter::OFF),
    }
}

struct Hclog {
    level: LevelFilter,
}

impl Hclog {
    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        // The transport alone writes thousands of lines for each plan.
        const NOISY: [&str; 6] = ["h2", "hyper", "hyper_util", "tonic", "tower", "rustls"];
        let source = metadata.target().split("::").next().unwrap_or_default();
        *metadata.level() <= self.level && !NOISY.contains(&source)
    }
}

impl<S: Subscriber> Layer<S> for Hclog {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.wants(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = line(event, &now());
        line.push('\n');
        // A log that cannot be written is no reason to fail.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

fn line(event: &Event<'_>, now: &str) -> String {
    let mut fields = Fields::default();
    event.record(&mut fields);
    let metadata = event.metadata();
    let mut object = Map::new();
    let mut put = |key: &str, value: &str| object.insert(key.to_owned(), Value::from(value));
    put("@level", &metadata.level().as_str().to_ascii_lowercase());
    put("@message", &fields.message);
    put("@module", &metadata.target().replace("::", "."));
    put("@timestamp", now);
    object.append(&mut fields.others);
    Value::Object(object).to_string()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a log line carries the time it was written; nothing is decided by it"
)]
fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

#[derive(Default)]
struct Fields {
    message: String,
    others: Map<String, Value>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        // A field may not pass for one of hclog's own.
        let name = field.name().trim_start_matches('@');
        self.others.insert(name.to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.message);
        } else {
            self.put(field, Value::from(value));
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, Value::from(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, Value::from(value));
    }
}
