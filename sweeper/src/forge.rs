//! Forges: whether the change request of an environment is open. The port, its kinds, and one answer for all of them.
//!
//! Absence, an error and silence are never "closed". Knows no environment.

use async_trait::async_trait;
use ledger::{
    change_request::ChangeRequest,
    clock::Timestamp,
    fact::{Fact, Observed, RequestFact},
};

use crate::kind::{Kind, Named};

/// A forge that can be asked.
#[async_trait]
pub trait Forge: Send + Sync {
    /// Whether `request` lives there.
    fn serves(&self, request: &ChangeRequest) -> bool;

    /// Whether `request` is open.
    async fn request(&self, request: &ChangeRequest) -> Observed<RequestFact>;
}

/// The kinds of forges that this version can ask, one line each.
pub const KINDS: &[Kind<dyn Forge>] = &[];

/// Whether `request` is open as far as `forges` can tell, as of `now`. Where two forges serve it, neither is believed.
pub async fn ask(
    forges: &Named<dyn Forge>,
    request: &ChangeRequest,
    now: Timestamp,
) -> Fact<RequestFact> {
    let mut serving = forges.iter().filter(|(_, forge)| forge.serves(request));
    let answer = match (serving.next(), serving.next()) {
        (None, _) => unreadable("no forge is configured".to_owned()),
        (Some((_, forge)), None) => forge.request(request).await,
        (Some((one, _)), Some((other, _))) => unreadable(format!(
            "both `[forge.{one}]` and `[forge.{other}]` serve it; remove one of them"
        )),
    };
    Fact::of(answer, request.to_string(), now)
}

fn unreadable(cause: String) -> Observed<RequestFact> {
    Observed::Unreadable(ledger::fact::Cause(cause))
}

/// A forge that answers as it is told, for tests.
#[cfg(test)]
pub(crate) struct MemoryForge(pub Observed<RequestFact>);

#[cfg(test)]
#[async_trait]
impl Forge for MemoryForge {
    fn serves(&self, _: &ChangeRequest) -> bool {
        true
    }

    async fn request(&self, _: &ChangeRequest) -> Observed<RequestFact> {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use ledger::{book::contract::sample, change_request::Forge as Which, fact::Cause};

    use super::*;

    async fn asked(answers: &[Observed<RequestFact>]) -> Fact<RequestFact> {
        let forges = answers.iter().enumerate().map(|(number, answer)| {
            let forge: Arc<dyn Forge> = Arc::new(MemoryForge(answer.clone()));
            (format!("f{number}"), forge)
        });
        let forges = Named(forges.collect::<BTreeMap<_, _>>());
        let request = ChangeRequest {
            forge: Which::Github,
            repository: "acme/shop".to_owned(),
            number: 7,
        };
        ask(&forges, &request, sample::at(0)).await
    }

    #[tokio::test]
    async fn a_forge_answers_for_its_requests_and_without_one_the_answer_decides_nothing() {
        assert_eq!(
            asked(&[]).await.answer,
            Observed::Unreadable(Cause("no forge is configured".to_owned()))
        );
        let open = Observed::Known(RequestFact::Open);
        let fact = asked(std::slice::from_ref(&open)).await;
        assert_eq!((fact.answer, fact.complete), (open, true));
        let silent = Observed::Unreadable(Cause("503".to_owned()));
        assert!(!asked(&[silent]).await.complete);
    }

    #[tokio::test]
    async fn two_forges_that_serve_the_same_request_are_no_evidence() {
        let closed = Observed::Known(RequestFact::Closed {
            at: sample::at(0),
            merged: true,
        });
        let fact = asked(&[closed.clone(), closed]).await;
        assert!(
            matches!(fact.answer, Observed::Unreadable(Cause(cause)) if cause.contains("[forge.f1]"))
        );
    }
}
