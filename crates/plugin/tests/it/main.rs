//! The protocol without a process: a provider with one type of each kind, driven as Terraform does. One binary, so that it
//! is linked once. What needs an executable is in the provider's tests.

#[expect(
    dead_code,
    reason = "shared with the provider's tests, which use the rest"
)]
mod driver;
#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared with the provider's tests and the fuzz target"
)]
mod everywhere;
mod in_process;
mod workshop;
