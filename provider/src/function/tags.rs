//! `tags`: several maps of tags as one, checked by the rules of the cloud they are for.

use std::collections::BTreeMap;

use async_trait::async_trait;
use ledger::tags::{Cloud, MAX_TAGS, TagError, check_key, check_value};
use tf_provider::schema::{FunctionSchema, Parameter, Type};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics, Function};

use super::{accept, argument, parameter, signature};
use crate::{attributes::StringMap, diag};

/// The most labels on an object of Google Cloud.
const MAX_LABELS: usize = 64;

#[derive(Debug)]
pub(super) struct TagsFunction;

/// Why the maps do not make a set of tags. No text of a value is in it: a value may be sensitive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum TagsError {
    #[error(
        "the tag `{0}` has no value; remove the key, or give it one, for example `\"checkout\"`"
    )]
    Null(String),
    #[error("the tag `{key}`: {error}")]
    Rule { key: String, error: TagError },
    #[error(
        "`{0}` and `{1}` are one tag on Azure, which does not tell upper case from lower; keep one of them"
    )]
    SameKey(String, String),
    #[error(
        "together the maps have {found} tags, and an object carries at most {most} on {cloud}; remove some"
    )]
    TooMany {
        found: usize,
        most: usize,
        cloud: Cloud,
    },
}

#[async_trait]
impl Function for TagsFunction {
    type Input<'a> = (String, Vec<Value<StringMap>>);
    type Output<'a> = Value<StringMap>;

    fn schema(&self, _: &mut Diagnostics) -> Option<FunctionSchema> {
        Some(signature(
            "Tags for a cloud, merged and checked",
            "Merges maps of tags, of which a later one wins, and refuses what the named cloud would refuse: characters, \
             lengths, reserved beginnings and more tags than an object carries. Nothing is changed to make it fit. A null \
             map counts as an empty one. While a value is unknown, its key is known, and everything else is checked.",
            [parameter(
                "cloud",
                Type::String,
                "Whose rules: `aws`, `azure`, `gcp` (labels) or `kubernetes` (labels).",
            )],
            Some(Parameter {
                allow_null: true,
                allow_unknown: true,
                ..parameter(
                    "tags",
                    Type::Map(Box::new(Type::String)),
                    "Any number of maps, for example `ephemeral_environment.this.default_tags`.",
                )
            }),
            Type::Map(Box::new(Type::String)),
        ))
    }

    async fn call<'a>(
        &self,
        diags: &mut Diagnostics,
        (cloud, maps): (String, Vec<Value<StringMap>>),
    ) -> Option<Value<StringMap>> {
        let known = Cloud::parse(&cloud).ok_or_else(|| diag::unknown_cloud(argument(0)));
        let cloud = accept(known, diags)?;
        let (merged, problems) = merge(cloud, &maps);
        if problems.is_empty() {
            return Some(merged);
        }
        for (map, problem) in problems {
            let at = match map {
                Some(map) => argument(map + 1),
                None => AttributePath::root(),
            };
            diags.add_error(diag::invalid_tags(at, &problem));
        }
        None
    }
}

/// The maps as one, and what is wrong, each with the place of the map it stands in.
fn merge(
    cloud: Cloud,
    maps: &[Value<StringMap>],
) -> (Value<StringMap>, Vec<(Option<i64>, TagsError)>) {
    let mut merged = StringMap::new();
    let mut problems = Vec::new();
    let mut spelled: BTreeMap<String, String> = BTreeMap::new();
    for (place, map) in (0_i64..).zip(maps) {
        let Value::Value(map) = map else { continue };
        for (key, value) in map {
            let found = check(cloud, key, value);
            problems.extend(found.map(|problem| (Some(place), problem)));
            let other = spelled.insert(key.to_lowercase(), key.clone());
            if let Some(other) = other.filter(|other| other != key && cloud == Cloud::Azure) {
                problems.push((Some(place), TagsError::SameKey(other, key.clone())));
            }
            merged.insert(key.clone(), value.clone());
        }
    }
    let most = match cloud {
        Cloud::Aws | Cloud::Azure => MAX_TAGS,
        Cloud::Gcp => MAX_LABELS,
        Cloud::Kubernetes => usize::MAX,
    };
    let found = merged.len();
    if most < found {
        problems.push((None, TagsError::TooMany { found, most, cloud }));
    }
    if maps.iter().any(|map| matches!(map, Value::Unknown)) {
        return (Value::Unknown, problems);
    }
    (Value::Value(merged), problems)
}

