//! What a teardown asks along its way: may I go on, and write this down. The answers come from the ledger, under the claim.

use std::{
    path::Path,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use ledger::{
    book::BookError,
    environment::{Environment, Lifecycle, TeardownStep},
    event::EventKind,
    id::Revision,
    judge::judge,
    plan::{Action, Item, Pin},
};
use terraform::{events::Progress as Happened, work_owner};

use super::{
    claimed::Claimed,
    earlier_passes,
    journal::{Claim, Journal},
    slot::Slot,
};
use crate::{
    act::destroy::job::{Abort, Checkpoints, Ready},
    observe,
    world::World,
};

/// What a pass that begins to apply leaves for the next one.
struct BeginsWith {
    /// Where what is in the state is kept.
    inventory: String,
    /// Where the list is kept of what will be deleted.
    to_delete: String,
    /// What a pass that was cut off deleted, as a list.
    deleted_before: String,
}

/// The checkpoints of one pass.
pub struct PassCheckpoints<'a> {
    world: &'a World,
    item: &'a Item,
    action: &'a Action,
    claimed: &'a Claimed,
    slot: &'a Slot,
    /// What the action is pinned to: as planned, until a kept state is pushed back.
    pin: Mutex<Pin>,
    destroyed: AtomicU64,
    /// The revision of the record that the last look decided on; 0 before that look.
    decided: AtomicU64,
    /// What is written down with the step that destroys; nothing before the last look.
    begins_with: OnceLock<BeginsWith>,
    /// Whether the step that destroys has begun.
    applying: AtomicBool,
}

impl<'a> PassCheckpoints<'a> {
    /// Those of the pass that does `action` on `item`, which is `claimed`, in its `slot`.
    #[must_use]
    pub fn new(
        world: &'a World,
        item: &'a Item,
        action: &'a Action,
        claimed: &'a Claimed,
        slot: &'a Slot,
    ) -> Self {
        Self {
            world,
            item,
            action,
            claimed,
            slot,
            pin: Mutex::new(action.pin().clone()),
            destroyed: AtomicU64::new(0),
            decided: AtomicU64::new(0),
            begins_with: OnceLock::new(),
            applying: AtomicBool::new(false),
        }
    }

    fn teardown(
        &self,
        change: impl Fn(&mut ledger::environment::Teardown),
    ) -> impl Fn(&mut Environment, ledger::clock::Timestamp) {
        move |environment, _| {
            if let Lifecycle::Destroying(teardown) = &mut environment.lifecycle {
                change(teardown);
            }
        }
    }

    fn pin(&self) -> Pin {
        // It is only replaced whole, which cannot be left half done.
        self.pin
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn still_ours(&self) -> Result<(), Abort> {
        if self.claimed.heartbeat.is_lost() {
            return Err(Abort(
                "the claim was lost; another sweeper may be at work".to_owned(),
            ));
        }
        Ok(())
    }
}

fn lost(error: BookError) -> Abort {
    Abort(format!("the journal could not be written: {error}"))
}

#[async_trait]
impl Checkpoints for PassCheckpoints<'_> {
    async fn step(&self, step: TeardownStep, work_dir: Option<&Path>) -> Result<(), Abort> {
        self.still_ours()?;
        self.world.reporter.step(self.item, step);
        if step == TeardownStep::Proving {
            // The CLI has ended. What is left is small, and holds up nothing.
            self.slot.end();
        }
        if let Some(path) = work_dir {
            work_owner::write(path, &self.item.id, &self.world.invocation.host)
                .map_err(|error| Abort(error.to_string()))?;
        }
        let work_dir = work_dir.map(|path| path.to_string_lossy().into_owned());
        let change = self.teardown(|teardown| {
            teardown.step = step;
            teardown.work_dir.clone_from(&work_dir);
        });
        let begins_with = self.begins_with.get();
        let tell = |journal: &Journal, now| {
            let event = journal.event(EventKind::Step, now);
            let event = event.with("step", step.as_str());
            vec![match begins_with {
                Some(begins_with) if step == TeardownStep::Applying => event
                    .with(earlier_passes::TO_DELETE, &begins_with.to_delete)
                    .with(earlier_passes::DELETED_BEFORE, &begins_with.deleted_before),
                _ => event,
            }]
        };
        if step != TeardownStep::Applying {
            let written = self.claimed.journal.write(change, tell, Claim::Keep).await;
            return written.map(drop).map_err(lost);
        }
        // The point of no return: it is passed only on the record that was decided on. A write before this one
        // was heard; a later one sees that it is too late.
        let (_, mut environment) = self.claimed.journal.read().await.map_err(lost)?;
        let now = self.world.book.reading().await.map_err(lost)?.now;
        change(&mut environment, now);
        let inventory = begins_with.map(|begins_with| begins_with.inventory.clone());
        self.teardown(|teardown| teardown.inventory.clone_from(&inventory))(&mut environment, now);
        let decided = Revision(self.decided.load(Ordering::Relaxed));
        self.applying.store(true, Ordering::Relaxed);
        let events = tell(&self.claimed.journal, now);
        let written = self
            .claimed
            .journal
            .put(decided, environment, events, Claim::Keep);
        written.await.map_err(|error| match error {
            BookError::Conflict { .. } => Abort("its record was changed meanwhile".to_owned()),
            error => lost(error),
        })
    }

