//! What the state holds that will resist a destroy, as far as it lies in a file of this host: the configuration does not
//! say what a value that had to be computed came to.
//!
//! Advice only: whatever is odd about the file is passed over. No attribute leaves this file but by the name of the rule
//! that it meets.

use std::{borrow::Cow, collections::BTreeMap, path::Path};

use serde::Deserialize;
use serde_json::{Value as Json, value::RawValue};

use crate::{
    files,
    literal::{Arguments, Attributes},
    obstacle::{Obstacle, Rule, Verdict, has_rules, judge},
    scope::Settled,
    survey::Survey,
};

/// The most bytes of a state that are looked at. A state in a local file has some MB, and Terraform itself takes seconds for
/// one of this size.
const MOST_BYTES: u64 = 64 << 20;

#[derive(Deserialize)]
struct State<'a> {
    version: u64,
    #[serde(borrow)]
    resources: Vec<Resource<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow, default)]
    module: Cow<'a, str>,
    #[serde(borrow)]
    mode: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    /// Understood only where a rule asks.
    #[serde(borrow)]
    instances: &'a RawValue,
}

#[derive(Deserialize)]
struct Instance {
    index_key: Option<Json>,
    deposed: Option<String>,
    #[serde(default)]
    attributes: Json,
}

/// What resists in the state in `file`, beside what `survey` has found in the configuration.
#[must_use]
pub(crate) fn held(file: &Path, survey: &Survey) -> Vec<Obstacle> {
    let bytes = match files::bounded(file, MOST_BYTES) {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::debug!(kind = %error.kind(), "the state is not looked at for what resists");
            return Vec::new();
        }
    };
    let state: State<'_> = match serde_json::from_slice(&bytes) {
        Ok(state) => state,
        // The text of the error may quote a value.
        Err(_) => {
            tracing::debug!(
                "the state cannot be understood, and is not looked at for what resists"
            );
            return Vec::new();
        }
    };
    if state.version != 4 {
        tracing::debug!(version = state.version, "the state has another format");
        return Vec::new();
    }
    let managed = state.resources.iter().filter(|one| one.mode == "managed");
    managed.flat_map(|one| of_resource(one, survey)).collect()
}

fn of_resource(resource: &Resource<'_>, survey: &Survey) -> Vec<Obstacle> {
    let kind = &*resource.kind;
    if !has_rules(kind) {
        return Vec::new();
    }
    let address = |module: &str| match module {
        "" => format!("{kind}.{}", resource.name),
        module => format!("{module}.{kind}.{}", resource.name),
    };
    let configured = address(&without_keys(&resource.module));
    let written = address(&resource.module);
    let Ok(instances) = serde_json::from_str::<Vec<Instance>>(resource.instances.get()) else {
        return Vec::new();
    };
    let mut resisting: BTreeMap<usize, (&Rule, Vec<String>)> = BTreeMap::new();
    for instance in instances {
        let index = instance.index_key.as_ref();
        let key = index.map(|key| format!("[{key}]")).unwrap_or_default();
        let keyed = format!("{written}{key}");
        // A deposed object is destroyed as it is, whatever the configuration says.
        let is_deposed = instance.deposed.is_some();
        let departs = [&keyed, &format!("{configured}{key}")];
        if !is_deposed && departs.iter().any(|one| is_departed(one, survey)) {
            continue;
        }
        let attributes = Attributes(instance.attributes);
        let look = |arguments: &dyn Arguments, path: &[&str]| Settled {
            seen: arguments.look(path),
            by: None,
        };
        for (at, (rule, verdict)) in judge(kind, &attributes, look).enumerate() {
            let is_settled = || survey.settled.contains(&(configured.clone(), rule.path));
            if matches!(verdict, Verdict::Resists(_)) && (is_deposed || !is_settled()) {
                let deposed = if is_deposed { " (deposed)" } else { "" };
                let (_, all) = resisting.entry(at).or_insert((rule, Vec::new()));
                all.push(format!("{keyed}{deposed}"));
            }
        }
    }
    let obstacles = resisting.into_values().map(|(rule, all)| {
        let found = format!("`{}` as it is in the state", rule.path);
        match &all[..] {
            [one] => Obstacle::by_rule(rule, one, found),
            all => {
                let address = format!("{written} ({} instances)", all.len());
                Obstacle::by_rule(rule, &address, found)
            }
        }
    });
    obstacles.collect()
}

/// Whether the configuration moves or removes `address`, or what it is in.
fn is_departed(address: &str, survey: &Survey) -> bool {
    survey.departed.iter().any(|from| {
        address
            .strip_prefix(from.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

/// `module.a.module.b` of `module.a["x.y"].module.b[0]`.
fn without_keys(module: &str) -> String {
    let mut kept = String::new();
    let (mut in_key, mut in_text, mut escaped) = (false, false, false);
    for letter in module.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' if in_key => in_text = !in_text,
            '[' if !in_text => in_key = true,
            ']' if !in_text => in_key = false,
            _ if !in_key => kept.push(letter),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests;
