//! Driving actions as Terraform since 1.14 does: checked, planned, invoked, with words of progress and one end.

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::invoke_action::event::Type;
use plugin::proto::tfplugin6::provider_server::Provider;
use serde_json::Value as Json;
use tokio_stream::StreamExt as _;
use tonic::Request;

use super::values::{Told, dv, told};
use super::{Driver, core};

impl<P: Provider> Driver<P> {
    fn action_block(&self, action_type: &str) -> proto::schema::Block {
        let schema = self.schema.action_schemas.get(action_type);
        let schema = schema.unwrap_or_else(|| panic!("there is no action {action_type}"));
        let schema = schema.schema.clone().expect("an action has a schema");
        schema.block.expect("a schema has a block")
    }

    /// `ValidateActionConfig` and `PlanAction`, which must say the same.
    pub(crate) async fn plan_action(&self, action_type: &str, config: Json) -> Vec<Told> {
        let config = core::complete(&self.action_block(action_type), &config);
        let request = Request::new(proto::validate_action_config::Request {
            type_name: action_type.to_owned(),
            config: Some(dv(&config)),
        });
        let answer = self.server.validate_action_config(request).await;
        let validated = told(answer.expect("an answer").into_inner().diagnostics);
        let request = Request::new(proto::plan_action::Request {
            action_type: action_type.to_owned(),
            config: Some(dv(&config)),
            client_capabilities: None,
        });
        let answer = self.server.plan_action(request).await;
        let answer = answer.expect("an answer").into_inner();
        assert_eq!(answer.deferred, None, "no client asked for that");
        assert_eq!(told(answer.diagnostics), validated);
        validated
    }

    /// `InvokeAction`: the words of progress, and what was said at the end.
    pub(crate) async fn invoke(&self, action_type: &str, config: Json) -> (Vec<String>, Vec<Told>) {
        let config = core::complete(&self.action_block(action_type), &config);
        let request = Request::new(proto::invoke_action::Request {
            action_type: action_type.to_owned(),
            config: Some(dv(&config)),
            client_capabilities: None,
        });
        let answer = self.server.invoke_action(request).await;
        let mut events = std::pin::pin!(answer.expect("a stream").into_inner());
        let (mut words, mut end) = (Vec::new(), None);
        while let Some(event) = events.next().await {
            assert!(end.is_none(), "nothing comes after the end");
            match event.expect("an event").r#type.expect("of a type") {
                Type::Progress(progress) => words.push(progress.message),
                Type::Completed(completed) => end = Some(told(completed.diagnostics)),
            }
        }
        (words, end.expect("an action ends"))
    }
}
