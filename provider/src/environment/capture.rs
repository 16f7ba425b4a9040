//! Keeps the capsule of the root module in the ledger, and notes in the record what was found in it.

use ::capsule::{self, Origin, Taken, given::Given, obstacle::Obstacle};
use ledger::{
    book::{BookError, Ledger},
    environment::Capture,
    state_address::StateAddress,
};

use crate::context::Context;

/// What was kept.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// What the record notes.
    pub(super) capture: Capture,
    /// What tells it from anything else that could have been kept.
    pub(super) digest: String,
}

/// What a plan can see of the configuration and the state.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// What tells it from any other.
    pub(super) digest: String,
    /// What will resist a destroy, as far as configuration and state say.
    pub(super) obstacles: Vec<Obstacle>,
}

/// Looks at the configuration as it stands, and at the state at `address` if that is a file of this host. Keeps nothing.
pub(super) async fn look(context: &Context, address: Option<&StateAddress>) -> Seen {
    let taken = take(context).await;
    let file = address.and_then(StateAddress::local_file);
    let obstacles = taken.obstacles.clone();
    let digest = taken.digest();
    let looked = tokio::task::spawn_blocking(move || taken.obstacles_with(file.as_deref()));
    Seen {
        digest,
        // What is in a state is said beside what is certain, and never instead.
        obstacles: looked.await.unwrap_or(obstacles),
    }
}

async fn take(context: &Context) -> Taken {
    let around = context.around.clone();
    let taken = tokio::task::spawn_blocking(move || {
        capsule::take(Origin {
            root: &around.root,
            data: &around.working_directory().data_directory(),
            engine: around.engine(),
            given: &Given::read(&around.root, &around.variables, &around.set_by_command),
        })
    });
    let lost = || Taken::nothing("the configuration could not be copied".to_owned());
    taken.await.unwrap_or_else(|_| lost())
}

/// Takes and stores the capsule.
///
/// # Errors
/// The ledger could not store it.
pub(super) async fn keep(context: &Context, book: &dyn Ledger) -> Result<Kept, BookError> {
    let taken = take(context).await;
    let digest = taken.digest();
    let capsule = match &taken.packed {
        Some(packed) => Some(book.keep(packed).await?),
        None => None,
    };
    let at = ledger::clock::whole_second(book.reading().await?.now);
    let capture = Capture {
        capsule,
        at,
        cli: taken.engine,
        prevent_destroy: taken.prevent_destroy,
        destroy_provisioners: taken.destroy_provisioners,
        gaps: taken.gaps,
    };
    Ok(Kept { capture, digest })
}
