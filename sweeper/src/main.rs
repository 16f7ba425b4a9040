//! The process: its invocation in, its exit code out.

use std::process::ExitCode;

use sweeper::{commands, invocation::Invocation};

fn main() -> ExitCode {
    let invocation = Invocation::of_process();
    commands::main(std::env::args_os(), invocation).into()
}
