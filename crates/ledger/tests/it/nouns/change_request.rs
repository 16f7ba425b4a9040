//! Change requests: the three parts, each refused by its own attribute.

use ledger::change_request::{ChangeRequest, ChangeRequestError, Forge};
use proptest::prelude::*;

#[test]
fn the_forges_are_read_by_their_word_and_nothing_near_it() {
    for forge in Forge::ALL {
        assert_eq!(ChangeRequest::parse_forge(forge.as_str()), Ok(forge));
    }
    for text in ["", "GitHub", "github ", "github.com", "gitea"] {
        let error = ChangeRequest::parse_forge(text).expect_err(text);
        assert_eq!(error.attribute(), "forge");
        assert!(
            error
                .to_string()
                .contains("expected `github`, `gitlab` or `bitbucket`")
        );
    }
}

#[test]
fn a_repository_has_an_owner_and_a_name_and_may_be_nested() {
    for text in [
        "acme/shop",
        "a/b",
        "Acme-1/shop.web_2",
        "group/sub/project",
        "a/.github",
    ] {
        assert_eq!(ChangeRequest::parse_repository(text).as_deref(), Ok(text));
    }
    let wrong = [
        "",
        "shop",
        "/",
        "acme/",
        "/shop",
        "acme//shop",
        "acme/shop/",
        "acme/sh op",
        "acme/shop#1",
        "acme/*",
        "*",
        "https://github.com/acme/shop",
        "acme/shop?x=1",
        "acme/shöp",
        "acme\\shop",
    ];
    for text in wrong {
        let error = ChangeRequest::parse_repository(text).expect_err(text);
        assert_eq!(error.attribute(), "repository");
        assert!(error.to_string().contains("`acme/shop`"), "{error}");
    }
}

#[test]
fn a_repository_never_leads_elsewhere_in_the_address_of_a_forge() {
    for text in ["../shop", "acme/..", "./shop", "acme/../../user", "acme/."] {
        assert_eq!(
            ChangeRequest::parse_repository(text),
            Err(ChangeRequestError::Repository(text.to_owned()))
        );
    }
}

#[test]
fn a_number_is_whole_and_at_least_one() {
    for (number, read) in [
        (1.0, 1),
        (128.0, 128),
        (9_007_199_254_740_991.0, 9_007_199_254_740_991),
    ] {
        assert_eq!(ChangeRequest::parse_number(number), Ok(read));
    }
    let wrong = [
        0.0,
        -0.0,
        -1.0,
        0.5,
        1.5,
        // From 2^53 on a floating point number stands for more than one integer.
        9_007_199_254_740_992.0,
        1e300,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    for number in wrong {
        let error = ChangeRequest::parse_number(number).expect_err("no number of a request");
        assert_eq!(error.attribute(), "number");
        assert!(error.to_string().contains("`128`"));
    }
}

#[test]
fn a_change_request_is_shown_as_people_write_it() {
    let request = ChangeRequest {
        forge: Forge::Gitlab,
        repository: "acme/web/shop".to_owned(),
        number: 128,
    };
    assert_eq!(request.to_string(), "gitlab acme/web/shop#128");
}

proptest! {
    #[test]
    fn every_whole_number_comes_through_exactly(number in 1..=9_007_199_254_740_991_u64) {
        #[expect(clippy::cast_precision_loss, reason = "below 2^53 nothing is lost")]
        let sent = number as f64;
        prop_assert_eq!(ChangeRequest::parse_number(sent), Ok(number));
    }

    #[test]
    fn no_number_makes_it_panic(number in any::<f64>()) {
        if let Ok(read) = ChangeRequest::parse_number(number) {
            prop_assert!(1 <= read);
        }
    }
}
