//! Keeps the capsule of the root module in the ledger, and notes in the record what was found in it.

use ::capsule::{self, Origin, Taken};
use ledger::{
    book::{BookError, Ledger},
    environment::Capture,
};

use tf_provider::Diagnostics;

use crate::{context::Context, diag};

/// A stored capsule.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// The part that the record holds.
    pub(super) capture: Capture,
    /// The digest of all of it.
    pub(super) digest: String,
}

/// Warns of what will resist a destroy by the configuration as it was `taken`.
pub(super) fn warn(taken: &Taken, diags: &mut Diagnostics) {
    let lost: &[String] = match taken.packed {
        Some(_) => &[],
        None => &taken.destroy_provisioners,
    };
    if !taken.prevent_destroy.is_empty() || !lost.is_empty() {
        diags.add_warning(diag::will_resist(&taken.prevent_destroy, lost));
    }
}

/// Takes the capsule of the configuration as it stands. Keeps nothing.
pub(super) async fn take(context: &Context) -> Taken {
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
