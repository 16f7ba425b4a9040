//! What the crate promises to the provider and the sweeper, seen from outside.

mod archive;
