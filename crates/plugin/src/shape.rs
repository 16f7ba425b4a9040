//! Bringing a value into the shape its schema promises: every attribute there, every type right, numbers as numbers.
//! Knows types and names. Does not know who sets what (that is `rules`), and never shows a value in a message.

use std::collections::HashMap;

use rmpv::Value;
use tf_provider::Diagnostics;
use tf_provider::schema::{AttributeType, Block, NestedBlock};

use super::nesting::{self, Nesting};
use super::place::{Place, Step};
use super::raw::{self, Raw};
use super::report::Report;

/// The value in the shape of `block`: attributes that are missing become null, block types that are missing become
/// empty, numbers in text become numbers. Unknown names and wrong types are errors on their attribute; `None` if
/// there was one. A null value stays null.
pub(crate) fn conform(block: &Block, value: Raw, diags: &mut Diagnostics) -> Option<Raw> {
    let before = diags.errors.len();
    let shaped = conform_as_far(block, value, diags);
    shaped.filter(|_| diags.errors.len() == before)
}

/// Like [`conform`] for a value that is only looked at: beside its errors it is whatever of it is right, without the names
/// that the schema lacks, and unknown where a type is wrong. `None` if there is nothing to look at.
pub(crate) fn conform_as_far(
    block: &Block,
    mut value: Raw,
    diags: &mut Diagnostics,
) -> Option<Raw> {
    let before = diags.errors.len();
    of_whole(block, &mut value, diags);
    let nothing = raw::is_unknown(&value) && before < diags.errors.len();
    (!nothing).then_some(value)
}

/// Like [`conform`] for a state from the state file: what an older version of the provider stored under names that are
/// gone is dropped, as Terraform itself does.
pub(crate) fn conform_stored(
    block: &Block,
    mut value: Raw,
    diags: &mut Diagnostics,
) -> Option<Raw> {
    let mut found = Diagnostics::default();
    of_whole(block, &mut value, &mut found);
    found.errors.retain(|error| error.summary != UNSUPPORTED);
    let fits = found.errors.is_empty();
    diags.add_diagnostics(found);
    fits.then_some(value)
}

const UNSUPPORTED: &str = "Unsupported Attribute";

fn of_whole(block: &Block, value: &mut Raw, diags: &mut Diagnostics) {
    if !value.is_nil() {
        of_block(block, value, &Place::default(), diags);
    }
}

fn of_block(block: &Block, value: &mut Raw, at: &Place<'_>, diags: &mut Diagnostics) {
    let Some(entries) = entries_of(value, at, diags) else {
        return;
    };
    let mut shape = |name: &str, value: &mut Raw, diags: &mut Diagnostics| {
        if let Some(attribute) = block.attributes.get(name) {
            of_type(
                &attribute.attr_type,
                value,
                &at.then(Step::Attribute(name)),
                diags,
            );
        } else if let Some(nested) = block.blocks.get(name) {
            of_nested_block(nested, value, &at.then(Step::Block(name)), diags);
        } else {
            return false;
        }
        true
    };
    let names = || block.attributes.keys().chain(block.blocks.keys());
    let strangers = of_entries(entries, names, &mut shape, diags);
    for name in strangers {
        refuse_stranger(&at.then(Step::Attribute(&name)), diags);
    }
}

/// Shapes each entry, makes those of `names` that are missing, and takes out and answers the names that `shape` does not
/// know. The entries are in order, and stay so.
fn of_entries<'n, I: Iterator<Item = &'n String>>(
    entries: &mut Vec<(Value, Raw)>,
    names: impl Fn() -> I,
    shape: &mut impl FnMut(&str, &mut Raw, &mut Diagnostics) -> bool,
    diags: &mut Diagnostics,
) -> Vec<String> {
    let mut strangers = Vec::new();
    entries.retain_mut(|(key, value)| {
        let name = key.as_str().unwrap_or_default();
        let known = shape(name, value, diags);
        if !known {
            strangers.push(name.to_owned());
        }
        known
    });
    // Nearly always all are there.
    if entries.len() < names().count() {
        let there = entries.len();
        for name in names() {
            let found = entries[..there].binary_search_by(|(key, _)| key.as_str().cmp(&Some(name)));
            if found.is_err() {
                let mut value = Value::Nil;
                shape(name, &mut value, diags);
                entries.push((Value::from(name.as_str()), value));
            }
        }
        entries.sort_by(|(left, _), (right, _)| left.as_str().cmp(&right.as_str()));
    }
    strangers
}

fn of_nested_block(nested: &NestedBlock, value: &mut Raw, at: &Place<'_>, diags: &mut Diagnostics) {
    if raw::is_unknown(value) {
        *value = raw::unknown();
        return;
    }
    if value.is_nil() {
        *value = match nested {
            NestedBlock::Single(_) => return,
            NestedBlock::Group(_) | NestedBlock::Map(_) => Value::Map(Vec::new()),
            NestedBlock::List(_) | NestedBlock::Optional(_) | NestedBlock::Set(_) => {
                Value::Array(Vec::new())
            }
        };
    }
    let (nesting, block) = nesting::of_block(nested);
    of_parts(nesting, value, at, diags, |part, at, diags| {
        of_block(block, part, at, diags);
    });
}

