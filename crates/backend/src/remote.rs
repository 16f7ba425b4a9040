//! HCP Terraform and what speaks its protocol, as the backend `remote` and as the block `cloud`. Which workspace is an
//! object, which is not kept, so nothing tells two states apart.

use crate::{
    setting::{Setting, text},
    unsupported::Unsupported,
};

const SETTINGS: &[Setting] = &[text("hostname"), text("organization"), text("workspaces")];

pub(crate) static REMOTE: Unsupported = Unsupported {
    name: "remote",
    settings: SETTINGS,
};

pub(crate) static CLOUD: Unsupported = Unsupported {
    name: "cloud",
    settings: SETTINGS,
};
