//! A plan and its results as text for people. Knows words and widths; decides nothing.

use ledger::{
    judge::{Rule, Verdict},
    plan::{Disposition, Item, Mode, SweepPlan},
};

use crate::{
    age,
    outcome::{self, Outcome, Result},
    screen::Screen,
    sweep::exit_summary::Remaining,
    table::{Cell, Table, Tone},
};

/// The plan as text: a table of everything that is not simply alive, then what stands in the way, then one line of sums.
#[must_use]
pub(super) fn plan(plan: &SweepPlan, screen: &Screen) -> String {
    let mut parts = Vec::new();
    let shown: Vec<&Item> = plan
        .items
        .iter()
        .filter(|item| (item.decision.verdict, item.decision.rule) != (Verdict::Keep, Rule::Alive))
        .collect();
    if !shown.is_empty() {
        let head = [
            "environment",
            "owner",
            "phase",
            "expires",
            "action",
            "because",
        ];
        let mut table = Table::new(screen, &head);
        for item in shown {
            table.row([
                Cell::from(item.name.as_str()),
                Cell::from(&item.owner),
                Cell::from(item.phase.as_str()),
                Cell::from(age::relative(item.expires_at, plan.made_at)),
                Cell::new(action(item), tone(item)),
                Cell::from(because(item)),
            ]);
        }
        parts.push(table.to_string());
    }
    for (subject, cause) in &plan.unreadable {
        parts.push(format!("Cannot read {subject}: {cause}"));
    }
    for brake in &plan.brakes {
        let released = plan.released.contains(&brake.kind) && brake.kind.may_be_released();
        let word = if released { "Brake released" } else { "Brake" };
        parts.push(format!("{word} ({}): {}", brake.kind, brake.because));
    }
    if plan.mode == Mode::FirstSweep {
        parts.push(format!(
            "The scope `{}` has no earlier sweep. Its first `sweeper apply` only reports; later ones destroy.",
            plan.scope
        ));
    }
    parts.push(sums(plan));
    parts.join("\n\n")
}

/// What became of a plan, as text.
#[must_use]
pub(super) fn results(results: &[Result], screen: &Screen) -> String {
    if results.is_empty() {
        return "Nothing was destroyed.".to_owned();
    }
    let mut table = Table::new(screen, &["environment", "result", "detail"]);
    for result in results {
        let tone = match result.outcome {
            Outcome::Destroyed(_) => Tone::Good,
            Outcome::Skipped(_) => Tone::Warn,
            Outcome::Failed { .. } => Tone::Bad,
        };
        table.row([
            Cell::from(result.name.as_str()),
            Cell::new(result.outcome.as_str(), tone),
            Cell::from(detail(&result.outcome)),
        ]);
    }
    let count = |word| outcome::count(results, word);
    format!(
        "{table}\n\nSweep: {} destroyed, {} skipped, {} failed.",
        count("destroyed"),
        count("skipped"),
        count("failed")
    )
}

/// What a sweep left undone, in one line; `None` if that is nothing.
#[must_use]
pub(super) fn remaining(left: &Remaining<'_>) -> Option<String> {
    let parts: Vec<String> = [
        (left.due.len(), "due"),
        (left.waiting.len(), "waiting for a retry"),
        (left.review.len(), "to review"),
    ]
    .into_iter()
    .filter(|(count, _)| *count != 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    (!parts.is_empty()).then(|| {
        let parts = parts.join(", ");
        format!("Left: {parts}; `sweeper plan` shows which and why.")
    })
}

fn detail(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Destroyed(evidence) => format!(
            "{} objects by {}; lineage {}, serial {} → {}, nothing left",
            evidence.deleted.len(),
            evidence.strategy,
            evidence.lineage,
            evidence.serial_before,
            evidence.serial_after
        ),
        Outcome::Skipped(because) => because.clone(),
        Outcome::Failed { reason, remedy } => format!("{reason}; to do: {remedy}"),
    }
}

fn action(item: &Item) -> &'static str {
    match (&item.disposition, item.decision.verdict) {
        (Disposition::Act(action), _) => action.kind().as_str(),
        (Disposition::Deferred(_), _) => "defer",
        (Disposition::Left, verdict) => verdict.as_str(),
    }
}

fn tone(item: &Item) -> Tone {
    match (&item.disposition, item.decision.verdict) {
        (Disposition::Act(_), _) | (_, Verdict::Review) => Tone::Bad,
        (Disposition::Deferred(_), _) | (_, Verdict::Warn) => Tone::Warn,
        (Disposition::Left, _) => Tone::Plain,
    }
}

fn because(item: &Item) -> String {
    match &item.disposition {
        Disposition::Deferred(deferred) => format!("{}; {deferred}", item.decision.because),
        Disposition::Act(_) | Disposition::Left => item.decision.because.clone(),
    }
}

fn sums(plan: &SweepPlan) -> String {
    let count = |wanted: &str| {
        plan.items
            .iter()
            .filter(|item| action(item) == wanted)
            .count()
    };
    format!(
        "Plan: {} to destroy, {} deferred, {} to review, {} held, of {} environments.",
        count("destroy"),
        count("defer"),
        count("review"),
        count("hold"),
        plan.fleet
    )
}