/// Brings a value that stands in no block into the shape of `kind`.
pub(crate) fn of_type(
    kind: &AttributeType,
    value: &mut Raw,
    at: &Place<'_>,
    diags: &mut Diagnostics,
) {
    if value.is_nil() {
        return;
    }
    if raw::is_unknown(value) {
        *value = raw::unknown();
        return;
    }
    match kind {
        AttributeType::Any => {}
        AttributeType::String if value.is_str() => {}
        AttributeType::String => wrong(at, "a string", value, diags),
        AttributeType::Bool if value.is_bool() => {}
        AttributeType::Bool => wrong(at, "a bool", value, diags),
        AttributeType::Number => number(value, at, diags),
        AttributeType::Tuple(elements) => tuple(elements, value, at, diags),
        AttributeType::Object(members) => object(members, |kind| kind, value, at, diags),
        nested => {
            if let Some((nesting, element)) = nesting::of_collection(nested) {
                of_parts(nesting, value, at, diags, |part, at, diags| {
                    of_type(element, part, at, diags);
                });
            } else if let Some((nesting, members)) = nesting::of_type(nested) {
                of_parts(nesting, value, at, diags, |part, at, diags| {
                    object(members, |member| &member.attr_type, part, at, diags);
                });
            }
        }
    }
}

fn object<M>(
    members: &HashMap<String, M>,
    kind: impl Fn(&M) -> &AttributeType,
    value: &mut Raw,
    at: &Place<'_>,
    diags: &mut Diagnostics,
) {
    if value.is_nil() {
        return;
    }
    let Some(entries) = entries_of(value, at, diags) else {
        return;
    };
    let mut shape = |name: &str, value: &mut Raw, diags: &mut Diagnostics| {
        let Some(member) = members.get(name) else {
            return false;
        };
        of_type(kind(member), value, &at.then(Step::Member(name)), diags);
        true
    };
    let strangers = of_entries(entries, || members.keys(), &mut shape, diags);
    for name in strangers {
        refuse_stranger(&at.then(Step::Member(&name)), diags);
    }
}

fn number(value: &mut Raw, at: &Place<'_>, diags: &mut Diagnostics) {
    let number = match &*value {
        Value::Integer(_) => return,
        Value::F32(number) => f64::from(*number),
        Value::F64(number) => *number,
        // Terraform sends what no binary fraction equals as decimal text.
        Value::String(text) => text
            .as_str()
            .and_then(|text| text.parse().ok())
            .unwrap_or(f64::NAN),
        _ => f64::NAN,
    };
    if !number.is_finite() {
        return wrong(at, "a finite number", value, diags);
    }
    // So that a type that wants whole numbers gets them however they were written.
    *value = raw::whole(number).map_or(Value::F64(number), Value::from);
}

fn tuple(elements: &[AttributeType], value: &mut Raw, at: &Place<'_>, diags: &mut Diagnostics) {
    match value {
        Value::Array(items) if items.len() == elements.len() => {
            for (index, (kind, item)) in elements.iter().zip(items).enumerate() {
                of_type(kind, item, &at.then(Step::Index(index)), diags);
            }
        }
        value => wrong(at, "a tuple of the right length", value, diags),
    }
}

/// Shapes each part of a value that nests like this.
fn of_parts(
    nesting: Nesting,
    value: &mut Raw,
    at: &Place<'_>,
    diags: &mut Diagnostics,
    shape: impl Fn(&mut Raw, &Place<'_>, &mut Diagnostics),
) {
    let fits = match nesting {
        Nesting::One => true,
        Nesting::List | Nesting::Set => {
            let is_list = value.is_nil() || value.is_array();
            if !is_list {
                wrong(at, "a list", value, diags);
            }
            is_list
        }
        Nesting::Map => entries_of(value, at, diags).is_some(),
    };
    if fits {
        nesting.each(value, at, |part, at| shape(part, at, diags));
    }
}

/// The entries in the order of their names, each name once; `None` for an unknown and, after an error, for anything that
/// is not an object.
fn entries_of<'v>(
    value: &'v mut Raw,
    at: &Place<'_>,
    diags: &mut Diagnostics,
) -> Option<&'v mut Vec<(Value, Raw)>> {
    let stranger = match value {
        Value::Ext(..) => {
            *value = raw::unknown();
            return None;
        }
        Value::Map(entries) => entries.iter().find(|(key, _)| key.as_str().is_none()),
        value => {
            wrong(at, "an object", value, diags);
            return None;
        }
    };
    if let Some((key, _)) = stranger {
        let mut found = key.clone();
        wrong(at, "an object whose keys are strings", &mut found, diags);
        *value = found;
        return None;
    }
    let Value::Map(entries) = value else {
        return None;
    };
    // Terraform sends them in order.
    if !entries.is_sorted_by(|(left, _), (right, _)| left.as_str() < right.as_str()) {
        // Of a name that is there more than once the last counts.
        entries.reverse();
        entries.sort_by(|(left, _), (right, _)| left.as_str().cmp(&right.as_str()));
        entries.dedup_by(|(next, _), (kept, _)| next.as_str() == kept.as_str());
    }
    Some(entries)
}

fn refuse_stranger(at: &Place<'_>, diags: &mut Diagnostics) {
    diags.refuse(
        at.path(),
        UNSUPPORTED,
        format!(
            "This provider has no {}. Remove it, or use a version of the provider that has it.",
            at.text()
        ),
    );
}

/// Says what is wrong; the value is unknown then, so that no later check says more about it.
fn wrong(at: &Place<'_>, wanted: &str, value: &mut Raw, diags: &mut Diagnostics) {
    let found = raw::kind(value);
    diags.refuse(
        at.path(),
        "Wrong Type",
        format!(
            "The value of {} must be {wanted}, and {found} was found.",
            at.text()
        ),
    );
    *value = raw::unknown();
}

/// Names in order, so that errors and encodings come out the same in every run.
pub(crate) fn sorted<M>(members: &HashMap<String, M>) -> Vec<(&String, &M)> {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|(name, _)| name.as_str());
    members
}
