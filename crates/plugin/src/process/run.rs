//! The life of the process: check who called, listen, shake hands, serve until the shutdown.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use thiserror::Error;
use tokio::task::{JoinError, JoinSet};

use super::handshake::{self, Refusal};
use super::listener::{Listener, ListenerError};
use super::log;
use super::signals::{self, Mode};
use super::variables::Variables;
use crate::definition::ProviderDefinition;
use crate::panic::log_panics;
use crate::server::Server;
use crate::stop::StopSwitch;

/// What the executable is, for `--version`, `--debug` and the words to a person who runs it by hand.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The executable's name.
    pub name: &'static str,
    /// Its version, without a `v`.
    pub version: &'static str,
    /// The host of the provider's registry.
    pub registry: &'static str,
    /// The provider's source addresses in it, the one to begin with first.
    pub addresses: &'static [&'static str],
}

#[derive(Debug, Error)]
enum ServeError {
    #[error("cannot start the runtime: {0}")]
    Runtime(#[source] io::Error),
    #[error("cannot watch signals: {0}")]
    Signals(#[source] io::Error),
    #[error(transparent)]
    Listener(#[from] ListenerError),
    #[error("cannot tell the client where to connect: {0}")]
    Handshake(#[source] io::Error),
    #[error("the server of an address ended early: {0}")]
    Lost(#[source] JoinError),
}

/// Runs the provider as Terraform expects it and returns the code to exit with: 0 after a shutdown, 1 when no
/// client started it or serving failed, 2 for an argument it does not know.
///
/// `--version` tells the version; `--debug` serves without a client that started it, until Ctrl-C.
pub fn run<D: ProviderDefinition>(
    about: About,
    arguments: impl IntoIterator<Item = String>,
    definition: impl Fn() -> D,
) -> ExitCode {
    let variables = Variables::read();
    let arguments: Vec<String> = arguments.into_iter().collect();
    let mode = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => match handshake::check(&variables) {
            Ok(()) => Mode::Plugin,
            Err(refusal) => return refuse(about, &refusal),
        },
        ["--debug" | "-debug"] => Mode::Debug,
        ["--version" | "-version" | "-V"] => {
            return say(&format!("{} {}\n", about.name, about.version));
        }
        ["--help" | "-help" | "-h"] => return say(&introduction(about)),
        _ => {
            complain(&format!(
                "{}: unknown argument; there are `--version` and `--debug`\n",
                about.name
            ));
            return ExitCode::from(2);
        }
    };
    log::start(variables.log_level.as_deref());
    log_panics();
    match serve(about, mode, &variables, definition) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            complain(&format!("{}: {error}\n", about.name));
            ExitCode::FAILURE
        }
    }
}

fn serve<D: ProviderDefinition>(
    about: About,
    mode: Mode,
    variables: &Variables,
    definition: impl Fn() -> D,
) -> Result<(), ServeError> {
    // Handlers are asynchronous and short, and SQLite has a thread of its own. Several workers would mostly wake each
    // other: an eighth of the processor time of a large apply.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(ServeError::Runtime)?;
    runtime.block_on(async {
        let end = Arc::new(StopSwitch::new());
        signals::watch(mode, &end).map_err(ServeError::Signals)?;
        match mode {
            Mode::Plugin => {
                let open = Open::new(variables, mode, definition()).await?;
                let listener = &open.listener;
                let certificate = listener.certificate.as_deref();
                let line = handshake::line(listener.network, &listener.address, certificate);
                // It listens already, so a client may connect before the first connection is accepted.
                tell(&line).map_err(ServeError::Handshake)?;
                open.serve(&end).await;
                Ok(())
            }
            Mode::Debug => debug(about, variables, definition, &end).await,
        }
    })
}

/// Serves every address of the provider, each by a server of its own: Terraform configures each for itself.
async fn debug<D: ProviderDefinition>(
    about: About,
    variables: &Variables,
    definition: impl Fn() -> D,
    end: &Arc<StopSwitch>,
) -> Result<(), ServeError> {
    let mut opened = Vec::new();
    let mut served = Vec::new();
    for address in about.addresses {
        let open = Open::new(variables, Mode::Debug, definition()).await?;
        let full = format!("{}/{address}", about.registry);
        served.push((full, open.listener.network, open.listener.address.clone()));
        opened.push(open);
    }
    let value = handshake::reattach(std::process::id(), &served);
    let told = format!(
        "Serving until Ctrl-C. In another terminal:\n\n  export TF_REATTACH_PROVIDERS='{value}'\n\n"
    );
    tell(&told).map_err(ServeError::Handshake)?;
    let mut serving = JoinSet::new();
    for open in opened {
        let end = Arc::clone(end);
        serving.spawn(async move { open.serve(&end).await });
    }
    while let Some(ended) = serving.join_next().await {
        ended.map_err(ServeError::Lost)?;
    }
    Ok(())
}

/// A server that can be reached already.
struct Open<D> {
    listener: Listener,
    server: Server<D>,
}

impl<D: ProviderDefinition> Open<D> {
    async fn new(variables: &Variables, mode: Mode, definition: D) -> Result<Self, ServeError> {
        Ok(Self {
            listener: Listener::bind(variables, mode == Mode::Plugin).await?,
            server: Server::new(definition),
        })
    }

    async fn serve(self, end: &Arc<StopSwitch>) {
        let shutdown = self.server.shutdown();
        self.listener.serve(self.server, end).await;
        // Done already unless a signal or the death of the client ended it.
        shutdown.run().await;
    }
}

fn refuse(about: About, refusal: &Refusal) -> ExitCode {
    match refusal {
        Refusal::ByHand => complain(&introduction(about)),
        Refusal::Protocol { .. } => complain(&format!("{}: {refusal}\n", about.name)),
    }
    ExitCode::FAILURE
}

/// What to say to a person; three lines.
fn introduction(about: About) -> String {
    format!(
        "{} {} is a plugin of Terraform and OpenTofu and is not meant to be run by hand.\n\
         To use it, name `{}/{}` in `required_providers` and run `terraform init`.\n\
         To debug it, run it with `--debug`; `--version` tells its version.\n",
        about.name,
        about.version,
        about.registry,
        about.addresses.first().copied().unwrap_or_default()
    )
}

fn say(text: &str) -> ExitCode {
    match tell(text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn tell(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()
}

fn complain(text: &str) {
    // A closed standard error takes no complaint.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