    /// Only the group that destroys is written down, for hosts that do not show what a process belongs to. What only
    /// reads ends by itself, and a durable write for each would cost more than it.
    async fn process_group(&self, group: i32) -> Result<(), Abort> {
        if !self.applying.load(Ordering::Relaxed) {
            return self.still_ours();
        }
        let change = self.teardown(|teardown| teardown.process_group = Some(group));
        self.claimed
            .journal
            .write(change, |_, _| Vec::new(), Claim::Keep)
            .await
            .map(drop)
            .map_err(lost)
    }

    /// The last look before the point of no return: the record and the state as they are now, decided once more.
    async fn before_apply(&self, ready: &Ready) -> Result<(), Abort> {
        self.still_ours()?;
        let (stored, environment) = self.claimed.journal.read().await.map_err(lost)?;
        if !self.claimed.journal.is_at_work_on(&environment) {
            return Err(Abort("it was released or renewed meanwhile".to_owned()));
        }
        self.decided.store(stored.revision.0, Ordering::Relaxed);
        let book = &self.world.book;
        let now = book.reading().await.map_err(lost)?.now;
        let sources = self.world.sources.as_ref();
        let runs = sources.runs().await.map_err(lost)?;
        let facts = observe::facts(sources, &environment, &runs, now).await;
        let decision = judge(&environment, &facts, &self.world.config.policy, now);
        if decision.verdict != self.action.verdict() {
            return Err(Abort(format!(
                "it is no longer to be destroyed: {} ({})",
                decision.because, decision.rule
            )));
        }
        let pin = self.pin();
        if ready.lineage != pin.lineage || ready.serial != pin.serial {
            return Err(Abort(format!(
                "its state changed since the plan: serial was {} and is {}",
                pin.serial, ready.serial
            )));
        }
        // Durable before the record names it, and the record names it before anything is deleted.
        let inventory = book.keep(&ready.inventory.pack()).await.map_err(lost)?;
        let to_delete = earlier_passes::keep(book.as_ref(), &ready.deletes);
        let to_delete = to_delete.await.map_err(lost)?;
        // Together they are all that is in the state: the checks saw to that.
        let held = ready.deletes.iter().chain(&ready.already_gone);
        let earlier = self
            .claimed
            .earlier_passes(book.as_ref())
            .await
            .map_err(lost)?;
        let deleted_before = earlier_passes::list(&earlier.deleted_before(held));
        self.begins_with.get_or_init(|| BeginsWith {
            inventory,
            to_delete,
            deleted_before,
        });
        Ok(())
    }

    fn progress(&self, happened: &Happened) {
        if let Happened::Completed { address } = happened {
            let done = self.destroyed.fetch_add(1, Ordering::Relaxed) + 1;
            let total = self.pin().instances;
            self.world
                .reporter
                .destroyed(self.item, address, done, total);
        }
    }

    fn state_pushed(&self, serial: u64, instances: u64) {
        let mut pin = self.pin.lock().unwrap_or_else(PoisonError::into_inner);
        (pin.serial, pin.instances) = (serial, instances);
    }

    async fn cancelled(&self) {
        tokio::select! {
            () = self.world.stop.wait() => {}
            () = self.claimed.heartbeat.lost() => {}
        }
    }
}
