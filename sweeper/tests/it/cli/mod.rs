//! The command line as people and scripts use it: the real binary, against a ledger filled through the ledger's crate.
//!
//! What `plan` and `apply` do to states is tested elsewhere; here is what is typed, printed and answered.
mod audit;
mod change;
mod claims;
mod documents;
mod explain;
mod failures;
mod grammar;
mod list;
mod output;
mod place;
mod run;
mod runs;
mod show;
