//! Argument over variable over default, and what a wrong one says.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::*;

const VARIABLES: [(&str, &str); 9] = [
    ("EPHEMERAL_LEDGER", "sqlite:///variable/ledger.db"),
    ("EPHEMERAL_DEFAULT_OWNER", "variable-owner"),
    ("EPHEMERAL_DEFAULT_TEAM", "variable-team"),
    ("EPHEMERAL_DEFAULT_PROJECT", "variable-project"),
    ("EPHEMERAL_REQUIRED_TAGS", " cost-centre, stage ,"),
    ("EPHEMERAL_TAG_PREFIX", "variable-"),
    ("EPHEMERAL_TAG_RULES", "aws,gcp"),
    (
        "EPHEMERAL_DEFAULT_LIFETIME",
        "ttl=24h, max = 48h,grace=PT5M",
    ),
    ("EPHEMERAL_MAX_LIFETIME", "ttl=30h,max=14d"),
];

fn invocation(variables: &[(&str, &str)]) -> Invocation {
    let variables = variables.iter().chain(&[("HOME", "/home/ana")]);
    Invocation {
        variables: variables
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        root: PathBuf::from("/srv/shop"),
        ..Invocation::default()
    }
}

/// `config` with `null` where it says nothing; `"?"` is unknown.
fn typed(config: &Json) -> ConfigModel {
    fn text(value: &Json) -> Value<String> {
        match value.as_str() {
            Some("?") => Value::Unknown,
            Some(text) => Value::Value(text.to_owned()),
            None => Value::Null,
        }
    }
    let list = |value: &Json| match value {
        Json::Array(items) => Value::Value(items.iter().map(text).collect()),
        Json::String(_) => Value::Unknown,
        _ => Value::Null,
    };
    let lifetime = |value: &Json| match value {
        Json::Object(_) => Value::Value(LifetimeModel {
            ttl: text(&value["ttl"]),
            max: text(&value["max"]),
            idle: text(&value["idle"]),
            hibernate_after: text(&value["hibernate_after"]),
            grace: text(&value["grace"]),
        }),
        Json::String(_) => Value::Unknown,
        _ => Value::Null,
    };
    ConfigModel {
        ledger: text(&config["ledger"]),
        run_token: text(&config["run_token"]),
        default_owner: text(&config["default_owner"]),
        default_team: text(&config["default_team"]),
        default_project: text(&config["default_project"]),
        required_tags: list(&config["required_tags"]),
        tag_prefix: text(&config["tag_prefix"]),
        tag_rules: list(&config["tag_rules"]),
        default_lifetime: lifetime(&config["default_lifetime"]),
        max_lifetime: lifetime(&config["max_lifetime"]),
        identity: Value::Null,
    }
}

#[track_caller]
fn right(config: &Json, variables: &[(&str, &str)]) -> Settings {
    let mut diags = Diagnostics::default();
    let settings = resolve(&typed(config), &invocation(variables), &mut diags);
    assert!(diags.errors.is_empty(), "{:?}", diags.errors);
    settings
}

fn wrong(config: &Json, variables: &[(&str, &str)]) -> Vec<String> {
    let mut diags = Diagnostics::default();
    let _ = resolve(&typed(config), &invocation(variables), &mut diags);
    let errors = diags.errors.iter();
    errors
        .map(|error| format!("{}: {}", error.summary, error.detail))
        .collect()
}

fn spellings(lifetime: &Lifetime) -> [&str; 5] {
    let Lifetime {
        ttl,
        max,
        idle,
        hibernate_after,
        grace,
    } = lifetime;
    [ttl, max, idle, hibernate_after, grace].map(Ttl::spelling)
}

fn some(lifetime: &SomeLifetime) -> Vec<(&str, &str)> {
    let members = lifetime.members().into_iter();
    members
        .filter_map(|(name, ttl)| Some((name, ttl?.spelling())))
        .collect()
}

#[test]
fn without_a_word_everything_stands_at_its_default() {
    let settings = right(&json!({}), &[]);
    assert_eq!(
        settings.ledger.to_string(),
        "sqlite:///home/ana/.local/state/ephemeral/ledger.sqlite3"
    );
    assert!(!settings.ledger_is_chosen && settings.ledger_is_known);
    assert_eq!(
        (settings.owner, settings.team, settings.project),
        (Value::Null, Value::Null, Value::Null)
    );
    assert_eq!(settings.required_tags, Vec::<String>::new());
    assert_eq!(settings.tag_prefix.as_str(), "ephemeral-");
    assert_eq!(settings.tag_rules, Cloud::ALL);
    assert_eq!(
        spellings(&settings.lifetime),
        ["72h", "72h", "8h", "4h", "1h"]
    );
    assert_eq!(settings.maximum, SomeLifetime::default());
}

#[test]
fn a_variable_wins_over_the_default() {
    let settings = right(&json!({}), &VARIABLES);
    assert_eq!(settings.ledger.to_string(), "sqlite:///variable/ledger.db");
    assert!(settings.ledger_is_chosen);
    assert_eq!(settings.owner.as_deref(), Value::Value("variable-owner"));
    assert_eq!(settings.team.as_deref(), Value::Value("variable-team"));
    assert_eq!(
        settings.project.as_deref(),
        Value::Value("variable-project")
    );
    assert_eq!(settings.required_tags, ["cost-centre", "stage"]);
    assert_eq!(settings.tag_prefix.as_str(), "variable-");
    assert_eq!(settings.tag_rules, [Cloud::Aws, Cloud::Gcp]);
    assert_eq!(
        spellings(&settings.lifetime),
        ["24h", "48h", "8h", "4h", "PT5M"]
    );
    assert_eq!(some(&settings.maximum), [("ttl", "30h"), ("max", "14d")]);
}

