//! Admit: whether the token in a provider block is that of a run that lives. What is then written carries the run's id.

use ledger::{
    book::{Book, BookError, Record, Stored},
    event::Subject,
    id::RunId,
    run::{Life, RunToken},
};
use tf_provider::{Diagnostics, value::Value};

use crate::{
    context::{Context, Missing},
    diag,
};

/// The run that `token` belongs to; `None` if there is no token, if nothing is known yet, or if it opens nothing, which
/// was reported.
pub async fn admit(
    context: &Context,
    token: &Value<String>,
    diags: &mut Diagnostics,
) -> Option<RunId> {
    let text = token.as_ref_option()?;
    let token = match RunToken::parse(text) {
        Ok(token) => token,
        Err(error) => {
            diags.add_error(diag::invalid_run_token(&error));
            return None;
        }
    };
    if !context.settings.ledger_is_known {
        return None;
    }
    let looked = async {
        let book = context.book(Missing::Refuse).await?;
        let stored = book.get(&Subject::Run(token.run().clone())).await?;
        Ok::<_, BookError>((stored, book.reading().await?.now))
    };
    let (stored, now) = match looked.await {
        Ok(answer) => answer,
        Err(error) => {
            diags.add_error(diag::run_token_not_checked(&error));
            return None;
        }
    };
    let Some(Stored {
        record: Record::Run(run),
        ..
    }) = stored
    else {
        diags.add_error(diag::unknown_run(token.run()));
        return None;
    };
    if !run.knows(&token) {
        diags.add_error(diag::unknown_run(token.run()));
        return None;
    }
    if run.admits(&token, now) {
        return Some(run.id);
    }
    let since = match (run.interrupted_at, run.life(now)) {
        (Some(at), _) | (None, Life::Closed { at } | Life::Dead { since: at }) => at,
        (None, Life::Alive { .. }) => now,
    };
    let how = match run.life(now) {
        Life::Alive { .. } => "interrupted",
        over => over.as_str(),
    };
    diags.add_error(diag::run_is_over(&run.id, how, since));
    None
}
