//! Who sets what: the rules a configuration must keep that Terraform itself does not check. A null for a required
//! attribute and a value for a computed one both reach the provider, at the top and inside nested attributes.
//! And what may still be open once it is applied. Expects a value that `shape` has already put in order; looks at no resource's own rules.

use std::collections::HashMap;

use rmpv::Value;
use tf_provider::Diagnostics;
use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, NestedBlock};

use super::place::Place;
use super::raw::{self, Raw};
use super::report::Report;
use super::shape::sorted;

/// Refuses, each on its own attribute, a null for what is required and a value for what only the provider sets.
/// Unknown values are fine wherever a value is.
pub(crate) fn check_schema(block: &Block, config: &Raw, diags: &mut Diagnostics) {
    of_block(block, config, &Place::default(), diags);
}

/// Refuses a value for what is write-only when the client does not know such attributes: it would keep the value in its
/// state.
pub(crate) fn check_write_only(write_only: &[&str], config: &Raw, diags: &mut Diagnostics) {
    for name in write_only {
        if !entry(config, name).is_nil() {
            let at = Place::default().attribute(name);
            diags.refuse(
                at.path(),
                "Write-Only Attribute Not Supported",
                format!(
                    "{} is never stored, and this version of Terraform or OpenTofu would store it. Remove it, or use \
                     Terraform 1.11, OpenTofu 1.11 or newer.",
                    at.text()
                ),
            );
        }
    }
}

/// Whether `planned` leaves open what only a configuration sets. A plan may; what is applied may not, because nobody would
/// fill it in.
pub(crate) fn is_open(block: &Block, planned: &Raw) -> bool {
    if raw::is_unknown(planned) {
        return true;
    }
    let attributes = block.attributes.iter();
    let mut attributes = attributes.map(|(name, attribute)| (attribute, entry(planned, name)));
    let mut blocks = block.blocks.iter();
    attributes.any(|(attribute, value)| is_left_open(attribute, value))
        || blocks.any(|(name, nested)| {
            let value = entry(planned, name);
            match nested {
                NestedBlock::Single(block) | NestedBlock::Group(block) => is_open(block, value),
                NestedBlock::List(block)
                | NestedBlock::Optional(block)
                | NestedBlock::Set(block)
                | NestedBlock::Map(block) => parts(value).any(|item| is_open(block, item)),
            }
        })
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
            || members.any(|(name, member)| is_left_open(member, entry(object, name)))
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

fn of_block(block: &Block, value: &Raw, at: &Place, diags: &mut Diagnostics) {
    let Value::Map(_) = value else { return };
    for (name, attribute) in sorted(&block.attributes) {
        of_attribute(attribute, entry(value, name), &at.attribute(name), diags);
    }
    for (name, nested) in sorted(&block.blocks) {
        let (value, at) = (entry(value, name), at.block(name));
        match nested {
            NestedBlock::Single(block) | NestedBlock::Group(block) => {
                of_block(block, value, &at, diags);
            }
            NestedBlock::List(block) | NestedBlock::Optional(block) => {
                for (index, item) in items(value) {
                    of_block(block, item, &at.index(index), diags);
                }
            }
            NestedBlock::Set(block) => {
                for (_, item) in items(value) {
                    of_block(block, item, &at.element(), diags);
                }
            }
            NestedBlock::Map(block) => {
                for (key, item) in entries(value) {
                    of_block(block, item, &at.key(key), diags);
                }
            }
        }
    }
}

fn of_attribute(attribute: &Attribute, value: &Raw, at: &Place, diags: &mut Diagnostics) {
    match attribute.constraint {
        AttributeConstraint::Required if value.is_nil() => {
            diags.refuse(
                at.path(),
                "Missing Required Value",
                format!("{} is required and is null. Give it a value.", at.text()),
            );
        }
        AttributeConstraint::Computed if !value.is_nil() => {
            diags.refuse(
                at.path(),
                "Value for a Read-Only Attribute",
                format!(
                    "{} is set by the provider alone. Remove it from the configuration.",
                    at.text()
                ),
            );
        }
        _ => of_members(&attribute.attr_type, value, at, diags),
    }
}

fn of_members(kind: &AttributeType, value: &Raw, at: &Place, diags: &mut Diagnostics) {
    match kind {
        AttributeType::AttributeSingle(members) => of_object(members, value, at, diags),
        AttributeType::AttributeList(members) => {
            for (index, item) in items(value) {
                of_object(members, item, &at.index(index), diags);
            }
        }
        AttributeType::AttributeSet(members) => {
            for (_, item) in items(value) {
                of_object(members, item, &at.element(), diags);
            }
        }
        AttributeType::AttributeMap(members) => {
            for (key, item) in entries(value) {
                of_object(members, item, &at.key(key), diags);
            }
        }
        _ => {}
    }
}

fn of_object(
    members: &HashMap<String, Attribute>,
    value: &Raw,
    at: &Place,
    diags: &mut Diagnostics,
) {
    let Value::Map(_) = value else { return };
    for (name, member) in sorted(members) {
        of_attribute(member, entry(value, name), &at.member(name), diags);
    }
}

fn entry<'a>(value: &'a Raw, name: &str) -> &'a Raw {
    entries(value)
        .find_map(|(key, item)| (key == name).then_some(item))
        .unwrap_or(&Value::Nil)
}

fn entries(value: &Raw) -> impl Iterator<Item = (&str, &Raw)> {
    let entries = match value {
        Value::Map(entries) if !raw::is_unknown(value) => entries.as_slice(),
        _ => &[],
    };
    entries
        .iter()
        .filter_map(|(key, item)| key.as_str().map(|key| (key, item)))
}

fn items(value: &Raw) -> impl Iterator<Item = (usize, &Raw)> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        _ => &[],
    };
    items.iter().enumerate()
}

/// The elements of a list, a set or a map; an unknown is its own only one.
fn parts(value: &Raw) -> impl Iterator<Item = &Raw> {
    let itself = raw::is_unknown(value).then_some(value);
    let items = items(value).map(|(_, item)| item);
    let entries = entries(value).map(|(_, item)| item);
    itself.into_iter().chain(items).chain(entries)
}
