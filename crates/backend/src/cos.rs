//! Tencent Cloud Object Storage.

use crate::{
    setting::{telling, text},
    unsupported::Unsupported,
};

pub(crate) static COS: Unsupported = Unsupported {
    name: "cos",
    settings: &[
        telling("bucket"),
        text("prefix"),
        text("key"),
        text("region"),
    ],
};
