//! Builders: an environment, and what is seen of it, in the words the tests use.

pub(crate) mod any;
pub(crate) mod sweep;

use ledger::{
    book::contract::sample,
    change_request::{ChangeRequest, Forge},
    clock::Timestamp,
    environment::{
        Capture, Environment, Evidence, Hold, Lifecycle, OnExpiry, Stuck, Teardown, TeardownStep,
    },
    fact::{Fact, Facts, LockFact, Marker, Observed, RequestFact, RunFact, StateFact},
    id::Fence,
    identity::Identity,
    inventory::{Fingerprint, Inventory, ObjectIdentity},
    state_address::StateAddress,
    tags::StandardTag,
    ttl::Ttl,
};

/// `hours` after every test began.
pub(crate) fn hour(hours: i64) -> Timestamp {
    sample::at(hours * 3600)
}

/// The lineage of the state of the environment `name`.
pub(crate) fn lineage(name: &str) -> String {
    format!("lineage-of-{name}")
}

/// A living environment, created at hour 0 with the default lifetime and seen in its local state by an earlier sweep.
pub(crate) fn environment(name: &str) -> Environment {
    let path = ("path".to_owned(), format!("/srv/{name}.tfstate"));
    Environment {
        state: Some(StateAddress::new("local", [path], "default")),
        lineage: Some(lineage(name)),
        marker_seen_at: Some(hour(0)),
        ..sample::environment(name, name, 1)
    }
}

fn person(who: &str) -> Identity {
    Identity::claimed("local", who)
}

fn ttl(text: &str) -> Ttl {
    Ttl::parse(text).expect(text)
}

/// What can be said of an environment.
pub(crate) trait Told: Sized {
    fn ttl(self, text: &str) -> Self;
    fn max(self, text: &str) -> Self;
    fn grace(self, text: &str) -> Self;
    fn created(self, at: Timestamp) -> Self;
    fn renewed(self, at: Timestamp) -> Self;
    fn extended(self, until: Timestamp) -> Self;
    fn held_by(self, who: &str) -> Self;
    fn held_until(self, who: &str, until: Timestamp) -> Self;
    fn tagged(self, tag: StandardTag, value: &str) -> Self;
    fn prevent_destroy(self, addresses: &[&str]) -> Self;
    fn of_request(self, number: u64) -> Self;
    fn reviewed(self) -> Self;
    fn hibernated(self) -> Self;
    fn on(self, lifecycle: Lifecycle) -> Self;
}

impl Told for Environment {
    fn ttl(mut self, text: &str) -> Self {
        self.lifetime.ttl = ttl(text);
        self
    }

    fn max(mut self, text: &str) -> Self {
        self.lifetime.max = ttl(text);
        self
    }

    fn grace(mut self, text: &str) -> Self {
        self.lifetime.grace = ttl(text);
        self
    }

    fn created(mut self, at: Timestamp) -> Self {
        self.created_at = at;
        self.renewed_at = at;
        self
    }

    fn renewed(mut self, at: Timestamp) -> Self {
        self.renewed_at = at;
        self
    }

    fn extended(mut self, until: Timestamp) -> Self {
        self.extended_until = Some(until);
        self
    }

    fn held_by(mut self, who: &str) -> Self {
        self.hold = Some(Hold {
            by: person(who),
            reason: "demo on Friday".to_owned(),
            since: hour(0),
            until: None,
        });
        self
    }

    fn held_until(self, who: &str, until: Timestamp) -> Self {
        let mut held = self.held_by(who);
        if let Some(hold) = &mut held.hold {
            hold.until = Some(until);
        }
        held
    }

    fn tagged(mut self, tag: StandardTag, value: &str) -> Self {
        self.tags.insert(self.tag_prefix.key(tag), value.to_owned());
        self
    }

    fn prevent_destroy(mut self, addresses: &[&str]) -> Self {
        self.capture = Some(Capture {
            capsule: None,
            at: hour(0),
            cli: "terraform".to_owned(),
            prevent_destroy: addresses
                .iter()
                .map(|&address| address.to_owned())
                .collect(),
            destroy_provisioners: vec![],
            gaps: vec![],
        });
        self
    }

    fn of_request(mut self, number: u64) -> Self {
        self.change_request = Some(ChangeRequest {
            forge: Forge::Github,
            repository: "acme/shop".to_owned(),
            number,
        });
        self
    }

    fn reviewed(mut self) -> Self {
        self.on_expiry = OnExpiry::Review;
        self
    }

    fn hibernated(mut self) -> Self {
        self.running = false;
        self
    }

    fn on(mut self, lifecycle: Lifecycle) -> Self {
        self.lifecycle = lifecycle;
        self
    }
}

/// What a record names that keeps an inventory.
pub(crate) const INVENTORY: &str =
    "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

