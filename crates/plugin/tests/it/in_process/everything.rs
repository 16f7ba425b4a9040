//! One message sent to every call: whether what goes wrong with an answer is noticed.

use super::*;
use crate::everywhere::{Everything, send};

/// A panic is noticed, and a text that only mentions one is not taken for it.
#[tokio::test]
async fn a_panic_in_any_call_is_a_complaint() {
    let server = Server::new(Workshop::default());
    let config = r#"{"place": "here"}"#;
    let mut everything = Everything::of(&server, config, &[], &[]).await;
    let mut said_of = async |behaviour: &str| {
        let widget = json!({"name": "a", "behaviour": behaviour, "notify": []});
        send(&server, &mut everything, &dv(&widget).msgpack).await
    };
    let heard = said_of("panic on plan").await;
    assert!(
        heard.iter().any(|said| said.contains("boom in plan")),
        "{heard:?}"
    );
    assert_eq!(said_of("it panicked").await, Vec::<String>::new());
}
