//! Google Cloud Storage.

use crate::{
    setting::{telling, text, url},
    unsupported::Unsupported,
};

pub(crate) static GCS: Unsupported = Unsupported {
    name: "gcs",
    settings: &[
        telling("bucket"),
        text("prefix"),
        url("storage_custom_endpoint"),
    ],
};
