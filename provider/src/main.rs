//! The executable Terraform starts. Everything is in the library.

use std::process::ExitCode;

/// A call allocates some hundred small things on one thread, and much of it is given back on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    provider::run()
}
