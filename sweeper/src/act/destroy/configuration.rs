//! What a capsule's configuration says about providers, input variables, module calls and Terraform Cloud. Pure; values
//! are not evaluated.

use std::collections::{BTreeMap, BTreeSet};

use backend::provider_address::{ProviderAddress, ProviderSource};
use capsule::Capsule;
use hcl_edit::structure::{Block, Body};
use serde::Deserialize;
use serde_json::{Map, Value};
use terraform::cli::CliKind;

use super::literal;

/// Where Terraform notes which module is in which directory.
const MODULES_FILE: &str = ".terraform/modules/modules.json";

/// One `provider` block.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderBlock {
    /// The provider's name in its module.
    pub local_name: String,
    /// Its alias.
    pub alias: Option<String>,
    /// Its arguments, in JSON syntax; otherwise the argument that is not a literal.
    pub arguments: Result<Map<String, Value>, String>,
}

/// What one module says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModuleConfiguration {
    /// Its `provider` blocks.
    pub providers: Vec<ProviderBlock>,
    /// The names of its input variables.
    pub variables: BTreeSet<String>,
    /// Whether it has a `cloud` block.
    pub cloud: bool,
    /// Files that could not be understood; whatever stands in them is unknown.
    pub unreadable: Vec<String>,
    sources: BTreeMap<String, String>,
    calls: BTreeMap<String, String>,
}

/// The configuration of a capsule.
#[derive(Debug)]
pub struct Configuration<'a> {
    capsule: &'a Capsule,
    engine: CliKind,
}

#[derive(Deserialize)]
struct RawModules {
    #[serde(rename = "Modules")]
    modules: Vec<RawModule>,
}

#[derive(Deserialize)]
struct RawModule {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    dir: String,
}

impl<'a> Configuration<'a> {
    /// The configuration in `capsule`, as `engine` would read it.
    #[must_use]
    pub fn of(capsule: &'a Capsule, engine: CliKind) -> Self {
        Self { capsule, engine }
    }

    /// The module at `path`; `None` if the capsule does not hold it.
    #[must_use]
    pub fn module(&self, path: &[String]) -> Option<ModuleConfiguration> {
        let directory = self.directory(path)?;
        let mut module = ModuleConfiguration::default();
        let mut found = false;
        for (name, bytes) in &self.capsule.files {
            let Some(file) = file_in(name, &directory) else {
                continue;
            };
            let json = file.ends_with(".tf.json");
            if !json && !file.ends_with(".tf") && !file.ends_with(".tofu") {
                continue;
            }
            found = true;
            let before = module.providers.len();
            let understood = if json {
                module.add_json(bytes)
            } else {
                module.add_hcl(bytes)
            };
            // An override changes blocks of other files; which values then hold is not worked out here.
            if understood.is_none() || (is_override(file) && before < module.providers.len()) {
                module.unreadable.push(name.clone());
            }
        }
        found.then_some(module)
    }

    /// The block that configures `address`; `None` if its module has none, or is not in the capsule.
    #[must_use]
    pub fn provider(&self, address: &ProviderAddress) -> Option<ProviderBlock> {
        let module = self.module(&address.module)?;
        module
            .providers
            .iter()
            .find(|block| {
                block.alias == address.alias
                    && module.source(&block.local_name, self.engine).as_ref()
                        == Some(&address.source)
            })
            .cloned()
    }

    /// The directory of the module at `path`, relative to the capsule, empty for the root.
    fn directory(&self, path: &[String]) -> Option<String> {
        if path.is_empty() {
            return Some(String::new());
        }
        let noted = self
            .capsule
            .files
            .get(MODULES_FILE)
            .and_then(|bytes| serde_json::from_slice::<RawModules>(bytes).ok())
            .and_then(|raw| {
                let key = path.join(".");
                raw.modules.into_iter().find(|module| module.key == key)
            });
        if let Some(module) = noted {
            return normal(&module.dir);
        }
        let (name, parents) = path.split_last()?;
        let parent = self.directory(parents)?;
        let source = self.module(parents)?.calls.get(name)?.clone();
        // Only local modules have their directory in the source.
        (source.starts_with("./") || source.starts_with("../"))
            .then(|| normal(&format!("{parent}/{source}")))
            .flatten()
    }
}

/// `path` without `.` and `..`; `None` if it leads out of the capsule.
fn normal(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

/// The name of the file `path` if it lies directly in `directory`.
fn file_in<'p>(path: &'p str, directory: &str) -> Option<&'p str> {
    let rest = if directory.is_empty() {
        path
    } else {
        path.strip_prefix(directory)?.strip_prefix('/')?
    };
    (!rest.contains('/')).then_some(rest)
}

fn is_override(file: &str) -> bool {
    let stem = file.split('.').next().unwrap_or_default();
    stem == "override" || stem.ends_with("_override")
}

