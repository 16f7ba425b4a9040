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
        input_variables::{InputValue, text_of},
        key::{INPUT_VARIABLE_FILES, INPUT_VARIABLES, Key, PROVIDER_TEMPLATES},
        layer::{Given, GivenInput, LayerRead, Origin, Typed},
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
        if [INPUT_VARIABLES, INPUT_VARIABLE_FILES].contains(&key) {
            inputs(value.get_ref(), &origin, &line_of, &mut read);
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

/// The values of one of the two tables of input variables: by environment, and in it by variable.
fn inputs(
    value: &DeValue<'_>,
    whole: &Origin,
    line_of: &impl Fn(usize) -> usize,
    read: &mut LayerRead,
) {
    let Origin::File {
        path, key: name, ..
    } = whole
    else {
        return;
    };
    let no_table = |origin: Origin, found: &DeValue<'_>| Problem {
        origin,
        found: format!(
            "found a {}; expected a table for each environment, `[{name}.\"pr-128\"]`, or for all of them, \
             `[{name}.\"*\"]`",
            found.type_str()
        ),
    };
    let Some(table) = value.as_table() else {
        read.problems.push(no_table(whole.clone(), value));
        return;
    };
    for (environment, values) in table {
        let of = environment.get_ref().as_ref();
        let origin = |key: String, offset: usize| Origin::File {
            path: path.clone(),
            line: line_of(offset),
            key,
        };
        let Some(values) = values.get_ref().as_table() else {
            let origin = origin(format!("{name}.\"{of}\""), environment.span().start);
            read.problems.push(no_table(origin, values.get_ref()));
            continue;
        };
        for (variable, value) in values {
            let key = format!("{name}.\"{of}\".{}", variable.get_ref());
            let origin = origin(key, variable.span().start);
            match input(name, value.get_ref()) {
                Ok(value) => read.layer.inputs.push(GivenInput {
                    environment: Some(of.to_owned()),
                    variable: variable.get_ref().to_string(),
                    given: Given { value, origin },
                }),
                Err(found) => read.problems.push(Problem { origin, found }),
            }
        }
    }
}

fn input(table: &str, value: &DeValue<'_>) -> Result<InputValue, String> {
    if table == INPUT_VARIABLES {
        return Ok(InputValue::Text(text_of(&json(value))));
    }
    let path = value.as_str().map(PathBuf::from);
    match path.filter(|path| path.is_absolute()) {
        Some(path) => Ok(InputValue::File(path)),
        None => Err(
            "expected the absolute path of a file with the value in it, for example `\"/run/secrets/db_password\"`"
                .to_owned(),
        ),
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
