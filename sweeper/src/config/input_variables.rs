//! The values for the input variables of captured configurations: for all environments, or for one.
//!
//! Where the same variable has several values, the nearest counts: what is for one environment, then what the process
//! was started with, then what is for all. Knows no configuration of any environment; reads no file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::PathBuf,
};

use backend::document::quoted;
use ledger::id::EnvironmentName;
use serde_json::Value;

/// What stands for all environments in the configuration file.
pub const EVERY: &str = "*";

/// What the variables of the process begin with that hold values. Terraform's own `TF_VAR_` is not heard.
pub const PREFIX: &str = "SWEEPER_VAR_";

/// One value. May be a secret.
#[derive(Clone, PartialEq, Eq)]
pub enum InputValue {
    /// As Terraform reads it from `TF_VAR_…`: for a variable of the type string the text itself, else an expression.
    Text(String),
    /// The content of this file, without the end of its last line; an absolute path.
    File(PathBuf),
}

/// Shows paths only.
impl fmt::Debug for InputValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("(hidden)"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// Every value there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputVariables {
    /// For all environments, from the environment of the process.
    pub process: BTreeMap<String, InputValue>,
    /// For all environments, from the configuration file.
    pub every: BTreeMap<String, InputValue>,
    /// For one environment.
    pub named: BTreeMap<EnvironmentName, BTreeMap<String, InputValue>>,
}

impl InputVariables {
    /// The values for `environment` of those variables that its configuration declares.
    #[must_use]
    pub fn of(
        &self,
        environment: &EnvironmentName,
        declared: &BTreeSet<String>,
    ) -> BTreeMap<String, &InputValue> {
        let own = self.named.get(environment);
        declared
            .iter()
            .filter_map(|name| {
                let value = own
                    .and_then(|own| own.get(name))
                    .or_else(|| self.process.get(name))
                    .or_else(|| self.every.get(name))?;
                Some((name.clone(), value))
            })
            .collect()
    }
}

/// Whether `text` can be the name of an input variable.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-')
}

/// `value` as `TF_VAR_…` would hold it: a text is itself, everything else an expression.
#[must_use]
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => expression(other),
    }
}

fn expression(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(expression).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{} = {}", quoted(name), expression(value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn values(all: &[(&str, &str)]) -> BTreeMap<String, InputValue> {
        all.iter()
            .map(|(name, value)| ((*name).to_owned(), InputValue::Text((*value).to_owned())))
            .collect()
    }

    #[test]
    fn the_nearest_value_counts_and_only_what_is_declared_is_passed() {
        let name = |text: &str| EnvironmentName::parse(text).expect(text);
        let all = InputVariables {
            process: values(&[("a", "process"), ("b", "process")]),
            every: values(&[
                ("a", "every"),
                ("b", "every"),
                ("c", "every"),
                ("x", "every"),
            ]),
            named: BTreeMap::from([(name("pr-1"), values(&[("a", "named"), ("y", "named")]))]),
        };
        let declared = ["a", "b", "c", "d"].map(str::to_owned).into();
        let of = |environment: &str| {
            let found = all.of(&name(environment), &declared);
            let texts = found.into_iter().map(|(name, value)| match value {
                InputValue::Text(text) => format!("{name}={text}"),
                InputValue::File(_) => panic!("a text"),
            });
            texts.collect::<Vec<_>>()
        };
        assert_eq!(of("pr-1"), ["a=named", "b=process", "c=every"]);
        assert_eq!(of("pr-2"), ["a=process", "b=process", "c=every"]);
        assert!(!format!("{all:?}").contains("process\""));
    }

    #[test]
    fn what_is_no_text_becomes_an_expression() {
        for (value, expected) in [
            (json!("a ${b}"), "a ${b}"),
            (json!(3), "3"),
            (json!(true), "true"),
            (json!(["a", "${b}", 1]), r#"["a", "$${b}", 1]"#),
            (json!({"a": {"b c": "\"\n"}}), r#"{"a" = {"b c" = "\"\n"}}"#),
        ] {
            assert_eq!(text_of(&value), expected);
        }
    }

    #[test]
    fn names_are_what_terraform_takes_for_names() {
        for right in ["a", "_a1", "db-password", "größe"] {
            assert!(is_name(right), "{right}");
        }
        for wrong in ["", "1a", "a.b", "a b", "-a"] {
            assert!(!is_name(wrong), "{wrong}");
        }
    }
}
