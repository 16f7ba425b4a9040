//! Terraform's own list of the modules that `init` installed.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};

use super::{
    Taken,
    files::{self, Layout},
};

/// One module in Terraform's own list of them. What else the list says of it is kept as it is.
#[derive(Serialize, Deserialize)]
pub(super) struct Module {
    #[serde(rename = "Key")]
    /// `a.b` for `module.a.module.b`.
    pub(super) key: String,
    #[serde(rename = "Dir")]
    /// Where it is, from the root module's directory.
    pub(super) dir: String,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    #[serde(rename = "Modules", default)]
    modules: Vec<Module>,
}

impl Module {
    /// The root module, which no list names otherwise.
    pub(super) fn root() -> Self {
        Self {
            key: String::new(),
            dir: ".".to_owned(),
            rest: BTreeMap::new(),
        }
    }
}

/// The modules below the root, as Terraform's own list of them says; and that list as it must be in the capsule, where it
/// differs: the data directory may have been elsewhere.
pub(super) fn installed(
    data: &Path,
    layout: &Layout,
    taken: &mut Taken,
) -> (Vec<Module>, Option<Vec<u8>>) {
    let file = data.join("modules").join("modules.json");
    let parsed = files::text_if_there(&file).and_then(|text| {
        let Some(text) = text else {
            return Ok(None);
        };
        serde_json::from_str::<Manifest>(&text)
            .map(Some)
            .map_err(|error| format!("{} could not be understood: {error}", file.display()))
    });
    let manifest = match parsed {
        Ok(Some(manifest)) => manifest,
        Ok(None) => return (Vec::new(), None),
        Err(gap) => {
            taken.unreadable("the list of installed modules", gap);
            return (Vec::new(), None);
        }
    };
    let in_capsule = |module: &Module| {
        let placed = layout.place(&module.dir).map(|path| files::slashed(&path));
        let dir = placed.unwrap_or_else(|| module.dir.clone());
        Module {
            key: module.key.clone(),
            dir: if dir.is_empty() { ".".to_owned() } else { dir },
            rest: module.rest.clone(),
        }
    };
    let moved = Manifest {
        modules: manifest.modules.iter().map(in_capsule).collect(),
    };
    let same = moved.modules.iter().zip(&manifest.modules);
    let list = if same.into_iter().all(|(moved, here)| moved.dir == here.dir) {
        None
    } else {
        serde_json::to_vec(&moved).ok()
    };
    let mut modules = manifest.modules;
    modules.retain(|module| !module.key.is_empty());
    (modules, list)
}
