//! Tags: the rules of every cloud at their edges, and errors that name the rule and never the value.

use ledger::tags::{
    Cloud, MANAGED_BY, Side, StandardTag, TagError, TagPrefix, check_key, check_value, safe_value,
};
use proptest::prelude::*;

use Cloud::{Aws, Azure, Gcp, Kubernetes};

/// What a check said, in a word.
fn word(result: Result<(), TagError>) -> &'static str {
    match result {
        Ok(()) => "ok",
        Err(TagError::EmptyKey) => "empty",
        Err(TagError::TooLong { .. }) => "long",
        Err(TagError::Character { .. }) => "character",
        Err(TagError::Edge { .. }) => "edge",
        Err(TagError::Reserved { .. }) => "reserved",
        Err(TagError::TooMany(_)) => "many",
    }
}

/// One line: a text, and what AWS, Azure, Google Cloud and Kubernetes say of it, each alone.
#[track_caller]
fn table(check: fn(&str, &[Cloud]) -> Result<(), TagError>, lines: &[(&str, [&str; 4])]) {
    for (text, expected) in lines {
        let said = Cloud::ALL.map(|cloud| word(check(text, &[cloud])));
        assert_eq!(said, *expected, "{text:?} on {:?}", Cloud::ALL);
        let everywhere = check(text, &Cloud::ALL).is_ok();
        assert_eq!(everywhere, said == ["ok"; 4], "{text:?} on all");
    }
}

#[test]
fn keys_by_their_characters() {
    table(
        check_key,
        &[
            ("team", ["ok", "ok", "ok", "ok"]),
            ("cost-centre_2", ["ok", "ok", "ok", "ok"]),
            ("Team", ["ok", "ok", "character", "ok"]),
            ("team.name", ["ok", "ok", "character", "ok"]),
            ("team name", ["ok", "ok", "character", "character"]),
            ("team:name", ["ok", "ok", "character", "character"]),
            ("a=b+c-d@e", ["ok", "ok", "character", "character"]),
            ("équipe", ["ok", "ok", "character", "character"]),
            ("team(a)", ["character", "ok", "character", "character"]),
            (
                "team%",
                ["character", "character", "character", "character"],
            ),
            ("a<b", ["character", "character", "character", "character"]),
            ("a\\b", ["character", "character", "character", "character"]),
            ("a?b", ["character", "character", "character", "character"]),
            ("a\nb", ["character", "character", "character", "character"]),
            ("1team", ["ok", "ok", "edge", "ok"]),
            ("_team", ["ok", "ok", "edge", "edge"]),
            ("-team", ["ok", "ok", "edge", "edge"]),
            ("team-", ["ok", "ok", "ok", "edge"]),
            ("team_", ["ok", "ok", "ok", "edge"]),
            ("team.", ["ok", "ok", "character", "edge"]),
        ],
    );
}

#[test]
fn keys_by_their_length() {
    let key = |chars: usize| "k".repeat(chars);
    table(
        check_key,
        &[
            ("", ["empty"; 4]),
            (&key(63), ["ok", "ok", "ok", "ok"]),
            (&key(64), ["ok", "ok", "long", "long"]),
            (&key(128), ["ok", "ok", "long", "long"]),
            (&key(129), ["long", "ok", "long", "long"]),
            (&key(512), ["long", "ok", "long", "long"]),
            (&key(513), ["long", "long", "long", "long"]),
            // Characters are counted, not bytes.
            (&"é".repeat(128), ["ok", "ok", "long", "long"]),
        ],
    );
}

#[test]
fn keys_that_a_cloud_keeps_for_itself() {
    table(
        check_key,
        &[
            ("aws:name", ["reserved", "ok", "character", "character"]),
            ("AWS:name", ["reserved", "ok", "character", "character"]),
            ("Aws:name", ["reserved", "ok", "character", "character"]),
            ("aws", ["ok", "ok", "ok", "ok"]),
            ("my-aws:x", ["ok", "ok", "character", "character"]),
            ("microsoft-x", ["ok", "reserved", "ok", "ok"]),
            ("Azure", ["ok", "reserved", "character", "ok"]),
            ("windowsill", ["ok", "reserved", "ok", "ok"]),
            ("my-azure", ["ok", "ok", "ok", "ok"]),
        ],
    );
}

