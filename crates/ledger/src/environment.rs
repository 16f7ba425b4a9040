//! An environment: one whole Terraform state, whose it is, and how long it may live.
//!
//! The record only. Its phase follows from it, from facts and from `now`, and is never stored.

use crate::{
    change_request::ChangeRequest,
    clock::{Timestamp, after},
    id::{EnvironmentId, EnvironmentName, Fence, Generation},
    identity::Identity,
    lifetime::Lifetime,
    state_address::StateAddress,
    tags::{self, StandardTag, TagPrefix, TagSet},
};

/// What happens when the lifetime is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OnExpiry {
    /// The sweeper destroys the state.
    #[default]
    Destroy,
    /// The sweeper only reports it, for a person to decide.
    Review,
}

impl OnExpiry {
    /// Reads `destroy` or `review`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Destroy, Self::Review]
            .into_iter()
            .find(|choice| choice.as_str() == text)
    }

    /// The word used in configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Destroy => "destroy",
            Self::Review => "review",
        }
    }
}

/// A person's word that nothing may happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Who said so.
    pub by: Identity,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; `None` until it is lifted.
    pub until: Option<Timestamp>,
}

impl Hold {
    /// Whether it holds at `now`.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// What was copied beside the state when it was last applied: what a destroy needs and the state does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// The SHA-256 of the packed capsule in the ledger, in hexadecimal; `None` if nothing could be kept.
    pub capsule: Option<String>,
    /// When it was taken.
    pub at: Timestamp,
    /// `terraform` or `tofu`.
    pub cli: String,
    /// Addresses in the configuration whose `prevent_destroy` is true. Each is a protection.
    pub prevent_destroy: Vec<String>,
    /// Addresses in the configuration with provisioners that run at destroy.
    pub destroy_provisioners: Vec<String>,
    /// What could not be copied or read, one sentence each.
    pub gaps: Vec<String>,
}

/// How far a teardown has come. Each step is recorded before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TeardownStep {
    /// Claimed; the state is being read again.
    Claimed,
    /// Terraform plans the destroy.
    Planning,
    /// Terraform destroys.
    Applying,
    /// The state is read for evidence.
    Proving,
}

impl TeardownStep {
    /// Every step, in order.
    pub const ALL: [Self; 4] = [Self::Claimed, Self::Planning, Self::Applying, Self::Proving];

    /// The word used in records and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Planning => "planning",
            Self::Applying => "applying",
            Self::Proving => "proving",
        }
    }
}

/// A teardown under way, as the journal knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teardown {
    /// The deterministic id of the operation; a re-run has the same.
    pub operation: String,
    /// The claim it runs under.
    pub fence: Fence,
    /// When this operation first began.
    pub since: Timestamp,
    /// The last step begun.
    pub step: TeardownStep,
    /// Managed instances when this pass began. A state with more of them is not what was claimed.
    pub instances: u64,
    /// The SHA-256 of the packed [`crate::inventory::Inventory`] in the ledger, in hexadecimal: what was in the state
    /// when a pass of this operation last began to apply; `None` if none has.
    pub inventory: Option<String>,
    /// The host it runs on.
    pub host: String,
    /// Where terraform works; what a killed sweeper leaves is found and removed by it.
    pub work_dir: Option<String>,
    /// The process group terraform runs in, on that host.
    pub process_group: Option<i32>,
}

/// A teardown that did not get to its end. It is tried again, for ever, at a falling rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// When the first pass failed.
    pub since: Timestamp,
    /// Passes in a row that did not get on, at least 1. One that did begins the count anew.
    pub passes: u32,
    /// Managed instances left at the last look; progress means fewer.
    pub instances: Option<u64>,
    /// As in [`Teardown::inventory`].
    pub inventory: Option<String>,
    /// What was found.
    pub reason: String,
    /// What a person can do.
    pub remedy: String,
    /// When the next pass is due.
    pub retry_at: Timestamp,
}

/// The proof that nothing is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The lineage before and after.
    pub lineage: String,
    /// The serial before the destroy.
    pub serial_before: u64,
    /// The serial of the fresh read afterwards.
    pub serial_after: u64,
    /// The address of everything that was deleted, deposed objects marked.
    pub deleted: Vec<String>,
    /// How it was destroyed: `empty`, `state-only`, `state-only, no refresh`, `capsule`.
    pub strategy: String,
    /// The SHA-256 of terraform's event stream, in hexadecimal; `None` where terraform did not run.
    pub events_sha256: Option<String>,
}

/// Where an environment is in its life, as far as it must be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lifecycle {
    /// It lives.
    Living,
    /// A sweeper is at work, or died at it.
    Destroying(Teardown),
    /// A teardown failed and will be tried again.
    Stuck(Stuck),
    /// It is gone, with proof.
    Destroyed {
        /// When the proof was read.
        at: Timestamp,
        /// The proof.
        evidence: Evidence,
    },
    /// It was given back: the resource was removed from its configuration or state.
    Released {
        /// When.
        at: Timestamp,
        /// Who.
        by: Identity,
        /// Why, in words.
        reason: String,
    },
}

