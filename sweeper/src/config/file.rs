//! The layer of the configuration file: which file, and what it says.
//!
//! An edge: reads one file. A file that is configured must be there; one that is only looked for may be absent, and
//! absent is all it may be. Unknown keys are problems, because a guard with a spelling error guards nothing.

use std::{
    io,
    path::{Path, PathBuf},
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    config::{
        key::{Key, Table, nearest_name},
        layer::{Entry, LayerRead, Typed},
        origin::{Given, Origin},
        problem::{ConfigError, Problem},
    },
    invocation::Invocation,
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
pub fn read(flag: Option<&Path>, invocation: &Invocation) -> Result<LayerRead, ConfigError> {
    let variable = invocation
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
        let path = invocation.directory.join(path);
        let text = load(&path).map_err(|source| ConfigError::Unreadable {
            path: path.clone(),
            named_by: format!(", {by}"),
            source,
        })?;
        return parse(&path, &text);
    }
    let beside = Some(invocation.directory.join(NAME));
    let own = invocation
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

/// The most bytes of a configuration file: 1 MiB, far more than a person types.
const MOST_BYTES: u64 = 1 << 20;

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the configuration file"
)]
fn load(path: &Path) -> io::Result<String> {
    // Looked at before it is opened: opening a pipe would wait for a writer, and a device has no end.
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(io::Error::other("it is not a regular file"));
    }
    if MOST_BYTES < metadata.len() {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    std::fs::read_to_string(path)
}

/// What `text`, the content of the file at `path`, says.
///
/// # Errors
/// If it is not TOML. The parser's own message would show the line, which may hold a secret; only its words are kept.
pub fn parse(path: &Path, text: &str) -> Result<LayerRead, ConfigError> {
    let file = File { path, text };
    let table = DeTable::parse(text).map_err(|error| ConfigError::NotToml {
        path: path.to_owned(),
        line: file.line(error.span().map_or(0, |span| span.start)),
        found: error.message().to_owned(),
    })?;
    let mut read = LayerRead::default();
    for (name, value) in table.get_ref() {
        let key = name.get_ref().as_ref();
        let origin = file.origin(key.to_owned(), name);
        if let Some(table) = Table::parse(key) {
            file.entries(table, origin, value.get_ref(), &mut read);
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
        let nearest = nearest_name(name);
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
        let found = match value {
            DeValue::Integer(_) => "an integer out of range".to_owned(),
            other => format!("a value of the type {}", other.type_str()),
        };
        format!(
            "found {found}; expected for example `{name} = {}`",
            key.example()
        )
    })
}

/// A file whose places are named in problems.
struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

impl File<'_> {
    fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        before.filter(|&&byte| byte == b'\n').count() + 1
    }

    /// Where `name` stands, under the whole `key`.
    fn origin<T>(&self, key: String, name: &Spanned<T>) -> Origin {
        Origin::File {
            path: self.path.to_owned(),
            line: self.line(name.span().start),
            key,
        }
    }

    /// The entries of `table`, whose own place is `whole`.
    fn entries(&self, table: Table, whole: Origin, value: &DeValue<'_>, read: &mut LayerRead) {
        let no_table = |origin: Origin, found: &DeValue<'_>| Problem {
            origin,
            found: format!(
                "found a value of the type {}; expected {}",
                found.type_str(),
                table.example()
            ),
        };
        let Some(entries) = value.as_table() else {
            read.problems.push(no_table(whole, value));
            return;
        };
        for (name, body) in entries {
            let text = name.get_ref();
            let origin = self.origin(format!("{table}.\"{text}\""), name);
            let Some(body) = body.get_ref().as_table() else {
                read.problems.push(no_table(origin, body.get_ref()));
                continue;
            };
            let values = body.iter().map(|(key, value)| {
                let origin = self.origin(format!("{table}.\"{text}\".{}", key.get_ref()), key);
                let value = json(value.get_ref());
                (key.get_ref().to_string(), Given { value, origin })
            });
            read.layer.entries.push(Entry {
                table,
                values: values.collect(),
                name: Given {
                    value: text.to_string(),
                    origin,
                },
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
