//! A bell that is rung: words while it rings, one end, and each way it can go wrong.

use super::*;

const RING: &str = "workshop_ring";

#[tokio::test]
async fn an_action_says_how_far_it_is_and_then_that_it_is_done() {
    let driver = workshop().await;
    assert_eq!(driver.plan_action(RING, json!({"times": 40})).await, []);
    let (words, told) = driver.invoke(RING, json!({"times": 40})).await;
    assert_eq!(told, []);
    assert_eq!(
        (words.len(), words[39].as_str()),
        (40, "ring 40"),
        "in order, none lost"
    );
    assert_eq!(driver.server.definition().lights.notes(), ["rang 40"]);
}

#[tokio::test]
async fn an_action_that_fails_says_why_at_the_end_and_keeps_what_it_said_before() {
    let driver = workshop().await;
    for (how, said) in [("fail", "Bell Cracked"), ("panic", "Provider Panicked")] {
        let config = json!({"times": 2, "behaviour": how});
        let (words, told) = driver.invoke(RING, config).await;
        assert_eq!(only_error(&told).summary, said);
        assert_eq!(words, ["ring 1", "ring 2"]);
    }
}

#[tokio::test]
async fn an_action_is_checked_before_it_is_invoked_and_then_once_more() {
    let driver = workshop().await;
    for (config, summary) in [
        (json!({}), "Missing Required Value"),
        (json!({"times": "often"}), "Wrong Type"),
        (json!({"times": 1, "pitch": 3}), "Unsupported Attribute"),
    ] {
        let planned = driver.plan_action(RING, config.clone()).await;
        assert_eq!(only_error(&planned).summary, summary);
        let (_, invoked) = driver.invoke(RING, config).await;
        assert_eq!(only_error(&invoked).summary, summary);
    }
    let silent = driver.plan_action(RING, json!({"times": 0})).await;
    assert_eq!(only_error(&silent).at, "times");
    let unknown = json!({"times": UNKNOWN});
    assert_eq!(driver.plan_action(RING, unknown.clone()).await, []);
    let (_, told) = driver.invoke(RING, unknown).await;
    assert_eq!(only_error(&told).summary, "Unknown Value in an Action");
    assert_eq!(
        driver.server.definition().lights.notes(),
        [""; 0],
        "nothing rang"
    );
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_leave_the_work_half_done() {
    let driver = workshop().await;
    let request = proto::invoke_action::Request {
        action_type: RING.to_owned(),
        config: Some(dv(&json!({"times": 100, "behaviour": null}))),
        client_capabilities: None,
    };
    let answer = driver.server.invoke_action(Request::new(request)).await;
    drop(answer.expect("a stream"));
    let lights = &driver.server.definition().lights;
    for _ in 0..1_000 {
        if !lights.notes().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(lights.notes(), ["rang 100"]);
}