impl Lifecycle {
    /// What names the inventory of a teardown that is not at its end; `None` if it never began to apply.
    #[must_use]
    pub fn inventory(&self) -> Option<&str> {
        match self {
            Self::Destroying(teardown) => teardown.inventory.as_deref(),
            Self::Stuck(stuck) => stuck.inventory.as_deref(),
            Self::Living | Self::Destroyed { .. } | Self::Released { .. } => None,
        }
    }
}

/// One generation of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Unique for ever.
    pub id: EnvironmentId,
    /// Unique among the living.
    pub name: EnvironmentName,
    /// Which life of the name.
    pub generation: Generation,
    /// Who answers for it.
    pub owner: String,
    /// Their team.
    pub team: Option<String>,
    /// What it belongs to.
    pub project: Option<String>,
    /// How long it may live.
    pub lifetime: Lifetime,
    /// The tags people declared.
    pub tags: TagSet,
    /// What the standard tags begin with.
    pub tag_prefix: TagPrefix,
    /// Who created it.
    pub created_by: Identity,
    /// The change request it was made for.
    pub change_request: Option<ChangeRequest>,
    /// Where its state is; `None` if that could not be found out.
    pub state: Option<StateAddress>,
    /// What happens at the end.
    pub on_expiry: OnExpiry,
    /// A whole second.
    pub created_at: Timestamp,
    /// A whole second; creation counts.
    pub renewed_at: Timestamp,
    /// The end of an extension granted outside Terraform.
    pub extended_until: Option<Timestamp>,
    /// A person's hold.
    pub hold: Option<Hold>,
    /// What was copied for its destroy.
    pub capture: Option<Capture>,
    /// The lineage of its state, once a sweep has seen the marker in it.
    pub lineage: Option<String>,
    /// When a sweep first saw the marker in its state.
    pub marker_seen_at: Option<Timestamp>,
    /// Whether it should run (`true`) or be hibernated.
    pub running: bool,
    /// Where it is in its life.
    pub lifecycle: Lifecycle,
}

impl Environment {
    /// When it expires.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.lifetime
            .expiry(self.created_at, self.renewed_at, self.extended_until)
    }

    /// The end no renewal passes.
    #[must_use]
    pub fn hard_expires_at(&self) -> Timestamp {
        self.lifetime.hard_end(self.created_at)
    }

    /// When it may be destroyed: expiry and grace.
    #[must_use]
    pub fn due_at(&self) -> Timestamp {
        after(self.expires_at(), self.lifetime.grace.delta())
    }

    /// The last sign that it is wanted: its last use, or its last renewal if that is later. A new life is not
    /// charged with the silence of the one before.
    #[must_use]
    pub fn last_wanted(&self, used: Timestamp) -> Timestamp {
        used.max(self.renewed_at).max(self.created_at)
    }

    /// Whether its life is over: destroyed or released.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(
            self.lifecycle,
            Lifecycle::Destroyed { .. } | Lifecycle::Released { .. }
        )
    }

    /// What stands in the tag `tag`, as a switch: absent is `Ok(false)`, `true` and `false` are what they say.
    ///
    /// # Errors
    /// The text, if it is neither; the caller must take that as `true`.
    pub fn switch(&self, tag: StandardTag) -> Result<bool, String> {
        match self.tags.get(&self.tag_prefix.key(tag)).map(String::as_str) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(other.to_owned()),
        }
    }

    /// The tags that configuration alone determines, so that a first plan knows them.
    #[must_use]
    pub fn default_tags(&self) -> TagSet {
        Self::default_tags_of(
            &self.tag_prefix,
            &self.name,
            &self.owner,
            self.team.as_deref(),
            self.project.as_deref(),
            self.change_request.as_ref(),
            &self.tags,
        )
    }

    /// [`Self::default_tags`] from its parts, for a plan that has no record yet. Standard tags win over declared ones.
    #[must_use]
    pub fn default_tags_of(
        prefix: &TagPrefix,
        name: &EnvironmentName,
        owner: &str,
        team: Option<&str>,
        project: Option<&str>,
        change_request: Option<&ChangeRequest>,
        declared: &TagSet,
    ) -> TagSet {
        let repository = change_request.map(|request| tags::safe_value(&request.repository));
        let number = change_request.map(|request| request.number.to_string());
        let standard = [
            (StandardTag::Environment, Some(name.as_str().to_owned())),
            (StandardTag::Owner, Some(owner.to_owned())),
            (StandardTag::Team, team.map(str::to_owned)),
            (StandardTag::Project, project.map(str::to_owned)),
            (StandardTag::Repository, repository),
            (StandardTag::PullRequest, number),
            (StandardTag::ManagedBy, Some(tags::MANAGED_BY.to_owned())),
        ];
        let mut all = declared.clone();
        for (tag, value) in standard {
            if let Some(value) = value {
                all.insert(prefix.key(tag), value);
            }
        }
        all
    }

    /// [`Self::default_tags`] with the creation time and the id.
    #[must_use]
    pub fn tags_all(&self) -> TagSet {
        let mut all = self.default_tags();
        all.insert(
            self.tag_prefix.key(StandardTag::CreatedAt),
            tags::safe_value(&crate::clock::rfc3339(self.created_at)),
        );
        all.insert(
            self.tag_prefix.key(StandardTag::LeaseId),
            self.id.as_str().to_owned(),
        );
        all
    }
}
