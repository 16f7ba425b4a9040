//! The serde treaty: versioned records, apart from the types the code thinks in.
pub mod event;
pub mod plan;
