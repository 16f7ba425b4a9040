//! Phase and judge. A table shows every rule once; properties hold the laws over unforeseen worlds.

mod laws;
mod liveness;
mod ownership;
mod phase;
mod precedence;
mod table;
