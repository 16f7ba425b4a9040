//! The decisions: phase, judge, guards and plan. Tables show every rule once; properties hold the laws over worlds that
//! nobody thought of.

#[path = "judge/laws.rs"]
mod judge_laws;
#[path = "judge/ownership.rs"]
mod judge_ownership;
#[path = "judge/precedence.rs"]
mod judge_precedence;
#[path = "judge/table.rs"]
mod judge_table;
#[path = "judge/liveness.rs"]
mod liveness;
#[path = "judge/phase.rs"]
mod phase;
#[path = "plan/brake.rs"]
mod plan_brake;
#[path = "plan/drift.rs"]
mod plan_drift;
#[path = "plan/file.rs"]
mod plan_file;
#[path = "plan/guard.rs"]
mod plan_guard;
#[path = "plan/laws.rs"]
mod plan_laws;
#[path = "plan/rate.rs"]
mod plan_rate;
mod support;
