//! What a pass that was cut off or could not save left behind: found, cleared, kept sealed, and brought back.

pub(crate) mod bring_back;
pub mod crash_cleanup;
pub mod keep;
pub mod kept_state;
pub mod push_back;
pub mod seal;
pub mod seal_key;
