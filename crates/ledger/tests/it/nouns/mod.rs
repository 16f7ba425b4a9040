//! The nouns: what each of them takes, what it refuses and how it says so. One file a noun.

mod change_request;
mod environment;
mod id;
mod identity;
mod inventory;
mod lease;
mod lifetime;
mod run;
mod state_address;
mod tags;
mod ttl;
