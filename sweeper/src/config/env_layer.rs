//! The layer of environment variables: `EPHEMERAL_` and the setting's name in capitals; `SWEEPER_VAR_` and the name of an
//! input variable.
//!
//! Other programs of this family have variables of the same beginning, so one that is not known here is left alone.

use crate::{
    config::{
        input_variables::PREFIX,
        key::Key,
        layer::LayerRead,
        origin::{Given, Origin},
        problem::Problem,
    },
    invocation::Invocation,
};

/// Reads every setting's variable. One that is set to nothing counts as not set.
#[must_use]
pub fn read(invocation: &Invocation) -> LayerRead {
    let mut read = LayerRead::default();
    for &key in Key::ALL {
        let name = key.variable();
        let origin = Origin::Variable(name.clone());
        match invocation.text(&name) {
            Ok(None) => {}
            Ok(Some(text)) => read.layer = read.layer.with(key, text, origin),
            Err(_) => read.problems.push(Problem {
                origin,
                found: "is not valid UTF-8; set it again, or unset it".to_owned(),
            }),
        }
    }
    inputs(invocation, &mut read);
    read
}

/// Values for input variables. As with Terraform's `TF_VAR_…`, one that is set to nothing is the empty text.
fn inputs(invocation: &Invocation, read: &mut LayerRead) {
    for (name, value) in &invocation.variables {
        let Some(variable) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else {
            continue;
        };
        let origin = Origin::Variable(format!("{PREFIX}{variable}"));
        match value.to_str() {
            Some(text) => {
                let value = text.to_owned();
                let given = Given { value, origin };
                read.layer.inputs.insert(variable.to_owned(), given);
            }
            None => read.problems.push(Problem {
                origin,
                found: "is not valid UTF-8; set it again, or unset it".to_owned(),
            }),
        }
    }
}
