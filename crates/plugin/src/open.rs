//! What is still open: where a value is unknown, and whether it may be. Expects a value that `shape` has already put in
//! order; knows no resource.

use std::collections::HashMap;

use rmpv::Value;
use tf_provider::AttributePath;
use tf_provider::schema::{Attribute, AttributeConstraint, Block};

use super::nesting::{self, Nesting};
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
/// because no later step fills it in.
pub(crate) fn open_places(block: &Block, planned: &Raw) -> Vec<AttributePath> {
    if raw::is_unknown(planned) {
        return vec![AttributePath::root()];
    }
    let open = raw::entries(planned).filter(|(name, value)| {
        let attribute = block.attributes.get(*name);
        let nested = block.blocks.get(*name);
        attribute.is_some_and(|attribute| is_left_open(attribute, value))
            || nested
                .map(nesting::of_block)
                .is_some_and(|(nesting, block)| {
                    objects(nesting, value).any(|object| !open_places(block, object).is_empty())
                })
    });
    open.map(|(name, _)| AttributePath::new(name.to_owned()))
        .collect()
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
    match nesting::of_type(&attribute.attr_type) {
        Some((nesting, members)) => {
            objects(nesting, value).any(|object| of_object(members, object))
        }
        None => raw::has_unknowns(value),
    }
}

/// The objects in a value of this nesting; an unknown is its own only one.
fn objects(nesting: Nesting, value: &Raw) -> impl Iterator<Item = &Raw> {
    let is_whole = nesting == Nesting::One || raw::is_unknown(value);
    let whole = is_whole.then_some(value);
    let items = match value {
        Value::Array(items) if !is_whole => items.as_slice(),
        _ => &[],
    };
    let entries = raw::entries(value).filter(move |_| !is_whole);
    let entries = entries.map(|(_, item)| item);
    whole.into_iter().chain(items).chain(entries)
}
