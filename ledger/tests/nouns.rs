//! The nouns: what each of them takes, what it refuses and how it says so. One file a noun.

#[path = "nouns/change_request.rs"]
mod change_request;
#[path = "nouns/environment.rs"]
mod environment;
#[path = "nouns/id.rs"]
mod id;
#[path = "nouns/identity.rs"]
mod identity;
#[path = "nouns/inventory.rs"]
mod inventory;
#[path = "nouns/lease.rs"]
mod lease;
#[path = "nouns/lifetime.rs"]
mod lifetime;
#[path = "nouns/run.rs"]
mod run;
#[path = "nouns/state_address.rs"]
mod state_address;
#[path = "nouns/tags.rs"]
mod tags;
#[path = "nouns/ttl.rs"]
mod ttl;
