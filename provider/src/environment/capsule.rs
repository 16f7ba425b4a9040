//! Keeps the capsule of the root module in the ledger, and notes in the record what was found in it.

use ::capsule::{self, Origin, Taken, obstacle::Obstacle};
use ledger::{
    book::{BookError, Ledger},
    environment::Capture,
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

/// What a plan can see of the configuration.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// What tells it from any other.
    pub(super) digest: String,
    /// What will resist a destroy.
    pub(super) obstacles: Vec<Obstacle>,
}

/// Looks at the configuration as it stands. Keeps nothing.
pub(super) async fn look(context: &Context) -> Seen {
    let taken = take(context).await;
    Seen {
        digest: taken.digest(),
        obstacles: taken.obstacles,
    }
}

async fn take(context: &Context) -> Taken {
    let invocation = context.invocation.clone();
    let taken = tokio::task::spawn_blocking(move || {
        capsule::take(Origin {
            root: &invocation.root,
            data: &invocation.working_directory().data_directory(),
            engine: invocation.cli(),
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