#[test]
fn an_argument_wins_over_its_variable_member_by_member() {
    let config = json!({
        "ledger": "sqlite:///argument/ledger.db", "default_owner": "argument-owner",
        "default_team": "argument-team", "default_project": "argument-project",
        "required_tags": [], "tag_prefix": "argument-", "tag_rules": ["kubernetes"],
        "default_lifetime": {"ttl": "12h"}, "max_lifetime": {"ttl": "13h", "grace": "1h"},
    });
    let settings = right(&config, &VARIABLES);
    assert_eq!(settings.ledger.to_string(), "sqlite:///argument/ledger.db");
    assert_eq!(settings.owner.as_deref(), Value::Value("argument-owner"));
    assert_eq!(settings.team.as_deref(), Value::Value("argument-team"));
    assert_eq!(
        settings.project.as_deref(),
        Value::Value("argument-project")
    );
    assert_eq!(
        settings.required_tags,
        Vec::<String>::new(),
        "an empty list is a word"
    );
    assert_eq!(settings.tag_prefix.as_str(), "argument-");
    assert_eq!(settings.tag_rules, [Cloud::Kubernetes]);
    assert_eq!(
        spellings(&settings.lifetime),
        ["12h", "48h", "8h", "4h", "PT5M"]
    );
    assert_eq!(
        some(&settings.maximum),
        [("ttl", "13h"), ("max", "14d"), ("grace", "1h")]
    );
}

#[test]
fn an_unknown_argument_is_neither_its_variable_nor_the_default_and_no_error() {
    let config = json!({
        "ledger": "?", "default_owner": "?", "default_team": "?", "default_project": "?",
        "required_tags": "?", "tag_prefix": "?", "tag_rules": "?", "default_lifetime": "?",
        "max_lifetime": {"ttl": "?", "max": "20d"},
    });
    for variables in [&VARIABLES[..], &[]] {
        let settings = right(&config, variables);
        let words = [&settings.owner, &settings.team, &settings.project];
        assert_eq!(words, [&Value::Unknown; 3]);
        assert_eq!(settings.required_tags, [""; 0]);
        assert_eq!(settings.tag_rules, []);
        assert_eq!(some(&settings.maximum), [("max", "20d")]);
        let known = (settings.ledger_is_known, settings.tag_prefix_is_known);
        assert_eq!(known, (false, false));
        assert!(!settings.lifetime_is_known);
    }
    let elements = json!({"required_tags": ["a", "?"], "tag_rules": ["aws", "?"]});
    let elements = right(&elements, &[]);
    assert_eq!(elements.required_tags, ["a"]);
    assert_eq!(elements.tag_rules, [Cloud::Aws]);
    assert!(elements.lifetime_is_known && elements.tag_prefix_is_known);
}

#[test]
fn a_variable_that_is_set_to_nothing_is_not_set() {
    let empty = VARIABLES.map(|(name, _)| (name, ""));
    assert_eq!(right(&json!({}), &empty), right(&json!({}), &[]));
}

#[test]
fn the_ledger_without_a_word_is_in_the_state_directory() {
    let settings = right(&json!({}), &[("XDG_STATE_HOME", "/var/state")]);
    let expected = "sqlite:///var/state/ephemeral/ledger.sqlite3";
    assert_eq!(settings.ledger.to_string(), expected);
}

#[test]
fn a_lifetime_variable_that_is_wrong_is_refused_part_by_part_with_an_example() {
    for (text, said) in [
        ("ttl", "`ttl` is not one of"),
        ("24h", "`24h` is not one of"),
        ("life=24h", "`life=24h` is not one of"),
        ("ttl=", "found an empty text"),
        ("ttl=24", "`24` has no unit"),
        ("ttl=0s", "`0s` is zero"),
        ("ttl=24h;max=72h", "is not a duration"),
        ("ttl=24h,", "`` is not one of"),
    ] {
        for name in ["EPHEMERAL_DEFAULT_LIFETIME", "EPHEMERAL_MAX_LIFETIME"] {
            let errors = wrong(&json!({}), &[(name, text)]);
            let [error] = errors.as_slice() else {
                panic!("one error was expected for {text}: {errors:?}")
            };
            assert!(
                error.contains(name) && error.to_lowercase().contains(said),
                "{error}"
            );
            assert!(error.contains("for example"), "{error}");
        }
    }
    let two = wrong(&json!({}), &[("EPHEMERAL_DEFAULT_LIFETIME", "ttl=1,max=2")]);
    assert_eq!(two.len(), 2, "{two:?}");
}

#[test]
fn a_wrong_variable_does_not_matter_where_the_argument_is_set() {
    let config = json!({"tag_rules": ["aws"], "tag_prefix": "x-", "ledger": "sqlite:///x.db"});
    let variables = [
        ("EPHEMERAL_TAG_RULES", "ibm"),
        ("EPHEMERAL_TAG_PREFIX", "X X"),
        ("EPHEMERAL_LEDGER", "redis://x"),
    ];
    assert_eq!(right(&config, &variables).tag_rules, [Cloud::Aws]);
}

#[test]
fn what_was_chosen_may_not_contradict_the_most_that_is_allowed() {
    let config = json!({"default_lifetime": {"ttl": "31h"}});
    let errors = wrong(&config, &VARIABLES);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(
        errors[0].starts_with("Lifetime Over The Maximum: `ttl` is 31h"),
        "{errors:?}"
    );
}

#[test]
fn built_in_durations_give_way_to_the_most_that_is_allowed() {
    let config = json!({"max_lifetime": {"max": "6h", "idle": "2h", "grace": "1m"}});
    let settings = right(&config, &[]);
    assert_eq!(
        spellings(&settings.lifetime),
        ["6h", "6h", "2h", "2h", "1m"]
    );
}
