//! The configuration made from the state alone: a backend, the pinned providers, and how each is configured. Pure.
//!
//! What is not in it is what breaks replays: resources, data sources, variables, functions, files.
//! It is offered if and only if every provider configuration the state names can be reconstructed; Terraform would
//! otherwise refuse with "Provider configuration not present", or act in another account.

use std::collections::{BTreeMap, BTreeSet};

use backend::{
    StateDoc,
    provider_address::{ProviderAddress, ProviderSource},
};
use capsule::Capsule;
use serde_json::{Map, Value, json};
use terraform::provider_set::ROOT_FILE;
use terraform::{cli::CliKind, lock_file};

use super::configuration::Configuration;

/// What a generated root is made from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The state.
    pub state: &'a StateDoc,
    /// What was captured beside it.
    pub capsule: Option<&'a Capsule>,
    /// The operator's provider configurations, in JSON syntax, by the address a state writes.
    pub templates: &'a BTreeMap<String, Value>,
    /// Which CLI reads it.
    pub cli: CliKind,
    /// Its `backend`: which one, and the settings that lead to the state.
    pub backend: &'a Value,
}

/// A root that can destroy the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedRoot {
    /// Files by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Providers that get everything from the environment, because nothing configures them anywhere.
    pub from_environment: BTreeSet<ProviderSource>,
}

/// How one provider configuration comes about.
struct Configured {
    address: ProviderAddress,
    arguments: Map<String, Value>,
}

/// Makes the root.
///
/// # Errors
/// Everything that stands in the way, each with what would help.
pub fn generate(sources: &Sources<'_>) -> Result<GeneratedRoot, Vec<String>> {
    let addresses: BTreeSet<&ProviderAddress> = sources
        .state
        .instances
        .iter()
        .map(|instance| &*instance.provider)
        .filter(|address| !address.source.is_builtin())
        .collect();
    let lock = sources
        .capsule
        .and_then(|capsule| capsule.files.get(lock_file::NAME));
    let pins = lock
        .and_then(|bytes| lock_file::pins(bytes))
        .unwrap_or_default();
    let mut obstacles = BTreeSet::new();
    let mut configured = Vec::new();
    let mut from_environment = BTreeSet::new();
    for address in addresses {
        if !address.source.is_ours() && !pins.contains_key(&address.source) {
            obstacles.insert(format!(
                "no version of `{}` is pinned; keep `{}` beside the configuration, and commit it",
                address.source,
                lock_file::NAME
            ));
        }
        match arguments(sources, address) {
            Ok(Some(arguments)) => configured.push(Configured {
                address: address.clone(),
                arguments,
            }),
            Ok(None) => {
                from_environment.insert(address.source.clone());
                configured.push(Configured {
                    address: address.clone(),
                    arguments: Map::new(),
                });
            }
            Err(obstacle) => {
                obstacles.insert(obstacle);
            }
        }
    }
    if !obstacles.is_empty() {
        return Err(obstacles.into_iter().collect());
    }
    let mut files = BTreeMap::new();
    add_module(&mut files, &[], &configured, &pins, Some(sources.backend));
    if let Some(lock) = lock {
        files.insert(lock_file::NAME.to_owned(), lock.clone());
    }
    Ok(GeneratedRoot {
        files,
        from_environment,
    })
}

