//! Who sets what: the rules a configuration must keep that Terraform itself does not check. A null for a required
//! attribute and a value for a computed one both reach the provider, at the top and inside nested attributes.
//! Expects a value that `shape` has already put in order, with every attribute there; looks at no resource's own rules.

use std::collections::HashMap;

use rmpv::Value;
use tf_provider::Diagnostics;
use tf_provider::schema::{Attribute, AttributeConstraint, Block};

use super::nesting;
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
        let at = Place::default().then(Step::Attribute(name));
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

fn of_block(block: &Block, value: &mut Raw, at: &Place, diags: &mut Diagnostics) {
    for (name, value) in entries_mut(value) {
        if let Some(attribute) = block.attributes.get(name) {
            of_attribute(attribute, value, &at.then(Step::Attribute(name)), diags);
        } else if let Some(nested) = block.blocks.get(name) {
            let (nesting, block) = nesting::of_block(nested);
            nesting.each(value, &at.then(Step::Block(name)), |item, at| {
                of_block(block, item, at, diags);
            });
        }
    }
}

fn of_attribute(attribute: &Attribute, value: &mut Raw, at: &Place, diags: &mut Diagnostics) {
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
        _ => {
            if let Some((nesting, members)) = nesting::of_type(&attribute.attr_type) {
                nesting.each(value, at, |item, at| of_object(members, item, at, diags));
            }
        }
    }
}

fn of_object(
    members: &HashMap<String, Attribute>,
    value: &mut Raw,
    at: &Place,
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
