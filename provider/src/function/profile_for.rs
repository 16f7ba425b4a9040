//! `profile_for`: how large an environment has to be, from what a change touches and how it is labelled.

use std::collections::HashMap;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value as Json;
use tf_provider::schema::{FunctionSchema, Parameter, Type};
use tf_provider::value::Value;
use tf_provider::{Diagnostics, Function};

use self::rules::{Choice, Rule, RuleError, choose, default_rules, parse_rules};
use super::{argument, parameter, signature};
use crate::diag;

mod rules;

#[derive(Debug)]
pub(super) struct ProfileForFunction;

/// The answer.
#[derive(Debug, Serialize)]
pub(super) struct Chosen {
    profile: String,
    needs_approval: bool,
    reason: String,
}

impl From<Choice> for Chosen {
    fn from(choice: Choice) -> Self {
        let Choice {
            profile,
            needs_approval,
            reason,
        } = choice;
        Self {
            profile,
            needs_approval,
            reason,
        }
    }
}

#[async_trait]
impl Function for ProfileForFunction {
    type Input<'a> = (Vec<Value<String>>, Vec<Value<String>>, Vec<Json>);
    type Output<'a> = Chosen;

    fn schema(&self, _: &mut Diagnostics) -> Option<FunctionSchema> {
        let texts = || Type::List(Box::new(Type::String));
        Some(signature(
            "The resource profile for a change",
            DESCRIPTION,
            [
                parameter(
                    "files",
                    texts(),
                    "The changed files, by their paths from the root of the repository, as `git diff --name-only` prints \
                     them.",
                ),
                parameter(
                    "labels",
                    texts(),
                    "The labels of the pull request. Upper and lower case are one.",
                ),
            ],
            Some(Parameter {
                allow_null: true,
                ..parameter(
                    "rules",
                    Type::Any,
                    "Rules of your own in place of the default ones, at most one list. Null means the default ones.",
                )
            }),
            Type::Object(HashMap::from([
                ("profile".to_owned(), Type::String),
                ("needs_approval".to_owned(), Type::Bool),
                ("reason".to_owned(), Type::String),
            ])),
        ))
    }

    async fn call<'a>(
        &self,
        diags: &mut Diagnostics,
        (files, labels, rules): (Vec<Value<String>>, Vec<Value<String>>, Vec<Json>),
    ) -> Option<Chosen> {
        let files = texts(&files, 0, "src/main.rs", diags);
        let labels = texts(&labels, 1, "load-test", diags);
        let rules = self::rules(&rules, diags);
        Some(choose(&rules?, &files?, &labels?).into())
    }
}

/// The page's text; the table is that of [`default_rules`], and a test holds the two together.
const DESCRIPTION: &str = "\
Chooses one of the resource profiles of preview environments. The answer is an object: the `profile`; `needs_approval`, for \
profiles that need approval; and the `reason`, in words.

The first rule that fits decides, and `standard` if none does. Without rules of your own these apply:

| Profile | When |
|---|---|
| `production-like`, with approval | labelled `release-candidate` |
| `enhanced` | labelled `performance-test` or `load-test` |
| `minimal` | every changed file is one of `docs/**`, `**/*.md` |
| `minimal` | every changed file is one of `**/*.css`, `**/*.scss`, `**/*.less`, `**/*.svg`, `**/*.png`, `**/*.jpg`, `**/*.gif`, `**/*.webp`, `**/*.ico` |
| `standard` | else |

A rule is an object with a `profile` and any of these conditions, all of which have to hold:

- `labels`: the pull request has one of these labels.
- `only_files`: something changed, and every changed file matches one of these patterns.
- `any_files`: at least one changed file matches one of these patterns.

A rule with `needs_approval = true` asks for approval. In patterns `*` and `?` match within one folder, `**` across folders, \
`[ab]` one of the characters and `{a,b}` one of the texts.";

fn texts(
    list: &[Value<String>],
    place: i64,
    example: &str,
    diags: &mut Diagnostics,
) -> Option<Vec<String>> {
    let texts: Option<Vec<String>> = list
        .iter()
        .map(|text| {
            text.as_ref_option()
                .filter(|text| !text.is_empty())
                .cloned()
        })
        .collect();
    if texts.is_none() {
        diags.add_error(diag::empty_text(argument(place), example));
    }
    texts
}

fn rules(given: &[Json], diags: &mut Diagnostics) -> Option<Vec<Rule>> {
    let (place, parsed) = match given {
        [] | [Json::Null] => return Some(default_rules()),
        [list] => (2, parse_rules(list)),
        [..] => (3, Err(vec![RuleError::Lists])),
    };
    match parsed {
        Ok(rules) => Some(rules),
        Err(errors) => {
            for error in errors {
                diags.add_error(diag::invalid_rule(argument(place), &error));
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_the_default_rules() {
        for rule in default_rules() {
            let row = rule.to_string();
            assert!(DESCRIPTION.contains(&format!("\n| {row} |\n")), "{row}");
        }
        let rows = DESCRIPTION.lines().filter(|line| line.starts_with("| `"));
        assert_eq!(rows.count(), default_rules().len() + 1, "and `standard`");
    }
}
