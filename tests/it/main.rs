//! The acceptance tests, one binary: what needs the built binaries, real terraform, or the repository as a whole. A
//! suite a file.

mod architecture;
mod contributing;
mod demo;
mod docs;
mod docs_architecture;
mod docs_glossary;
mod docs_links;
mod docs_operations;
mod examples;
mod guides;
mod harness;
mod release;
mod setup;
mod sweep;
mod terraform;
mod tidy;
mod torture;