/// The objects `numbers`, of any state.
pub(crate) fn objects(numbers: impl IntoIterator<Item = u64>) -> Inventory {
    let one = |number: u64| {
        let address = format!("terraform_data.part[{number}]");
        Fingerprint::of("lineage", &address, ObjectIdentity::Id("an id"))
    };
    numbers.into_iter().map(one).collect()
}

/// A teardown under way that began with `instances`.
pub(crate) fn destroying(instances: u64) -> Lifecycle {
    Lifecycle::Destroying(Teardown {
        operation: "destroy-1".to_owned(),
        fence: Fence(3),
        since: hour(1),
        step: TeardownStep::Applying,
        instances,
        inventory: Some(INVENTORY.to_owned()),
        host: "ci-1".to_owned(),
        work_dir: None,
        process_group: None,
    })
}

/// A teardown that failed with `instances` left, to be tried again at `retry_at`.
pub(crate) fn stuck(instances: Option<u64>, retry_at: Timestamp) -> Lifecycle {
    Lifecycle::Stuck(Stuck {
        since: hour(1),
        passes: 2,
        instances,
        inventory: Some(INVENTORY.to_owned()),
        reason: "a bucket is not empty".to_owned(),
        remedy: "empty it".to_owned(),
        retry_at,
    })
}

pub(crate) fn destroyed() -> Lifecycle {
    Lifecycle::Destroyed {
        at: hour(2),
        evidence: Evidence {
            lineage: "lineage".to_owned(),
            serial_before: 7,
            serial_after: 8,
            deleted: vec![],
            strategy: "empty".to_owned(),
            events_sha256: None,
        },
    }
}

pub(crate) fn released() -> Lifecycle {
    Lifecycle::Released {
        at: hour(2),
        by: person("ana@laptop"),
        reason: "removed from the configuration".to_owned(),
    }
}

/// The marker of `environment`.
pub(crate) fn marker(environment: &Environment) -> Marker {
    Marker {
        id: environment.id.clone(),
        generation: environment.generation,
    }
}

/// Its state as it should be: its marker, its lineage, three instances, no lock.
pub(crate) fn state(environment: &Environment) -> StateFact {
    StateFact {
        lineage: lineage(environment.name.as_str()),
        serial: 7,
        instances: 3,
        objects: objects(0..3),
        markers: vec![marker(environment)],
        lock: None,
    }
}

/// Everything was seen, and nothing of it is out of the ordinary; a teardown, if there is one, began with six objects.
pub(crate) fn facts(environment: &Environment) -> Facts {
    Facts {
        state: Fact::known(state(environment), "the state", hour(0)),
        begun_with: match environment.lifecycle.inventory() {
            Some(_) => Fact::known(objects(0..6), "the ledger", hour(0)),
            None => Fact::absent("the ledger", hour(0)),
        },
        change_request: match environment.change_request {
            Some(_) => Fact::known(RequestFact::Open, "the forge", hour(0)),
            None => Fact::absent("the ledger", hour(0)),
        },
        run: Fact::absent("the ledger", hour(0)),
        activity: Fact::absent("nothing", hour(0)),
    }
}

/// What can be said of the facts.
pub(crate) trait Seen: Sized {
    fn with_state(self, change: impl FnOnce(&mut StateFact)) -> Self;
    fn without_state(self) -> Self;
    fn unreadable_state(self) -> Self;
    fn half_read_state(self) -> Self;
    fn locked(self) -> Self;
    fn request(self, request: RequestFact) -> Self;
    fn run_alive_until(self, until: Timestamp) -> Self;
    fn used(self, at: Timestamp) -> Self;
}

impl Seen for Facts {
    fn with_state(mut self, change: impl FnOnce(&mut StateFact)) -> Self {
        if let Observed::Known(state) = &mut self.state.answer {
            change(state);
        }
        self
    }

    fn without_state(mut self) -> Self {
        self.state = Fact::absent("/srv", hour(0));
        self
    }

    fn unreadable_state(mut self) -> Self {
        self.state = Fact::unreadable("permission denied", "/srv", hour(0));
        self
    }

    fn half_read_state(mut self) -> Self {
        self.state.complete = false;
        self
    }

    fn locked(self) -> Self {
        self.with_state(|state| {
            state.lock = Some(LockFact {
                who: "bob@ci".to_owned(),
                operation: "apply".to_owned(),
                since: Some(hour(1)),
            });
        })
    }

    fn request(mut self, request: RequestFact) -> Self {
        self.change_request = Fact::known(request, "the forge", hour(0));
        self
    }

    fn run_alive_until(mut self, until: Timestamp) -> Self {
        let run = RunFact {
            run: "run-9".to_owned(),
            renewed_at: hour(1),
            alive_until: until,
        };
        self.run = Fact::known(run, "the ledger", hour(0));
        self
    }

    fn used(mut self, at: Timestamp) -> Self {
        self.activity = Fact::known(at, "the proxy", hour(0));
        self
    }
}

/// The request was closed at `at`.
pub(crate) fn closed(at: Timestamp) -> RequestFact {
    RequestFact::Closed { at, merged: false }
}
