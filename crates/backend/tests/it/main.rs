//! Backends over what really keeps states.

#![expect(clippy::disallowed_methods, reason = "tests make and read real files")]

mod local;
