//! How values nest: alike for blocks and for attributes with members. Knows no rule about what stands where.

use std::collections::HashMap;

use rmpv::Value;
use tf_provider::schema::{Attribute, AttributeType, Block, NestedBlock};

use super::place::{Place, Step};
use super::raw::Raw;

/// How many parts a value has, and how they are told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nesting {
    /// It is its only part.
    One,
    /// By their order.
    List,
    /// By themselves.
    Set,
    /// By keys.
    Map,
}

/// The nesting of a block, and what is nested.
pub(crate) fn of_block(nested: &NestedBlock) -> (Nesting, &Block) {
    match nested {
        NestedBlock::Single(block) | NestedBlock::Group(block) => (Nesting::One, block),
        NestedBlock::List(block) | NestedBlock::Optional(block) => (Nesting::List, block),
        NestedBlock::Set(block) => (Nesting::Set, block),
        NestedBlock::Map(block) => (Nesting::Map, block),
    }
}

/// The nesting of an attribute with members of its own, and the members.
pub(crate) fn of_type(kind: &AttributeType) -> Option<(Nesting, &HashMap<String, Attribute>)> {
    match kind {
        AttributeType::AttributeSingle(members) => Some((Nesting::One, members)),
        AttributeType::AttributeList(members) => Some((Nesting::List, members)),
        AttributeType::AttributeSet(members) => Some((Nesting::Set, members)),
        AttributeType::AttributeMap(members) => Some((Nesting::Map, members)),
        _ => None,
    }
}

/// The nesting of a collection, and the type of what it holds.
pub(crate) fn of_collection(kind: &AttributeType) -> Option<(Nesting, &AttributeType)> {
    match kind {
        AttributeType::List(element) => Some((Nesting::List, element)),
        AttributeType::Set(element) => Some((Nesting::Set, element)),
        AttributeType::Map(element) => Some((Nesting::Map, element)),
        _ => None,
    }
}

impl Nesting {
    /// Does `work` to each part of `value`, at its place. A value of another shape has none.
    pub(crate) fn each(self, value: &mut Raw, at: &Place, mut work: impl FnMut(&mut Raw, &Place)) {
        match (self, value) {
            (Self::One, value) => work(value, at),
            (Self::List, Value::Array(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    work(item, &at.then(Step::Index(index)));
                }
            }
            (Self::Set, Value::Array(items)) => {
                for item in items {
                    work(item, &at.then(Step::Element));
                }
            }
            (Self::Map, Value::Map(entries)) => {
                for (key, item) in entries {
                    work(item, &at.then(Step::Key(key.as_str().unwrap_or_default())));
                }
            }
            _ => {}
        }
    }
}
