//! Secrets of a Kubernetes cluster. Which cluster is not kept, so nothing tells two states apart.

use crate::{setting::text, unsupported::Unsupported};

pub(crate) static KUBERNETES: Unsupported = Unsupported {
    name: "kubernetes",
    settings: &[text("secret_suffix"), text("namespace")],
};
