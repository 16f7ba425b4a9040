//! tf-provider's schema types as the protocol's. Everything is sorted, so that the same provider always sends the
//! same bytes.

use std::collections::HashMap;

use serde::Serialize;
use tf_provider::schema::{
    Attribute, AttributeConstraint, AttributeType, Block, Description, FunctionSchema, NestedBlock,
    Parameter, Schema, StringKind, Type,
};

use super::proto::tfplugin6 as proto;
use super::shape::sorted;

/// A schema; the top-level attributes named in `write_only` are marked so.
pub(crate) fn to_proto(schema: &Schema, write_only: &[&str]) -> proto::Schema {
    proto::Schema {
        version: schema.version,
        block: Some(block(&schema.block, write_only)),
    }
}

/// A function's signature.
pub(crate) fn function_to_proto(schema: &FunctionSchema) -> proto::Function {
    proto::Function {
        parameters: schema.parameters.iter().map(parameter).collect(),
        variadic_parameter: schema.variadic.as_ref().map(parameter),
        r#return: Some(proto::function::Return {
            r#type: type_json(&schema.return_type),
        }),
        summary: schema.summary.clone(),
        description: schema.description.content.clone(),
        description_kind: kind(&schema.description),
        deprecation_message: schema.deprecated.clone().unwrap_or_default(),
    }
}

fn parameter(parameter: &Parameter) -> proto::function::Parameter {
    proto::function::Parameter {
        name: parameter.name.clone(),
        r#type: type_json(&parameter.param_type),
        allow_null_value: parameter.allow_null,
        allow_unknown_values: parameter.allow_unknown,
        description: parameter.description.content.clone(),
        description_kind: kind(&parameter.description),
    }
}

fn block(block: &Block, write_only: &[&str]) -> proto::schema::Block {
    proto::schema::Block {
        version: block.version,
        attributes: attributes(&block.attributes, write_only),
        block_types: sorted(&block.blocks)
            .into_iter()
            .map(|(name, nested)| nested_block(name, nested))
            .collect(),
        description: block.description.content.clone(),
        description_kind: kind(&block.description),
        deprecated: block.deprecated,
        deprecation_message: String::new(),
        computed: false,
    }
}

fn nested_block(name: &str, nested: &NestedBlock) -> proto::schema::NestedBlock {
    use proto::schema::nested_block::NestingMode;
    // Zero items at most means no limit.
    let (mode, inner, min_items, max_items) = match nested {
        NestedBlock::Single(inner) => (NestingMode::Single, inner, 1, 1),
        NestedBlock::List(inner) => (NestingMode::List, inner, 0, 0),
        NestedBlock::Set(inner) => (NestingMode::Set, inner, 0, 0),
        NestedBlock::Map(inner) => (NestingMode::Map, inner, 0, 0),
        NestedBlock::Group(inner) => (NestingMode::Group, inner, 0, 0),
        NestedBlock::Optional(inner) => (NestingMode::List, inner, 0, 1),
    };
    proto::schema::NestedBlock {
        type_name: name.to_owned(),
        block: Some(block(inner, &[])),
        nesting: mode.into(),
        min_items,
        max_items,
    }
}

fn attributes(
    members: &HashMap<String, Attribute>,
    write_only: &[&str],
) -> Vec<proto::schema::Attribute> {
    let members = sorted(members).into_iter();
    members
        .map(|(name, member)| attribute(name, member, write_only.contains(&name.as_str())))
        .collect()
}

fn attribute(name: &str, attribute: &Attribute, write_only: bool) -> proto::schema::Attribute {
    use proto::schema::object::NestingMode;
    let nested = match &attribute.attr_type {
        AttributeType::AttributeSingle(members) => Some((NestingMode::Single, members)),
        AttributeType::AttributeList(members) => Some((NestingMode::List, members)),
        AttributeType::AttributeSet(members) => Some((NestingMode::Set, members)),
        AttributeType::AttributeMap(members) => Some((NestingMode::Map, members)),
        _ => None,
    };
    // Terraform refuses the whole provider when `type` and `nested_type` are both set.
    let kind_of_value = match nested {
        Some(_) => Vec::new(),
        None => type_json(&attribute.attr_type),
    };
    let constraint = &attribute.constraint;
    proto::schema::Attribute {
        name: name.to_owned(),
        r#type: kind_of_value,
        nested_type: nested.map(|(nesting, members)| proto::schema::Object {
            attributes: attributes(members, &[]),
            nesting: nesting.into(),
        }),
        description: attribute.description.content.clone(),
        description_kind: kind(&attribute.description),
        required: *constraint == AttributeConstraint::Required,
        optional: matches!(
            constraint,
            AttributeConstraint::Optional | AttributeConstraint::OptionalComputed
        ),
        computed: matches!(
            constraint,
            AttributeConstraint::Computed | AttributeConstraint::OptionalComputed
        ),
        sensitive: attribute.sensitive,
        deprecated: attribute.deprecated,
        deprecation_message: String::new(),
        write_only,
    }
}

/// Terraform's JSON spelling of a type, with object members in order: a JSON value sorts them.
fn type_json(kind: &impl Serialize) -> Vec<u8> {
    let json = serde_json::to_value(kind).unwrap_or_default();
    json.to_string().into_bytes()
}

/// The type of a parameter or a result, as that of an attribute.
pub(crate) fn attribute_type(kind: &Type) -> AttributeType {
    let boxed = |element: &Type| Box::new(attribute_type(element));
    match kind {
        Type::String => AttributeType::String,
        Type::Number => AttributeType::Number,
        Type::Bool => AttributeType::Bool,
        Type::Any => AttributeType::Any,
        Type::List(element) => AttributeType::List(boxed(element)),
        Type::Set(element) => AttributeType::Set(boxed(element)),
        Type::Map(element) => AttributeType::Map(boxed(element)),
        Type::Tuple(elements) => {
            AttributeType::Tuple(elements.iter().map(attribute_type).collect())
        }
        Type::Object(members) => {
            let members: HashMap<_, _> = members
                .iter()
                .map(|(name, kind)| (name.clone(), attribute_type(kind)))
                .collect();
            AttributeType::Object(members)
        }
    }
}

fn kind(description: &Description) -> i32 {
    match description.kind {
        StringKind::Plain => proto::StringKind::Plain.into(),
        StringKind::Markdown => proto::StringKind::Markdown.into(),
    }
}
