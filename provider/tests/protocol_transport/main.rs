//! What carries the calls: a port that serves one client only, messages of every size, a log at the level that was asked
//! for. Over the real executable.

#[path = "../driver/mod.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared by all suites; each uses its part"
)]
mod driver;

mod client;
mod log;
mod port;
mod sizes;
