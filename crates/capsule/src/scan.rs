//! The parts of a configuration that matter for its destroy and are in no state: `prevent_destroy`, and provisioners that run at
//! destroy.
//!
//! The sweeper trusts it, so nothing is evaluated: what is not plainly off is on. Knows no files; never writes configuration.

use crate::source::{Block, Source};

/// The findings in one file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Findings {
    /// Addresses whose `prevent_destroy` is not plainly `false`.
    pub(crate) prevent_destroy: Vec<String>,
    /// Addresses with provisioners that run at destroy.
    pub(crate) destroy_provisioners: Vec<String>,
}

/// The prefix of the addresses in a module: `module.a.module.b.` for the key `a.b`, nothing for the root.
#[must_use]
pub(crate) fn prefix(module_key: &str) -> String {
    module_key
        .split('.')
        .filter(|name| !name.is_empty())
        .map(|name| format!("module.{name}."))
        .collect()
}

/// The findings in `source`, a file of the module whose addresses begin with `prefix`.
#[must_use]
pub(crate) fn scan(prefix: &str, source: &Source) -> Findings {
    let mut findings = Findings::default();
    for (kind, name, resource) in source.resources() {
        let address = format!("{prefix}{kind}.{name}");
        if is_prevented(resource) {
            findings.prevent_destroy.push(address.clone());
        }
        let mut provisioners = resource.blocks("provisioner", 1).into_iter();
        let at_destroy = provisioners.any(|(_, provisioner)| {
            let when = provisioner.argument("when");
            when.is_some_and(|when| when.is_word("destroy"))
        });
        if at_destroy {
            findings.destroy_provisioners.push(address);
        }
    }
    findings
}

/// Terraform takes only a literal here. Anything but `false` is read as protection, not as none.
fn is_prevented(resource: Block<'_>) -> bool {
    let mut lifecycles = resource.blocks("lifecycle", 0).into_iter();
    lifecycles.any(|(_, lifecycle)| {
        let argument = lifecycle.argument("prevent_destroy");
        argument.is_some_and(|argument| !argument.is_plainly_false())
    })
}

#[cfg(test)]
mod tests;