#[test]
fn a_key_with_a_dns_prefix_is_right_on_kubernetes_and_aws_and_nowhere_else() {
    let longest = format!("{}.com/team", "p".repeat(249));
    let too_long = format!("{}.com/team", "p".repeat(250));
    let name = format!("example.com/{}", "n".repeat(63));
    let long_name = format!("example.com/{}", "n".repeat(64));
    let kubernetes = |key: &str| word(check_key(key, &[Kubernetes]));
    table(
        check_key,
        &[("example.com/team", ["ok", "character", "character", "ok"])],
    );
    for key in [
        "example/Team_1.x",
        "a.b-c.d0/t",
        "my-k8s.io/x",
        "notkubernetes.io/x",
        &longest,
        &name,
    ] {
        assert_eq!(kubernetes(key), "ok", "{key}");
    }
    for key in [
        "/team",
        "example.com/",
        "/",
        "Example.com/team",
        "example..com/team",
        ".example/team",
        "example./team",
        "-example/team",
        "example-/team",
        "example_com/team",
        "exämple/team",
        "example.com/-team",
        "example.com/team-",
        &too_long,
    ] {
        assert_eq!(kubernetes(key), "edge", "{key}");
    }
    assert_eq!(kubernetes("example.com/a/b"), "character");
    assert_eq!(kubernetes(&long_name), "long");
    for key in [
        "kubernetes.io/x",
        "k8s.io/x",
        "app.kubernetes.io/name",
        "node.k8s.io/x",
    ] {
        assert_eq!(kubernetes(key), "reserved", "{key}");
    }
}

#[test]
fn values_by_their_characters() {
    table(
        check_value,
        &[
            ("", ["ok", "ok", "ok", "ok"]),
            ("checkout", ["ok", "ok", "ok", "ok"]),
            ("42", ["ok", "ok", "ok", "ok"]),
            ("Checkout", ["ok", "ok", "character", "ok"]),
            ("a.b", ["ok", "ok", "character", "ok"]),
            ("ana@example.com", ["ok", "ok", "character", "character"]),
            ("acme/shop", ["ok", "ok", "character", "character"]),
            ("two words", ["ok", "ok", "character", "character"]),
            ("100%", ["character", "ok", "character", "character"]),
            ("<b>", ["character", "ok", "character", "character"]),
            ("a\tb", ["character", "character", "character", "character"]),
            ("a\0b", ["character", "character", "character", "character"]),
            ("-x", ["ok", "ok", "ok", "edge"]),
            ("x_", ["ok", "ok", "ok", "edge"]),
            ("_", ["ok", "ok", "ok", "edge"]),
            ("aws:x", ["reserved", "ok", "character", "character"]),
            ("microsoft", ["ok", "ok", "ok", "ok"]),
        ],
    );
}

#[test]
fn values_by_their_length() {
    let value = |chars: usize| "v".repeat(chars);
    table(
        check_value,
        &[
            (&value(63), ["ok", "ok", "ok", "ok"]),
            (&value(64), ["ok", "ok", "long", "long"]),
            (&value(256), ["ok", "ok", "long", "long"]),
            (&value(257), ["long", "long", "long", "long"]),
            (&"é".repeat(256), ["ok", "ok", "long", "long"]),
        ],
    );
}

#[test]
fn an_error_names_the_cloud_and_the_rule_and_never_the_value() {
    let secret = "hunter2-Hunter3";
    let long = secret.repeat(30);
    let cases = [
        (check_value(secret, &[Gcp]), "Google Cloud", "'H'"),
        (
            check_value(&format!("{secret}-"), &[Kubernetes]),
            "Kubernetes",
            "letter or digit",
        ),
        (
            check_value(&format!("{secret}\u{7}"), &[Azure]),
            "Azure",
            "may not hold",
        ),
        (
            check_value(&format!("aws:{secret}"), &[Aws]),
            "AWS",
            "`aws:`",
        ),
        (
            check_value(&long, &[Aws]),
            "AWS",
            "at most 256 characters, and this one has 450",
        ),
    ];
    for (result, cloud, rule) in cases {
        let said = result.expect_err("refused").to_string();
        assert!(said.contains(cloud) && said.contains(rule), "{said}");
        assert!(said.contains("value"), "{said}");
        for form in [said, format!("{:?}", check_value(&long, &[Aws]))] {
            assert!(!form.to_lowercase().contains("hunter"), "{form}");
        }
    }
}

