//! Which arguments of a configuration are literals, and what they are in Terraform's JSON syntax. Pure.
//!
//! A literal needs nothing but itself: no variable, no function, no template. Everything else answers `None`.

use hcl_edit::{
    expr::{Expression, ObjectKey, UnaryOperator},
    structure::{Body, Structure},
};
use serde_json::{Map, Value};

/// Arguments that Terraform itself reads in a `provider` block; they are no configuration of the provider.
const META_ARGUMENTS: [&str; 2] = ["alias", "version"];

/// The arguments and nested blocks of a `provider` block in JSON syntax.
///
/// # Errors
/// The name of the first argument or block that is not a literal.
pub fn arguments(body: &Body) -> Result<Map<String, Value>, String> {
    let mut all = Map::new();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                let name = attribute.key.as_str();
                if META_ARGUMENTS.contains(&name) {
                    continue;
                }
                // OpenTofu makes several configurations of such a block.
                let value = (name != "for_each")
                    .then(|| value(&attribute.value))
                    .flatten()
                    .ok_or_else(|| name.to_owned())?;
                all.insert(name.to_owned(), value);
            }
            Structure::Block(block) => {
                let name = block.ident.as_str();
                if !block.labels.is_empty() || name == "dynamic" {
                    return Err(name.to_owned());
                }
                let inner = arguments(&block.body).map_err(|inner| format!("{name}.{inner}"))?;
                // A list of objects means the same for every kind of nested block.
                match all
                    .entry(name.to_owned())
                    .or_insert(Value::Array(Vec::new()))
                {
                    Value::Array(blocks) => blocks.push(Value::Object(inner)),
                    _ => return Err(name.to_owned()),
                }
            }
        }
    }
    Ok(all)
}

/// `expression` in JSON syntax, if it is a literal.
#[must_use]
pub fn value(expression: &Expression) -> Option<Value> {
    match expression {
        Expression::Null(_) => Some(Value::Null),
        Expression::Bool(bool) => Some(Value::Bool(*bool.value())),
        Expression::Number(number) => number_of(&number.value().to_string()),
        Expression::String(text) => Some(Value::String(escaped(text.value()))),
        Expression::Parenthesis(inner) => value(inner.inner()),
        Expression::Array(array) => array
            .iter()
            .map(value)
            .collect::<Option<_>>()
            .map(Value::Array),
        Expression::Object(object) => object
            .iter()
            .map(|(key, item)| Some((key_of(key)?, value(item.expr())?)))
            .collect::<Option<_>>()
            .map(Value::Object),
        Expression::UnaryOp(operation) if *operation.operator.value() == UnaryOperator::Neg => {
            match value(&operation.expr)? {
                Value::Number(number) => number_of(&format!("-{number}")),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether `value`, which stands in a file in JSON syntax, needs nothing but itself.
#[must_use]
pub fn is_literal_json(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains("${") && !text.contains("%{"),
        Value::Array(all) => all.iter().all(is_literal_json),
        Value::Object(all) => all.values().all(is_literal_json),
        _ => true,
    }
}

fn number_of(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().map(Value::Number)
}

fn key_of(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(name) => Some(name.as_str().to_owned()),
        ObjectKey::Expression(expression) => expression.as_str().map(escaped),
    }
}

/// Strings in JSON syntax are templates; this one must stay what it is.
fn escaped(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Result<Value, &str>) {
        let body = hcl_edit::parser::parse_body(text).expect(text);
        let found = arguments(&body).map(Value::Object);
        assert_eq!(found, expect.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn literal_arguments_and_blocks_become_the_same_in_json_syntax() {
        check("", Ok(json!({})));
        check(
            "alias = \"west\"\nversion = \"~> 5\"\nregion = \"eu-1\"\nmax = 3\nlow = -1.5\nok = (true)\nno = null\n",
            Ok(json!({"region": "eu-1", "max": 3, "low": -1.5, "ok": true, "no": null})),
        );
        check(
            "features {}\nassume_role {\n  arn = \"a\"\n}\nassume_role {\n  arn = \"b\"\n}\n",
            Ok(json!({"features": [{}], "assume_role": [{"arn": "a"}, {"arn": "b"}]})),
        );
        check(
            "tags = { Owner = \"x\", \"a b\" = [\"y\", 1] }\n",
            Ok(json!({"tags": {"Owner": "x", "a b": ["y", 1]}})),
        );
    }

    #[test]
    fn a_literal_that_looks_like_a_template_stays_what_it_is() {
        check(
            "a = \"$${x} %%{y} $z\"\n",
            Ok(json!({"a": "$${x} %%{y} $z"})),
        );
    }

    #[test]
    fn what_needs_more_than_itself_is_no_literal() {
        check("a = 1\nregion = var.region\n", Err("region"));
        check("a = \"x-${var.y}\"\n", Err("a"));
        check("a = file(\"x\")\n", Err("a"));
        check("a = [1, local.x]\n", Err("a"));
        check("a = { (var.k) = 1 }\n", Err("a"));
        check("a = true ? 1 : 2\n", Err("a"));
        check("a = <<E\nx\nE\n", Err("a"));
        check("for_each = { a = 1 }\n", Err("for_each"));
        check("dynamic \"x\" {\n  for_each = []\n}\n", Err("dynamic"));
        check("b {\n  c {\n    d = var.x\n  }\n}\n", Err("b.c.d"));
    }

    #[test]
    fn json_syntax_is_literal_unless_it_holds_a_template() {
        assert!(is_literal_json(&json!({"a": ["x", 1, null, {"b": "$x"}]})));
        assert!(!is_literal_json(&json!({"a": [{"b": "${var.x}"}]})));
        assert!(!is_literal_json(&json!("%{if true}")));
    }
}
