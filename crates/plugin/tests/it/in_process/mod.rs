//! The protocol without a process: the service is called as a value, driven with a widget that can go wrong at every
//! step.

mod action;
mod configuration;
mod ephemeral;
mod everything;
mod lifecycle;
mod list;
mod move_state;
mod outcome;
mod resource_identity;
mod rest;

use crate::driver::Driver;
use crate::driver::values::{UNKNOWN, dv, told};
use crate::driver::{Stored, assert_no_errors, only_error};
use crate::workshop::Workshop;
use plugin::Server;
use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider as _;
use serde_json::{Value as Json, json};
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
