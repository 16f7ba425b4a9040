//! Backends from outside: what they keep of a configuration, and what each promises over what really keeps states.

#![expect(clippy::disallowed_methods, reason = "tests make and read real files")]

mod contract;
mod local;
mod settings;
