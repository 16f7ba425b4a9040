//! The native reader: the bytes of a state of format 4 become a [`StateDoc`], without Terraform.
//!
//! Over borrowed bytes; the attributes of objects are skipped, not built, but for their ids. Pure: knows no file and no backend.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use ledger::{
    fact::Marker,
    id::{EnvironmentId, Generation, LeaseId},
    inventory::{Fingerprint, ObjectIdentity},
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use super::{
    document::{Index, Instance, Mode, ObjectKey, StateDoc},
    provider_address::ProviderAddress,
    refusal::StateRefusal,
};

/// The type whose object proves that a state belongs to an environment.
const ENVIRONMENT_TYPE: &str = "ephemeral_environment";

/// The type whose object is a lease for a part.
const LEASE_TYPE: &str = "ttl_lease";

#[derive(Deserialize)]
struct RawHead {
    encrypted_data: Option<IgnoredAny>,
    version: Option<serde_json::Number>,
}

#[derive(Deserialize)]
struct RawState<'a> {
    version: u64,
    terraform_version: String,
    serial: u64,
    lineage: String,
    #[serde(borrow)]
    resources: Vec<RawResource<'a>>,
}

#[derive(Deserialize)]
struct RawResource<'a> {
    #[serde(default)]
    module: String,
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    provider: String,
    #[serde(borrow)]
    instances: Vec<RawInstance<'a>>,
}

#[derive(Deserialize)]
struct RawInstance<'a> {
    #[serde(borrow)]
    index_key: Option<&'a RawValue>,
    #[serde(default)]
    status: String,
    deposed: Option<String>,
    schema_version: u64,
    #[serde(borrow)]
    attributes: Option<&'a RawValue>,
    /// Where states keep attributes that no version since 0.12 has written.
    #[serde(borrow)]
    attributes_flat: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawId<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawMarker {
    id: String,
    generation: u64,
}

#[derive(Deserialize)]
struct RawLease {
    id: String,
}

/// Reads the bytes of a state.
///
/// # Errors
/// Why these bytes are not a state that the sweeper works with.
pub fn read(bytes: &[u8]) -> Result<StateDoc, StateRefusal> {
    if bytes.is_empty() {
        return Err(StateRefusal::ZeroLength);
    }
    // Checked once as a whole, which is faster than text by text.
    let text = std::str::from_utf8(bytes).map_err(|error| StateRefusal::NotJson {
        found: format!("it is not UTF-8, at byte {}", error.valid_up_to()),
    })?;
    let raw: RawState<'_> = match serde_json::from_str(text) {
        Ok(raw) => raw,
        Err(error) => return Err(why_not(bytes, &error)),
    };
    if raw.version != 4 {
        return Err(StateRefusal::Version {
            found: raw.version.to_string(),
        });
    }
    if raw.lineage.is_empty() {
        return Err(malformed("`lineage` is empty"));
    }
    document(raw)
}

fn malformed(found: impl Into<String>) -> StateRefusal {
    StateRefusal::Malformed {
        found: found.into(),
    }
}

/// The reason for which the whole did not parse, the most telling one first.
fn why_not(bytes: &[u8], error: &serde_json::Error) -> StateRefusal {
    let head: RawHead = match serde_json::from_slice(bytes) {
        Ok(head) => head,
        // The text of a data error may quote a value; only the place is told.
        Err(error) => {
            return StateRefusal::NotJson {
                found: place(&error),
            };
        }
    };
    if head.encrypted_data.is_some() {
        return StateRefusal::Encrypted;
    }
    match head.version {
        Some(version) if version.as_u64() == Some(4) => malformed(place(error)),
        Some(version) => StateRefusal::Version {
            found: version.to_string(),
        },
        None => StateRefusal::Version {
            found: "none".to_owned(),
        },
    }
}

fn place(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => "a field is missing or of another type",
        _ => "it cannot be parsed",
    };
    format!("{what}, at line {} column {}", error.line(), error.column())
}

