//! PostgreSQL. The connection may hold a password and is not kept, so nothing tells two states apart.

use crate::{setting::text, unsupported::Unsupported};

pub(crate) static PG: Unsupported = Unsupported {
    name: "pg",
    settings: &[text("schema_name")],
};
