//! The executable Terraform starts. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    provider::run()
}
