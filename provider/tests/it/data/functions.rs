//! Every function: what it answers, and each error at the argument it is about.

use serde_json::{Value as Json, json};

use crate::common::{Bench, Provider};
use crate::driver::values::UNKNOWN;

/// A right call of each function, with its answer.
pub(crate) fn right_calls() -> Vec<(&'static str, Vec<Json>, Json)> {
    vec![
        (
            "duration",
            vec![json!("1h30m")],
            json!({"seconds": 5400, "canonical": "1h30m"}),
        ),
        (
            "duration",
            vec![json!("PT72H")],
            json!({"seconds": 259_200, "canonical": "3d"}),
        ),
        (
            "expires_at",
            vec![json!("2026-02-12T06:36:13+02:00"), json!("3d")],
            json!("2026-02-15T04:36:13Z"),
        ),
        ("slug", vec![json!("pr-128")], json!("pr-128")),
        (
            "slug",
            vec![json!("feature/login"), json!(20)],
            json!("feature-log-df7c7aeb"),
        ),
        (
            "tags",
            vec![
                json!("aws"),
                json!({"team": "a"}),
                Json::Null,
                json!({"team": "b"}),
            ],
            json!({"team": "b"}),
        ),
        ("tags", vec![json!("gcp")], json!({})),
        (
            "profile_for",
            vec![json!(["docs/a.md"]), json!([])],
            json!({
                "profile": "minimal", "needs_approval": false,
                "reason": "every changed file is one of `docs/**`, `**/*.md`",
            }),
        ),
        (
            "profile_for",
            vec![
                json!(["a.md"]),
                json!(["release-candidate"]),
                json!([{"profile": "mine", "needs_approval": true}]),
            ],
            json!({"profile": "mine", "needs_approval": true, "reason": "no rule before fits"}),
        ),
        (
            "profile_for",
            vec![json!(["a.go"]), json!([]), Json::Null],
            json!({"profile": "standard", "needs_approval": false, "reason": "no rule fits"}),
        ),
    ]
}

/// Whether the function takes a null or an unknown at that argument.
fn takes_all(name: &str, argument: usize) -> (bool, bool) {
    match (name, argument) {
        ("tags", 1..) => (true, true),
        ("profile_for", 2..) => (true, false),
        _ => (false, false),
    }
}

async fn provider() -> Provider {
    // Functions work without a configuration; Terraform calls them in `validate`.
    Bench::new().unconfigured(&[]).await
}

#[tokio::test]
async fn every_function_answers_without_a_configuration_and_the_same_each_time() {
    let provider = provider().await;
    for (name, arguments, expected) in right_calls() {
        for _ in 0..2 {
            let found = provider.call(name, &arguments).await;
            assert_eq!(found, Ok(expected.clone()), "{name}{arguments:?}");
        }
    }
}

