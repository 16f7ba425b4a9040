//! Consul. The address of the server is not kept, so nothing tells two states apart.

use crate::{
    setting::{flag, text},
    unsupported::Unsupported,
};

pub(crate) static CONSUL: Unsupported = Unsupported {
    name: "consul",
    settings: &[
        text("path"),
        text("scheme"),
        text("datacenter"),
        flag("gzip"),
        flag("lock"),
    ],
};
