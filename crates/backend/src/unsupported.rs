//! Backends whose settings are known, so that their states have an address, and that this version cannot read: their one
//! answer is that they cannot be read.

use async_trait::async_trait;
use ledger::{fact::LockFact, state_address::StateAddress};
use serde_json::Value as Json;

use crate::{
    Backend, StateDoc, StateError,
    setting::{Setting, flag, telling, text, url},
    unreadable,
};

/// A backend known by its settings only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unsupported {
    /// The word that names it.
    pub(crate) name: &'static str,
    /// Its settings that are recorded.
    pub(crate) settings: &'static [Setting],
}

/// Every backend of which only the settings are known. Where none of them tells two states apart, what would is a secret,
/// or an object.
pub(crate) static ALL: &[Unsupported] = &[
    // Azure Storage.
    Unsupported {
        name: "azurerm",
        settings: &[
            telling("storage_account_name"),
            telling("container_name"),
            telling("key"),
            text("resource_group_name"),
            text("subscription_id"),
            text("environment"),
        ],
    },
    // Consul.
    Unsupported {
        name: "consul",
        settings: &[
            text("path"),
            text("scheme"),
            text("datacenter"),
            flag("gzip"),
            flag("lock"),
        ],
    },
    // Tencent Cloud Object Storage.
    Unsupported {
        name: "cos",
        settings: &[
            telling("bucket"),
            text("prefix"),
            text("key"),
            text("region"),
        ],
    },
    // Google Cloud Storage.
    Unsupported {
        name: "gcs",
        settings: &[
            telling("bucket"),
            text("prefix"),
            url("storage_custom_endpoint"),
        ],
    },
    // Secrets of a Kubernetes cluster.
    Unsupported {
        name: "kubernetes",
        settings: &[text("secret_suffix"), text("namespace")],
    },
    // Alibaba Cloud Object Storage Service.
    Unsupported {
        name: "oss",
        settings: &[
            telling("bucket"),
            text("prefix"),
            text("key"),
            text("region"),
            text("tablestore_table"),
        ],
    },
    // PostgreSQL.
    Unsupported {
        name: "pg",
        settings: &[text("schema_name")],
    },
    // HCP Terraform and what speaks its protocol, as the backend `remote` and as the block `cloud`.
    Unsupported {
        name: "remote",
        settings: &[text("hostname"), text("organization"), text("workspaces")],
    },
    // HCP Terraform and what speaks its protocol, as the backend `remote` and as the block `cloud`.
    Unsupported {
        name: "cloud",
        settings: &[text("hostname"), text("organization"), text("workspaces")],
    },
    // Amazon S3 and what speaks its protocol.
    Unsupported {
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
    },
];

/// A backend that is not known at all: none of its settings is known to be harmless.
pub(crate) static ANY_OTHER: Unsupported = Unsupported {
    name: "",
    settings: &[],
};

fn unsupported(address: &StateAddress) -> StateError {
    let read: Vec<String> = crate::KNOWN
        .iter()
        .map(|backend| format!("`{}`", backend.name()))
        .collect();
    unreadable(
        format!(
            "backend `{}` is not supported by this version of the sweeper",
            address.backend
        ),
        format!(
            "upgrade the sweeper, or destroy the environment with `terraform destroy` where it was applied; this \
             version reads: {}",
            read.join(", ")
        ),
    )
}

#[async_trait]
impl Backend for Unsupported {
    fn name(&self) -> &'static str {
        self.name
    }

    fn settings(&self) -> &'static [Setting] {
        self.settings
    }

    fn configuration(&self, address: &StateAddress) -> Result<Json, StateError> {
        Err(unsupported(address))
    }

    async fn read(&self, address: &StateAddress) -> Result<Option<StateDoc>, StateError> {
        Err(unsupported(address))
    }

    async fn lock(&self, address: &StateAddress) -> Result<Option<LockFact>, StateError> {
        Err(unsupported(address))
    }

    async fn list(&self, address: &StateAddress) -> Result<Vec<StateAddress>, StateError> {
        Err(unsupported(address))
    }
}
