//! Drives the CLI, Terraform or OpenTofu: finds it, starts it in an environment and a directory of its own, follows
//! what it says, and reads what its plans would do.
//!
//! Knows processes, files and the formats of the CLI. Knows no environment's life, no claim and no book, and decides
//! nothing about a destroy.

pub mod child_env;
pub mod cli;
pub mod cli_configuration;
pub mod durable;
pub mod events;
pub mod lock_file;
pub mod passing;
pub mod process;
pub mod process_group;
mod program;
pub mod provider_set;
pub mod redact;
pub mod template;
mod template_dir;
pub mod tfplan;
pub mod work_dir;
pub mod work_owner;
