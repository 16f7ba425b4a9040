//! The reader for backends that this version cannot read: its one answer is that nobody can tell.

use async_trait::async_trait;
use ledger::{
    fact::{Cause, LockFact},
    state_address::StateAddress,
};

use super::{StateDoc, StateError, StateReader};

/// Answers "unreadable" to everything.
#[derive(Debug, Clone, Copy)]
pub struct UnsupportedReader;

fn unsupported(address: &StateAddress) -> StateError {
    StateError::Unreadable {
        cause: Cause(format!(
            "backend `{}` is not supported by this version of the sweeper",
            address.backend
        )),
        remedy: "upgrade the sweeper, or destroy the environment with `terraform destroy` where it was applied; \
                 the backend read today is `local`"
            .to_owned(),
    }
}

#[async_trait]
impl StateReader for UnsupportedReader {
    async fn read(&self, address: &StateAddress) -> Result<Option<StateDoc>, StateError> {
        Err(unsupported(address))
    }

    async fn lock(&self, address: &StateAddress) -> Result<Option<LockFact>, StateError> {
        Err(unsupported(address))
    }
}

#[cfg(test)]
mod tests {
    use ledger::{
        clock::from_millis,
        fact::{Cause, Observed},
    };

    use super::*;
    use crate::{observe, reader_for};

    #[tokio::test]
    async fn a_backend_that_cannot_be_read_is_unreadable_and_never_absent() {
        let address = StateAddress::new("s3", [], "default");
        let now = from_millis(0).expect("in range");
        let fact = observe(reader_for(&address), &address, now).await;
        let Observed::Unreadable(Cause(cause)) = &fact.answer else {
            panic!("{fact:?}");
        };
        let found = "backend `s3` is not supported by this version of the sweeper; to do: ";
        assert!(cause.starts_with(found), "{cause}");
        assert!(!fact.complete);
    }
}