fn document(raw: RawState<'_>) -> Result<StateDoc, StateRefusal> {
    let mut doc = StateDoc {
        lineage: raw.lineage,
        serial: raw.serial,
        terraform_version: raw.terraform_version,
        instances: Vec::with_capacity(raw.resources.len()),
        markers: Vec::new(),
        leases: Vec::new(),
        broken_markers: Vec::new(),
    };
    let mut providers = HashMap::new();
    for resource in raw.resources {
        let mode = match resource.mode.as_str() {
            "managed" => Mode::Managed,
            "data" => Mode::Data,
            other => return Err(malformed(format!("`{other}` is not a mode of resources"))),
        };
        let provider = shared(&mut providers, &resource.provider)?;
        for instance in &resource.instances {
            let key = ObjectKey {
                module: resource.module.clone(),
                mode,
                kind: resource.kind.clone(),
                name: resource.name.clone(),
                index: index(instance.index_key)?,
                deposed: instance.deposed.clone().filter(|key| !key.is_empty()),
            };
            note_marker(&mut doc, &key, instance.attributes);
            let fingerprint = fingerprint(&doc.lineage, &key, instance);
            doc.instances.push(Instance {
                key,
                fingerprint,
                provider: Arc::clone(&provider),
                tainted: instance.status == "tainted",
                schema_version: instance.schema_version,
            });
        }
    }
    refuse_twins(&doc)?;
    Ok(doc)
}

/// The parsed address of a provider, one copy for all objects that share it.
fn shared(
    known: &mut HashMap<String, Arc<ProviderAddress>>,
    text: &str,
) -> Result<Arc<ProviderAddress>, StateRefusal> {
    if let Some(address) = known.get(text) {
        return Ok(Arc::clone(address));
    }
    let address = ProviderAddress::parse(text)
        .map(Arc::new)
        .ok_or_else(|| malformed(format!("`{text}` is not the address of a provider")))?;
    known.insert(text.to_owned(), Arc::clone(&address));
    Ok(address)
}

fn index(raw: Option<&RawValue>) -> Result<Option<Index>, StateRefusal> {
    raw.map(|raw| {
        Index::parse(raw.get())
            .ok_or_else(|| malformed("an `index_key` is neither a whole number nor a text"))
    })
    .transpose()
}

/// The object by its id, or by all of its attributes where it has none.
fn fingerprint(lineage: &str, key: &ObjectKey, instance: &RawInstance<'_>) -> Fingerprint {
    let attributes = instance.attributes.or(instance.attributes_flat);
    let attributes = attributes.map_or("null", RawValue::get);
    let id = serde_json::from_str::<RawId<'_>>(attributes)
        .ok()
        .and_then(|raw| raw.id)
        .map(RawValue::get)
        .filter(|id| !matches!(*id, "null" | "\"\""));
    let identity = id.map_or(ObjectIdentity::Attributes(attributes), ObjectIdentity::Id);
    Fingerprint::of(lineage, &key.to_string(), identity)
}

fn note_marker(doc: &mut StateDoc, key: &ObjectKey, attributes: Option<&RawValue>) {
    // A deposed marker belongs to a life that was replaced: it proves nothing about this one.
    if key.mode != Mode::Managed || key.deposed.is_some() {
        return;
    }
    let attributes = attributes.map_or("null", RawValue::get);
    match key.kind.as_str() {
        ENVIRONMENT_TYPE => match marker(attributes) {
            Some(marker) => doc.markers.push(marker),
            None => doc.broken_markers.push(key.to_string()),
        },
        LEASE_TYPE => doc.leases.extend(lease(attributes)),
        _ => {}
    }
}

fn marker(attributes: &str) -> Option<Marker> {
    let raw: RawMarker = serde_json::from_str(attributes).ok()?;
    Some(Marker {
        id: EnvironmentId::parse(&raw.id).ok()?,
        generation: Generation::new(raw.generation)?,
    })
}

fn lease(attributes: &str) -> Option<LeaseId> {
    let raw: RawLease = serde_json::from_str(attributes).ok()?;
    LeaseId::parse(&raw.id).ok()
}

/// Two objects under one name cannot be told apart afterwards, so no evidence about them would be worth anything.
fn refuse_twins(doc: &StateDoc) -> Result<(), StateRefusal> {
    let mut keys = HashSet::with_capacity(doc.instances.len());
    match doc.instances.iter().find(|one| !keys.insert(&one.key)) {
        None => Ok(()),
        Some(twin) => Err(malformed(format!("`{}` is in it twice", twin.key))),
    }
}

#[cfg(test)]
mod tests;
