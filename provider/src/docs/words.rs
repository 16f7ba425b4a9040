//! The texts around the schemas: the callouts of each page, and the glossary. Words only.

use super::kind::Kind;

/// After the description of the front page.
pub(super) const INDEX: &str = "\
-> The provider only records. It creates and destroys nothing outside its ledger; the `sweeper`, a separate program, reads \
the same ledger and destroys what is over. Without a sweeper that runs on a schedule, nothing ends by itself.

~> By default the ledger is a file in the home directory of the user who runs Terraform. In CI that file is discarded with the job, and the provider warns of it: configure a ledger on a disk that outlives the job, with `ledger` or `EPHEMERAL_LEDGER`.

Terraform 1.8 or newer, or OpenTofu 1.8 or newer, is needed.";

/// At the end of the front page.
pub(super) const GLOSSARY: &str = "\
## Glossary

| Word | Here it means |
|---|---|
| environment | One whole Terraform state with an owner and a lifetime. `ephemeral_environment` declares it. |
| lease | A lifetime for a part of a state that lives on. `ttl_lease` declares it. |
| ephemeral | The name of this provider. It has nothing to do with Terraform's own `ephemeral` blocks, which keep values out of the state, although it serves one: `ephemeral \"ttl_lease\"`. |
| run | One execution of Terraform that holds an `ephemeral \"ttl_lease\"`. It is alive, closed or dead. |
| sweeper | The program that destroys what is over. It is no test sweeper, which removes what the acceptance tests of a provider left behind. |
| ledger | The durable store of environments, leases, runs, events and capsules. It is not the state, and not a registry. |
| marker | The `ephemeral_environment` inside a state, which proves the owner of the state. A sweeper destroys no state without the marker its record names. |
| capsule | The stored copy of the configuration of the last apply, for a destroy that needs more than the state. It holds no variable values. |
| phase | The status of an environment, derived from its record and the time, never stored. |
| generation | The number of an environment among all environments with its name. |
| renewal | A change of `triggers`: `ttl` counts from then. |
| hard end | Creation and `max`: no renewal and no extension passes it. |
| grace | The time between expiry and destruction, in which an extension still saves it. |
| hold | The decision of a person, given with `sweeper hold`, that the sweeper must keep an environment. |";

/// After the description of a type's page; empty where nothing has to be said.
pub(super) fn of(kind: Kind, name: &str) -> &'static str {
    match (kind, name) {
        (Kind::Resource, "ephemeral_environment") => {
            "\
~> One state has one `ephemeral_environment`. A state that holds two of them is never swept, because it is not clear which one governs it.

-> A `moved` block or a changed `provider` takes an environment from one of the provider's two addresses to the other. It is the \
same life, with the same id; only the capsule is kept anew, as after every change of the configuration.

-> An extension granted with `sweeper extend` moves `expires_at` without a diff in the next plan. A changed `triggers` \
renews: the time to live counts from then, up to the hard end.

-> The plan warns `Destroy Will Be Resisted` with each address that has `prevent_destroy`, and each destroy-time provisioner that no \
capsule covers. It reads the configuration of all modules and evaluates nothing. For `prevent_destroy` the sweeper keeps the whole \
environment, also where the resource or its module is switched off; a file that cannot be read counts as such a protection. The \
plan does not warn of a provider's own protections, such as `deletion_protection`.

-> In this version the sweeper destroys states in the `local` backend. Environments in other backends are recorded and \
listed, and the sweeper says of each that it cannot see its state. `idle`, `hibernate_after` and `pull_request` are \
recorded; of use only runs with a run lease are seen, and no forge is asked yet."
        }
        (Kind::EphemeralResource, "ttl_lease") => {
            "\
-> The lease is opened under the provider's name `ttl`, and its token is given to the provider under its name `ephemeral`. One \
provider whose configuration needs what it opens itself would be a cycle. Both have to use one ledger.

~> Terraform closes an ephemeral resource as soon as nothing needs it any more. The token keeps it open until the last resource \
of the provider that takes it is done, with all that depends on it: let what takes long depend on the environment. Or give it to the last thing of the \
configuration, as the write-only `run_token` of a `ttl_lease`; one address is then enough.

-> A run whose renewal is missed for its whole `ttl` is dead, and nothing keeps its environment any more. A lease that was closed \
says neither that the run goes on nor that it is over. The guide `live-runs` has the rest."
        }
        (Kind::DataSource, "ephemeral_environment") => {
            "\
-> The data source reads when Terraform plans, or in the apply if `id` is known only then. To read what the same configuration \
creates, refer to the resource's `id`: a `name` is known too early.

~> `phase`, `running` and `hold` are those of the moment. What is made to depend on them changes with the next plan, without a \
change of the configuration."
        }
        (Kind::DataSource, "ephemeral_environments") => {
            "\
-> A missing ledger is an error, not an empty list. In the configuration that \
creates the first environment of a ledger, add `depends_on = [ephemeral_environment.this]`.

~> The answer is that of the moment. What is made for each of its elements is destroyed when an environment has ended, or when \
its phase has changed under a filter by phase."
        }
        (Kind::DataSource, "ephemeral_lease") => {
            "\
-> The type begins with `ephemeral_`, so it belongs to the provider `ephemeral`, although the resource is called `ttl_lease`. Both \
have to use one ledger.

-> With `environment`, an active lease comes before lapsed ones; if several fit nevertheless, that is an error with their ids."
        }
        (Kind::Resource, "ttl_lease") => {
            "\
-> The type begins with `ttl_`, so Terraform looks for a provider of the local name `ttl`: require it with the source \
`ephemeral-environments/ttl`, as below. It is the same program as `ephemeral-environments/ephemeral`, and each of the two \
serves every type. Where a configuration requires `ephemeral` anyway, `provider = ephemeral` in the lease does as well. A \
changed `provider`, or a `moved` block, takes a lease from one to the other, and its record stays as it was.

!> Where a configuration has both provider blocks, give both the same `ledger`, or set `EPHEMERAL_LEDGER` for both. Never \
require one source under two local names: Terraform then configures it from one of the two blocks, and which one is chance.

-> A lapsed lease changes nothing by itself: the next plan reads `active` as `false`, and what is gated on it goes with the \
next apply."
        }
        _ => "",
    }
}

/// At the end of a resource's page; empty where nothing has to be said.
pub(super) fn after_import(name: &str) -> &'static str {
    match name {
        "ephemeral_environment" => {
            "The first plan after an import shows an update in place: `configuration`, the digest of what is kept for the \
             destroy, is no part of the ledger, so the first apply keeps the configuration anew.\n\
             Nor is `triggers`: if the configuration sets it, that apply renews too, and without it the expiry stays as it is."
        }
        "ttl_lease" => {
            "The ledger does not hold `triggers`, so they are not imported: if the configuration sets them, the first apply \
             after an import renews."
        }
        _ => "",
    }
}
