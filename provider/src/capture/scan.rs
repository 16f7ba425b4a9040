//! What a configuration says about its own destruction: `prevent_destroy`, provisioners that run at destroy, and what
//! `obstacle` knows of.
//!
//! The state holds not all of it. Reads text, knows no files; never writes configuration.

use hcl_edit::{
    expr::Expression,
    structure::{Block, Body},
};
use serde_json::Value as Json;

use super::{
    literal::{Arguments, Seen},
    obstacle::{Obstacle, is_switched_off, of_resource},
};

/// What one file says.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Findings {
    /// Addresses whose `prevent_destroy` is true.
    pub prevent_destroy: Vec<String>,
    /// Addresses with provisioners that run at destroy.
    pub destroy_provisioners: Vec<String>,
    /// What will resist a destroy, each of `prevent_destroy` among it.
    pub obstacles: Vec<Obstacle>,
    /// What stands before the addresses of each module that is literally switched off.
    pub absent_modules: Vec<String>,
}

impl Findings {
    /// One list for the sweeper, which keeps what is on it, and for the warning, which says so before.
    fn protects(&mut self, address: &str, arguments: &impl Arguments) {
        let literally = arguments.look(&["lifecycle", "prevent_destroy"]) == Seen::Bool(true);
        self.prevent_destroy.push(address.to_owned());
        self.obstacles.push(Obstacle::prevented(address, literally));
    }
}

/// What stands before the addresses of a module: `module.a.module.b.` for the key `a.b`, nothing for the root.
#[must_use]
pub fn prefix(module_key: &str) -> String {
    module_key
        .split('.')
        .filter(|name| !name.is_empty())
        .map(|name| format!("module.{name}."))
        .collect()
}

/// Reads the file at `path` with `content`.
///
/// # Errors
/// Why it cannot be understood. What it says is then unknown.
pub fn scan(prefix: &str, path: &str, content: &[u8]) -> Result<Findings, String> {
    let mut findings = Findings::default();
    let text = std::str::from_utf8(content)
        .map_err(|error| format!("{path} could not be understood: {error}"))?;
    // Terraform ignores a byte order mark, and so do we.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if path.ends_with(".json") {
        let json: Json = serde_json::from_str(text)
            .map_err(|error| format!("{path} could not be understood: {error}"))?;
        scan_json(prefix, &json, &mut findings);
        return Ok(findings);
    }
    let body: Body = hcl_edit::parser::parse_body(text).map_err(|error| {
        let place = error.location();
        format!(
            "{path} could not be understood at line {}, column {}",
            place.line(),
            place.column()
        )
    })?;
    for block in body.get_blocks("resource") {
        scan_block(prefix, block, &mut findings);
    }
    for block in body.get_blocks("module") {
        if let [name] = block.labels.as_slice()
            && is_switched_off(&block.body)
        {
            let absent = format!("{prefix}module.{}.", name.as_str());
            findings.absent_modules.push(absent);
        }
    }
    Ok(findings)
}

fn scan_block(prefix: &str, resource: &Block, findings: &mut Findings) {
    let [kind, name] = resource.labels.as_slice() else {
        return;
    };
    let address = format!("{prefix}{}.{}", kind.as_str(), name.as_str());
    findings
        .obstacles
        .extend(of_resource(kind.as_str(), &address, &resource.body));
    let prevented = resource.body.get_blocks("lifecycle").any(|lifecycle| {
        lifecycle
            .body
            .get_attribute("prevent_destroy")
            // Terraform takes only a literal here. Anything else is read as protection, not as none.
            .is_some_and(|attribute| attribute.value.as_bool() != Some(false))
    });
    if prevented {
        findings.protects(&address, &resource.body);
    }
    let at_destroy = resource.body.get_blocks("provisioner").any(|provisioner| {
        provisioner
            .body
            .get_attribute("when")
            .is_some_and(|when| is_destroy(&when.value))
    });
    if at_destroy {
        findings.destroy_provisioners.push(address);
    }
}

fn is_destroy(when: &Expression) -> bool {
    when.as_variable()
        .is_some_and(|word| word.as_str() == "destroy")
        || when.as_str() == Some("destroy")
}

/// JSON configuration nests labels as objects, and lets one object stand for a list of one.
fn scan_json(prefix: &str, json: &Json, findings: &mut Findings) {
    for modules in many(json.get("module")) {
        for (name, bodies) in modules.as_object().into_iter().flatten() {
            if many(Some(bodies)).any(is_switched_off) {
                findings
                    .absent_modules
                    .push(format!("{prefix}module.{name}."));
            }
        }
    }
    for resources in many(json.get("resource")) {
        let Some(kinds) = resources.as_object() else {
            continue;
        };
        for (kind, named) in kinds {
            for named in many(Some(named)) {
                for (name, bodies) in named.as_object().into_iter().flatten() {
                    let address = format!("{prefix}{kind}.{name}");
                    for body in many(Some(bodies)) {
                        scan_json_body(kind, &address, body, findings);
                    }
                }
            }
        }
    }
}

fn scan_json_body(kind: &str, address: &str, body: &Json, findings: &mut Findings) {
    findings.obstacles.extend(of_resource(kind, address, body));
    let prevented = many(body.get("lifecycle")).any(|lifecycle| {
        lifecycle
            .get("prevent_destroy")
            .is_some_and(|value| value != &Json::Bool(false))
    });
    if prevented {
        findings.protects(address, body);
    }
    let at_destroy = many(body.get("provisioner"))
        .flat_map(|provisioner| provisioner.as_object().into_iter().flatten())
        .flat_map(|(_, bodies)| many(Some(bodies)))
        .any(|provisioner| provisioner.get("when").and_then(Json::as_str) == Some("destroy"));
    if at_destroy {
        findings.destroy_provisioners.push(address.to_owned());
    }
}

fn many(json: Option<&Json>) -> impl Iterator<Item = &Json> {
    let list = match json {
        Some(Json::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    list.iter()
}

#[cfg(test)]
mod tests;
