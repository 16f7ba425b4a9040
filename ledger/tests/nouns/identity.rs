//! Identities: what is shown always says how far it can be trusted.

use ledger::identity::{Identity, Standing};

#[test]
fn an_identity_is_shown_with_its_issuer_and_whether_anybody_checked_it() {
    let claimed = Identity::claimed("local", "ana@laptop");
    assert_eq!(claimed.standing, Standing::Claimed);
    assert_eq!(claimed.to_string(), "ana@laptop (local, claimed)");
    let verified = Identity {
        standing: Standing::Verified,
        ..claimed.clone()
    };
    assert_eq!(verified.to_string(), "ana@laptop (local, verified)");
    assert_ne!(
        claimed, verified,
        "the same words, unchecked, are another identity"
    );
}
