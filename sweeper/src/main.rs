//! The process: its surroundings in, its exit code out.

use std::process::ExitCode;

use sweeper::{commands, surroundings::Surroundings};

fn main() -> ExitCode {
    let around = Surroundings::of_process();
    commands::main(std::env::args_os(), around).into()
}
