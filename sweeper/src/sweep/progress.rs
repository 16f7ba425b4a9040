//! Progress while it works: bars on a terminal, one plain line a step everywhere else. Talk only; never data.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use ledger::{environment::TeardownStep, id::EnvironmentId, plan::Item};

use crate::{act::outcome::Outcome, screen::Screen};

/// Hears what a sweep does.
pub trait Progress: Send + Sync {
    /// A teardown begins.
    fn begin(&self, item: &Item);
    /// A step of it begins.
    fn step(&self, item: &Item, step: TeardownStep);
    /// `done` of `total` objects are destroyed; the last was `address`.
    fn destroyed(&self, item: &Item, address: &str, done: u64, total: u64);
    /// It is over.
    fn end(&self, item: &Item, outcome: &Outcome);
}

/// What is to be shown, where `screen` says that it is shown.
#[must_use]
pub fn progress_for(screen: Screen) -> std::sync::Arc<dyn Progress> {
    if screen.draws_progress {
        std::sync::Arc::new(Bars::default())
    } else {
        std::sync::Arc::new(Lines(screen))
    }
}

/// One line for each step.
struct Lines(Screen);

impl Progress for Lines {
    fn begin(&self, item: &Item) {
        self.0.note(&format!(
            "{}: destroying ({})",
            item.name, item.decision.because
        ));
    }

    fn step(&self, item: &Item, step: TeardownStep) {
        self.0.note(&format!("{}: {}", item.name, step.as_str()));
    }

    fn destroyed(&self, item: &Item, address: &str, done: u64, total: u64) {
        self.0.note(&format!(
            "{}: destroyed {address} ({done} of {total})",
            item.name
        ));
    }

    fn end(&self, item: &Item, outcome: &Outcome) {
        self.0.note(&format!("{}: {}", item.name, said(outcome)));
    }
}

fn said(outcome: &Outcome) -> String {
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

/// One bar for each teardown under way.
#[derive(Default)]
struct Bars {
    all: MultiProgress,
    running: Mutex<BTreeMap<EnvironmentId, ProgressBar>>,
}

impl Bars {
    fn with(&self, item: &Item, change: impl FnOnce(&ProgressBar)) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = running.get(&item.id) {
            change(bar);
        }
    }
}

impl Progress for Bars {
    fn begin(&self, item: &Item) {
        let bar = self.all.add(ProgressBar::new(0));
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {prefix:<24!} {pos:>4}/{len:<4} {wide_msg}")
        {
            bar.set_style(style);
        }
        bar.set_prefix(item.name.as_str().to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        self.running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(item.id.clone(), bar);
    }

    fn step(&self, item: &Item, step: TeardownStep) {
        self.with(item, |bar| bar.set_message(step.as_str()));
    }

    fn destroyed(&self, item: &Item, address: &str, done: u64, total: u64) {
        self.with(item, |bar| {
            bar.set_length(total);
            bar.set_position(done);
            bar.set_message(address.to_owned());
        });
    }

    fn end(&self, item: &Item, outcome: &Outcome) {
        let ended = self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&item.id);
        if let Some(bar) = ended {
            bar.finish_and_clear();
        }
        // Printed above the bars; a terminal that went away needs no line.
        let _ = self
            .all
            .println(format!("{}: {}", item.name, said(outcome)));
    }
}
