//! Environments: the tags a plan knows and those only a record knows, the switches, and the words.

use ledger::{
    book::contract::sample::{self, at},
    change_request::{ChangeRequest, Forge},
    clock::Timestamp,
    environment::{Environment, Hold, OnExpiry, TeardownStep},
    identity::Identity,
    tags::{Cloud, StandardTag, TagPrefix, TagSet, check_key, check_value},
};
use proptest::prelude::*;

fn tags(pairs: &[(&str, &str)]) -> TagSet {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn full() -> Environment {
    Environment {
        team: Some("checkout".to_owned()),
        project: Some("shop".to_owned()),
        change_request: Some(ChangeRequest {
            forge: Forge::Github,
            repository: "Acme/Shop.web".to_owned(),
            number: 128,
        }),
        tags: tags(&[("cost-centre", "42")]),
        ..sample::environment("a1", "pr-128", 1)
    }
}

#[test]
fn a_first_plan_knows_every_tag_that_configuration_determines() {
    let expected = tags(&[
        ("cost-centre", "42"),
        ("ephemeral-environment", "pr-128"),
        ("ephemeral-managed-by", "terraform-provider-ephemeral"),
        ("ephemeral-owner", "ana"),
        ("ephemeral-project", "shop"),
        ("ephemeral-pull-request", "128"),
        ("ephemeral-repository", "acme-shop-web"),
        ("ephemeral-team", "checkout"),
    ]);
    let record = full();
    assert_eq!(record.default_tags(), expected);
    let from_parts = Environment::default_tags_of(
        &record.tag_prefix,
        &record.name,
        &record.owner,
        record.team.as_deref(),
        record.project.as_deref(),
        record.change_request.as_ref(),
        &record.tags,
    );
    assert_eq!(from_parts, expected);
}

#[test]
fn what_was_not_declared_is_no_tag_at_all() {
    let keys: Vec<String> = sample::environment("a", "pr-1", 1)
        .default_tags()
        .into_keys()
        .collect();
    assert_eq!(
        keys,
        [
            "ephemeral-environment",
            "ephemeral-managed-by",
            "ephemeral-owner"
        ]
    );
}

#[test]
fn a_record_adds_the_creation_time_and_the_id_and_nothing_else() {
    let record = full();
    let mut expected = record.default_tags();
    expected.insert(
        "ephemeral-created-at".to_owned(),
        "2023-11-14t22-13-20z".to_owned(),
    );
    expected.insert("ephemeral-lease-id".to_owned(), "env-a1".to_owned());
    assert_eq!(record.tags_all(), expected);
}

#[test]
fn a_declared_tag_cannot_take_the_place_of_a_standard_one() {
    let record = Environment {
        tags: tags(&[
            ("ephemeral-owner", "mallory"),
            ("ephemeral-lease-id", "env-other"),
            ("ephemeral-managed-by", "me"),
        ]),
        ..full()
    };
    let all = record.tags_all();
    assert_eq!(all["ephemeral-owner"], "ana");
    assert_eq!(all["ephemeral-lease-id"], "env-a1");
    assert_eq!(all["ephemeral-managed-by"], "terraform-provider-ephemeral");
}

#[test]
fn a_tag_that_protects_is_passed_on_as_it_was_declared() {
    let record = Environment {
        tags: tags(&[("ephemeral-protect", "true")]),
        ..full()
    };
    assert_eq!(record.tags_all()["ephemeral-protect"], "true");
}

#[test]
fn the_prefix_is_on_every_standard_key() {
    let record = Environment {
        tag_prefix: TagPrefix::parse("acme_", &Cloud::ALL).expect("right"),
        tags: TagSet::new(),
        ..full()
    };
    let all = record.tags_all();
    assert_eq!(all.len(), 9);
    assert!(all.keys().all(|key| key.starts_with("acme_")), "{all:?}");
}

#[test]
fn the_tags_of_an_environment_are_right_on_every_cloud() {
    for (key, value) in full().tags_all() {
        assert_eq!(check_key(&key, &Cloud::ALL), Ok(()), "{key}");
        assert_eq!(check_value(&value, &Cloud::ALL), Ok(()), "{key}");
    }
}

#[test]
fn a_switch_is_true_or_false_and_anything_else_is_handed_back_as_it_is() {
    let with = |value: Option<&str>| Environment {
        tags: value.map_or_else(TagSet::new, |value| tags(&[("ephemeral-protect", value)])),
        ..full()
    };
    let switch = |value| with(value).switch(StandardTag::Protect);
    assert_eq!(switch(None), Ok(false));
    assert_eq!(switch(Some("false")), Ok(false));
    assert_eq!(switch(Some("true")), Ok(true));
    for text in [
        "", "yes", "no", "0", "1", "True", "FALSE", "false ", " false", "off", "flase",
    ] {
        assert_eq!(switch(Some(text)), Err(text.to_owned()));
    }
    assert_eq!(
        with(Some("true")).switch(StandardTag::OptOut),
        Ok(false),
        "each its own"
    );
}

#[test]
fn a_hold_holds_until_its_end_and_not_at_it() {
    let hold = |until: Option<Timestamp>| Hold {
        by: Identity::claimed("local", "ana@laptop"),
        reason: "demo on Friday".to_owned(),
        since: at(0),
        until,
    };
    assert!(hold(None).holds(Timestamp::MAX_UTC));
    assert!(hold(Some(at(10))).holds(at(9)));
    assert!(!hold(Some(at(10))).holds(at(10)));
}

#[test]
fn a_new_life_is_not_charged_with_the_silence_of_the_one_before() {
    let record = Environment {
        created_at: at(100),
        renewed_at: at(200),
        ..full()
    };
    assert_eq!(record.last_wanted(at(-5000)), at(200));
    assert_eq!(record.last_wanted(at(300)), at(300));
}

#[test]
fn the_words_of_an_environment_read_back() {
    for choice in [OnExpiry::Destroy, OnExpiry::Review] {
        assert_eq!(OnExpiry::parse(choice.as_str()), Some(choice));
    }
    assert_eq!(["", "Destroy", "keep"].map(OnExpiry::parse), [None; 3]);
    assert_eq!(OnExpiry::default(), OnExpiry::Destroy);
    let steps = TeardownStep::ALL.map(TeardownStep::as_str);
    assert_eq!(steps, ["claimed", "planning", "applying", "proving"]);
    assert!(TeardownStep::ALL.is_sorted());
}

proptest! {
    #[test]
    fn no_tag_value_but_false_leaves_an_environment_unprotected(value in "\\PC{0,8}|[falsetruFALSE ]{0,6}") {
        let record = Environment {
            tags: tags(&[("ephemeral-protect", &value)]),
            ..full()
        };
        let unprotected = record.switch(StandardTag::Protect) == Ok(false);
        prop_assert_eq!(unprotected, value == "false");
    }
}
