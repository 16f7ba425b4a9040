//! `state list` and `state open`: the states that terraform could not save. Needs the key, and no ledger.
//!
//! An edge where `--out` is given: writes one new file, which holds secrets, with mode 0600.

use std::{
    io,
    path::{Path, PathBuf},
};

use ledger::clock::rfc3339;
use terraform::durable;
use thiserror::Error;

use crate::{
    act::places::keeper,
    cli::{OpenArgs, StateCommand},
    config::Config,
    exit::ExitStatus,
    failure::{Expected, Failure},
    invocation::Invocation,
    json::{
        self,
        kept::{KeptStateJson, KeptStatesJson, OpenedJson},
    },
    rescue::{
        kept_state::{KeepError, Keeper, KeptKind, KeptState},
        seal::Header,
    },
    screen::Screen,
    table::{Cell, Table, Tone},
};

/// Why a kept state cannot be shown.
#[derive(Debug, Error)]
pub enum StateCommandError {
    /// It cannot be listed or opened.
    #[error("{0}")]
    Kept(#[from] KeepError),
    /// The file for it cannot be written.
    #[error("cannot write the state to `{}`", path.display())]
    NotWritten {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
}

impl Expected for StateCommandError {
    fn status(&self) -> ExitStatus {
        match self {
            Self::Kept(KeepError::File { source, .. })
                if source.kind() == io::ErrorKind::NotFound =>
            {
                ExitStatus::Usage
            }
            Self::Kept(_) => ExitStatus::Blind,
            Self::NotWritten { .. } => ExitStatus::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Kept(KeepError::File { .. }) => {
                "`sweeper state list` names what is kept, for example `destroy-env-0190163d-1-12-0.sealed`"
                    .to_owned()
            }
            Self::Kept(_) => return None,
            Self::NotWritten { .. } => {
                "name a new file in a writable directory, for example `--out kept.tfstate`; existing files are \
                 never overwritten"
                    .to_owned()
            }
        })
    }
}

/// Lists or opens.
///
/// # Errors
/// If the directory, a file or the key cannot be used.
pub fn run(
    screen: &Screen,
    config: &Config,
    invocation: &Invocation,
    command: &StateCommand,
) -> Result<ExitStatus, Failure> {
    let keeper = keeper(config);
    match command {
        StateCommand::List => list(screen, &keeper),
        StateCommand::Open(args) => open(screen, &keeper, invocation, args),
    }
}

fn list(screen: &Screen, keeper: &Keeper) -> Result<ExitStatus, Failure> {
    let kept = keeper.list().map_err(StateCommandError::Kept)?;
    let rows: Vec<KeptStateJson> = kept.iter().map(|one| row(keeper, one)).collect();
    let all_sound = rows.iter().all(|one| one.sound);
    if screen.json {
        screen.document(&KeptStatesJson {
            version: json::VERSION,
            directory: keeper.directory.display().to_string(),
            kept: rows,
        })?;
    } else if rows.is_empty() {
        screen.note(&format!("no kept states in {}", keeper.directory.display()));
    } else {
        screen.data(&table(screen, &rows))?;
        for one in &rows {
            if let Some(problem) = &one.problem {
                screen.warn(&format!("{}: {problem}", one.file));
            }
        }
    }
    Ok(if all_sound {
        ExitStatus::Clean
    } else {
        ExitStatus::Blind
    })
}

fn row(keeper: &Keeper, kept: &KeptState) -> KeptStateJson {
    let (header, problem) = match &kept.kind {
        KeptKind::Sealed(header) => {
            let problem = keeper.open(&kept.path).err();
            (Some(&**header), problem.map(|error| error.to_string()))
        }
        KeptKind::Plain => {
            let problem = "it is not sealed; the next sweep of its environment seals it";
            (None, Some(problem.to_owned()))
        }
        KeptKind::Odd(found) => (None, Some(found.clone())),
    };
    KeptStateJson {
        file: name(&kept.path),
        sound: problem.is_none(),
        problem,
        header: header.map(Into::into),
    }
}

fn table(screen: &Screen, rows: &[KeptStateJson]) -> String {
    let mut table = Table::new(
        screen,
        &[
            "file",
            "environment",
            "serial",
            "kept at",
            "belongs to",
            "seal",
        ],
    );
    for one in rows {
        let of = |text: fn(&json::kept::HeaderJson) -> String| {
            Cell::from(one.header.as_ref().map(text).unwrap_or_default())
        };
        table.row([
            Cell::from(&one.file),
            of(|header| header.environment.clone()),
            of(|header| header.serial.to_string()),
            of(|header| header.at.clone()),
            of(|header| header.address.clone()),
            match (&one.header, one.sound) {
                (_, true) => Cell::new("sound", Tone::Good),
                (None, _) => Cell::new("none", Tone::Bad),
                (Some(_), false) => Cell::new("does not open", Tone::Bad),
            },
        ]);
    }
    table.to_string()
}

fn open(
    screen: &Screen,
    keeper: &Keeper,
    invocation: &Invocation,
    args: &OpenArgs,
) -> Result<ExitStatus, Failure> {
    let path = if args.file.contains('/') {
        invocation.directory.join(&args.file)
    } else {
        keeper.directory.join(&args.file)
    };
    let (header, plain) = keeper.open(&path).map_err(StateCommandError::Kept)?;
    let Some(out) = &args.out else {
        screen.data(String::from_utf8_lossy(&plain).trim_end())?;
        return Ok(ExitStatus::Clean);
    };
    let out = invocation.directory.join(out);
    durable::write_new(&out, &plain).map_err(|source| StateCommandError::NotWritten {
        path: out.clone(),
        source,
    })?;
    if screen.json {
        screen.document(&OpenedJson {
            version: json::VERSION,
            out: out.display().to_string(),
            kept: KeptStateJson {
                file: name(&path),
                sound: true,
                problem: None,
                header: Some((&header).into()),
            },
        })?;
    }
    screen.note(&said(&header, &out));
    Ok(ExitStatus::Clean)
}

fn said(header: &Header, out: &Path) -> String {
    format!(
        "the state of {} with serial {}, sealed at {}, is in {}; it holds secrets, so remove it when you are done",
        header.environment,
        header.serial,
        rfc3339(header.at),
        out.display()
    )
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
