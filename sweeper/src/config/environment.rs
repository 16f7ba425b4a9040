//! The layer of environment variables: `EPHEMERAL_` and the setting's name in capitals.
//!
//! Other programs of this family have variables of the same beginning, so one that is not known here is left alone.

use crate::{
    config::{
        key::Key,
        layer::{LayerRead, Origin},
        problem::Problem,
    },
    surroundings::Surroundings,
};

/// Reads every setting's variable. One that is set to nothing counts as not set.
#[must_use]
pub fn read(around: &Surroundings) -> LayerRead {
    let mut read = LayerRead::default();
    for &key in Key::ALL {
        let name = key.variable();
        let origin = Origin::Variable(name.clone());
        match around.text(&name) {
            Ok(None) => {}
            Ok(Some(text)) => read.layer = read.layer.with(key, text, origin),
            Err(_) => read.problems.push(Problem {
                origin,
                found: "is not valid UTF-8; set it again, or unset it".to_owned(),
            }),
        }
    }
    read
}
