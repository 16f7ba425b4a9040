//! The ledger's file before SQLite opens it: where it is, that it exists, who may read it.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{book::BookError, fact::Cause};

/// Makes sure that there is a file: an empty one (mode 0600) in directories that exist (mode 0700 where new).
/// SQLite gives its own side files the mode of this one.
#[expect(
    clippy::disallowed_methods,
    reason = "the ledger's own file is created here, nowhere else"
)]
pub(super) fn ensure(path: &Path) -> Result<PathBuf, BookError> {
    let path = absolute(path)?;
    if let Some(directory) = path.parent() {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(directory)
            .map_err(|error| unreachable(&path, &error))?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&path) {
        Ok(_) => Ok(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(path),
        Err(error) => Err(unreachable(&path, &error)),
    }
}

/// Makes sure that there is a file, and creates nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "whether the ledger's own file exists is asked here"
)]
pub(super) fn require(path: &Path) -> Result<PathBuf, BookError> {
    let path = absolute(path)?;
    match std::fs::metadata(&path) {
        Ok(_) => Ok(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(BookError::Unreachable {
            doing: "open",
            place: path.display().to_string(),
            cause: Cause(
                "there is no ledger here, and reading never creates one; it is created by the first \
                 `terraform apply` with this provider. Name another with EPHEMERAL_LEDGER, for example \
                 EPHEMERAL_LEDGER=sqlite:///var/lib/ephemeral/ledger.sqlite3"
                    .to_owned(),
            ),
        }),
        Err(error) => Err(unreachable(&path, &error)),
    }
}

fn absolute(path: &Path) -> Result<PathBuf, BookError> {
    std::path::absolute(path).map_err(|error| unreachable(path, &error))
}

fn unreachable(path: &Path, error: &io::Error) -> BookError {
    BookError::Unreachable {
        doing: "open",
        place: path.display().to_string(),
        cause: Cause(error.to_string()),
    }
}
