//! The capsule: what a destroy needs and the state does not hold. Taken from a configuration, packed, unpacked, and read for
//! hints.
//!
//! Invariant: it knows no environment, no lease, no book, no CLI and no process environment; where to read is an argument.
//! Invariant: no file is read outside `files`, and none is written.

mod archive;
mod files;
mod manifest;
mod scan;
mod source;
mod take;

pub use self::{
    archive::{Capsule, CapsuleError, MAX_BYTES, MAX_FILES},
    take::{Origin, Taken, take},
};
