//! The arguments of a function call, held to the signature: as many as it takes, each of its type, null and unknown
//! only where it takes them. Clients do most of this themselves; one that does not gets an error at the argument.
//!
//! Knows signatures, and no function.

use rmpv::Value;
use tf_provider::schema::{FunctionSchema, Parameter, Type};
use tf_provider::{AttributePath, Diagnostics};

use super::place::{Place, Step};
use super::raw::{self, Raw};
use super::report::Report;
use super::schema::attribute_type;
use super::shape;

/// The arguments in the shape of `signature`; those of a variadic parameter are one list at the end, empty if there are
/// none. `None` after an error.
pub(crate) fn conform(
    signature: &FunctionSchema,
    arguments: Vec<Raw>,
    diags: &mut Diagnostics,
) -> Option<Vec<Raw>> {
    let before = diags.errors.len();
    let least = signature.parameters.len();
    let found = arguments.len();
    if let Some(missing) = signature.parameters.get(found) {
        diags.fail(
            "Missing Argument",
            format!("the argument `{}` was not given", missing.name),
        );
        return None;
    }
    if signature.variadic.is_none() && least < found {
        diags.refuse(
            argument(least),
            "Too Many Arguments",
            format!("the function takes {least}, and {found} were given"),
        );
        return None;
    }
    let parameters = signature
        .parameters
        .iter()
        .chain(signature.variadic.iter().cycle());
    let mut shaped: Vec<Raw> = parameters
        .zip(arguments)
        .enumerate()
        .map(|(index, (parameter, value))| one(parameter, index, value, diags))
        .collect();
    if signature.variadic.is_some() {
        let rest = shaped.split_off(least);
        shaped.push(Value::Array(rest));
    }
    (diags.errors.len() == before).then_some(shaped)
}

/// The path of an error about the argument at `index`, from 0.
pub(crate) fn argument(index: usize) -> AttributePath {
    AttributePath::function_argument(i64::try_from(index).unwrap_or(i64::MAX))
}

fn one(parameter: &Parameter, index: usize, value: Raw, diags: &mut Diagnostics) -> Raw {
    let mut value = match parameter.param_type {
        Type::Any => without_its_type(value),
        _ => value,
    };
    if value.is_nil() && !parameter.allow_null {
        diags.refuse(
            argument(index),
            "Null Argument",
            format!("the argument `{}` may not be null", parameter.name),
        );
    }
    if !parameter.allow_unknown && raw::has_unknowns(&value) {
        diags.refuse(
            argument(index),
            "Unknown Argument",
            format!("the argument `{}` must be wholly known", parameter.name),
        );
    }
    let mut found = Diagnostics::default();
    let at = Place::default().then(Step::Attribute(&parameter.name));
    let kind = attribute_type(&parameter.param_type);
    shape::of_type(&kind, &mut value, &at, &mut found);
    for error in found.errors {
        // Inside an argument there are no lines to point at; the text names the place.
        diags.refuse(argument(index), error.summary, error.detail);
    }
    value
}

/// A value of a dynamic type travels as a pair: its type in JSON, and itself.
fn without_its_type(value: Raw) -> Raw {
    match value {
        Value::Array(mut pair)
            if pair.len() == 2 && matches!(pair.first(), Some(Value::Binary(_))) =>
        {
            pair.pop().unwrap_or(Value::Nil)
        }
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(name: &str, param_type: Type) -> Parameter {
        Parameter {
            name: name.to_owned(),
            param_type,
            ..Parameter::default()
        }
    }

    fn signature(variadic: Option<Parameter>) -> FunctionSchema {
        FunctionSchema {
            parameters: vec![parameter("word", Type::String)],
            variadic,
            ..FunctionSchema::default()
        }
    }

    /// What comes of `arguments`: the values, or each error as its argument and its title.
    fn conformed(
        signature: &FunctionSchema,
        arguments: Vec<Raw>,
    ) -> Result<Vec<Raw>, Vec<(AttributePath, String)>> {
        let mut diags = Diagnostics::default();
        let shaped = conform(signature, arguments, &mut diags);
        shaped.ok_or_else(|| {
            let errors = diags.errors.into_iter();
            errors
                .map(|error| (error.attribute, error.summary.into_owned()))
                .collect()
        })
    }

    fn text(word: &str) -> Raw {
        Value::from(word)
    }

    #[test]
    fn a_wrong_number_of_arguments_is_refused() {
        let alone = signature(None);
        assert_eq!(conformed(&alone, vec![text("a")]), Ok(vec![text("a")]));
        assert_eq!(
            conformed(&alone, vec![]),
            Err(vec![(AttributePath::root(), "Missing Argument".to_owned())])
        );
        assert_eq!(
            conformed(&alone, vec![text("a"), text("b"), text("c")]),
            Err(vec![(argument(1), "Too Many Arguments".to_owned())])
        );
    }

    #[test]
    fn the_arguments_of_a_variadic_parameter_are_one_list_each_checked_at_its_place() {
        let many = signature(Some(parameter("times", Type::Number)));
        assert_eq!(
            conformed(&many, vec![text("a")]),
            Ok(vec![text("a"), Value::Array(vec![])])
        );
        assert_eq!(
            conformed(&many, vec![text("a"), Value::from(1), text("2")]),
            Ok(vec![
                text("a"),
                Value::Array(vec![Value::from(1), Value::from(2)])
            ])
        );
        let wrong = vec![
            Value::Nil,
            Value::from(1),
            raw::unknown(),
            Value::from(true),
        ];
        assert_eq!(
            conformed(&many, wrong),
            Err(vec![
                (argument(0), "Null Argument".to_owned()),
                (argument(2), "Unknown Argument".to_owned()),
                (argument(3), "Wrong Type".to_owned()),
            ])
        );
    }

    #[test]
    fn a_dynamic_argument_comes_without_its_type() {
        let any = signature(Some(parameter("rules", Type::Any)));
        let typed = Value::Array(vec![
            Value::Binary(br#"["tuple",["string"]]"#.to_vec()),
            Value::Array(vec![text("x")]),
        ]);
        let plain = Value::Array(vec![text("x")]);
        assert_eq!(
            conformed(&any, vec![text("a"), typed]),
            Ok(vec![text("a"), Value::Array(vec![plain])])
        );
    }
}
