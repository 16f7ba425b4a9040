//! Why a state that could be read is not worked with, and what a person can do.

use thiserror::Error;

/// A state whose bytes arrived and which is still refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StateRefusal {
    /// Nothing in it. Terraform takes that for an empty state and answers `0 destroyed` with success.
    #[error("the state is empty, as after an interrupted write")]
    ZeroLength,
    /// Larger than any known state.
    #[error("the state has {found} bytes, and at most {most} are read")]
    TooLarge {
        /// Its length.
        found: u64,
        /// The limit.
        most: u64,
    },
    /// OpenTofu's state encryption.
    #[error("the state is encrypted (it holds `encrypted_data`)")]
    Encrypted,
    /// Not a JSON document, or one cut off.
    #[error("the state is not JSON: {found}")]
    NotJson {
        /// What the parser met; holds no value of the state.
        found: String,
    },
    /// A format other than 4.
    #[error("the state has format version {found}, and only version 4 is known")]
    Version {
        /// The version it says, or `none`.
        found: String,
    },
    /// Version 4, and still not what Terraform writes.
    #[error("the state is malformed: {found}")]
    Malformed {
        /// What does not fit; holds no value of an attribute.
        found: String,
    },
    /// Written by a CLI newer than ours.
    #[error(
        "the state was written by version {found}, which is newer than the {cli} that would destroy it"
    )]
    Newer {
        /// The version that wrote it.
        found: String,
        /// The CLI, with its version.
        cli: String,
    },
}

impl StateRefusal {
    /// What a person can do.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::ZeroLength | Self::NotJson { .. } | Self::Malformed { .. } => {
                "restore the state from its `.backup` file or from a version kept by its store, then sweep again"
            }
            Self::TooLarge { .. } => {
                "check that the address really names a state, for example with `ls -l`"
            }
            Self::Encrypted => {
                "destroy it with `tofu destroy` where its key is, or release the environment from the ledger"
            }
            Self::Version { .. } => {
                "upgrade the sweeper if the state is newer; if it is older, run `terraform apply -refresh-only` once with Terraform 1.x"
            }
            Self::Newer { .. } => {
                "give the sweeper a CLI at least as new as the one that wrote the state, for example `terraform = \"/opt/terraform-1.12/terraform\"`"
            }
        }
    }
}
