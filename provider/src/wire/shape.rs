//! Bringing a value into the shape its schema promises: every attribute there, every type right, numbers as numbers.
//! Knows types and names. Does not know who sets what (that is `rules`), and never shows a value in a message.

use std::collections::HashMap;

use rmpv::Value;
use tf_provider::Diagnostics;
use tf_provider::schema::{Attribute, AttributeType, Block, NestedBlock};

use super::place::Place;
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
/// that nobody knows, and unknown where a type is wrong. `None` if there is nothing to look at.
pub(crate) fn conform_as_far(block: &Block, value: Raw, diags: &mut Diagnostics) -> Option<Raw> {
    let before = diags.errors.len();
    let shaped = match value {
        Value::Nil => Value::Nil,
        value => of_block(block, value, &Place::default(), diags),
    };
    let nothing = raw::is_unknown(&shaped) && before < diags.errors.len();
    (!nothing).then_some(shaped)
}

/// Like [`conform`] for a state from the state file: what an older version of the provider stored under names that are
/// gone is dropped, as Terraform itself does.
pub(crate) fn conform_stored(block: &Block, value: Raw, diags: &mut Diagnostics) -> Option<Raw> {
    let mut found = Diagnostics::default();
    let shaped = match value {
        Value::Nil => Value::Nil,
        value => of_block(block, value, &Place::default(), &mut found),
    };
    found.errors.retain(|error| error.summary != UNSUPPORTED);
    let fits = found.errors.is_empty();
    diags.add_diagnostics(found);
    fits.then_some(shaped)
}

const UNSUPPORTED: &str = "Unsupported Attribute";

fn of_block(block: &Block, value: Raw, at: &Place, diags: &mut Diagnostics) -> Raw {
    let Some(mut entries) = entries_of(value, at, diags) else {
        return raw::unknown();
    };
    let mut shaped = Vec::with_capacity(block.attributes.len() + block.blocks.len());
    for (name, attribute) in sorted(&block.attributes) {
        let value = entries.remove(name).unwrap_or(Value::Nil);
        let at = at.attribute(name);
        let value = of_type(&attribute.attr_type, value, &at, diags);
        shaped.push((Value::from(name.as_str()), value));
    }
    for (name, nested) in sorted(&block.blocks) {
        let value = entries.remove(name).unwrap_or(Value::Nil);
        let value = of_nested_block(nested, value, &at.block(name), diags);
        shaped.push((Value::from(name.as_str()), value));
    }
    refuse_leftovers(entries, at, Place::attribute, diags);
    Value::Map(shaped)
}

fn of_nested_block(nested: &NestedBlock, value: Raw, at: &Place, diags: &mut Diagnostics) -> Raw {
    if raw::is_unknown(&value) {
        return raw::unknown();
    }
    match (nested, value) {
        (NestedBlock::Single(_), Value::Nil) => Value::Nil,
        (NestedBlock::Group(block), Value::Nil) => {
            of_block(block, Value::Map(Vec::new()), at, diags)
        }
        (NestedBlock::Single(block) | NestedBlock::Group(block), value) => {
            of_block(block, value, at, diags)
        }
        (NestedBlock::Map(_), Value::Nil) => Value::Map(Vec::new()),
        (NestedBlock::Map(block), value) => map_of(value, at, diags, |item, at, diags| {
            of_block(block, item, at, diags)
        }),
        (_, Value::Nil) => Value::Array(Vec::new()),
        (NestedBlock::List(block) | NestedBlock::Optional(block), value) => {
            list_of(value, at, Place::index, diags, |item, at, diags| {
                of_block(block, item, at, diags)
            })
        }
        (NestedBlock::Set(block), value) => list_of(
            value,
            at,
            |at, _| at.element(),
            diags,
            |item, at, diags| of_block(block, item, at, diags),
        ),
    }
}

/// The value in the shape of `kind`, for a value that stands in no block.
pub(crate) fn of_type(
    kind: &AttributeType,
    value: Raw,
    at: &Place,
    diags: &mut Diagnostics,
) -> Raw {
    if value.is_nil() {
        return Value::Nil;
    }
    if raw::is_unknown(&value) {
        return raw::unknown();
    }
    match kind {
        AttributeType::Any => value,
        AttributeType::String if value.is_str() => value,
        AttributeType::String => wrong(at, "a string", &value, diags),
        AttributeType::Bool if value.is_bool() => value,
        AttributeType::Bool => wrong(at, "a bool", &value, diags),
        AttributeType::Number => number(value, at, diags),
        AttributeType::List(element) => list_of(value, at, Place::index, diags, |item, at, d| {
            of_type(element, item, at, d)
        }),
        AttributeType::Set(element) => list_of(
            value,
            at,
            |at, _| at.element(),
            diags,
            |item, at, d| of_type(element, item, at, d),
        ),
        AttributeType::Map(element) => map_of(value, at, diags, |item, at, d| {
            of_type(element, item, at, d)
        }),
        AttributeType::Tuple(elements) => tuple(elements, value, at, diags),
        AttributeType::Object(members) => object(members, |kind| kind, value, at, diags),
        AttributeType::AttributeSingle(members) => nested(members, value, at, diags),
        AttributeType::AttributeList(members) => {
            list_of(value, at, Place::index, diags, |item, at, d| {
                nested(members, item, at, d)
            })
        }
        AttributeType::AttributeSet(members) => list_of(
            value,
            at,
            |at, _| at.element(),
            diags,
            |item, at, d| nested(members, item, at, d),
        ),
        AttributeType::AttributeMap(members) => {
            map_of(value, at, diags, |item, at, d| nested(members, item, at, d))
        }
    }
}

