//! Which profile a change gets, as tables.

use serde_json::json;

use super::*;

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[track_caller]
fn check(rules: &[Rule], files: &[&str], labels: &[&str], expected: &str) {
    let found = choose(rules, &owned(files), &owned(labels));
    assert_eq!(found.profile, expected, "{files:?} {labels:?}: {found:?}");
    assert!(!found.reason.is_empty(), "a choice says why");
}

#[test]
fn the_default_rules_are_those_of_the_page() {
    let rules = default_rules();
    assert_eq!(rules.len(), 4, "every pattern of the default rules is one");
    let table: [(&[&str], &[&str], &str); 22] = [
        (&["docs/a.txt"], &[], "minimal"),
        (&["docs/a/b/c.png", "README.md"], &[], "minimal"),
        (&["README.md"], &[], "minimal"),
        (&["./README.md"], &[], "minimal"),
        (&["services/api/CHANGES.md"], &[], "minimal"),
        (&["README.md", "src/main.rs"], &[], "standard"),
        (&["src/docs/a.txt"], &[], "standard"),
        (&["docs"], &[], "standard"),
        (&["a.mdx"], &[], "standard"),
        (&["web/shop.css", "web/logo.svg"], &[], "minimal"),
        (&["web/shop.css", "README.md"], &[], "standard"),
        (&["web/app.tsx"], &[], "standard"),
        (&["web/shop.css", "api/main.go"], &[], "standard"),
        (&["api/main.go"], &[], "standard"),
        (&[], &[], "standard"),
        (&["api/main.go"], &["performance-test"], "enhanced"),
        (&["README.md"], &["load-test"], "enhanced"),
        (&["README.md"], &["Load-Test"], "enhanced"),
        (&["README.md"], &["load-tests"], "minimal"),
        (&[], &["release-candidate"], "production-like"),
        (
            &["README.md"],
            &["release-candidate", "load-test"],
            "production-like",
        ),
        (&["api/main.go"], &["bug"], "standard"),
    ];
    for (files, labels, expected) in table {
        check(&rules, files, labels, expected);
    }
}

#[test]
fn only_the_largest_profile_needs_approval_and_each_answer_says_why() {
    let rules = default_rules();
    for (files, labels, needs_approval, reason) in [
        (
            vec!["a.go"],
            vec!["release-candidate"],
            true,
            "labelled `release-candidate`",
        ),
        (
            vec!["a.go"],
            vec!["load-test"],
            false,
            "labelled `load-test`",
        ),
        (
            vec!["a.md"],
            vec![],
            false,
            "every changed file is one of `docs/**`, `**/*.md`",
        ),
        (vec!["a.go"], vec![], false, "no rule fits"),
    ] {
        let found = choose(&rules, &owned(&files), &owned(&labels));
        assert_eq!(
            (found.needs_approval, found.reason.as_str()),
            (needs_approval, reason)
        );
    }
}

#[test]
fn rules_of_ones_own_replace_the_default_ones_and_the_first_that_fits_decides() {
    let rules = parse_rules(&json!([
        {"profile": "huge", "any_files": ["db/migrations/**"], "labels": ["data", "schema"], "needs_approval": true},
        {"profile": "large", "any_files": ["db/migrations/**"], "labels": null},
        {"profile": "small", "only_files": ["{web,app}/*.t[sx]", "*.?"]},
        {"profile": "usual"},
        {"profile": "never reached", "labels": ["x"]},
    ]));
    let rules = rules.expect("rules");
    let table: [(&[&str], &[&str], &str); 8] = [
        (&["db/migrations/1.sql", "a"], &["schema"], "huge"),
        (&["db/migrations/1.sql", "a"], &[], "large"),
        (&["db/1.sql"], &["data"], "usual"),
        (&["web/a.ts", "app/b.tx", "c.c"], &[], "small"),
        (&["web/deep/a.ts"], &[], "usual"),
        (&["web/a.tz"], &[], "usual"),
        (&["README.md"], &["x"], "usual"),
        (&[], &[], "usual"),
    ];
    for (files, labels, expected) in table {
        check(&rules, files, labels, expected);
    }
    let huge = choose(&rules, &owned(&["db/migrations/1.sql"]), &owned(&["data"]));
    assert!(huge.needs_approval);
    assert_eq!(
        huge.reason,
        "labelled `data`, and `db/migrations/1.sql` is one of `db/migrations/**`"
    );
    check(&[], &["README.md"], &[], DEFAULT_PROFILE);
}

#[test]
fn every_problem_of_a_list_of_rules_is_told_with_the_number_of_its_rule() {
    let all = parse_rules(&json!([
        {"profile": "a"},
        {"profile": " ", "labels": "x", "only_files": [], "any_files": [1]},
        {"profile": 7, "needs_approval": "yes", "file": ["a"]},
        "minimal",
        {"profile": "b", "only_files": ["docs/**", "a[b"]},
    ]));
    let errors = all.expect_err("most of it is wrong");
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let beginnings = [
        "rule 2 names no profile",
        "`labels` of rule 2 is no list of texts",
        "`only_files` of rule 2 is empty",
        "`any_files` of rule 2 is no list of texts",
        "rule 3 has `file`",
        "rule 3 names no profile",
        "`needs_approval` of rule 3 is neither",
        "the rules are no list of objects",
        "pattern 2 of `only_files` in rule 5 cannot be read",
    ];
    assert_eq!(texts.len(), beginnings.len(), "{texts:#?}");
    for (text, beginning) in texts.iter().zip(beginnings) {
        assert!(text.starts_with(beginning), "{text}");
    }
    for value in [json!({}), json!("minimal"), json!(1)] {
        let error = parse_rules(&value).expect_err("no list");
        assert_eq!(error, [RuleError::NoList]);
    }
}
