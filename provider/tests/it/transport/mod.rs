//! What carries the calls: one lap of every call there is, a port that serves one client only, messages of every size, a log at the level that was asked
//! for. Over the real executable.

mod client;
mod lap;
mod log;
mod port;
mod sizes;
