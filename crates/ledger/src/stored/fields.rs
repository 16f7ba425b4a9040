//! How single members are written: names and durations as their text, words in kebab case, and the small objects that
//! several records have. Knows no whole record.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    event::Subject,
    id::{EnvironmentId, EnvironmentName, Fence, Generation, LeaseId, RunId, ScopeName},
    identity::{Identity, Standing},
    state_address::StateAddress,
    tags::TagPrefix,
    ttl::Ttl,
};

/// A module for `#[serde(with)]`: a `$core` is written as the `$stored` that `$write` makes of it, and read by `$read`.
macro_rules! field {
    ($module:ident: $core:ty as $stored:ty, $write:expr, $read:expr) => {
        pub(super) mod $module {
            use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

            use super::*;

            pub(in crate::stored) fn serialize<S: Serializer>(
                core: &$core,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                let write: fn(&$core) -> $stored = $write;
                write(core).serialize(serializer)
            }

            pub(in crate::stored) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<$core, D::Error> {
                let read: fn($stored) -> Result<$core, String> = $read;
                read(<$stored>::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }
    };
}

/// A module for `#[serde(with)]`: a `$core` as `$form` says, or `null`.
macro_rules! optional {
    ($module:ident: $core:ty as $form:literal) => {
        pub(super) mod $module {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            use super::*;

            #[derive(Serialize)]
            struct Written<'a>(#[serde(with = $form)] &'a $core);

            #[derive(Deserialize)]
            struct Read(#[serde(with = $form)] $core);

            pub(in crate::stored) fn serialize<S: Serializer>(
                core: &Option<$core>,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                core.as_ref().map(Written).serialize(serializer)
            }

            pub(in crate::stored) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<$core>, D::Error> {
                let read = Option::<Read>::deserialize(deserializer)?;
                Ok(read.map(|Read(core)| core))
            }
        }
    };
}
pub(super) use optional;

field!(environment_id: EnvironmentId as String, |id| id.as_str().to_owned(), |text| {
    EnvironmentId::parse(&text).map_err(|error| error.to_string())
});
field!(environment_ids: BTreeSet<EnvironmentId> as BTreeSet<String>, |ids| {
    ids.iter().map(|id| id.as_str().to_owned()).collect()
}, |ids| {
    let ids = ids.iter().map(|id| EnvironmentId::parse(id));
    ids.collect::<Result<_, _>>().map_err(|error| error.to_string())
});
field!(environment_name: EnvironmentName as String, |name| name.as_str().to_owned(), |text| {
    EnvironmentName::parse(&text).map_err(|error| error.to_string())
});
field!(lease_id: LeaseId as String, |id| id.as_str().to_owned(), |text| {
    LeaseId::parse(&text).map_err(|error| error.to_string())
});
field!(run_id: RunId as String, |id| id.as_str().to_owned(), |text| {
    RunId::parse(&text).map_err(|error| error.to_string())
});
field!(scope_name: ScopeName as String, |name| name.as_str().to_owned(), |text| {
    ScopeName::parse(&text).map_err(|error| error.to_string())
});
field!(generation: Generation as u64, |generation| generation.get(), |count| {
    Generation::new(count).ok_or_else(|| "generations are counted from 1".to_owned())
});
// Which clouds' rules the prefix had to keep was checked when it was configured.
field!(tag_prefix: TagPrefix as String, |prefix| prefix.as_str().to_owned(), |text| {
    TagPrefix::parse(&text, &[]).map_err(|error| error.to_string())
});
field!(ttl: Ttl as String, |ttl| ttl.spelling().to_owned(), |spelling| {
    Ttl::parse(&spelling).map_err(|error| error.to_string())
});
field!(subject: Subject as String, |subject| subject.to_string(), |text| {
    let subject = Subject::parse(&text);
    subject.ok_or_else(|| format!("`{text}` is not a subject; for example `scope:default`"))
});

optional!(ttl_if_any: Ttl as "ttl");
optional!(fence_if_any: Fence as "FenceV1");
optional!(state_if_any: StateAddress as "StateAddressV1");

#[derive(Serialize, Deserialize)]
#[serde(remote = "Fence")]
pub(super) struct FenceV1(u64);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Identity")]
pub(super) struct IdentityV1 {
    issuer: String,
    subject: String,
    #[serde(with = "StandingV1")]
    standing: Standing,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Standing", rename_all = "kebab-case")]
enum StandingV1 {
    Claimed,
    Verified,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "StateAddress")]
pub(super) struct StateAddressV1 {
    backend: String,
    settings: BTreeMap<String, String>,
    workspace: String,
}
