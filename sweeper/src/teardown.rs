//! Destroying one state, and proving it.
pub mod engine;
pub mod environment;
pub mod events;
pub mod process;
pub mod process_group;
pub mod redact;
pub mod work_dir;
