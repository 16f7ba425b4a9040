//! How a person changes one record: it is looked up, updated, and what became of it is said. Shared by every such command.

use ledger::clock::Timestamp;

use super::{Session, render};
use crate::{
    cli::Selector,
    exit::ExitStatus,
    failure::Failure,
    lookup::{self, Target},
    update::{Change, Refusal, Updated, update, update_alone},
};

/// What is said of an update: the answer, and the next step.
pub(super) type Said = (String, Option<String>);

/// Whether a sweeper may be at work on the record meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// It may; it looks again before it destroys.
    Sweepers,
    /// It may not: the change is made under a claim of its own.
    NoSweeper,
}

/// Changes the record that `selector` names as `decide` says, and says what `say` makes of it.
///
/// # Errors
/// If nothing or more than one is named, if `decide` refuses it, or if the ledger does not do it.
pub(super) async fn change_record(
    session: &Session,
    selector: &Selector,
    beside: Beside,
    decide: impl Fn(&Target, Timestamp) -> Result<Option<Change>, Refusal>,
    say: impl FnOnce(&Updated) -> Said,
) -> Result<ExitStatus, Failure> {
    let world = &session.world;
    let subject = lookup::find(world.book.as_ref(), selector).await?.subject();
    let updated = match beside {
        Beside::Sweepers => update(world, &subject, decide).await?,
        Beside::NoSweeper => update_alone(world, &subject, decide).await?,
    };
    let (sentence, next) = say(&updated);
    render::say_updated(session, &updated, &sentence, next.as_deref())?;
    Ok(ExitStatus::Clean)
}
