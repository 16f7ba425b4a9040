//! Invoking an action, which streams its messages of progress and then, last and always, how it ended.

use std::sync::Arc;

use tf_provider::Diagnostics;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::registry::Registry;
use crate::action::Progress;
use crate::panic::caught;
use crate::proto::tfplugin6 as proto;
use crate::report::{Report, to_proto};
use crate::table::explain_nothing;
use crate::{open, rules};
use proto::invoke_action::Event;
use proto::invoke_action::event::{Completed, Progress as Words, Type};

/// The events of an invocation.
pub(super) type Events = ReceiverStream<Result<Event, Status>>;

/// How many events may wait for a slow client.
const WAITING: usize = 16;

/// `InvokeAction`. The work goes on by itself: a client that hangs up does not end it half done.
pub(super) fn invoke(registry: &Arc<Registry>, request: proto::invoke_action::Request) -> Events {
    let registry = Arc::clone(registry);
    let (events, receiver) = mpsc::channel(WAITING);
    let (words, mut said) = mpsc::channel::<String>(WAITING);
    tokio::spawn(async move {
        let passing_on = async {
            while let Some(message) = said.recv().await {
                // A client that has hung up misses it.
                let _ = events
                    .send(Ok(event(Type::Progress(Words { message }))))
                    .await;
            }
        };
        let work = async {
            let mut diags = Diagnostics::default();
            let progress = Progress::to(words);
            if let Err(panicked) = caught(invoked(&registry, &request, &progress, &mut diags)).await
            {
                panicked.report("InvokeAction", &mut diags);
            }
            diags
        };
        let (diags, ()) = tokio::join!(work, passing_on);
        let completed = Completed {
            diagnostics: to_proto(diags),
        };
        let _ = events.send(Ok(event(Type::Completed(completed)))).await;
    });
    ReceiverStream::new(receiver)
}

async fn invoked(
    registry: &Registry,
    request: &proto::invoke_action::Request,
    progress: &Progress,
    diags: &mut Diagnostics,
) {
    let Some(entry) = registry.types.actions.get(&request.action_type, diags) else {
        return;
    };
    let Some(config) = entry.receive("configuration", request.config.as_ref(), diags) else {
        return;
    };
    for place in open::unknown_places(&config) {
        diags.refuse(
            place,
            "Unknown Value in an Action",
            "The provider was asked to act on a value that is not known yet. This is a bug in Terraform or in the program \
             that drives the provider.",
        );
    }
    let mut config = config;
    rules::check_schema(&entry.schema.block, &mut config, diags);
    if diags.has_errors() {
        return;
    }
    if entry.code.invoke(diags, config, progress).await.is_none() {
        explain_nothing("the action", diags);
    }
}

fn event(kind: Type) -> Event {
    Event { r#type: Some(kind) }
}
