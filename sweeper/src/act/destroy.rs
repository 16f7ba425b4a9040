//! Destroying one state, and proving it.
//!
//! Knows states, terraform and processes. Knows nothing of lifetimes, of claims and of the book: the caller holds
//! the claim and has its say through [`job::Checkpoints`].
//!
//! Invariant: no state is ever written here but by terraform, and nothing is deleted without a plan that passed
//! [`checks`].
//! Invariant: no call has a target, and none goes without the lock.

mod attempt;
pub(crate) mod calls;
pub mod capsule_replay;
pub mod checks;
mod clear_up;
pub mod configuration;
pub mod evidence;
pub mod failure;
pub mod generated_root;
pub mod job;
pub mod literal;
pub mod ownership;
pub mod plan_base;
pub mod plan_file;
mod planned;
mod remedy;
mod set_up;
pub mod steps;
pub mod strategy;
pub(crate) mod ways;

pub use failure::{FailureKind, TeardownFailure};
pub use job::{Abort, Checkpoints, Destroyed, Limits, Ready, TeardownJob};
pub use steps::{destroy, destroy_proven, prove_ownership};
