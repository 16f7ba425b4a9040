//! The layer of the configuration file: which file, and what it says.
//!
//! An edge: reads one file. A file that somebody named must be there; one that is only looked for may be absent, and
//! absent is all it may be. Unknown keys are problems, because a guard with a spelling error guards nothing.

use std::{
    io,
    path::{Path, PathBuf},
};

use toml::de::{DeTable, DeValue};

use crate::{
    config::{
        key::{Key, PROVIDER_TEMPLATES},
        layer::{Given, LayerRead, Origin, Typed},
        problem::{ConfigError, Problem},
    },
    surroundings::Surroundings,
};

/// Names the configuration file.
pub const VARIABLE: &str = "EPHEMERAL_SWEEPER_CONFIG";

/// The name of a file that is looked for.
const NAME: &str = "sweeper.toml";

/// Reads the file `flag` names, else the one the environment names, else `sweeper.toml` in the working directory, else
/// the one in the user's configuration; nothing if there is none.
///
/// # Errors
/// If it cannot be read or is not TOML.
pub fn read(flag: Option<&Path>, around: &Surroundings) -> Result<LayerRead, ConfigError> {
    let variable = around
        .text(VARIABLE)
        .map_err(|error| ConfigError::Unreadable {
            path: PathBuf::new(),
            named_by: format!(" named by {VARIABLE}"),
            source: io::Error::other(error),
        })?;
    let named = match (flag, variable) {
        (Some(path), _) => Some((path, "named by `--config`")),
        (None, Some(path)) => Some((Path::new(path), "named by EPHEMERAL_SWEEPER_CONFIG")),
        (None, None) => None,
    };
    if let Some((path, by)) = named {
        let path = around.directory.join(path);
        let text = load(&path).map_err(|source| ConfigError::Unreadable {
            path: path.clone(),
            named_by: format!(", {by}"),
            source,
        })?;
        return parse(&path, &text);
    }
    let beside = Some(around.directory.join(NAME));
    let own = around
        .config_home()
        .map(|home| home.join("ephemeral").join(NAME));
    for path in [beside, own].into_iter().flatten() {
        match load(&path) {
            Ok(text) => return parse(&path, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => {
                return Err(ConfigError::Unreadable {
                    path,
                    named_by: String::new(),
                    source,
                });
            }
        }
    }
    Ok(LayerRead::default())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the configuration file"
)]
fn load(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

/// What `text`, the content of the file at `path`, says.
///
/// # Errors
/// If it is not TOML. The parser's own message would show the line, which may hold a secret; only its words are kept.
pub fn parse(path: &Path, text: &str) -> Result<LayerRead, ConfigError> {
    let line_of = |offset: usize| {
        let before = text.as_bytes().iter().take(offset);
        before.filter(|&&byte| byte == b'\n').count() + 1
    };
    let table = DeTable::parse(text).map_err(|error| ConfigError::NotToml {
        path: path.to_owned(),
        line: line_of(error.span().map_or(0, |span| span.start)),
        found: error.message().to_owned(),
    })?;
    let mut read = LayerRead::default();
    for (name, value) in table.get_ref() {
        let key = name.get_ref().as_ref();
        let origin = Origin::File {
            path: path.to_owned(),
            line: line_of(name.span().start),
            key: key.to_owned(),
        };
        if key == PROVIDER_TEMPLATES {
            templates(value.get_ref(), &origin, &line_of, &mut read);
            continue;
        }
        match setting(key, value.get_ref()) {
            Ok((key, value)) => {
                read.layer.settings.insert(key, Given { value, origin });
            }
            Err(found) => read.problems.push(Problem { origin, found }),
        }
    }
    Ok(read)
}

fn setting(name: &str, value: &DeValue<'_>) -> Result<(Key, Typed), String> {
    let Some(key) = Key::parse(name) else {
        let nearest = Key::nearest(name);
        return Err(format!("is not a setting; did you mean `{nearest}`?"));
    };
    let typed = match value {
        DeValue::String(text) => Some(Typed::Text(text.to_string())),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .ok()
            .map(Typed::Number),
        _ => None,
    };
    typed.map(|typed| (key, typed)).ok_or_else(|| {
        format!(
            "found a {}; expected for example `{name} = {}`",
            value.type_str(),
            key.example()
        )
    })
}

fn templates(
    value: &DeValue<'_>,
    whole: &Origin,
    line_of: &impl Fn(usize) -> usize,
    read: &mut LayerRead,
) {
    let Origin::File { path, .. } = whole else {
        return;
    };
    let example = "[provider_templates.\"registry.terraform.io/hashicorp/aws\"]";
    let Some(table) = value.as_table() else {
        read.problems.push(Problem {
            origin: whole.clone(),
            found: format!("expected a table for each provider, for example `{example}`"),
        });
        return;
    };
    for (address, body) in table {
        let name = address.get_ref().as_ref();
        let origin = Origin::File {
            path: path.clone(),
            line: line_of(address.span().start),
            key: format!("{PROVIDER_TEMPLATES}.\"{name}\""),
        };
        if body.get_ref().is_table() {
            let value = json(body.get_ref());
            read.layer
                .templates
                .insert(name.to_owned(), Given { value, origin });
        } else {
            read.problems.push(Problem {
                origin,
                found: format!("expected a table of arguments, for example `{example}`"),
            });
        }
    }
}

/// The same value in JSON, as a generated root needs it. Dates become texts.
fn json(value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(value) => (*value).into(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| number.as_str().into(), Into::into),
        DeValue::Float(number) => number
            .as_str()
            .parse::<f64>()
            .map_or_else(|_| number.as_str().into(), Into::into),
        DeValue::Datetime(at) => at.to_string().into(),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => table
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())))
            .collect(),
    }
}