/// The problem of the key, and that of the value.
fn check(
    cloud: Cloud,
    key: &str,
    value: &Value<String>,
) -> impl Iterator<Item = TagsError> + use<> {
    let ruled = |checked: Result<(), TagError>| {
        checked.err().map(|error| TagsError::Rule {
            key: key.to_owned(),
            error,
        })
    };
    let of_key = ruled(check_key(key, &[cloud]));
    let of_value = match value {
        Value::Value(value) => ruled(check_value(value, &[cloud])),
        Value::Null => Some(TagsError::Null(key.to_owned())),
        Value::Unknown => None,
    };
    of_key.into_iter().chain(of_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> Value<StringMap> {
        let pairs = pairs.iter();
        Value::Value(
            pairs
                .map(|(key, value)| ((*key).to_owned(), Value::Value((*value).to_owned())))
                .collect(),
        )
    }

    /// The problems of `maps` for `cloud`, each as the place of its map and its text.
    fn problems(cloud: Cloud, maps: &[Value<StringMap>]) -> Vec<(Option<i64>, String)> {
        let (_, problems) = merge(cloud, maps);
        problems
            .into_iter()
            .map(|(map, problem)| (map, problem.to_string()))
            .collect()
    }

    #[test]
    fn a_key_and_its_value_are_each_refused() {
        let found = problems(Cloud::Gcp, &[map(&[("Stage", "Preview")])]);
        let sides: Vec<bool> = found
            .iter()
            .map(|(_, text)| text.contains("the key of"))
            .collect();
        assert_eq!(sides, [true, false], "{found:?}");
    }

    #[test]
    fn a_later_map_wins_and_a_null_one_is_empty() {
        let maps = [
            map(&[("team", "a"), ("only", "first")]),
            Value::Null,
            map(&[("team", "b")]),
        ];
        let expected = map(&[("team", "b"), ("only", "first")]);
        assert_eq!(merge(Cloud::Gcp, &maps), (expected, vec![]));
        assert_eq!(merge(Cloud::Aws, &[]), (map(&[]), vec![]));
    }

    #[test]
    fn what_the_cloud_refuses_is_refused_at_its_map_and_another_cloud_may_take_it() {
        let upper = [map(&[("ok", "ok")]), map(&[("Team", "check out")])];
        assert_eq!(problems(Cloud::Aws, &upper), []);
        // Google Cloud takes no upper case in the key either.
        for (cloud, expected) in [(Cloud::Gcp, 2), (Cloud::Kubernetes, 1)] {
            let found = problems(cloud, &upper);
            assert_eq!(found.len(), expected, "{cloud}: {found:?}");
            for (place, text) in found {
                assert_eq!(place, Some(1));
                assert!(text.starts_with("the tag `Team`: "), "{text}");
                assert!(!text.contains("check out"), "no value is shown");
            }
        }
        let reserved = [map(&[("aws:x", "1"), ("", "2")])];
        assert_eq!(problems(Cloud::Aws, &reserved).len(), 2, "all at once");
    }

    #[test]
    fn keys_that_differ_in_case_alone_are_one_tag_on_azure_only() {
        let maps = [map(&[("team", "a")]), map(&[("Team", "b")])];
        assert_eq!(problems(Cloud::Aws, &maps), []);
        assert_eq!(problems(Cloud::Azure, &maps)[0].0, Some(1));
        let same = [map(&[("team", "a")]), map(&[("team", "b")])];
        assert_eq!(problems(Cloud::Azure, &same), []);
    }

    #[test]
    fn more_tags_than_an_object_carries_are_refused() {
        let many = |count: u32| {
            let pairs = (0..count).map(|place| (format!("k{place}"), Value::Value(String::new())));
            [Value::Value(pairs.collect())]
        };
        for (cloud, most) in [(Cloud::Aws, 50), (Cloud::Azure, 50), (Cloud::Gcp, 64)] {
            assert_eq!(problems(cloud, &many(most)), [], "{cloud}");
            assert_eq!(problems(cloud, &many(most + 1))[0].0, None, "{cloud}");
        }
        assert_eq!(problems(Cloud::Kubernetes, &many(200)), []);
    }

    #[test]
    fn an_unknown_map_makes_the_whole_unknown_and_an_unknown_value_only_itself() {
        let value = StringMap::from([("team".to_owned(), Value::Unknown)]);
        let value = Value::Value(value);
        assert_eq!(
            merge(Cloud::Aws, std::slice::from_ref(&value)),
            (value.clone(), vec![])
        );
        let (whole, found) = merge(Cloud::Gcp, &[Value::Unknown, map(&[("Team", "a")])]);
        assert_eq!(whole, Value::Unknown);
        assert_eq!(found.len(), 1, "what is known is checked");
    }
}
