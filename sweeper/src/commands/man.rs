//! `man`: manual pages, made from the definitions of the command line.
//!
//! An edge where `--out` is given: writes one file for each command, into one directory.

use std::{io, path::Path};

use clap::CommandFactory;
use clap_mangen::Man;

use crate::{
    cli::{Cli, ManArgs},
    exit::ExitStatus,
    failure::{Failure, Undone},
    invocation::Invocation,
    screen::Screen,
};

/// Prints the page of `sweeper`, or writes those of every command.
///
/// # Errors
/// If the directory cannot be written, or standard output does not take it.
pub fn run(
    screen: &Screen,
    args: &ManArgs,
    invocation: &Invocation,
) -> Result<ExitStatus, Failure> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(directory) = &args.out else {
        let page = render(&command, "sweeper");
        let page = page.map_err(|source| not_written(Path::new("sweeper.1"), source))?;
        screen.data(page.trim_end())?;
        return Ok(ExitStatus::Clean);
    };
    let directory = invocation.directory.join(directory);
    let mut pages = Vec::new();
    collect(&command, "sweeper", &mut pages);
    let number = pages.len();
    for (name, command) in pages {
        let path = directory.join(format!("{name}.1"));
        let written = render(&command, &name).and_then(|page| save(&directory, &path, &page));
        written.map_err(|source| not_written(&path, source))?;
    }
    screen.note(&format!(
        "{number} manual pages written to {}",
        directory.display()
    ));
    Ok(ExitStatus::Clean)
}

fn not_written(path: &Path, source: io::Error) -> Undone {
    let doing = format!("cannot write the manual page `{}`", path.display());
    let hint = "name a writable directory, for example `--out ./man`";
    Undone::new(ExitStatus::Failed, doing, Some(hint), source)
}

/// Every command with the name of its page: `sweeper`, `sweeper-audit`, `sweeper-audit-verify`.
fn collect(command: &clap::Command, name: &str, pages: &mut Vec<(String, clap::Command)>) {
    pages.push((name.to_owned(), command.clone()));
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        collect(sub, &format!("{name}-{}", sub.get_name()), pages);
    }
}

fn render(command: &clap::Command, name: &str) -> io::Result<String> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .title(name.to_uppercase())
        .section("1")
        .render(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that writes manual pages"
)]
fn save(directory: &Path, path: &Path, page: &str) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    std::fs::write(path, page)
}
