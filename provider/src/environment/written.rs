//! The configuration that a person would write for an imported environment: without what the provider block gives
//! anyway.

use tf_provider::value::Value;

use super::{model::EnvironmentModel, plan::filled};
use crate::{config::LifetimeModel, settings::Settings};

/// `state` without each argument that comes back by itself when it is left out.
pub(super) fn written(state: EnvironmentModel, settings: &Settings) -> EnvironmentModel {
    type Forget = fn(&mut EnvironmentModel);
    // `ttl` follows from `max`, and `hibernate_after` from `idle`: what follows goes first.
    let forgets: [Forget; 10] = [
        |model| model.owner = Value::Null,
        |model| model.team = Value::Null,
        |model| model.project = Value::Null,
        |model| model.on_expiry = Value::Null,
        |model| forget_in_lifetime(model, |lifetime| lifetime.ttl = Value::Null),
        |model| forget_in_lifetime(model, |lifetime| lifetime.hibernate_after = Value::Null),
        |model| forget_in_lifetime(model, |lifetime| lifetime.grace = Value::Null),
        |model| forget_in_lifetime(model, |lifetime| lifetime.idle = Value::Null),
        |model| forget_in_lifetime(model, |lifetime| lifetime.max = Value::Null),
        |model| {
            if let Value::Value(request) = &mut model.pull_request {
                request.forge = Value::Null;
            }
        },
    ];
    let meant = filled(&state, settings);
    let mut config = state;
    for forget in forgets {
        let mut shorter = config.clone();
        forget(&mut shorter);
        if filled(&shorter, settings) == meant {
            config = shorter;
        }
    }
    if config.lifetime == Value::Value(LifetimeModel::default()) {
        config.lifetime = Value::Null;
    }
    config
}

fn forget_in_lifetime(model: &mut EnvironmentModel, forget: fn(&mut LifetimeModel)) {
    if let Value::Value(lifetime) = &mut model.lifetime {
        forget(lifetime);
    }
}
