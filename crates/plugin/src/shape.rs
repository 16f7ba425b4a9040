//! Bringing a value into the shape its schema promises: every attribute there, every type right, numbers as numbers.
//! Knows types and names. Does not know who sets what (that is `rules`), and never shows a value in a message.

use std::collections::{BTreeMap, HashMap};
use std::mem;

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

/// What an object may have under a name.
enum Part<'a> {
    Attribute(&'a AttributeType),
    Block(&'a NestedBlock),
    Member(&'a AttributeType),
}

fn of_block(block: &Block, value: &mut Raw, at: &Place, diags: &mut Diagnostics) {
    let attributes = block.attributes.iter();
    let attributes = attributes.map(|(name, part)| (name, Part::Attribute(&part.attr_type)));
    let blocks = block.blocks.iter();
    let blocks = blocks.map(|(name, part)| (name, Part::Block(part)));
    of_object(
        attributes.chain(blocks),
        |name| Step::Attribute(name),
        value,
        at,
        diags,
    );
}

/// Shapes what an object has of `parts`, makes what is missing, and refuses what is none of them, as `stranger`.
fn of_object<'p>(
    parts: impl Iterator<Item = (&'p String, Part<'p>)>,
    stranger: fn(&str) -> Step<'_>,
    value: &mut Raw,
    at: &Place,
    diags: &mut Diagnostics,
) {
    let Some(mut given) = entries_of(value, at, diags) else {
        return;
    };
    // In the order of the names, so that errors and encodings come out the same in every run.
    let parts: BTreeMap<_, _> = parts.collect();
    let shaped = parts.into_iter().map(|(name, part)| {
        let mut item = given.remove(name).unwrap_or(Value::Nil);
        match part {
            Part::Attribute(kind) => {
                of_type(kind, &mut item, &at.then(Step::Attribute(name)), diags);
            }
            Part::Block(block) => {
                of_nested_block(block, &mut item, &at.then(Step::Block(name)), diags);
            }
            Part::Member(kind) => of_type(kind, &mut item, &at.then(Step::Member(name)), diags),
        }
        (Value::from(name.as_str()), item)
    });
    *value = Value::Map(shaped.collect());
    for name in given.keys() {
        refuse_stranger(&at.then(stranger(name)), diags);
    }
}

fn of_nested_block(nested: &NestedBlock, value: &mut Raw, at: &Place, diags: &mut Diagnostics) {
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
pub(crate) fn of_type(kind: &AttributeType, value: &mut Raw, at: &Place, diags: &mut Diagnostics) {
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

fn object<'m, M: 'm>(
    members: &'m HashMap<String, M>,
    kind: impl Fn(&'m M) -> &'m AttributeType,
    value: &mut Raw,
    at: &Place,
    diags: &mut Diagnostics,
) {
    if !value.is_nil() {
        let members = members.iter();
        let members = members.map(|(name, member)| (name, Part::Member(kind(member))));
        of_object(members, |name| Step::Member(name), value, at, diags);
    }
}

fn number(value: &mut Raw, at: &Place, diags: &mut Diagnostics) {
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

fn tuple(elements: &[AttributeType], value: &mut Raw, at: &Place, diags: &mut Diagnostics) {
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
    at: &Place,
    diags: &mut Diagnostics,
    shape: impl Fn(&mut Raw, &Place, &mut Diagnostics),
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
        Nesting::Map => entries_of(value, at, diags).is_some_and(|entries| {
            let entries = entries.into_iter();
            let entries = entries.map(|(key, item)| (Value::from(key), item));
            *value = Value::Map(entries.collect());
            true
        }),
    };
    if fits {
        nesting.each(value, at, |part, at| shape(part, at, diags));
    }
}

/// Takes the entries out of an object, which is unknown then; of a name that is there more than once the last counts.
/// `None` for an unknown and, after an error, for anything that is not an object.
fn entries_of(
    value: &mut Raw,
    at: &Place,
    diags: &mut Diagnostics,
) -> Option<BTreeMap<String, Raw>> {
    match mem::replace(value, raw::unknown()) {
        Value::Ext(..) => None,
        Value::Map(entries) => {
            let mut named = BTreeMap::new();
            for (mut key, item) in entries {
                let Some(name) = key.as_str() else {
                    wrong(at, "an object whose keys are strings", &mut key, diags);
                    return None;
                };
                named.insert(name.to_owned(), item);
            }
            Some(named)
        }
        mut other => {
            wrong(at, "an object", &mut other, diags);
            None
        }
    }
}

fn refuse_stranger(at: &Place, diags: &mut Diagnostics) {
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
fn wrong(at: &Place, wanted: &str, value: &mut Raw, diags: &mut Diagnostics) {
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
