//! Calling a function. A function has no diagnostics, only one error text and perhaps the argument it is about.

use tf_provider::{AttributePathStep, Diagnostics};

use super::answer::Answer;
use super::registry::Registry;
use crate::arguments;
use crate::proto::tfplugin6 as proto;
use crate::raw;
use crate::report::Report;

/// `CallFunction`.
pub(super) async fn call(
    registry: &Registry,
    request: proto::call_function::Request,
    diags: &mut Diagnostics,
) -> Option<proto::call_function::Response> {
    let function = registry.types.functions.get(&request.name, diags)?;
    let mut arguments = Vec::with_capacity(request.arguments.len());
    for (index, argument) in request.arguments.iter().enumerate() {
        match raw::decode(Some(argument)) {
            Ok(argument) => arguments.push(argument),
            Err(error) => diags.refuse(
                arguments::argument(index),
                "Unreadable Argument",
                format!("what was sent to the provider cannot be read: {error}"),
            ),
        }
    }
    if diags.has_errors() {
        return None;
    }
    let arguments = arguments::conform(&function.schema, arguments, diags)?;
    let result = function.code.call(diags, arguments).await?;
    Some(proto::call_function::Response {
        result: Some(raw::encode(result)),
        error: None,
    })
}

impl Answer for proto::call_function::Response {
    fn carrying(self, diagnostics: Diagnostics) -> Self {
        if !diagnostics.has_errors() {
            return self;
        }
        Self {
            result: None,
            error: Some(function_error(diagnostics)),
        }
    }
}

/// All errors in one text; the argument is named when all of them are about the same one.
fn function_error(diags: Diagnostics) -> proto::FunctionError {
    let mut about: Vec<Option<i64>> = Vec::new();
    let mut lines = Vec::new();
    for error in diags.errors {
        about.push(match error.attribute.steps.as_slice() {
            [AttributePathStep::Index(index)] => Some(*index),
            _ => None,
        });
        // Clients close the sentence.
        let detail = error.detail.trim_end_matches('.');
        lines.push(if detail.is_empty() {
            error.summary.into_owned()
        } else {
            format!("{}: {detail}", error.summary)
        });
    }
    about.dedup();
    proto::FunctionError {
        text: lines.join("\n"),
        function_argument: match about.as_slice() {
            [argument] => *argument,
            _ => None,
        },
    }
}
