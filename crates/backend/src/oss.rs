//! Alibaba Cloud Object Storage Service.

use crate::{
    setting::{telling, text},
    unsupported::Unsupported,
};

pub(crate) static OSS: Unsupported = Unsupported {
    name: "oss",
    settings: &[
        telling("bucket"),
        text("prefix"),
        text("key"),
        text("region"),
        text("tablestore_table"),
    ],
};
