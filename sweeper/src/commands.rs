//! The commands: one file each. Here is the way from the command line to the exit code.

use std::{ffi::OsString, sync::Arc};

use clap::{Parser, error::ErrorKind};
use ledger::{book::Reading, identity::is_ci};
use serde::Serialize;
use tracing_subscriber::EnvFilter;

use self::terminal_reporter::TerminalReporter;
use crate::{
    cli::{Cli, Command},
    config::{Color, Config},
    exit::ExitStatus,
    failure::{Failure, Undone},
    invocation::Invocation,
    json::{self, Document, LedgerJson},
    screen::{Screen, ScreenError},
    world::World,
};

pub mod apply;
pub mod audit;
mod change_record;
pub mod completions;
pub mod explain;
pub mod extend;
pub mod hold;
pub mod list;
pub mod man;
pub mod plan;
pub mod release;
mod render;
mod render_sweep;
mod runs;
pub mod show;
pub mod state;
mod terminal_reporter;
pub mod unhold;

/// What a command runs in, and how it speaks.
pub struct Session {
    /// What it works on.
    pub world: World,
    /// Where its answers go.
    pub screen: Screen,
}

impl Session {
    async fn open(config: Config, invocation: Invocation) -> Result<Self, Failure> {
        let screen = Screen::new(config.json, config.color, &invocation);
        if !config.ledger_is_chosen && is_ci(|name| invocation.variable(name)) {
            screen.warn(&format!(
                "no ledger configured; using {}. This looks like a CI job, whose disk does not outlive it: records of \
                 other jobs are not there. Configure one that outlives the job with `--ledger`, EPHEMERAL_LEDGER or \
                 `ledger` in the configuration file, for example `sqlite:///srv/ephemeral/ledger.sqlite3`",
                config.ledger
            ));
        }
        let reporter = Arc::new(TerminalReporter::new(screen));
        let world = World::open(config, invocation, reporter).await?;
        Ok(Self { world, screen })
    }

    /// Prints `body`, which follows from `reading`, as one JSON document.
    fn document<T: Serialize>(&self, reading: &Reading, body: T) -> Result<(), ScreenError> {
        self.screen.document(&Document {
            version: json::VERSION,
            ledger: LedgerJson::of(&self.world.config, reading),
            body,
        })
    }
}

/// Runs the command that `arguments` (the program's name first) ask for, and says how it ended.
#[must_use]
pub fn main(arguments: impl IntoIterator<Item = OsString>, invocation: Invocation) -> ExitStatus {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(refusal) => return refuse(&refusal),
    };
    listen_to_traces(cli.global.verbose);
    let plain = || Screen::new(false, Color::Never, &invocation);
    let ended = match &cli.command {
        // These answer from the definitions alone, whatever is wrong with the configuration or the ledger.
        Command::Completions(args) => completions::run(&plain(), args),
        Command::Man(args) => man::run(&plain(), args, &invocation),
        _ => start(cli, invocation),
    };
    ended.unwrap_or_else(|failure| {
        Screen::talk(&failure.to_string());
        failure.status()
    })
}

fn start(cli: Cli, invocation: Invocation) -> Result<ExitStatus, Failure> {
    let config = Config::load(&cli.global, &invocation)?;
    // What is kept must open also when the ledger is lost.
    if let Command::State(command) = &cli.command {
        let screen = Screen::new(config.json, config.color, &invocation);
        return state::run(&screen, &config, &invocation, command);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|source| {
            let doing = "cannot start the worker threads".to_owned();
            Undone::new(ExitStatus::Unexpected, doing, None, source)
        })?;
    let ended = runtime.block_on(run(cli.command, config, invocation));
    // A read that hangs in a disk cannot be taken back; it ends with the process, which does not wait for it.
    runtime.shutdown_background();
    ended
}

async fn run(
    command: Command,
    config: Config,
    invocation: Invocation,
) -> Result<ExitStatus, Failure> {
    let session = Session::open(config, invocation).await?;
    let session = &session;
    match command {
        Command::Plan(args) => {
            listen_to_signals(session);
            plan::run(session, &args).await
        }
        Command::Apply(args) => {
            listen_to_signals(session);
            apply::run(session, &args).await
        }
        Command::List(args) => list::run(session, &args).await,
        Command::Show(args) => show::run(session, &args).await,
        Command::Explain(args) => explain::run(session, &args).await,
        Command::Extend(args) => extend::run(session, &args).await,
        Command::Hold(args) => hold::run(session, &args).await,
        Command::Unhold(args) => unhold::run(session, &args).await,
        Command::Release(args) => release::run(session, &args).await,
        Command::Audit(command) => audit::run(session, &command).await,
        Command::State(command) => state::run(
            &session.screen,
            &session.world.config,
            &session.world.invocation,
            &command,
        ),
        Command::Completions(args) => completions::run(&session.screen, &args),
        Command::Man(args) => man::run(&session.screen, &args, &session.world.invocation),
    }
}

/// From here on Ctrl-C asks to stop instead of ending the process: what is under way must save itself.
fn listen_to_signals(session: &Session) {
    let screen = session.screen;
    let told =
        move || screen.note("stopping: no new teardown begins; running ones save their state");
    if let Err(error) = session.world.stop.listen(told) {
        screen.warn(&format!(
            "cannot handle signals, so Ctrl-C stops this program at once: {error}"
        ));
    }
}

/// Help and version are answers; everything else clap says is a refusal.
fn refuse(refusal: &clap::Error) -> ExitStatus {
    // If the message cannot be written, the exit code still says it.
    let _ = refusal.print();
    match refusal.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitStatus::Clean,
        _ => ExitStatus::Usage,
    }
}

/// Traces go to standard error: warnings always, more where `-v` asks for it. Values of variables are never traced.
fn listen_to_traces(verbose: u8) {
    let filter = match verbose {
        0 => "warn",
        1 => "warn,sweeper=info,ledger=info",
        2 => "warn,sweeper=debug,ledger=debug",
        _ => "info,sweeper=trace,ledger=trace",
    };
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .finish();
    // It can only be set once; a second run in one process, as in a test, keeps the first.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
