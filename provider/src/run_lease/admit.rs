//! Admit: whether a token that was given is that of a run that lives. What is then written carries the run's id.

use ledger::{
    book::{BookError, Record, Stored},
    event::Subject,
    id::RunId,
    run::{Life, RunToken},
};
use tf_provider::{Diagnostic, value::Value};

use crate::{
    context::{Context, Missing},
    diag,
};

/// The value of `run_token`; `None` if there is nothing, or nothing is known yet.
///
/// # Errors
/// It is no token.
pub fn token(given: &Value<String>) -> Result<Option<RunToken>, Diagnostic> {
    let Some(text) = given.as_ref_option() else {
        return Ok(None);
    };
    let token = RunToken::parse(text).map_err(|error| diag::invalid_run_token(&error))?;
    Ok(Some(token))
}

/// The run that the token `given` belongs to; `None` if there is no token, or nothing is known yet.
///
/// # Errors
/// It opens nothing, or that could not be found out.
pub async fn admit(context: &Context, given: &Value<String>) -> Result<Option<RunId>, Diagnostic> {
    let Some(token) = token(given)? else {
        return Ok(None);
    };
    if !context.settings.ledger_is_known {
        return Ok(None);
    }
    // Put aside: most of what is planned and applied has no token, and would carry the room for this.
    let looked = Box::pin(async {
        let book = context.book(Missing::Refuse).await?;
        let stored = book.get(&Subject::Run(token.run().clone())).await?;
        Ok::<_, BookError>((stored, book.reading().await?.now))
    });
    let (stored, now) = looked
        .await
        .map_err(|error| diag::run_token_not_checked(&error))?;
    let run = match stored {
        Some(Stored {
            record: Record::Run(run),
            ..
        }) if run.knows(&token) => run,
        _ => return Err(diag::unknown_run(token.run())),
    };
    if run.admits(&token, now) {
        return Ok(Some(run.id));
    }
    let since = match (run.interrupted_at, run.life(now)) {
        (Some(at), _) | (None, Life::Closed { at } | Life::Dead { since: at }) => at,
        (None, Life::Alive { .. }) => now,
    };
    let how = match run.life(now) {
        Life::Alive { .. } => "interrupted",
        over => over.as_str(),
    };
    Err(diag::run_is_over(&run.id, how, since))
}
