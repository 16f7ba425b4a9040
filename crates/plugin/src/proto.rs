//! The generated messages and services of `proto/`. Nothing here is written by hand, and nothing outside this crate
//! (and the tests' driver) should need it.

/// Terraform's plugin protocol, version 6.11.
#[expect(
    missing_docs,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated; proto/tfplugin6.proto is the documentation"
)]
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

/// The services go-plugin expects beside the provider's own.
#[expect(
    missing_docs,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated; proto/go_plugin.proto is the documentation"
)]
pub mod plugin {
    tonic::include_proto!("plugin");
}
