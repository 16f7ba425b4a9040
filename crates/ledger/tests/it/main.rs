//! What the crate promises to the provider and the sweeper, seen from outside. One binary, so that it is linked once.

mod book;
mod judge;
mod nouns;
mod plan;
mod sqlite;
mod stored;
mod support;
