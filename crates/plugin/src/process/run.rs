//! The life of the process: check who called, listen, shake hands, serve until the goodbye.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use thiserror::Error;
use tokio::task::{JoinError, JoinSet};

use super::door::{Door, DoorError};
use super::environment::Environment;
use super::goodbye::Controller;
use super::handshake::{self, Refusal};
use super::log;
use super::serving::Services;
use super::signals::{self, Mode};
use crate::definition::ProviderDefinition;
use crate::panic::log_panics;
use crate::server::{Farewell, Server};
use crate::stop::StopSwitch;

/// What the executable is, for `--version`, `--debug` and the words to someone who runs it by hand.
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
    Door(#[from] DoorError),
    #[error("cannot tell the client where to connect: {0}")]
    Handshake(#[source] io::Error),
    #[error("the server of an address ended early: {0}")]
    Lost(#[source] JoinError),
}

/// Runs the provider as Terraform expects it and returns the code to exit with: 0 after a goodbye, 1 when there was
/// nobody to serve or serving failed, 2 for an argument it does not know.
///
/// `--version` tells the version; `--debug` serves without a client that started it, until Ctrl-C.
pub fn run<D: ProviderDefinition>(
    about: About,
    arguments: impl IntoIterator<Item = String>,
    definition: impl Fn() -> D,
) -> ExitCode {
    let environment = Environment::read();
    let arguments: Vec<String> = arguments.into_iter().collect();
    let mode = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => match handshake::check(&environment) {
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
    log::start(environment.log_level.as_deref());
    log_panics();
    match serve(about, mode, &environment, definition) {
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
    environment: &Environment,
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
                let open = Open::new(environment, mode, definition(), &end).await?;
                let door = &open.door;
                let line = handshake::line(door.network(), &door.address(), door.certificate());
                // The door is open already, so a client may connect before the server takes its first connection.
                tell(&line).map_err(ServeError::Handshake)?;
                open.serve(&end).await;
                Ok(())
            }
            Mode::Debug => debug(about, environment, definition, &end).await,
        }
    })
}

/// Serves every address of the provider, each by a server of its own: Terraform configures each for itself.
async fn debug<D: ProviderDefinition>(
    about: About,
    environment: &Environment,
    definition: impl Fn() -> D,
    end: &Arc<StopSwitch>,
) -> Result<(), ServeError> {
    let mut opened = Vec::new();
    let mut served = Vec::new();
    for address in about.addresses {
        let open = Open::new(environment, Mode::Debug, definition(), end).await?;
        let full = format!("{}/{address}", about.registry);
        served.push((full, open.door.network(), open.door.address()));
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
    door: Door,
    services: Services<D>,
    farewell: Arc<Farewell<D>>,
}

impl<D: ProviderDefinition> Open<D> {
    async fn new(
        environment: &Environment,
        mode: Mode,
        definition: D,
        end: &Arc<StopSwitch>,
    ) -> Result<Self, ServeError> {
        let door = Door::open(environment, mode == Mode::Plugin).await?;
        let server = Server::new(definition);
        let farewell = server.farewell();
        let controller = Controller {
            farewell: server.farewell(),
            end: Arc::clone(end),
        };
        Ok(Self {
            door,
            services: Services::new(server, controller, &end.watch()),
            farewell,
        })
    }

    async fn serve(self, end: &Arc<StopSwitch>) {
        self.door.serve(self.services, end.watch()).await;
        // Said already unless a signal or the death of the client ended it.
        self.farewell.goodbye().await;
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
    // Nobody is left to tell when standard error is closed.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
