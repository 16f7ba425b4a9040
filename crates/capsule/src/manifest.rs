//! Terraform's own list of the modules that `init` installed.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};

use crate::files::{self, Layout};

/// One module in Terraform's own list of them. What else the list says of it is kept as it is.
#[derive(Serialize, Deserialize)]
pub(crate) struct Module {
    #[serde(rename = "Key")]
    /// `a.b` for `module.a.module.b`.
    pub(crate) key: String,
    #[serde(rename = "Dir")]
    /// Where it is, from the root module's directory.
    pub(crate) dir: String,
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
    pub(crate) fn root() -> Self {
        Self {
            key: String::new(),
            dir: ".".to_owned(),
            rest: BTreeMap::new(),
        }
    }
}

/// The modules below the root, as Terraform's own list of them says; and that list as it must be in the capsule, where it
/// differs: the data directory may have been elsewhere.
///
/// # Errors
/// The list could not be read or understood.
pub(crate) fn installed(
    data: &Path,
    layout: &Layout,
) -> Result<(Vec<Module>, Option<Vec<u8>>), String> {
    let file = data.join("modules").join("modules.json");
    let Some(text) = files::text_if_there(&file)? else {
        return Ok((Vec::new(), None));
    };
    let manifest: Manifest = serde_json::from_str(&text)
        .map_err(|error| format!("{} could not be understood: {error}", file.display()))?;
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
    Ok((modules, list))
}