#[test]
fn the_first_cloud_that_refuses_is_the_one_that_is_named() {
    let error = check_key("Team", &Cloud::ALL).expect_err("a capital");
    assert!(matches!(
        error,
        TagError::Character {
            cloud: Gcp,
            side: Side::Key,
            character: 'T',
            ..
        }
    ));
    assert_eq!(
        check_key("Team", &[]),
        Ok(()),
        "no cloud, no rule but to be there"
    );
    assert_eq!(check_key("", &[]), Err(TagError::EmptyKey));
}

#[test]
fn clouds_are_read_by_their_word() {
    for cloud in Cloud::ALL {
        assert_eq!(Cloud::parse(cloud.as_str()), Some(cloud));
        assert_eq!(cloud.to_string(), cloud.as_str());
    }
    assert_eq!(["", "AWS", "google", "k8s"].map(Cloud::parse), [None; 4]);
}

#[test]
fn the_standard_keys_are_right_everywhere_with_the_usual_prefixes() {
    let usual = TagPrefix::default();
    assert_eq!(usual.as_str(), "ephemeral-");
    for prefix in ["", "ephemeral-", "x_", "preview-env-"] {
        let prefix = TagPrefix::parse(prefix, &Cloud::ALL).expect(prefix);
        for tag in StandardTag::ALL {
            assert_eq!(check_key(&prefix.key(tag), &Cloud::ALL), Ok(()));
        }
    }
    assert_eq!(
        usual.key(StandardTag::PullRequest),
        "ephemeral-pull-request"
    );
    assert_eq!(check_value(MANAGED_BY, &Cloud::ALL), Ok(()));
}

#[test]
fn a_prefix_that_would_make_a_wrong_key_is_refused() {
    // The longest standard word has 12 characters.
    let longest = "p".repeat(51);
    assert!(TagPrefix::parse(&longest, &Cloud::ALL).is_ok());
    for (prefix, clouds) in [
        ("Team-", &[Gcp][..]),
        ("1-", &[Gcp]),
        ("aws:", &[Aws]),
        ("azure-", &[Azure]),
        ("-", &[Kubernetes]),
        ("example.com/", &[Gcp]),
        ("kubernetes.io/", &[Kubernetes]),
        (&format!("{longest}p"), &[Gcp]),
    ] {
        assert!(TagPrefix::parse(prefix, clouds).is_err(), "{prefix}");
    }
    assert!(TagPrefix::parse("example.com/", &[Kubernetes]).is_ok());
}

#[test]
fn a_safe_value_says_as_much_as_it_can() {
    let cases = [
        ("acme/shop", "acme-shop"),
        ("Acme/Shop", "acme-shop"),
        ("2023-11-14T22:13:20Z", "2023-11-14t22-13-20z"),
        ("a_b", "a_b"),
        ("--x--", "x"),
        ("/", ""),
        ("", ""),
        ("日本", ""),
        ("é1", "1"),
    ];
    for (text, safe) in cases {
        assert_eq!(safe_value(text), safe, "{text:?}");
    }
    assert_eq!(safe_value(&"x".repeat(100)).len(), 63);
    let cut_at_a_dash = format!("{}/x", "x".repeat(62));
    assert_eq!(safe_value(&cut_at_a_dash), "x".repeat(62));
}

proptest! {
    #[test]
    fn a_safe_value_is_right_on_every_cloud(text in "\\PC{0,90}|[A-Z_/.-]{0,90}") {
        prop_assert_eq!(check_value(&safe_value(&text), &Cloud::ALL), Ok(()));
    }

    #[test]
    fn a_safe_value_stays_what_it_is(text in "\\PC{0,90}") {
        let safe = safe_value(&text);
        prop_assert_eq!(safe_value(&safe), safe);
    }

    #[test]
    fn right_on_all_is_right_on_each(text in "[a-zA-Z0-9_./:-]{0,70}") {
        let each = |check: fn(&str, &[Cloud]) -> Result<(), TagError>| {
            Cloud::ALL.into_iter().all(|cloud| check(&text, &[cloud]).is_ok())
        };
        prop_assert_eq!(check_key(&text, &Cloud::ALL).is_ok(), each(check_key));
        prop_assert_eq!(check_value(&text, &Cloud::ALL).is_ok(), each(check_value));
    }

    #[test]
    fn no_text_makes_a_check_panic(text in "\\PC{0,300}") {
        for cloud in Cloud::ALL {
            let _ = (check_key(&text, &[cloud]), check_value(&text, &[cloud]));
        }
    }
}
