//! Takes the capsule: a copy of what a destroy needs and the state does not hold, whenever the environment is applied.
//!
//! Taken: the root module, its local modules, installed modules, the dependency lock file. Never taken: variable values,
//! state, the backend's settings in the data directory, installed providers. What is missing is said, not guessed; and
//! what could not be read may protect something, and so it does.

use std::{collections::BTreeMap, path::Path};

use ledger::chain::sha256;

use crate::{
    Capsule,
    files::{self, Found, Layout},
    manifest::{self, Module},
    scan,
    source::Source,
};

/// The most one capsule may hold before packing: past it a configuration is no longer only configuration.
const MOST_BYTES: usize = 8 << 20;

/// Where the list of installed modules is in a capsule.
const LIST: &str = ".terraform/modules/modules.json";

/// Where a capsule is taken from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The root module's directory.
    pub root: &'a Path,
    /// Terraform's data directory.
    pub data: &'a Path,
    /// `terraform` or `tofu`: the CLI that applies the configuration.
    pub engine: &'a str,
}

/// A taken capsule, and the findings in it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The packed capsule; `None` if there is nothing to keep.
    pub packed: Option<Vec<u8>>,
    /// Addresses whose `prevent_destroy` is true, and what could not be read.
    pub prevent_destroy: Vec<String>,
    /// Addresses with provisioners that run at destroy.
    pub destroy_provisioners: Vec<String>,
    /// `terraform` or `tofu`.
    pub engine: String,
    /// The parts that could not be taken or read.
    pub gaps: Vec<String>,
}

impl Taken {
    /// The digest of all of it, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        let packed = self.packed.as_deref().map(sha256).unwrap_or_default();
        let lists = [
            &self.prevent_destroy,
            &self.destroy_provisioners,
            &self.gaps,
        ];
        let lists: Vec<String> = lists.iter().map(|list| list.join("\n")).collect();
        sha256(format!("{packed}\0{}\0{}", self.engine, lists.join("\0")).as_bytes())
    }

    /// Nothing could be read because of `gap`, so that everything may be protected.
    #[must_use]
    pub fn nothing(gap: String) -> Self {
        let mut taken = Self::default();
        taken.unreadable("the configuration", gap);
        taken
    }

    /// Notes the findings in `source`.
    fn note(&mut self, prefix: &str, source: &Source) {
        let found = scan::scan(prefix, source);
        self.prevent_destroy.extend(found.prevent_destroy);
        self.destroy_provisioners.extend(found.destroy_provisioners);
    }

    /// The sweeper keeps what may be protected.
    fn unreadable(&mut self, path: &str, gap: String) {
        self.prevent_destroy.push(format!("{path} (unreadable)"));
        self.gaps.push(gap);
    }
}

/// Takes the capsule of the root module at `origin`.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "whether there is a lock file is asked at this edge"
)]
pub fn take(origin: Origin<'_>) -> Taken {
    let mut taken = Taken {
        engine: origin.engine.to_owned(),
        ..Taken::default()
    };
    let mut kept = BTreeMap::new();
    let mut modules = vec![Module::root()];
    let layout = Layout::new(origin.root, origin.data);
    let (listed, list) = manifest::installed(origin.data, &layout).unwrap_or_else(|gap| {
        taken.unreadable("the list of installed modules", gap);
        (Vec::new(), None)
    });
    modules.extend(listed);
    for module in &modules {
        look_at(&layout, module, &mut kept, &mut taken);
    }
    taken.prevent_destroy.sort();
    taken.prevent_destroy.dedup();
    taken.destroy_provisioners.sort();
    taken.destroy_provisioners.dedup();

    for found in files::installed(&layout, &mut taken.gaps) {
        keep(found, &mut kept, &mut taken.gaps);
    }
    if let Some(list) = list {
        kept.insert(LIST.to_owned(), list);
    }
    let lock = Path::new(".terraform.lock.hcl");
    if origin.root.join(lock).exists() {
        keep(files::file(&layout, lock), &mut kept, &mut taken.gaps);
    }
    pack(kept, &mut taken);
    taken
}

/// Reads what one module says of its destruction, wherever it lies, and keeps its files if they lie below the root.
fn look_at(
    layout: &Layout,
    module: &Module,
    kept: &mut BTreeMap<String, Vec<u8>>,
    taken: &mut Taken,
) {
    let below = layout.place(&module.dir);
    if below.is_none() {
        taken.gaps.push(format!(
            "the module {} lies outside the root module's directory and was not copied",
            module.key
        ));
    }
    let dir = below.as_deref().unwrap_or(Path::new(&module.dir));
    let found = match files::configuration(layout, dir) {
        Ok(found) => found,
        Err(gap) => {
            taken.unreadable(&module.dir, gap);
            return;
        }
    };
    for Found { path, content } in found {
        let bytes = match content {
            Ok(bytes) => bytes,
            Err(gap) => {
                taken.unreadable(&path, gap);
                continue;
            }
        };
        match Source::parse(&path, &bytes) {
            Ok(source) => taken.note(&scan::prefix(&module.key), &source),
            Err(gap) => taken.unreadable(&path, gap),
        }
        if below.is_some() {
            kept.insert(path, bytes);
        }
    }
}

fn keep(found: Found, kept: &mut BTreeMap<String, Vec<u8>>, gaps: &mut Vec<String>) {
    match found.content {
        Ok(bytes) => drop(kept.insert(found.path, bytes)),
        Err(gap) => gaps.push(gap),
    }
}

fn pack(kept: BTreeMap<String, Vec<u8>>, taken: &mut Taken) {
    if kept.is_empty() {
        let gap = "no configuration was found in the root module's directory";
        taken.gaps.push(gap.to_owned());
        return;
    }
    let bytes: usize = kept.values().map(Vec::len).sum();
    if MOST_BYTES < bytes {
        taken.gaps.push(format!(
            "the configuration and its modules have {bytes} bytes, more than the {MOST_BYTES} a capsule may hold, and \
             were not copied"
        ));
        return;
    }
    match (Capsule { files: kept }).pack() {
        Ok(packed) => taken.packed = Some(packed),
        Err(error) => taken
            .gaps
            .push(format!("the configuration could not be packed: {error}")),
    }
}

#[cfg(test)]
mod tests;
