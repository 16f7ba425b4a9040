//! Amazon S3 and what speaks its protocol.

use crate::{
    setting::{flag, telling, text, url},
    unsupported::Unsupported,
};

pub(crate) static S3: Unsupported = Unsupported {
    name: "s3",
    settings: &[
        telling("bucket"),
        telling("key"),
        text("region"),
        text("workspace_key_prefix"),
        flag("use_lockfile"),
        text("dynamodb_table"),
        flag("encrypt"),
        text("kms_key_id"),
        flag("use_path_style"),
        url("endpoint"),
        text("role_arn"),
    ],
};
