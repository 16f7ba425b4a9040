//! The command line as typed. Help, man pages and completions are made from these definitions.
//!
//! Every argument is parsed here into a type that cannot be wrong. A selector names one environment; nothing on the
//! command line widens what a sweep may touch.

use std::path::PathBuf;

use clap::{ArgAction, ArgGroup, Args, Parser, Subcommand};
use clap_complete::Shell;
use ledger::{brake::BrakeKind, clock::Timestamp, phase::Phase, ttl::Ttl};

mod selector;
mod words;

pub use ledger::{
    reason::{Reason, ReasonError},
    request::extend::HowLong,
};
pub use selector::{Selector, SelectorError};

/// Destroys expired environments, and proves that nothing is left.
///
/// `plan` shows what a sweep would do, `apply` does exactly that. The other commands read the ledger or change one
/// environment at a time.
#[derive(Debug, Clone, Parser)]
#[command(name = "sweeper", version, after_help = words::exit_codes(), max_term_width = 100)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Location of the ledger, for example `sqlite:///var/lib/ephemeral/ledger.sqlite3` [env: EPHEMERAL_LEDGER]
    #[arg(long, global = true, value_name = "LOCATION")]
    pub ledger: Option<String>,
    /// Read only this configuration file [env: EPHEMERAL_SWEEPER_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Scope whose earlier sweeps the brakes compare with; it does not select environments [env: EPHEMERAL_SCOPE]
    #[arg(long, global = true, value_name = "NAME")]
    pub scope: Option<String>,
    /// Print one JSON document instead of tables
    #[arg(long, global = true)]
    pub json: bool,
    /// When to use colour: `auto`, `always` or `never` [env: EPHEMERAL_COLOR]
    #[arg(long, global = true, value_name = "WHEN")]
    pub color: Option<String>,
    /// Print more on standard error; repeat it for even more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

/// What can be asked of the sweeper.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Show what a sweep would do, and why. Destroys nothing
    Plan(PlanArgs),
    /// Apply a saved plan, or plan and apply in one step
    Apply(ApplyArgs),
    /// List environments, leases, or runs of Terraform
    List(ListArgs),
    /// Show everything the ledger records about one environment, lease or run of Terraform
    Show(RecordArgs),
    /// Explain who created an environment or lease, which rule decides now and why, and what happened so far
    Explain(NamedArgs),
    /// Extend the lifetime of one environment or lease, never past its hard end
    Extend(ExtendArgs),
    /// Hold one environment, so that no sweep destroys it
    Hold(HoldArgs),
    /// Lift the hold of one environment
    Unhold(UnholdArgs),
    /// Stop managing one environment or lease. Destroys nothing
    Release(ReasonedArgs),
    /// Check the chains of events
    #[command(subcommand)]
    Audit(AuditCommand),
    /// List and open sealed states that Terraform could not save
    #[command(subcommand)]
    State(StateCommand),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write all of them to a directory
    Man(ManArgs),
}

/// `plan`.
#[derive(Debug, Clone, Default, Args)]
pub struct PlanArgs {
    /// Save the plan to this file, for `sweeper apply FILE`
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Release a brake in this plan, after a review: `jump` or `coverage`
    #[arg(long, value_name = "KIND", value_parser = words::brake)]
    pub release_brake: Vec<BrakeKind>,
}

/// `apply`: exactly one of the two.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub struct ApplyArgs {
    /// Apply exactly this saved plan; skip environments that changed since
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Plan and apply without a review, for scheduled runs
    #[arg(long)]
    pub auto_approve: bool,
}

/// `list`.
#[derive(Debug, Clone, Default, Args)]
pub struct ListArgs {
    /// Include destroyed and released records; of runs, include those that no longer count
    #[arg(long)]
    pub all: bool,
    /// List only environments in this phase
    #[arg(long, value_name = "PHASE", value_parser = words::phase, conflicts_with_all = ["leases", "runs"])]
    pub phase: Option<Phase>,
    /// List only environments of this owner, leases of this holder, or runs opened by this user
    #[arg(long, value_name = "OWNER", value_parser = words::not_empty)]
    pub owner: Option<String>,
    /// List leases instead of environments
    #[arg(long, conflicts_with = "runs")]
    pub leases: bool,
    /// List runs of Terraform instead of environments, latest first
    #[arg(long)]
    pub runs: bool,
}

/// One environment or lease.
#[derive(Debug, Clone, Args)]
pub struct NamedArgs {
    /// The name or id of one environment, or the id of one lease
    #[arg(value_name = "NAME|ID", value_parser = Selector::parse)]
    pub selector: Selector,
}

