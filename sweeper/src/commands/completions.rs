//! `completions`: a script for a shell, made from the definitions of the command line.

use clap::CommandFactory;

use crate::{
    cli::{Cli, CompletionsArgs},
    exit::ExitStatus,
    failure::Failure,
    screen::Screen,
};

/// Prints the script.
///
/// # Errors
/// If standard output does not take it.
pub fn run(screen: &Screen, args: &CompletionsArgs) -> Result<ExitStatus, Failure> {
    let mut script = Vec::new();
    let mut command = Cli::command();
    clap_complete::generate(args.shell, &mut command, "sweeper", &mut script);
    screen.data(String::from_utf8_lossy(&script).trim_end())?;
    Ok(ExitStatus::Clean)
}