/// The arguments for `address`; `Ok(None)` if nothing configures it anywhere and the environment alone does.
fn arguments(
    sources: &Sources<'_>,
    address: &ProviderAddress,
) -> Result<Option<Map<String, Value>>, String> {
    // The environment says which ledger and which claim: the sweeper's, whatever the configuration said.
    if address.source.is_ours() {
        return Ok(Some(Map::new()));
    }
    let help = |found: String| {
        format!(
            "{found}; write its arguments under `[provider_templates.\"{}\"]` in the sweeper's configuration",
            address.setting()
        )
    };
    let block = match sources.capsule {
        None => None,
        Some(capsule) => {
            let configuration = Configuration::of(capsule, sources.cli);
            let unreadable = configuration
                .module(&address.module)
                .map(|module| module.unreadable)
                .unwrap_or_default();
            match unreadable.first() {
                None => configuration.provider(address).map(|block| block.arguments),
                Some(file) => Some(Err(format!("something in `{file}`"))),
            }
        }
    };
    if let Some(Ok(arguments)) = block {
        return Ok(Some(arguments));
    }
    if let Some(template) = sources.templates.get(&address.setting()) {
        let template = template.as_object().cloned();
        return template
            .map(Some)
            .ok_or_else(|| format!("the template for `{address}` is not an object"));
    }
    match block {
        Some(Err(argument)) => Err(help(format!(
            "the configuration of `{address}` depends on more than literals ({argument})"
        ))),
        // Without the configuration it is not known that nothing configures it.
        None if sources.capsule.is_some() && address.is_default() => Ok(None),
        _ => Err(help(format!("no configuration of `{address}` was found"))),
    }
}

/// Adds the module at `path`, and below it every module that configures a provider.
fn add_module(
    files: &mut BTreeMap<String, Vec<u8>>,
    path: &[String],
    configured: &[Configured],
    pins: &BTreeMap<ProviderSource, String>,
    backend: Option<&Value>,
) {
    let names = local_names(path, configured);
    let mut required = Map::new();
    for (source, name) in &names {
        let mut entry = json!({"source": source.to_string()});
        if let Some(version) = pins.get(source) {
            entry["version"] = json!(version);
        }
        required.insert(name.clone(), entry);
    }
    let mut providers: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for one in configured.iter().filter(|one| one.address.module == path) {
        let mut block = one.arguments.clone();
        if let Some(alias) = &one.address.alias {
            block.insert("alias".to_owned(), json!(alias));
        }
        if let Some(name) = names.get(&one.address.source) {
            providers
                .entry(name)
                .or_default()
                .push(Value::Object(block));
        }
    }
    let mut modules = Map::new();
    for child in children(path, configured) {
        modules.insert(child.clone(), json!({"source": format!("./m_{child}")}));
        let below: Vec<String> = path.iter().cloned().chain([child]).collect();
        add_module(files, &below, configured, pins, None);
    }
    let mut terraform = Map::new();
    if let Some(backend) = backend {
        terraform.insert("backend".to_owned(), backend.clone());
    }
    terraform.insert("required_providers".to_owned(), Value::Object(required));
    let mut root = Map::new();
    root.insert("terraform".to_owned(), Value::Object(terraform));
    // Terraform does not take an empty list of blocks for "none" everywhere; what is empty is left out.
    if !providers.is_empty() {
        root.insert("provider".to_owned(), json!(providers));
    }
    if !modules.is_empty() {
        root.insert("module".to_owned(), Value::Object(modules));
    }
    let directory: String = path.iter().map(|name| format!("m_{name}/")).collect();
    files.insert(
        format!("{directory}{ROOT_FILE}"),
        Value::Object(root).to_string().into_bytes(),
    );
}

/// A name of its own for every provider the module at `path` configures.
fn local_names(path: &[String], configured: &[Configured]) -> BTreeMap<ProviderSource, String> {
    let mut names: BTreeMap<ProviderSource, String> = BTreeMap::new();
    for one in configured.iter().filter(|one| one.address.module == path) {
        let source = &one.address.source;
        if names.contains_key(source) {
            continue;
        }
        let taken: BTreeSet<&String> = names.values().collect();
        let plain = source.kind.clone();
        let numbered = (2..).map(|number| format!("{}_{number}", source.kind));
        let name = std::iter::once(plain)
            .chain(numbered)
            .find(|name| !taken.contains(name));
        if let Some(name) = name {
            names.insert(source.clone(), name);
        }
    }
    names
}

/// The modules called by the one at `path` that lead to a configured provider.
fn children(path: &[String], configured: &[Configured]) -> BTreeSet<String> {
    configured
        .iter()
        .filter(|one| one.address.module.starts_with(path))
        .filter_map(|one| one.address.module.get(path.len()).cloned())
        .collect()
}

#[cfg(test)]
mod tests;
