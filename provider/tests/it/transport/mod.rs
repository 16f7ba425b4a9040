//! What carries the calls: a port that serves one client only, messages of every size, a log at the level that was asked
//! for. Over the real executable.

mod client;
mod log;
mod port;
mod sizes;
