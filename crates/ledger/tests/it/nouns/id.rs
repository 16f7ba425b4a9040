//! Names, ids and counters.

use chrono::TimeDelta;
use ledger::{
    book::contract::sample::at,
    clock::Timestamp,
    id::{EnvironmentId, EnvironmentName, Generation, LeaseId, MAX_CHARS, NameError, ScopeName},
    tags::{Cloud, check_value},
};
use proptest::prelude::*;

#[test]
fn a_name_is_lower_case_letters_digits_and_dashes() {
    let longest = "a".repeat(MAX_CHARS);
    for text in ["a", "pr-128", "a1", "a--b", "feature-x", "x9-9x", &longest] {
        let name = EnvironmentName::parse(text).expect(text);
        assert_eq!(name.as_str(), text);
        assert_eq!(name.to_string(), text);
    }
}

#[test]
fn a_name_with_a_character_that_some_store_refuses_is_refused_and_the_character_is_named() {
    let cases = [
        ("PR-128", 'P'),
        ("pR", 'R'),
        ("1pr", '1'),
        ("-pr", '-'),
        ("pr-", '-'),
        ("-", '-'),
        ("pr_1", '_'),
        ("pr.1", '.'),
        ("pr 1", ' '),
        (" pr", ' '),
        ("pr\n", '\n'),
        ("pr/../x", '/'),
        ("*", '*'),
        ("straße", 'ß'),
        ("pr\u{0}", '\0'),
        ("pr-１", '１'),
    ];
    for (text, wrong) in cases {
        let error = EnvironmentName::parse(text).expect_err(text);
        assert!(
            matches!(&error, NameError::Character { character, .. } if *character == wrong),
            "{text:?}: {error:?}"
        );
        assert!(
            error.to_string().contains("`pr-128`"),
            "no example: {error}"
        );
    }
}

#[test]
fn an_empty_name_names_nothing_and_never_everything() {
    let error = EnvironmentName::parse("").expect_err("empty");
    assert_eq!(
        error.to_string(),
        "an empty environment name names nothing; for example `pr-128`"
    );
    assert!(ScopeName::parse("").is_err());
    assert!(EnvironmentId::parse("").is_err());
}

#[test]
fn a_name_of_64_characters_is_refused_with_its_length_and_a_huge_one_is_not_repeated() {
    let error = EnvironmentName::parse(&"a".repeat(64)).expect_err("too long");
    assert!(
        error
            .to_string()
            .contains("has 64 characters, and 63 is the most")
    );
    let error = EnvironmentName::parse(&"é".repeat(1_000_000)).expect_err("too long");
    assert!(error.to_string().contains("has 1000000 characters"));
    assert!(error.to_string().len() < 500);
}

#[test]
fn each_kind_of_name_shows_an_example_of_its_own_kind_that_is_right() {
    let said = [
        EnvironmentName::parse("X").map(|_| ()),
        EnvironmentId::parse("X").map(|_| ()),
        LeaseId::parse("X").map(|_| ()),
        ScopeName::parse("X").map(|_| ()),
    ]
    .map(|result| result.expect_err("a capital").to_string());
    for (message, what) in said.iter().zip([
        "environment names",
        "environment ids",
        "lease ids",
        "scope names",
    ]) {
        assert!(message.contains(what), "{message}");
        let example = message
            .rsplit('`')
            .nth(1)
            .expect("an example in backquotes");
        assert!(EnvironmentName::parse(example).is_ok(), "{example}");
    }
}

#[test]
fn fresh_ids_are_valid_distinct_and_tell_their_kind() {
    let environment = EnvironmentId::fresh(at(0));
    let lease = LeaseId::fresh(at(0));
    assert!(environment.as_str().starts_with("env-"));
    assert!(lease.as_str().starts_with("lease-"));
    assert_eq!(
        EnvironmentId::parse(environment.as_str()),
        Ok(environment.clone())
    );
    assert_eq!(LeaseId::parse(lease.as_str()), Ok(lease));
    assert_ne!(
        EnvironmentId::fresh(at(0)),
        environment,
        "same instant, other id"
    );
    assert_eq!(check_value(environment.as_str(), &Cloud::ALL), Ok(()));
}

#[test]
fn fresh_ids_are_made_at_any_instant_there_is() {
    for instant in [Timestamp::MIN_UTC, at(-1_700_000_001), Timestamp::MAX_UTC] {
        let id = EnvironmentId::fresh(instant);
        assert!(EnvironmentId::parse(id.as_str()).is_ok(), "{id}");
    }
}

#[test]
fn generations_count_from_one_and_stop_at_the_end() {
    assert_eq!(Generation::new(0), None);
    assert_eq!(Generation::new(1), Some(Generation::FIRST));
    assert_eq!(Generation::FIRST.next().get(), 2);
    let last = Generation::new(u64::MAX).expect("not zero");
    assert_eq!(last.next(), last);
}

proptest! {
    #[test]
    fn ids_sort_by_the_time_they_were_made(first in 0..4_000_000_000_000_i64, later in 1..1_000_000_000_i64) {
        let first = at(0) + TimeDelta::milliseconds(first);
        let later = first + TimeDelta::milliseconds(later);
        prop_assert!(EnvironmentId::fresh(first) < EnvironmentId::fresh(later));
        prop_assert!(LeaseId::fresh(first) < LeaseId::fresh(later));
    }

    #[test]
    fn a_name_is_read_exactly_where_it_is_a_label_everywhere(text in "[a-zA-Z0-9_. -]{0,70}") {
        let edge = |end: Option<char>| end.is_some_and(|end| end != '-');
        let right = text.len() <= 63
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && edge(text.chars().next_back())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        prop_assert_eq!(EnvironmentName::parse(&text).is_ok(), right);
        if right {
            prop_assert_eq!(check_value(&text, &Cloud::ALL), Ok(()));
        }
    }

    #[test]
    fn no_text_makes_a_name_panic(text in "\\PC{0,80}") {
        if let Err(error) = EnvironmentName::parse(&text) {
            prop_assert!(error.to_string().contains("pr-128"));
        }
    }
}
