//! The layer of flags: what the command line says of settings.

use crate::{
    cli::Global,
    config::{key::Key, layer::Layer, origin::Origin},
};

/// The settings among the flags.
#[must_use]
pub fn read(global: &Global) -> Layer {
    let flags = [
        (Key::Ledger, "--ledger", &global.ledger),
        (Key::Scope, "--scope", &global.scope),
        (Key::Color, "--color", &global.color),
    ];
    flags
        .into_iter()
        .fold(Layer::default(), |layer, (key, name, value)| match value {
            Some(text) => layer.with(key, text, Origin::Flag(name)),
            None => layer,
        })
}
