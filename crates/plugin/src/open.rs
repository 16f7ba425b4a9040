//! What is still open: where a value is unknown, and whether it may be. Expects a value that `shape` has already put in
//! order; knows no resource.

use std::collections::HashMap;

use rmpv::Value;
use tf_provider::AttributePath;
use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, NestedBlock};

use super::raw::{self, Raw};

/// Where something in `config` is unknown, each by its attribute.
pub(crate) fn unknown_places(config: &Raw) -> Vec<AttributePath> {
    let entries = match config {
        Value::Map(entries) => entries.as_slice(),
        whole if raw::has_unknowns(whole) => return vec![AttributePath::root()],
        _ => &[],
    };
    let unknown = entries.iter().filter(|(_, item)| raw::has_unknowns(item));
    unknown
        .filter_map(|(key, _)| key.as_str())
        .map(|name| AttributePath::new(name.to_owned()))
        .collect()
}

/// Where `planned` leaves open what only a configuration sets, each by its attribute. A plan may; what is applied may not,
/// because nobody would fill it in.
pub(crate) fn open_places(block: &Block, planned: &Raw) -> Vec<AttributePath> {
    if raw::is_unknown(planned) {
        return vec![AttributePath::root()];
    }
    let open = raw::entries(planned).filter(|(name, value)| {
        let attribute = block.attributes.get(*name);
        let nested = block.blocks.get(*name);
        attribute.is_some_and(|attribute| is_left_open(attribute, value))
            || nested.is_some_and(|nested| is_block_open(nested, value))
    });
    open.map(|(name, _)| AttributePath::new(name.to_owned()))
        .collect()
}

fn is_block_open(nested: &NestedBlock, value: &Raw) -> bool {
    match nested {
        NestedBlock::Single(block) | NestedBlock::Group(block) => is_open(block, value),
        NestedBlock::List(block)
        | NestedBlock::Optional(block)
        | NestedBlock::Set(block)
        | NestedBlock::Map(block) => parts(value).any(|item| is_open(block, item)),
    }
}

fn is_open(block: &Block, planned: &Raw) -> bool {
    !open_places(block, planned).is_empty()
}

fn is_left_open(attribute: &Attribute, value: &Raw) -> bool {
    let is_ours = matches!(
        attribute.constraint,
        AttributeConstraint::Computed | AttributeConstraint::OptionalComputed
    );
    if is_ours {
        return false;
    }
    let of_object = |members: &HashMap<String, Attribute>, object: &Raw| {
        let mut members = members.iter();
        raw::is_unknown(object)
            || members.any(|(name, member)| is_left_open(member, raw::entry(object, name)))
    };
    match &attribute.attr_type {
        AttributeType::AttributeSingle(members) => of_object(members, value),
        AttributeType::AttributeList(members)
        | AttributeType::AttributeSet(members)
        | AttributeType::AttributeMap(members) => {
            parts(value).any(|object| of_object(members, object))
        }
        _ => raw::has_unknowns(value),
    }
}

fn items(value: &Raw) -> impl Iterator<Item = &Raw> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        _ => &[],
    };
    items.iter()
}

/// The elements of a list, a set or a map; an unknown is its own only one.
fn parts(value: &Raw) -> impl Iterator<Item = &Raw> {
    let itself = raw::is_unknown(value).then_some(value);
    let items = items(value);
    let entries = raw::entries(value).map(|(_, item)| item);
    itself.into_iter().chain(items).chain(entries)
}
