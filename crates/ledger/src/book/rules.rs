//! The rules of the book, once for all engines: which write is admitted, which claim is granted.
//!
//! Pure. An engine reads the head of a record, asks here, and stores the answer in the same transaction.

use crate::{
    book::{BookError, Claim, ClaimRequest, Precondition, Record},
    chain,
    clock::{Timestamp, after, from_millis, to_millis},
    event::Subject,
    fact::Cause,
    id::{Fence, Holder, Revision},
};

/// What stands beside a stored record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The record's revision.
    pub(super) revision: Revision,
    /// The highest token ever given for it; 0 if it was never claimed. It outlives the claim.
    pub(super) last_fence: Fence,
    /// Who has the last claim and until when, if it was not dropped.
    pub(super) claim: Option<(Holder, Timestamp)>,
}

impl Head {
    /// The last claim, whether or not it ran out.
    pub(super) fn last_claim(&self) -> Option<Claim> {
        self.claim.clone().map(|(holder, until)| Claim {
            fence: self.last_fence,
            holder,
            until,
        })
    }

    /// The claim that has not run out at `now`: it ends *at* its end.
    fn live_claim(&self, now: Timestamp) -> Option<Claim> {
        self.last_claim().filter(|claim| now < claim.until)
    }
}

/// Whether a write of `subject` is admitted; answers the revision it gets.
pub(super) fn admit(
    precondition: Precondition,
    subject: &Subject,
    head: Option<&Head>,
    now: Timestamp,
) -> Result<Revision, BookError> {
    let named = || subject.to_string();
    match (precondition, head) {
        (Precondition::Create, None) => Ok(Revision(1)),
        (Precondition::Create, Some(_)) => Err(BookError::Exists { subject: named() }),
        (Precondition::Revision(_) | Precondition::Fence { .. }, None) => {
            Err(BookError::Missing { subject: named() })
        }
        (Precondition::Revision(expected), Some(head)) if head.revision == expected => {
            Ok(next(head))
        }
        (Precondition::Revision(_), Some(_)) => Err(BookError::Conflict { subject: named() }),
        (Precondition::Fence { fence, revision }, Some(head)) => {
            let holds = head
                .live_claim(now)
                .is_some_and(|claim| claim.fence == fence);
            if !holds {
                return Err(BookError::Fenced {
                    subject: named(),
                    fence,
                });
            }
            if head.revision != revision {
                return Err(BookError::Conflict { subject: named() });
            }
            Ok(next(head))
        }
    }
}

fn next(head: &Head) -> Revision {
    Revision(head.revision.0.saturating_add(1))
}

/// Whether a claim is granted; answers the claim as it then stands. A renewal never shortens.
pub(super) fn grant(
    request: &ClaimRequest,
    head: Option<&Head>,
    now: Timestamp,
) -> Result<Claim, BookError> {
    let subject = || request.subject.to_string();
    let head = head.ok_or_else(|| BookError::Missing { subject: subject() })?;
    let until = end_of(now, request);
    let live = head.live_claim(now);
    match (request.renew, live) {
        (Some(fence), Some(claim)) if claim.fence == fence => Ok(Claim {
            until: until.max(claim.until),
            ..claim
        }),
        (Some(fence), _) => Err(BookError::Fenced {
            subject: subject(),
            fence,
        }),
        (None, Some(claim)) => Err(BookError::Claimed {
            subject: subject(),
            holder: claim.holder,
            until: claim.until,
        }),
        (None, None) => Ok(Claim {
            fence: Fence(head.last_fence.0.saturating_add(1)),
            holder: request.holder.clone(),
            until,
        }),
    }
}

/// In whole milliseconds, as every store keeps it.
fn end_of(now: Timestamp, request: &ClaimRequest) -> Timestamp {
    let end = after(now, request.span);
    from_millis(to_millis(end)).unwrap_or(end)
}

/// The refusal of a record whose name and generation another record has.
pub(super) fn name_is_taken(record: &Record) -> BookError {
    BookError::Exists {
        subject: record.unique_name().map_or_else(
            || record.subject().to_string(),
            |(name, generation)| format!("{name} (generation {generation})"),
        ),
    }
}

/// `content`, if it is what `sha256` names.
pub(super) fn whole_blob(sha256: &str, content: Vec<u8>) -> Result<Vec<u8>, BookError> {
    let found = chain::sha256(&content);
    if found == sha256 {
        return Ok(content);
    }
    let cause =
        format!("what is stored has the SHA-256 {found}; it was changed after it was written");
    Err(BookError::corrupt(
        format!("capsule {sha256}"),
        Cause(cause),
    ))
}
