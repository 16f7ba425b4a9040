//! Who sets what: the rules a configuration must keep that Terraform itself does not check. A null for a required
//! attribute and a value for a computed one both reach the provider, at the top and inside nested attributes.
//! Expects a value that `shape` has already put in order, with every attribute there; looks at no resource's own rules.

use std::collections::HashMap;

use rmpv::Value;
use tf_provider::Diagnostics;
use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, NestedBlock};

use super::place::{Place, Step};
use super::raw::{self, Raw};
use super::report::Report;

/// Refuses, each on its own attribute, a null for what is required and a value for what only the provider sets.
/// Unknown values are fine wherever a value is. In `config` the first becomes unknown and the second null, so that the
/// type's own rules may be asked of the rest.
pub(crate) fn check_schema(block: &Block, config: &mut Raw, diags: &mut Diagnostics) {
    of_block(block, config, &Place::default(), diags);
}

/// Refuses a value for what is write-only when the client does not know such attributes: it would keep the value in its
/// state. In `config` it becomes null.
pub(crate) fn check_write_only(write_only: &[&str], config: &mut Raw, diags: &mut Diagnostics) {
    let given =
        entries_mut(config).filter(|(name, item)| write_only.contains(name) && !item.is_nil());
    for (name, item) in given {
        *item = Value::Nil;
        let top = Place::default();
        let at = top.then(Step::Attribute(name));
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

fn of_block(block: &Block, value: &mut Raw, at: &Place<'_>, diags: &mut Diagnostics) {
    for (name, value) in entries_mut(value) {
        if let Some(attribute) = block.attributes.get(name) {
            of_attribute(attribute, value, &at.then(Step::Attribute(name)), diags);
        } else if let Some(nested) = block.blocks.get(name) {
            of_nested_block(nested, value, &at.then(Step::Block(name)), diags);
        }
    }
}

fn of_nested_block(nested: &NestedBlock, value: &mut Raw, at: &Place<'_>, diags: &mut Diagnostics) {
    match nested {
        NestedBlock::Single(block) | NestedBlock::Group(block) => {
            of_block(block, value, at, diags);
        }
        NestedBlock::List(block) | NestedBlock::Optional(block) => {
            for (index, item) in items_mut(value) {
                of_block(block, item, &at.then(Step::Index(index)), diags);
            }
        }
        NestedBlock::Set(block) => {
            for (_, item) in items_mut(value) {
                of_block(block, item, &at.then(Step::Element), diags);
            }
        }
        NestedBlock::Map(block) => {
            for (key, item) in entries_mut(value) {
                of_block(block, item, &at.then(Step::Key(key)), diags);
            }
        }
    }
}

fn of_attribute(attribute: &Attribute, value: &mut Raw, at: &Place<'_>, diags: &mut Diagnostics) {
    match attribute.constraint {
        AttributeConstraint::Required if value.is_nil() => {
            *value = raw::unknown();
            diags.refuse(
                at.path(),
                "Missing Required Value",
                format!("{} is required and is null. Give it a value.", at.text()),
            );
        }
        AttributeConstraint::Computed if !value.is_nil() => {
            *value = Value::Nil;
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

fn of_members(kind: &AttributeType, value: &mut Raw, at: &Place<'_>, diags: &mut Diagnostics) {
    match kind {
        AttributeType::AttributeSingle(members) => of_object(members, value, at, diags),
        AttributeType::AttributeList(members) => {
            for (index, item) in items_mut(value) {
                of_object(members, item, &at.then(Step::Index(index)), diags);
            }
        }
        AttributeType::AttributeSet(members) => {
            for (_, item) in items_mut(value) {
                of_object(members, item, &at.then(Step::Element), diags);
            }
        }
        AttributeType::AttributeMap(members) => {
            for (key, item) in entries_mut(value) {
                of_object(members, item, &at.then(Step::Key(key)), diags);
            }
        }
        _ => {}
    }
}

fn of_object(
    members: &HashMap<String, Attribute>,
    value: &mut Raw,
    at: &Place<'_>,
    diags: &mut Diagnostics,
) {
    for (name, value) in entries_mut(value) {
        if let Some(member) = members.get(name) {
            of_attribute(member, value, &at.then(Step::Member(name)), diags);
        }
    }
}

fn entries_mut(value: &mut Raw) -> impl Iterator<Item = (&str, &mut Raw)> {
    let entries = match value {
        Value::Map(entries) => entries.as_mut_slice(),
        _ => &mut [],
    };
    entries
        .iter_mut()
        .filter_map(|(key, item)| key.as_str().map(|key| (key, item)))
}

fn items_mut(value: &mut Raw) -> impl Iterator<Item = (usize, &mut Raw)> {
    let items = match value {
        Value::Array(items) => items.as_mut_slice(),
        _ => &mut [],
    };
    items.iter_mut().enumerate()
}
