//! Any record and any event, as far as their types allow.

use ledger::{
    book::{Record, contract::sample},
    chain::link,
    change_request::{ChangeRequest, Forge},
    clock::{Timestamp, from_millis},
    environment::{
        Capture, Environment, Evidence, Hold, Lifecycle, OnExpiry, Stuck, Teardown, TeardownStep,
    },
    event::{ChainedEvent, Event, EventKind, Subject},
    id::{EnvironmentId, Fence},
    identity::{Identity, Standing},
    lease::{Lease, LeaseRelease},
    lifetime::Lifetime,
    run::{Run, RunEnd},
    scope::Scope,
    state_address::StateAddress,
    tags::TagPrefix,
    ttl::Ttl,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,6}", "\\PC{0,6}", Just("\u{0}\"\\\n".to_owned())]
}

fn map() -> impl Strategy<Value = std::collections::BTreeMap<String, String>> {
    proptest::collection::btree_map(text(), text(), 0..4)
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (-4_000_000_000_000..4_000_000_000_000_i64)
        .prop_map(|millis| from_millis(millis).expect("in range"))
}

fn duration() -> impl Strategy<Value = Ttl> {
    let spellings = [
        "72h",
        "72  hours",
        "PT72H",
        "3d",
        "1h30m",
        "90 minutes",
        "1w",
        "86400s",
    ];
    select(spellings.to_vec()).prop_map(|spelling| Ttl::parse(spelling).expect("a duration"))
}

fn identity() -> impl Strategy<Value = Identity> {
    let standing = prop_oneof![Just(Standing::Claimed), Just(Standing::Verified)];
    (text(), text(), standing).prop_map(|(issuer, subject, standing)| Identity {
        issuer,
        subject,
        standing,
    })
}

fn lifetime() -> impl Strategy<Value = Lifetime> {
    (duration(), duration(), duration(), duration(), duration()).prop_map(
        |(ttl, max, idle, hibernate_after, grace)| Lifetime {
            ttl,
            max,
            idle,
            hibernate_after,
            grace,
        },
    )
}

fn teardown() -> impl Strategy<Value = Lifecycle> {
    let step = select(TeardownStep::ALL.to_vec());
    let place = (text(), option::of(text()), option::of(any::<i32>()));
    let counts = (any::<u64>(), any::<u64>(), option::of(text()));
    (text(), counts, instant(), step, place).prop_map(
        |(
            operation,
            (fence, instances, inventory),
            since,
            step,
            (host, work_dir, process_group),
        )| {
            Lifecycle::Destroying(Teardown {
                operation,
                fence: Fence(fence),
                since,
                step,
                instances,
                inventory,
                host,
                work_dir,
                process_group,
            })
        },
    )
}

fn stuck() -> impl Strategy<Value = Lifecycle> {
    let left = (option::of(any::<u64>()), option::of(text()));
    (instant(), any::<u32>(), left, text(), text(), instant()).prop_map(
        |(since, passes, (instances, inventory), reason, remedy, retry_at)| {
            Lifecycle::Stuck(Stuck {
                since,
                passes,
                instances,
                inventory,
                reason,
                remedy,
                retry_at,
            })
        },
    )
}

fn destroyed() -> impl Strategy<Value = Lifecycle> {
    let serials = (any::<u64>(), any::<u64>());
    let deleted = vec(text(), 0..3);
    (
        instant(),
        text(),
        serials,
        deleted,
        text(),
        option::of(text()),
    )
        .prop_map(
            |(at, lineage, (serial_before, serial_after), deleted, strategy, events_sha256)| {
                Lifecycle::Destroyed {
                    at,
                    evidence: Evidence {
                        lineage,
                        serial_before,
                        serial_after,
                        deleted,
                        strategy,
                        events_sha256,
                    },
                }
            },
        )
}

fn lifecycle() -> BoxedStrategy<Lifecycle> {
    let released = (instant(), identity(), text())
        .prop_map(|(at, by, reason)| Lifecycle::Released { at, by, reason });
    prop_oneof![
        Just(Lifecycle::Living),
        teardown(),
        stuck(),
        destroyed(),
        released,
    ]
    .boxed()
}

fn hold() -> impl Strategy<Value = Hold> {
    (identity(), text(), instant(), option::of(instant())).prop_map(|(by, reason, since, until)| {
        Hold {
            by,
            reason,
            since,
            until,
        }
    })
}

fn capture() -> impl Strategy<Value = Capture> {
    let lists = (vec(text(), 0..3), vec(text(), 0..3), vec(text(), 0..3));
    (option::of(text()), instant(), text(), lists).prop_map(
        |(capsule, at, cli, (prevent_destroy, destroy_provisioners, gaps))| Capture {
            capsule,
            at,
            cli,
            prevent_destroy,
            destroy_provisioners,
            gaps,
        },
    )
}

fn change_request() -> impl Strategy<Value = ChangeRequest> {
    (select(Forge::ALL.to_vec()), text(), any::<u64>()).prop_map(|(forge, repository, number)| {
        ChangeRequest {
            forge,
            repository,
            number,
        }
    })
}

fn state() -> impl Strategy<Value = StateAddress> {
    (text(), map(), text())
        .prop_map(|(backend, settings, workspace)| StateAddress::new(backend, settings, workspace))
}