#[tokio::test]
async fn a_null_an_unknown_and_a_wrong_type_are_refused_at_their_argument() {
    let provider = provider().await;
    for (name, arguments, _) in right_calls() {
        for place in 0..arguments.len() {
            let (null, unknown) = takes_all(name, place);
            let wrong = [
                (Json::Null, null),
                (json!(UNKNOWN), unknown),
                (json!([UNKNOWN]), false),
                (json!({"a": [{}]}), false),
                (json!(7), name == "slug" && place == 1),
            ];
            for (value, is_right) in wrong.into_iter().filter(|(_, is_right)| !is_right) {
                assert!(!is_right);
                let mut arguments = arguments.clone();
                arguments[place] = value;
                let refused = provider.call(name, &arguments).await;
                let refused = refused.expect_err(&format!("{name}{arguments:?}"));
                let argument = i64::try_from(place).ok();
                assert_eq!(
                    refused.argument, argument,
                    "{name}{arguments:?}: {refused:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_wrong_number_of_arguments_is_refused() {
    let provider = provider().await;
    for name in ["duration", "expires_at", "slug", "tags", "profile_for"] {
        let refused = provider.call(name, &[]).await.expect_err(name);
        assert!(
            refused.text.starts_with("Missing Argument: "),
            "{refused:?}"
        );
    }
    let more = [json!("1h"), json!("1h"), json!("1h")];
    for (name, argument) in [("duration", 1), ("expires_at", 2)] {
        let refused = provider.call(name, &more).await.expect_err(name);
        assert_eq!(refused.argument, Some(argument), "{refused:?}");
        assert!(
            refused.text.starts_with("Too Many Arguments: "),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn every_refusal_is_at_its_argument_and_says_what_would_be_right() {
    let provider = provider().await;
    let stamp = "2026-02-12T06:36:13Z";
    let refused: Vec<(&str, Vec<Json>, Option<i64>, &str)> = vec![
        ("duration", vec![json!("72")], Some(0), "for example `72h`"),
        (
            "duration",
            vec![json!("1 month")],
            Some(0),
            "for example `30d`",
        ),
        ("duration", vec![json!("")], Some(0), "for example `90m`"),
        (
            "expires_at",
            vec![json!("today"), json!("1h")],
            Some(0),
            "for example `2026-",
        ),
        (
            "expires_at",
            vec![json!(stamp), json!("0s")],
            Some(1),
            "the least is `1s`",
        ),
        (
            "expires_at",
            vec![json!("9999-12-31T00:00:00Z"), json!("30d")],
            Some(0),
            "begin earlier",
        ),
        (
            "slug",
            vec![json!(" ")],
            Some(0),
            "for example `feature/login`",
        ),
        (
            "slug",
            vec![json!("a"), json!(11)],
            Some(1),
            "for example `40`",
        ),
        (
            "slug",
            vec![json!("a"), json!(20.5)],
            Some(1),
            "for example `40`",
        ),
        (
            "slug",
            vec![json!("a"), json!(20), json!(30)],
            Some(2),
            "remove the arguments",
        ),
        ("tags", vec![json!("AWS")], Some(0), "one of `aws`, `azure`"),
        (
            "tags",
            vec![json!("gcp"), json!({"Team": "a"})],
            Some(1),
            "The tag `Team`: ",
        ),
        (
            "tags",
            vec![json!("aws"), json!({}), json!({"a": null})],
            Some(2),
            "for example `\"checkout\"`",
        ),
        (
            "tags",
            vec![json!("gcp"), json!({"a": "B"}), json!({"c": "D"})],
            None,
            "The tag `c`: ",
        ),
        (
            "profile_for",
            vec![json!(["a", null]), json!([])],
            Some(0),
            "for example `src/main.rs`",
        ),
        (
            "profile_for",
            vec![json!([]), json!([""])],
            Some(1),
            "for example `load-test`",
        ),
        (
            "profile_for",
            vec![json!([]), json!([]), json!("x")],
            Some(2),
            "no list of objects",
        ),
        (
            "profile_for",
            vec![json!([]), json!([]), json!([{"profile": 7}])],
            Some(2),
            "Rule 1 names no profile",
        ),
        (
            "profile_for",
            vec![json!([]), json!([]), json!([]), json!([])],
            Some(3),
            "join them with `concat`",
        ),
    ];
    for (name, arguments, argument, text) in refused {
        let found = provider.call(name, &arguments).await;
        let found = found.expect_err(&format!("{name}{arguments:?}"));
        assert_eq!(found.argument, argument, "{name}{arguments:?}: {found:?}");
        assert!(found.text.contains(text), "{name}{arguments:?}: {found:?}");
        assert!(!found.text.ends_with('.'), "Terraform closes the sentence");
    }
}

#[tokio::test]
async fn a_refused_tag_does_not_show_its_value() {
    let provider = provider().await;
    let arguments = [json!("gcp"), json!({"token": "Hush-Hush"})];
    let refused = provider
        .call("tags", &arguments)
        .await
        .expect_err("upper case");
    assert!(!refused.text.contains("Hush"), "{refused:?}");
}

#[tokio::test]
async fn tags_are_known_as_far_as_they_can_be_in_a_first_plan() {
    let provider = provider().await;
    let half = json!({"team": "a", "url": UNKNOWN});
    let found = provider.call("tags", &[json!("aws"), half.clone()]).await;
    assert_eq!(found, Ok(half.clone()));
    let found = provider
        .call("tags", &[json!("aws"), half, json!(UNKNOWN)])
        .await;
    assert_eq!(found, Ok(json!(UNKNOWN)));
}
