//! The harness of the acceptance tests: real terraform, the provider and the sweeper as they were just built, each test
//! in a world of its own. It drives the binaries from outside and must not know how they do what they do.
//!
//! ```no_run
//! use acceptance::World;
//!
//! let world = World::new();
//! let workspace = world.workspace("pr-12");
//! workspace.write("main.tf", r#"resource "terraform_data" "page" {}"#);
//! workspace.apply().expect_success();
//! world.sweeper().run(&["plan"]).expect_success();
//! ```

pub mod binaries;
pub mod broken_state;
pub mod issuer;
pub mod markdown;
pub mod module_graph;
pub mod process;
pub mod repository;
pub mod run;
pub mod sweeper;
pub mod terraform;
pub mod transcript;
pub mod wait;
pub mod workspace;
pub mod world;

pub use broken_state::BrokenState;
pub use issuer::{Issuer, SigningKey};
pub use process::RunningProcess;
pub use run::Run;
pub use sweeper::Sweeper;
pub use wait::{wait_for, wait_for_some};
pub use workspace::TerraformWorkspace;
pub use world::World;