fn nested(
    members: &HashMap<String, Attribute>,
    value: Raw,
    at: &Place,
    diags: &mut Diagnostics,
) -> Raw {
    object(members, |member| &member.attr_type, value, at, diags)
}

fn object<M>(
    members: &HashMap<String, M>,
    kind: impl Fn(&M) -> &AttributeType,
    value: Raw,
    at: &Place,
    diags: &mut Diagnostics,
) -> Raw {
    if value.is_nil() {
        return Value::Nil;
    }
    let Some(mut entries) = entries_of(value, at, diags) else {
        return raw::unknown();
    };
    let mut shaped = Vec::with_capacity(members.len());
    for (name, member) in sorted(members) {
        let value = entries.remove(name).unwrap_or(Value::Nil);
        let value = of_type(kind(member), value, &at.member(name), diags);
        shaped.push((Value::from(name.as_str()), value));
    }
    refuse_leftovers(entries, at, Place::member, diags);
    Value::Map(shaped)
}

fn number(value: Raw, at: &Place, diags: &mut Diagnostics) -> Raw {
    let number = match &value {
        Value::Integer(_) => return value,
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
        return wrong(at, "a finite number", &value, diags);
    }
    // So that a type that wants whole numbers gets them however they were written.
    raw::whole(number).map_or(Value::F64(number), Value::from)
}

fn tuple(elements: &[AttributeType], value: Raw, at: &Place, diags: &mut Diagnostics) -> Raw {
    match value {
        Value::Array(items) if items.len() == elements.len() => {
            let pairs = elements.iter().zip(items).enumerate();
            Value::Array(
                pairs
                    .map(|(index, (kind, item))| of_type(kind, item, &at.index(index), diags))
                    .collect(),
            )
        }
        value => wrong(at, "a tuple of the right length", &value, diags),
    }
}

fn list_of(
    value: Raw,
    at: &Place,
    place: impl Fn(&Place, usize) -> Place,
    diags: &mut Diagnostics,
    shape: impl Fn(Raw, &Place, &mut Diagnostics) -> Raw,
) -> Raw {
    match value {
        Value::Nil => Value::Nil,
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .enumerate()
                .map(|(index, item)| shape(item, &place(at, index), diags))
                .collect(),
        ),
        value => wrong(at, "a list", &value, diags),
    }
}

fn map_of(
    value: Raw,
    at: &Place,
    diags: &mut Diagnostics,
    shape: impl Fn(Raw, &Place, &mut Diagnostics) -> Raw,
) -> Raw {
    let Some(entries) = entries_of(value, at, diags) else {
        return raw::unknown();
    };
    let mut entries: Vec<(String, Raw)> = entries.into_iter().collect();
    entries.sort_by(|(left, _), (right, _)| left.cmp(right));
    Value::Map(
        entries
            .into_iter()
            .map(|(key, item)| {
                let item = shape(item, &at.key(&key), diags);
                (Value::from(key), item)
            })
            .collect(),
    )
}

/// The entries by name; `None` for an unknown and, after an error, for anything that is not an object.
fn entries_of(value: Raw, at: &Place, diags: &mut Diagnostics) -> Option<HashMap<String, Raw>> {
    let entries = match value {
        Value::Ext(..) => return None,
        Value::Map(entries) => entries,
        value => {
            wrong(at, "an object", &value, diags);
            return None;
        }
    };
    let mut named = HashMap::with_capacity(entries.len());
    for (key, item) in entries {
        match key {
            Value::String(text) if text.is_str() => {
                named.insert(text.into_str().unwrap_or_default(), item);
            }
            key => {
                wrong(at, "an object whose keys are strings", &key, diags);
                return None;
            }
        }
    }
    Some(named)
}

fn refuse_leftovers(
    entries: HashMap<String, Raw>,
    at: &Place,
    place: impl Fn(&Place, &str) -> Place,
    diags: &mut Diagnostics,
) {
    let mut names: Vec<String> = entries.into_keys().collect();
    names.sort();
    for name in names {
        let at = place(at, &name);
        diags.refuse(
            at.path(),
            UNSUPPORTED,
            format!(
                "This provider has no {}. Remove it, or use a version of the provider that has it.",
                at.text()
            ),
        );
    }
}

fn wrong(at: &Place, wanted: &str, found: &Raw, diags: &mut Diagnostics) -> Raw {
    let found = raw::kind(found);
    diags.refuse(
        at.path(),
        "Wrong Type",
        format!(
            "The value of {} must be {wanted}, and {found} was found.",
            at.text()
        ),
    );
    // Whatever was meant: nobody who goes on looking says more about it.
    raw::unknown()
}

/// Names in order, so that errors and encodings come out the same in every run.
pub(crate) fn sorted<M>(members: &HashMap<String, M>) -> Vec<(&String, &M)> {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|(name, _)| name.as_str());
    members
}
