//! What Terraform keeps when a step goes wrong. The promises here are what stands between a failing store and a state
//! that forgot something.

use super::*;

#[tokio::test]
async fn only_an_authoritative_absence_removes_a_resource() {
    let driver = workshop().await;
    let stored = |how: &str| Stored {
        state: json!({"id": "w-a", "name": "a", "behaviour": how}),
        ..Stored::nothing()
    };
    let gone = driver.read(WIDGET, &stored("gone")).await;
    assert_eq!((gone.state, gone.told), (Json::Null, vec![]));

    for (how, said) in [
        ("unreadable", "Unreadable"),
        ("panic on read", "Provider Panicked"),
    ] {
        let kept = driver.read(WIDGET, &stored(how)).await;
        assert_eq!(only_error(&kept.told).summary, said);
        assert_eq!(kept.state, stored(how).state, "the state is kept");
    }
    let broken = Stored {
        state: json!({"id": 5}),
        ..Stored::nothing()
    };
    let kept = driver.read(WIDGET, &broken).await;
    assert_eq!(only_error(&kept.told).summary, "Wrong Type");
    assert_eq!(kept.state, broken.state);

    let drifted = driver.read(WIDGET, &stored("drift")).await;
    assert_eq!(drifted.state["size"], 99);
}

#[tokio::test]
async fn a_create_that_fails_stores_what_exists_and_nothing_else() {
    let driver = workshop().await;
    let config = json!({
        "name": "a", "behaviour": "half created", "policy": {"mode": "m"},
    });
    let half = driver.plan(WIDGET, &Stored::nothing(), config).await;
    let half = driver.apply(WIDGET, half).await;
    assert_eq!(only_error(&half.told).summary, "Half Created");
    assert_eq!(half.state["id"], "w-half");
    assert_eq!(
        half.state["policy"]["stamp"],
        Json::Null,
        "unknowns are not stored"
    );

    for (how, said) in [
        ("fail on create", "Not Created"),
        ("no reason on create", "No Answer from the Provider"),
        ("panic on create", "Provider Panicked"),
    ] {
        let planned = driver.plan(WIDGET, &Stored::nothing(), behaving(how)).await;
        let none = driver.apply(WIDGET, planned).await;
        assert_eq!(only_error(&none.told).summary, said);
        assert_eq!(none.state, Json::Null);
    }
}

#[tokio::test]
async fn an_update_that_fails_keeps_the_prior_state() {
    let driver = workshop().await;
    let made = driver.create(WIDGET, named("a")).await;
    for (how, said) in [
        ("fail on update", "Not Updated"),
        ("panic on update", "Provider Panicked"),
    ] {
        let planned = driver.plan(WIDGET, &made, behaving(how)).await;
        assert_no_errors(&planned.told);
        let kept = driver.apply(WIDGET, planned).await;
        assert_eq!(only_error(&kept.told).summary, said);
        assert_eq!(kept.state, made.state);
    }
}

#[tokio::test]
async fn a_destroy_that_does_not_say_yes_keeps_the_state() {
    let driver = workshop().await;
    for (how, said) in [
        ("fail on destroy", "Not Destroyed"),
        ("error beside success", "Perhaps Destroyed"),
        ("no reason on destroy", "No Answer from the Provider"),
        ("panic on destroy", "Provider Panicked"),
    ] {
        let made = driver.create(WIDGET, behaving(how)).await;
        let planned = driver.plan(WIDGET, &made, Json::Null).await;
        assert_no_errors(&planned.told);
        let kept = driver.apply(WIDGET, planned).await;
        assert_eq!(only_error(&kept.told).summary, said);
        assert_eq!(kept.state, made.state, "{how}");
    }
    let held = driver.create(WIDGET, behaving("held")).await;
    let refused = driver.plan(WIDGET, &held, Json::Null).await;
    assert_eq!(only_error(&refused.told).summary, "Held");
}

#[tokio::test]
async fn a_plan_that_fails_says_why() {
    let driver = workshop().await;
    for (how, said, part) in [
        ("panic on plan", "Provider Panicked", "boom in plan"),
        (
            "no plan",
            "No Answer from the Provider",
            "bug in the provider",
        ),
    ] {
        let planned = driver.plan(WIDGET, &Stored::nothing(), behaving(how)).await;
        let error = only_error(&planned.told);
        assert_eq!(error.summary, said);
        assert!(error.detail.contains(part), "{error:?}");
    }
}

#[tokio::test]
async fn what_only_a_configuration_sets_is_known_in_an_apply_or_nothing_is_done() {
    let driver = workshop().await;
    let config = json!({
        "name": "a", "size": 1.5, "tags": {"k": "v"}, "policy": {"mode": "m"},
        "rules": [{"mode": "m"}], "notify": [{"email": "e"}],
    });
    let planned = async || {
        let nothing = Stored::nothing();
        driver.plan(WIDGET, &nothing, config.clone()).await
    };
    let right = planned().await;
    assert_eq!(right.state["policy"]["stamp"], UNKNOWN);
    assert_no_errors(&driver.apply(WIDGET, right).await.told);
    for path in crate::driver::values::paths(&config) {
        for is_planned in [true, false] {
            let mut open = planned().await;
            let part = if is_planned {
                &mut open.state
            } else {
                &mut open.config
            };
            *part = crate::driver::values::with(part, &path, json!(UNKNOWN));
            let answer = driver.apply_as_it_is(WIDGET, open).await;
            let error = only_error(&answer.told);
            assert_eq!(error.summary, "Unknown Value on Applying", "{path}");
            let attribute = path.split('.').next();
            assert_eq!(Some(error.at.as_str()), attribute, "{path}");
            assert_eq!(answer.state, Json::Null);
        }
    }
}
