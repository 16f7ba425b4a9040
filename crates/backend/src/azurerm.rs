//! Azure Storage.

use crate::{
    setting::{telling, text},
    unsupported::Unsupported,
};

pub(crate) static AZURERM: Unsupported = Unsupported {
    name: "azurerm",
    settings: &[
        telling("storage_account_name"),
        telling("container_name"),
        telling("key"),
        text("resource_group_name"),
        text("subscription_id"),
        text("environment"),
    ],
};
