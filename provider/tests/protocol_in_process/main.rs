//! The protocol without a process: the service is called as a value, driven with a widget that can go wrong at every
//! step.

#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared by all suites; each uses its part"
)]
#[path = "../driver/mod.rs"]
mod driver;
#[expect(unreachable_pub, reason = "shared by all suites")]
#[path = "../support/mod.rs"]
mod support;

mod action;
mod configuration;
mod ephemeral;
mod identity;
mod lifecycle;
mod list;
mod outcome;
mod relocation;
mod rest;

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
