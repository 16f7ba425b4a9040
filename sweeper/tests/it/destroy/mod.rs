//! Teardowns: with the real terraform, and with a script in its place for what the real one does only on bad days.

mod capsule;
mod push;
mod scripted;
mod support;
mod templates;
mod terraform;
