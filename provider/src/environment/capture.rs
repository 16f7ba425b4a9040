//! Keeps the capsule of the root module in the ledger, and notes in the record what was found in it.

use ledger::{
    book::{Book, BookError, capsules::Capsules},
    environment::Capture,
};

use crate::{capture, context::Context};

/// Takes and stores the capsule. Answers what the record notes, and what could not be taken.
///
/// # Errors
/// The ledger could not store it.
pub(super) async fn keep<B: Book + Capsules>(
    context: &Context,
    book: &B,
) -> Result<(Capture, Vec<String>), BookError> {
    let around = context.around.clone();
    let taken = tokio::task::spawn_blocking(move || capture::take(&around))
        .await
        .unwrap_or_else(|_| capture::Taken {
            gaps: vec!["the configuration could not be copied".to_owned()],
            ..capture::Taken::default()
        });
    let capsule = match &taken.packed {
        Some(packed) => Some(book.keep(packed).await?),
        None => None,
    };
    let at = ledger::clock::whole_second(book.reading().await?.now);
    let capture = Capture {
        capsule,
        at,
        engine: taken.engine,
        prevent_destroy: taken.prevent_destroy,
        destroy_provisioners: taken.destroy_provisioners,
        gaps: taken.gaps.clone(),
    };
    Ok((capture, taken.gaps))
}
