//! `slug`: a text, such as the name of a branch, as a name that is valid everywhere.
//!
//! What is such a name already stays as it is. Anything else loses something on the way, so it gets a hash of the whole
//! text at its end: `feature/login` and `feature-login` are two branches, and two names.

use async_trait::async_trait;
use ledger::{
    chain::sha256,
    id::{EnvironmentName, MAX_CHARS},
    tags::{Cloud, check_key},
};
use tf_provider::schema::{FunctionSchema, Type};
use tf_provider::{Diagnostics, Function};

use super::{accept, argument, parameter, signature};
use crate::diag;

/// Eight hexadecimal digits: two of a thousand branches that look alike meet once in ten thousand repositories.
const HASH_CHARS: usize = 8;

/// Room for the hash, the `-` before it and three letters to know it by.
const LEAST_CHARS: usize = HASH_CHARS + 4;

#[derive(Debug)]
pub(super) struct SlugFunction;

/// Why there is no such name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum SlugError {
    #[error(
        "the longest name asked for has to be a whole number from {LEAST_CHARS} to {MAX_CHARS}, for example `40`"
    )]
    Length,
    #[error("there is one greatest length at most; remove the arguments after it")]
    TooMany,
}

#[async_trait]
impl Function for SlugFunction {
    type Input<'a> = (String, Vec<f64>);
    type Output<'a> = String;

    fn schema(&self, _: &mut Diagnostics) -> Option<FunctionSchema> {
        Some(signature(
            "A name that is valid everywhere",
            "Makes a name of a text, such as that of a branch. It is valid as the name of an environment, as a DNS label and \
             as the key and the value of a tag on AWS, Azure, Google Cloud and Kubernetes: lower-case letters, digits and \
             single `-`, beginning with a letter, at most 63 characters. What is such a name already stays as it is. \
             Anything else ends with a short hash of the whole text, so that two branches do not get one name because they \
             begin alike or differ only in a character that had to go. The same text gives the same name in every run.",
            [parameter(
                "text",
                Type::String,
                "Any text that is not empty, for example `feature/login`.",
            )],
            Some(parameter(
                "max_length",
                Type::Number,
                "The most characters, from 12 to 63, where a prefix or suffix needs room. Default: 63.",
            )),
            Type::String,
        ))
    }

    async fn call<'a>(
        &self,
        diags: &mut Diagnostics,
        (text, lengths): (String, Vec<f64>),
    ) -> Option<String> {
        let most = match lengths.as_slice() {
            [] => Some(MAX_CHARS),
            [length] => accept(
                whole_length(*length).map_err(|error| diag::invalid_length(argument(1), &error)),
                diags,
            ),
            [..] => accept(
                Err(diag::invalid_length(argument(2), &SlugError::TooMany)),
                diags,
            ),
        };
        let text = Some(text.as_str())
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| diag::empty_text(argument(0), "feature/login"));
        let text = accept(text, diags);
        Some(slug(text?, most?))
    }
}

fn whole_length(length: f64) -> Result<usize, SlugError> {
    (LEAST_CHARS..=MAX_CHARS)
        .find(|whole| u32::try_from(*whole).is_ok_and(|whole| f64::from(whole) == length))
        .ok_or(SlugError::Length)
}

/// The name, of at most `most` characters; `most` is at least [`LEAST_CHARS`].
fn slug(text: &str, most: usize) -> String {
    if text.len() <= most && is_valid_everywhere(text) {
        return text.to_owned();
    }
    let hash: String = sha256(text.as_bytes()).chars().take(HASH_CHARS).collect();
    let words = words(text);
    let cut = |text: &str| {
        let room = most.saturating_sub(HASH_CHARS + 1);
        let cut: String = text.chars().take(room).collect();
        cut.trim_end_matches('-').to_owned()
    };
    let mut base = cut(&words);
    if !is_valid_everywhere(&base) {
        // It is empty, or begins with a digit or with a word that a cloud keeps for itself.
        base = cut(&format!("b-{words}"));
    }
    format!("{base}-{hash}")
}

/// The letters and digits of `text`, lowered, with one `-` for whatever is between them.
fn words(text: &str) -> String {
    let lowered = text.to_lowercase();
    let words: Vec<&str> = lowered
        .split(|character: char| !character.is_ascii_lowercase() && !character.is_ascii_digit())
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-")
}

/// `--` is left out because DNS keeps some labels with it for itself, such as `xn--…`.
fn is_valid_everywhere(text: &str) -> bool {
    EnvironmentName::parse(text).is_ok()
        && !text.contains("--")
        && check_key(text, &Cloud::ALL).is_ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ledger::tags::check_value;

    use super::*;

    #[test]
    fn a_text_becomes_a_name_and_what_is_one_stays() {
        for (text, most, expected) in [
            ("pr-128", 63, "pr-128"),
            ("feature-login", 63, "feature-login"),
            ("a", 12, "a"),
            ("feature/login", 63, "feature-login-df7c7aeb"),
            ("Feature-Login", 63, "feature-login-6626944e"),
            ("-a--b-", 63, "a-b-ed76121b"),
            ("128-fix", 63, "b-128-fix-8f3532aa"),
            ("azure-fix", 63, "b-azure-fix-12398cb8"),
            ("日本語", 63, "b-77710aed"),
            (
                "renovate/the-longest-of-branches",
                20,
                "renovate-th-b333827f",
            ),
            (
                "renovate-the-longest-of-branches",
                20,
                "renovate-th-bdda8d7d",
            ),
            ("ab-cdefghijklm", 12, "ab-17fc532e"),
        ] {
            assert_eq!(slug(text, most), expected, "{text}");
        }
    }

    /// Texts of four parts each, chosen so that many look alike once they are lowered, cut or cleaned.
    fn texts() -> impl Iterator<Item = String> {
        const PARTS: [&str; 12] = [
            "",
            "a",
            "A",
            "-",
            "/",
            "--",
            "1",
            "ä",
            "azure",
            "feature",
            "xn--",
            "a-very-long-part-of-a-name",
        ];
        let choices = 0..PARTS.len().pow(4);
        choices.map(|choice| {
            let part = |place: u32| PARTS[choice / PARTS.len().pow(place) % PARTS.len()];
            (0..4).map(part).collect()
        })
    }

    #[test]
    fn every_name_is_valid_everywhere_and_its_own_slug_and_no_two_texts_meet() {
        for most in [LEAST_CHARS, 30, MAX_CHARS] {
            let mut seen: BTreeMap<String, String> = BTreeMap::new();
            for text in texts() {
                let name = slug(&text, most);
                assert!(name.len() <= most, "{text}: {name}");
                assert!(EnvironmentName::parse(&name).is_ok(), "{text}: {name}");
                assert_eq!(check_key(&name, &Cloud::ALL), Ok(()), "{text}");
                assert_eq!(check_value(&name, &Cloud::ALL), Ok(()), "{text}");
                assert_eq!(slug(&name, most), name, "{text}");
                if let Some(other) = seen.insert(name, text.clone()) {
                    assert_eq!(other, text, "two texts with one name");
                }
            }
        }
    }

    #[test]
    fn a_length_that_leaves_no_room_or_is_not_whole_is_refused() {
        for length in [0.0, -1.0, 11.0, 12.5, 64.0, f64::INFINITY] {
            assert_eq!(whole_length(length), Err(SlugError::Length), "{length}");
        }
        assert_eq!(whole_length(12.0), Ok(12));
        assert_eq!(whole_length(63.0), Ok(63));
    }
}
