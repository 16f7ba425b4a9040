//! Members of a stored object that this version does not know: kept byte for byte, and written back.
//!
//! It knows texts and members, and no kind of record. A member is unknown if the text has it and this version, having read
//! that text and written it again, has not: every member that is known is always written.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// The objects that are changed member by member. Their unknown members stay, whatever else of them changes. Every other
/// object is one value, such as a hold or a release: what is unknown of it is part of that value, and goes when another
/// value takes its place.
const CHANGED_BY_MEMBER: [&str; 5] = [
    "",
    ".lifetime",
    ".course",
    ".course.destroying",
    ".course.stuck",
];

/// `after`, with the unknown members of `before` in their places. `known` is `before` as this version writes it.
pub(crate) fn carry_over(before: &str, known: &str, after: &str) -> String {
    carry("", before, known, after)
}

fn carry(path: &str, before: &str, known: &str, after: &str) -> String {
    let objects = (members(before), members(known), members(after));
    let (Some(before), Some(known_members), Some(after_members)) = objects else {
        return after.to_owned();
    };
    if known != after && !CHANGED_BY_MEMBER.contains(&path) {
        return after.to_owned();
    }
    let written = after_members.iter().map(|(name, value)| {
        let inner = format!("{path}.{name}");
        let value = match (find(&before, name), find(&known_members, name)) {
            (Some(before), Some(known)) => carry(&inner, before, known, value),
            _ => (*value).to_owned(),
        };
        (name.as_str(), value)
    });
    let unknown = before
        .iter()
        .filter(|(name, _)| find(&known_members, name).is_none())
        .map(|(name, value)| (name.as_str(), (*value).to_owned()));
    object(written.chain(unknown))
}

/// The members of the object `text`, in their order, each with the text of its value; `None` if it is no object.
pub(crate) fn members(text: &str) -> Option<Vec<(String, &str)>> {
    serde_json::from_str(text).ok().map(|Members(found)| found)
}

/// The object that has `members`.
pub(crate) fn object<'name>(members: impl Iterator<Item = (&'name str, String)>) -> String {
    let members: Vec<String> = members
        .map(|(name, value)| format!("{}:{value}", serde_json::Value::from(name)))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn find<'text>(members: &[(String, &'text str)], name: &str) -> Option<&'text str> {
    let mut found = members.iter().filter(|(other, _)| other == name);
    found.next().map(|(_, value)| *value)
}

struct Members<'text>(Vec<(String, &'text str)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    found.push((name, value.get()));
                }
                Ok(Members(found))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
