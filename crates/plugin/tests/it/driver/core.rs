//! The part of Terraform that sits between configuration and provider: what it proposes, and what it insists on in
//! the answers. After Terraform's `objchange` package, for the schemas we have.

use plugin::proto::tfplugin6::schema::{Attribute, Block};
use serde_json::{Map, Value as Json, json};

use super::values::{REFINED, UNKNOWN, unrefined};

/// The configuration with every attribute and block type there, as Terraform sends it.
pub(crate) fn complete(block: &Block, config: &Json) -> Json {
    let Json::Object(given) = config else {
        return config.clone();
    };
    let mut whole = given.clone();
    for attribute in &block.attributes {
        let value = whole.entry(&attribute.name).or_insert(Json::Null);
        *value = complete_attribute(attribute, value);
    }
    for nested in &block.block_types {
        let inner = nested.block.clone().unwrap_or_default();
        let value = whole.entry(&nested.type_name).or_insert(json!([]));
        if let Json::Array(items) = value {
            *value = items.iter().map(|item| complete(&inner, item)).collect();
        }
    }
    Json::Object(whole)
}

fn complete_attribute(attribute: &Attribute, value: &Json) -> Json {
    match (&attribute.nested_type, value) {
        (Some(_), Json::Array(items)) => items
            .iter()
            .map(|item| complete_attribute(attribute, item))
            .collect(),
        (Some(object), Json::Object(given)) => {
            let mut whole = given.clone();
            for member in &object.attributes {
                let value = whole.entry(&member.name).or_insert(Json::Null);
                *value = complete_attribute(member, value);
            }
            Json::Object(whole)
        }
        _ => value.clone(),
    }
}

/// The proposed new state: the configuration, with the prior value where the provider decides.
pub(crate) fn propose(block: &Block, prior: &Json, config: &Json) -> Json {
    let Json::Object(given) = config else {
        return config.clone();
    };
    let mut proposed = given.clone();
    propose_members(&block.attributes, prior, &mut proposed);
    Json::Object(proposed)
}

fn propose_members(attributes: &[Attribute], prior: &Json, proposed: &mut Map<String, Json>) {
    for attribute in attributes {
        let prior = &prior[&attribute.name];
        let Some(value) = proposed.get_mut(&attribute.name) else {
            continue;
        };
        match (&attribute.nested_type, value) {
            (_, value @ Json::Null) if attribute.computed => *value = prior.clone(),
            (Some(object), Json::Object(members)) => {
                propose_members(&object.attributes, prior, members);
            }
            _ => {}
        }
    }
}

/// Panics where Terraform would say "Provider produced invalid plan". An unknown value need not come back refined.
pub(crate) fn insist_on_plan(block: &Block, prior: &Json, config: &Json, planned: &Json) {
    let config = &unrefined(config);
    for attribute in &block.attributes {
        let name = &attribute.name;
        let at = format!("`{name}`");
        insist_on_attribute(attribute, &prior[name], &config[name], &planned[name], &at);
    }
}

fn insist_on_attribute(
    attribute: &Attribute,
    prior: &Json,
    config: &Json,
    planned: &Json,
    at: &str,
) {
    if attribute.write_only {
        assert!(
            planned.is_null(),
            "invalid plan: {at} is write-only and planned"
        );
        return;
    }
    match (&attribute.nested_type, config, planned) {
        (Some(object), Json::Object(_), Json::Object(_)) => {
            for member in &object.attributes {
                let (name, at) = (&member.name, format!("{at}.{}", member.name));
                insist_on_attribute(member, &prior[name], &config[name], &planned[name], &at);
            }
        }
        (_, Json::Null, planned) => {
            assert!(
                attribute.computed || planned.is_null(),
                "invalid plan: {at} is planned as {planned}, is not configured and not computed"
            );
        }
        (_, config, planned) => assert!(
            same(config, planned) || same(prior, planned),
            "invalid plan: {at} is planned as {planned} and configured as {config}"
        ),
    }
}

/// Panics where Terraform would say "Provider produced inconsistent result after apply".
pub(crate) fn insist_on_result(planned: &Json, result: &Json, at: &str) {
    insist_on_promise(planned, result, at);
    insist_on_known(result, at);
}

fn insist_on_known(value: &Json, at: &str) {
    match value {
        Json::String(text) => assert_ne!(text, UNKNOWN, "{at} is unknown after apply"),
        Json::Object(members) => {
            for (name, member) in members {
                insist_on_known(member, &format!("{at}.{name}"));
            }
        }
        Json::Array(items) => items.iter().for_each(|item| insist_on_known(item, at)),
        _ => {}
    }
}

/// What was known is the same; what was unknown may be anything, and may go on being unknown.
pub(crate) fn insist_on_promise(planned: &Json, result: &Json, at: &str) {
    match (planned, result) {
        (Json::String(text), _) if text == UNKNOWN || text == REFINED => {}
        (Json::Object(planned), Json::Object(result)) => {
            for (name, planned) in planned {
                let result = result.get(name).unwrap_or(&Json::Null);
                insist_on_promise(planned, result, &format!("{at}.{name}"));
            }
        }
        (Json::Array(planned), Json::Array(result)) if planned.len() == result.len() => {
            for (index, (planned, result)) in planned.iter().zip(result).enumerate() {
                insist_on_promise(planned, result, &format!("{at}[{index}]"));
            }
        }
        (planned, result) => assert!(
            same(planned, result),
            "inconsistent result: {at} was planned as {planned} and is {result}"
        ),
    }
}

/// Equal, where a number and its decimal text are the same number.
fn same(left: &Json, right: &Json) -> bool {
    let text = |value: &Json| value.as_str().map_or(value.to_string(), ToOwned::to_owned);
    match (left, right) {
        (Json::Number(_), Json::String(_)) | (Json::String(_), Json::Number(_)) => {
            text(left) == text(right)
        }
        _ => left == right,
    }
}