impl ModuleConfiguration {
    /// Which provider `local_name` means in this module; `None` if the configuration names none that can be.
    fn source(&self, local_name: &str, engine: CliKind) -> Option<ProviderSource> {
        let source = self.sources.get(local_name).map_or(local_name, |text| text);
        let host = engine.default_host();
        ProviderSource::parse(&match source.split('/').count() {
            1 => format!("{host}/hashicorp/{source}"),
            2 => format!("{host}/{source}"),
            _ => source.to_owned(),
        })
    }

    fn add_hcl(&mut self, bytes: &[u8]) -> Option<()> {
        let text = std::str::from_utf8(bytes).ok()?;
        let body = hcl_edit::parser::parse_body(text).ok()?;
        for block in body.blocks() {
            let label = block.labels.first().map(|label| label.as_str());
            match (block.ident.as_str(), label) {
                ("provider", Some(name)) => self.providers.push(provider_block(name, block)?),
                ("variable", Some(name)) => {
                    self.variables.insert(name.to_owned());
                }
                ("module", Some(name)) => {
                    let source = block.body.get_attribute("source");
                    if let Some(source) = source.and_then(|attribute| attribute.value.as_str()) {
                        self.calls.insert(name.to_owned(), source.to_owned());
                    }
                }
                ("terraform", None) => {
                    self.cloud |= block.body.has_blocks("cloud");
                    for required in block.body.get_blocks("required_providers") {
                        self.add_required(&required.body);
                    }
                }
                _ => {}
            }
        }
        Some(())
    }

    fn add_required(&mut self, required: &Body) {
        for attribute in required.attributes() {
            let source = attribute.value.as_object().and_then(|object| {
                object.iter().find_map(|(key, item)| {
                    let named = key.as_ident().is_some_and(|name| name.as_str() == "source");
                    named.then(|| item.expr().as_str()).flatten()
                })
            });
            if let Some(source) = source {
                self.sources
                    .insert(attribute.key.as_str().to_owned(), source.to_owned());
            }
        }
    }

    fn add_json(&mut self, bytes: &[u8]) -> Option<()> {
        let Value::Object(all) = serde_json::from_slice(bytes).ok()? else {
            return None;
        };
        for (name, block) in labelled(all.get("provider")) {
            self.providers.push(provider_json(&name, block)?);
        }
        for (name, _) in labelled(all.get("variable")) {
            self.variables.insert(name);
        }
        for (name, block) in labelled(all.get("module")) {
            if let Some(source) = block.get("source").and_then(Value::as_str) {
                self.calls.insert(name, source.to_owned());
            }
        }
        for terraform in listed(all.get("terraform")) {
            self.cloud |= terraform.get("cloud").is_some();
            for (name, required) in labelled(terraform.get("required_providers")) {
                if let Some(source) = required.get("source").and_then(Value::as_str) {
                    self.sources.insert(name, source.to_owned());
                }
            }
        }
        Some(())
    }
}

/// A `provider` block in HCL; `None` if its alias is no literal, so that it is not known which one it is.
fn provider_block(local_name: &str, block: &Block) -> Option<ProviderBlock> {
    let alias = match block.body.get_attribute("alias") {
        None => None,
        Some(attribute) => Some(attribute.value.as_str()?.to_owned()),
    };
    Some(ProviderBlock {
        local_name: local_name.to_owned(),
        alias,
        arguments: literal::arguments(&block.body),
    })
}

/// The same in JSON syntax.
fn provider_json(local_name: &str, block: &Value) -> Option<ProviderBlock> {
    let mut arguments = block.as_object()?.clone();
    let alias = match arguments.remove("alias") {
        None => None,
        Some(alias) => Some(alias.as_str()?.to_owned()),
    };
    arguments.remove("version");
    let odd = arguments
        .iter()
        .find(|(name, value)| *name == "for_each" || !literal::is_literal_json(value))
        .map(|(name, _)| name.clone());
    Some(ProviderBlock {
        local_name: local_name.to_owned(),
        alias,
        arguments: odd.map_or(Ok(arguments), Err),
    })
}

/// The blocks under `value`, which JSON syntax writes as one object or as a list of them.
fn listed(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None => Vec::new(),
        Some(Value::Array(all)) => all.iter().collect(),
        Some(one) => vec![one],
    }
}

/// The blocks under `value` with their label.
fn labelled(value: Option<&Value>) -> Vec<(String, &Value)> {
    listed(value)
        .into_iter()
        .filter_map(Value::as_object)
        .flatten()
        .flat_map(|(label, blocks)| {
            listed(Some(blocks))
                .into_iter()
                .map(|block| (label.clone(), block))
        })
        .collect()
}

#[cfg(test)]
mod tests;
