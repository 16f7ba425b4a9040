//! Open: one record of the run in the ledger, by one write. Every plan, apply and destroy opens one, so nothing else is
//! looked at.

use ledger::{
    book::{Precondition, Record, Write},
    clock::{Timestamp, rfc3339, whole_second},
    event::EventKind,
    id::RunId,
    run::{Run, RunToken, TOKEN_BYTES},
    ttl::Ttl,
};
use ring::rand::{SecureRandom, SystemRandom};
use tf_provider::Diagnostics;

use super::{
    ci_job,
    model::RunModel,
    validate::{Validated, validate},
};
use crate::{
    context::{Context, Missing},
    diag,
    update::settle,
};

/// Records a new run and answers it with its token; `None` if nothing was written, which was reported.
pub(super) async fn open(
    context: &Context,
    config: &RunModel,
    diags: &mut Diagnostics,
) -> Option<(Run, RunToken)> {
    let before = diags.errors.len();
    if !context.settings.ledger_is_known {
        diags.add_error(diag::ledger_not_known());
    }
    let _ = context.may_write(diags);
    let validated = validate(config, diags);
    if before < diags.errors.len() {
        return None;
    }
    let Some(bytes) = random() else {
        diags.add_error(diag::run_not_opened());
        return None;
    };
    let opened = async {
        let book = context.book(Missing::Create).await?;
        let now = book.reading().await?.now;
        let Some((run, token)) = new_run(context, validated, now, &bytes) else {
            return Ok(Err(diag::incomplete_plan()));
        };
        let mut event = context
            .event(EventKind::Opened, now)
            .with("host", &run.host)
            .with("alive_until", rfc3339(run.alive_until()));
        for (key, value) in [("command", &run.command), ("ci_job", &run.ci_job)] {
            if let Some(value) = value {
                event = event.with(key, value);
            }
        }
        book.put(Write {
            record: Record::Run(run.clone()),
            precondition: Precondition::Create,
            drop_claim: false,
            events: vec![event],
        })
        .await?;
        Ok(Ok((run, token)))
    };
    settle(opened.await, "opening the run lease", diags)
}

fn new_run(
    context: &Context,
    validated: Validated,
    now: Timestamp,
    bytes: &[u8; TOKEN_BYTES],
) -> Option<(Run, RunToken)> {
    let at = whole_second(now);
    let id = RunId::fresh(now);
    let token = RunToken::new(id.clone(), bytes);
    let invocation = &context.invocation;
    let ttl: Ttl = validated.ttl?;
    let run = Run {
        id,
        token_sha256: token.sha256(),
        environment: validated.environment?,
        // Where it cannot be found out, the environment that is named still counts.
        state: invocation.working_directory().state_address().ok(),
        command: invocation.command.clone(),
        opened_by: context.identity.clone(),
        host: invocation.host_name(),
        ci_job: ci_job::address(|name| invocation.variable(name)),
        labels: validated.labels?,
        // A fence that is no number was set by no sweeper; it counts as one all the same, so that it keeps nothing alive.
        fence: context.fence().map(Option::unwrap_or_default),
        ttl,
        opened_at: at,
        renewed_at: at,
        interrupted_at: None,
        end: None,
        superseded: false,
    };
    Some((run, token))
}

fn random() -> Option<[u8; TOKEN_BYTES]> {
    let mut bytes = [0; TOKEN_BYTES];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(bytes)
}
