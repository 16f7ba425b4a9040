//! `duration`: what a spelled duration means.

use std::collections::HashMap;

use async_trait::async_trait;
use ledger::ttl::Ttl;
use serde::Serialize;
use tf_provider::schema::{FunctionSchema, Type};
use tf_provider::{Diagnostics, Function};

use super::{accept, argument, parameter, signature};
use crate::diag;

#[derive(Debug)]
pub(super) struct DurationFunction;

/// The answer.
#[derive(Debug, Serialize)]
pub(super) struct Length {
    seconds: i64,
    canonical: String,
}

#[async_trait]
impl Function for DurationFunction {
    type Input<'a> = (String,);
    type Output<'a> = Length;

    fn schema(&self, _: &mut Diagnostics) -> Option<FunctionSchema> {
        Some(signature(
            "What a spelled duration means",
            "Reads a duration as every `ttl` of this provider is read, and gives its `seconds`, a whole number, and its \
             `canonical` spelling, with the largest units first. What `ttl` refuses is refused: months and years, bare \
             numbers, nothing, and more than ten years.",
            [parameter(
                "text",
                Type::String,
                "The duration, for example `90m`, `72h`, `3d`, `1h30m` or `PT72H`.",
            )],
            None,
            Type::Object(HashMap::from([
                ("seconds".to_owned(), Type::Number),
                ("canonical".to_owned(), Type::String),
            ])),
        ))
    }

    async fn call<'a>(&self, diags: &mut Diagnostics, (text,): (String,)) -> Option<Length> {
        let ttl = Ttl::parse(&text);
        let ttl = ttl.map_err(|error| diag::invalid_duration(argument(0), &error));
        let ttl = accept(ttl, diags)?;
        Some(Length {
            seconds: ttl.seconds(),
            canonical: ttl.to_string(),
        })
    }
}
