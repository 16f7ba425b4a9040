//! What a configuration says about its own destruction and no state holds: `prevent_destroy`, and provisioners that run at
//! destroy.
//!
//! The sweeper trusts it, so nothing is evaluated: what is not plainly off is on. Knows no files; never writes configuration.

use hcl_edit::{expr::Expression, structure::Block};
use serde_json::Value as Json;

use crate::{
    literal::{Arguments, Seen},
    obstacle::Obstacle,
    source::{Source, many},
};

/// What one file says.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Findings {
    /// Addresses whose `prevent_destroy` is true.
    pub prevent_destroy: Vec<String>,
    /// Addresses with provisioners that run at destroy.
    pub destroy_provisioners: Vec<String>,
    /// Each of `prevent_destroy` as what will resist a destroy.
    pub obstacles: Vec<Obstacle>,
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

/// What `source` says, a file of the module whose addresses begin with `prefix`.
#[must_use]
pub fn scan(prefix: &str, source: &Source) -> Findings {
    let mut findings = Findings::default();
    match source {
        Source::Native(body) => {
            for block in body.get_blocks("resource") {
                scan_block(prefix, block, &mut findings);
            }
        }
        Source::Json(json) => scan_json(prefix, json, &mut findings),
    }
    findings
}

fn scan_block(prefix: &str, resource: &Block, findings: &mut Findings) {
    let [kind, name] = resource.labels.as_slice() else {
        return;
    };
    let address = format!("{prefix}{}.{}", kind.as_str(), name.as_str());
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

fn scan_json(prefix: &str, json: &Json, findings: &mut Findings) {
    for resources in many(json.get("resource")) {
        let Some(kinds) = resources.as_object() else {
            continue;
        };
        for (kind, named) in kinds {
            for named in many(Some(named)) {
                for (name, bodies) in named.as_object().into_iter().flatten() {
                    let address = format!("{prefix}{kind}.{name}");
                    for body in many(Some(bodies)) {
                        scan_json_body(&address, body, findings);
                    }
                }
            }
        }
    }
}

fn scan_json_body(address: &str, body: &Json, findings: &mut Findings) {
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

#[cfg(test)]
mod tests;
