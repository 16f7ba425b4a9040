//! What a person hears while a sweep works: the plan of an unattended sweep, then bars on a terminal, and one plain
//! line a
//! step everywhere else.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use ledger::{
    environment::TeardownStep,
    id::EnvironmentId,
    plan::{Item, SweepPlan},
};

use super::render_sweep;
use crate::{failure::Failure, outcome::Outcome, reporter::Reporter, screen::Screen};

/// Tells a person at `screen`.
pub(super) struct TerminalReporter {
    screen: Screen,
    /// Where progress is drawn; `None` for lines.
    bars: Option<Bars>,
}

impl TerminalReporter {
    /// Bars where `screen` says that progress is drawn.
    #[must_use]
    pub(super) fn new(screen: Screen) -> Self {
        Self {
            bars: screen.draws_progress.then(Bars::default),
            screen,
        }
    }

    fn line(&self, item: &Item, text: &str) {
        self.screen.note(&format!("{}: {text}", item.name));
    }
}

impl Reporter for TerminalReporter {
    fn planned(&self, plan: &SweepPlan) -> Result<(), Failure> {
        if !self.screen.json {
            self.screen.data(&render_sweep::plan(plan, &self.screen))?;
        }
        Ok(())
    }

    fn begun(&self, item: &Item) {
        match &self.bars {
            Some(bars) => bars.begin(item),
            None => self.line(item, &format!("destroying ({})", item.decision.because)),
        }
    }

    fn step(&self, item: &Item, step: TeardownStep) {
        match &self.bars {
            Some(bars) => bars.with(item, |bar| bar.set_message(step.as_str())),
            None => self.line(item, step.as_str()),
        }
    }

    fn destroyed(&self, item: &Item, address: &str, done: u64, total: u64) {
        match &self.bars {
            Some(bars) => bars.with(item, |bar| {
                bar.set_length(total);
                bar.set_position(done);
                bar.set_message(address.to_owned());
            }),
            None => self.line(item, &format!("destroyed {address} ({done} of {total})")),
        }
    }

    fn ended(&self, item: &Item, outcome: &Outcome) {
        match &self.bars {
            Some(bars) => bars.end(item, &in_words(outcome)),
            None => self.line(item, &in_words(outcome)),
        }
    }

    fn warning(&self, text: &str) {
        self.screen.warn(text);
    }
}

fn in_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Destroyed(evidence) => format!(
            "destroyed, {} objects, serial {} → {}",
            evidence.deleted.len(),
            evidence.serial_before,
            evidence.serial_after
        ),
        Outcome::Skipped(because) => format!("skipped: {because}"),
        Outcome::Failed { reason, .. } => format!("failed: {reason}"),
    }
}

/// One bar for each environment at work.
#[derive(Default)]
struct Bars {
    all: MultiProgress,
    running: Mutex<BTreeMap<EnvironmentId, ProgressBar>>,
}

impl Bars {
    fn running(&self) -> std::sync::MutexGuard<'_, BTreeMap<EnvironmentId, ProgressBar>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, item: &Item) {
        let bar = self.all.add(ProgressBar::new(0));
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {prefix:<24!} {pos:>4}/{len:<4} {wide_msg}")
        {
            bar.set_style(style);
        }
        bar.set_prefix(item.name.as_str().to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        self.running().insert(item.id.clone(), bar);
    }

    fn with(&self, item: &Item, show: impl FnOnce(&ProgressBar)) {
        if let Some(bar) = self.running().get(&item.id) {
            show(bar);
        }
    }

    fn end(&self, item: &Item, text: &str) {
        if let Some(bar) = self.running().remove(&item.id) {
            bar.finish_and_clear();
        }
        // Printed above the bars; a terminal that went away needs no line.
        let _ = self.all.println(format!("{}: {text}", item.name));
    }
}