/// One environment, lease or run.
#[derive(Debug, Clone, Args)]
pub struct RecordArgs {
    /// The name or id of one environment, or the id of one lease or run
    #[arg(value_name = "NAME|ID", value_parser = Selector::parse)]
    pub selector: Selector,
}

/// One environment or lease, and why.
#[derive(Debug, Clone, Args)]
pub struct ReasonedArgs {
    /// The name or id of one environment, or the id of one lease
    #[arg(value_name = "NAME|ID", value_parser = Selector::parse)]
    pub selector: Selector,
    /// Reason, recorded in the ledger
    #[arg(long, value_name = "TEXT", value_parser = Reason::parse)]
    pub reason: Reason,
}

/// `unhold`: a lease cannot be held.
#[derive(Debug, Clone, Args)]
pub struct UnholdArgs {
    /// The name or id of one environment
    #[arg(value_name = "NAME|ID", value_parser = Selector::parse)]
    pub selector: Selector,
    /// Reason, recorded in the ledger
    #[arg(long, value_name = "TEXT", value_parser = Reason::parse)]
    pub reason: Reason,
}

/// `extend`.
#[derive(Debug, Clone, Args)]
#[command(group = ArgGroup::new("how_long").required(true).args(["by", "until"]))]
pub struct ExtendArgs {
    /// The name or id of one environment, or the id of one lease
    #[arg(value_name = "NAME|ID", value_parser = Selector::parse)]
    pub selector: Selector,
    /// Duration to add to the expiry, or to now if that has passed, for example `4h` or `2d`
    #[arg(long, value_name = "DURATION", value_parser = Ttl::parse, allow_hyphen_values = true)]
    pub by: Option<Ttl>,
    /// New expiry, for example `2026-03-01T18:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = words::instant)]
    pub until: Option<Timestamp>,
    /// Reason, recorded in the ledger
    #[arg(long, value_name = "TEXT", value_parser = Reason::parse)]
    pub reason: Reason,
}

impl ExtendArgs {
    /// Which of the two was typed; `None` only if neither was, which the grammar refuses.
    #[must_use]
    pub fn how_long(&self) -> Option<HowLong> {
        let by = self.by.clone().map(HowLong::By);
        by.or_else(|| self.until.map(HowLong::Until))
    }
}

/// `hold`.
#[derive(Debug, Clone, Args)]
pub struct HoldArgs {
    /// The name or id of one environment
    #[arg(value_name = "NAME|ID", value_parser = Selector::parse)]
    pub selector: Selector,
    /// Reason, recorded in the ledger
    #[arg(long, value_name = "TEXT", value_parser = Reason::parse)]
    pub reason: Reason,
    /// End of the hold, for example `2026-03-01T18:00:00Z`; without it, the hold lasts until it is lifted
    #[arg(long, value_name = "TIME", value_parser = words::instant)]
    pub until: Option<Timestamp>,
}

/// `audit …`.
#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Check that no event was changed, removed or inserted
    Verify(VerifyArgs),
}

/// `audit verify`.
#[derive(Debug, Clone, Default, Args)]
pub struct VerifyArgs {
    /// The name or id of one environment, or the id of one lease or run; without it, every chain
    #[arg(value_name = "NAME|ID", value_parser = Selector::parse)]
    pub selector: Option<Selector>,
}

/// `state …`.
#[derive(Debug, Clone, Subcommand)]
pub enum StateCommand {
    /// List kept states: environment, serial, and whether the seal opens. Shows no content of a state
    List,
    /// Open one kept state. The output holds secrets in plain text
    Open(OpenArgs),
}

/// `state open`: exactly one of `--out` and `--stdout`.
#[derive(Debug, Clone, Args)]
#[command(group = ArgGroup::new("where_to").required(true).args(["out", "stdout"]))]
pub struct OpenArgs {
    /// File name from `sweeper state list`, or a path
    #[arg(value_name = "FILE", value_parser = words::not_empty)]
    pub file: String,
    /// Write the state to this new file, readable only by its owner
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Print the state, including its secrets
    #[arg(long)]
    pub stdout: bool,
}

/// `completions`.
#[derive(Debug, Clone, Args)]
pub struct CompletionsArgs {
    /// Which shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// `man`.
#[derive(Debug, Clone, Default, Args)]
pub struct ManArgs {
    /// Write one page for each command to this directory
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

#[cfg(test)]
mod tests;
