//! Phase and judge. A table shows every rule once; properties hold the laws over worlds that nobody thought of.

mod laws;
mod liveness;
mod ownership;
mod phase;
mod precedence;
mod table;