fn environment() -> impl Strategy<Value = Environment> {
    let names = (
        "[a-z0-9]{1,9}",
        "[a-z][a-z0-9]{0,9}",
        1..=u64::MAX,
        "[a-zé-]{0,9}",
    );
    let people = (text(), option::of(text()), option::of(text()), identity());
    let declared = (lifetime(), map(), any::<bool>(), any::<bool>());
    let places = (
        option::of(change_request()),
        option::of(state()),
        option::of(capture()),
    );
    let times = (
        instant(),
        instant(),
        option::of(instant()),
        option::of(instant()),
    );
    let fate = (option::of(hold()), option::of(text()), lifecycle());
    (names, people, declared, places, times, fate).prop_map(
        |(names, people, declared, places, times, fate)| Environment {
            tag_prefix: TagPrefix::parse(&names.3, &[]).expect("any prefix"),
            owner: people.0,
            team: people.1,
            project: people.2,
            created_by: people.3,
            lifetime: declared.0,
            tags: declared.1,
            on_expiry: if declared.2 {
                OnExpiry::Review
            } else {
                OnExpiry::Destroy
            },
            running: declared.3,
            change_request: places.0,
            state: places.1,
            capture: places.2,
            created_at: times.0,
            renewed_at: times.1,
            extended_until: times.2,
            marker_seen_at: times.3,
            hold: fate.0,
            lineage: fate.1,
            lifecycle: fate.2,
            ..sample::environment(&names.0, &names.1, names.2)
        },
    )
}

fn lease() -> impl Strategy<Value = Lease> {
    let release = (instant(), identity(), text()).prop_map(|(at, by, reason)| LeaseRelease {
        at,
        by,
        reason,
    });
    let words = (option::of(text()), text(), vec(text(), 0..3), identity());
    let spans = (duration(), option::of(duration()));
    let times = (instant(), instant(), option::of(instant()));
    (
        "[a-z0-9]{1,9}",
        words,
        spans,
        times,
        any::<u64>(),
        option::of(release),
    )
        .prop_map(|(id, words, spans, times, fencing_token, released)| Lease {
            environment: words.0,
            holder: words.1,
            targets: words.2,
            created_by: words.3,
            ttl: spans.0,
            max_ttl: spans.1,
            created_at: times.0,
            renewed_at: times.1,
            extended_until: times.2,
            fencing_token,
            released,
            ..sample::lease(&id, false)
        })
}

fn scope() -> impl Strategy<Value = Scope> {
    let due = proptest::collection::btree_set("env-[a-z0-9]{1,9}", 0..4);
    ("[a-z]{1,9}", instant(), instant(), due, any::<u64>()).prop_map(
        |(name, first_swept_at, last_swept_at, due, last_fleet)| Scope {
            first_swept_at,
            last_swept_at,
            last_due: due
                .iter()
                .map(|id| EnvironmentId::parse(id).expect("a right id"))
                .collect(),
            last_fleet,
            ..sample::scope(&name)
        },
    )
}

fn run() -> impl Strategy<Value = Run> {
    let closed = instant().prop_map(|at| RunEnd::Closed { at });
    let died = (instant(), instant()).prop_map(|(at, noted_at)| RunEnd::Died { at, noted_at });
    let end = option::of(prop_oneof![closed, died]);
    let words = (text(), option::of(text()), option::of(text()), text());
    let of_ci = (option::of(text()), map(), option::of(any::<u64>()));
    let place = option::of(state());
    let times = (instant(), instant(), option::of(instant()));
    let who = (identity(), duration(), any::<bool>());
    ("[a-z0-9]{1,9}", words, of_ci, place, times, who, end).prop_map(
        |(id, words, of_ci, state, times, (opened_by, ttl, superseded), end)| Run {
            token_sha256: words.0,
            environment: words.1,
            command: words.2,
            host: words.3,
            ci_job: of_ci.0,
            labels: of_ci.1,
            fence: of_ci.2.map(Fence),
            state,
            opened_at: times.0,
            renewed_at: times.1,
            interrupted_at: times.2,
            opened_by,
            ttl,
            superseded,
            end,
            ..sample::run(&id, false)
        },
    )
}

/// Any record.
pub(crate) fn record() -> impl Strategy<Value = Record> {
    prop_oneof![
        4 => environment().prop_map(Record::Environment).boxed(),
        1 => lease().prop_map(Record::Lease).boxed(),
        1 => scope().prop_map(Record::Scope).boxed(),
        1 => run().prop_map(Record::Run).boxed(),
    ]
}

/// Any event in any place, its hashes any text.
pub(crate) fn chained_event() -> impl Strategy<Value = ChainedEvent> {
    let event = (
        select(EventKind::ALL),
        instant(),
        identity(),
        option::of(text()),
        map(),
    )
        .prop_map(|(kind, at, by, operation, detail)| Event {
            kind,
            at,
            by,
            operation,
            detail,
        });
    let subject = "(env-|lease-|run-|scope:)[a-z][a-z0-9]{0,9}"
        .prop_map(|text| Subject::parse(&text).expect("a subject"));
    (subject, 0..u64::MAX, event, text(), text()).prop_map(
        |(subject, before, event, prev_hash, hash)| ChainedEvent {
            hash,
            ..link(&subject, Some((before, &prev_hash)), event)
        },
    )
}
