//! What the settings mean: each read once, into a type that cannot be wrong.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use backend::provider_address::ProviderSource;
use chrono::TimeDelta;
use ledger::{
    book::location::Location,
    brake::Guards,
    id::{EnvironmentName, ScopeName},
    judge::Policy,
    ttl::Ttl,
};
use serde_json::Value;
use terraform::passing::can_be_named;

use crate::{
    config::{
        Color, Config, ProviderTemplates,
        input_variables::{EVERY, InputValue, InputVariables, is_name, text_of},
        key::{Key, Table},
        kinds,
        layer::{Layer, Typed},
        origin::Origin,
        problem::Problem,
    },
    forge,
    invocation::Invocation,
    notify,
};

/// The scope of those who name none.
const DEFAULT_SCOPE: &str = "default";

/// A pool of two gains most on two cores; more helps where providers wait for a cloud.
const DEFAULT_PARALLEL: u32 = 2;

/// Destroys wait for clouds, not for CPUs; terraform's own default of 10 is three times slower.
const DEFAULT_TERRAFORM_PARALLELISM: u32 = 30;

/// A claim shorter than this cannot be prolonged in time.
const LEAST_CLAIM: TimeDelta = TimeDelta::seconds(2);

/// A claim longer than this keeps the environments of a killed sweeper from the next one.
const LONGEST_CLAIM: TimeDelta = TimeDelta::hours(1);

struct Reader<'a> {
    layer: &'a Layer,
    problems: &'a mut Vec<Problem>,
}

/// What `layer` means here. Every problem is added to `problems`; the setting then stands at its default.
#[must_use]
pub fn of(
    layer: &Layer,
    json: bool,
    invocation: &Invocation,
    problems: &mut Vec<Problem>,
) -> Config {
    let mut reader = Reader { layer, problems };
    let ledger = reader.text(Key::Ledger, |text| {
        Location::parse(text).map_err(|error| error.to_string())
    });
    let home = invocation.state_home();
    let beside = ledger
        .as_ref()
        .and_then(Location::file)
        .and_then(Path::parent);
    let place = match (beside, &home) {
        // Beside the ledger where the user has no place for such: never in the working directory.
        (Some(directory), Err(_)) => directory.to_owned(),
        (_, home) => home.clone().unwrap_or_default().join("ephemeral"),
    };
    let guards = Guards::default();
    let policy = Policy::default();
    Config {
        ledger_is_chosen: ledger.is_some(),
        // Without a state home there is none; loading the configuration refuses that.
        ledger: ledger.unwrap_or_else(|| Location::default_in(&home.unwrap_or_default())),
        scope: reader.scope(),
        guards: Guards {
            rate: reader.number(Key::Rate, 1, 10_000, guards.rate),
            jump_count: reader.number(Key::JumpCount, 0, 10_000, guards.jump_count),
            jump_percent: reader.number(Key::JumpPercent, 0, 100, guards.jump_percent),
            clock_limit: reader.span(Key::ClockLimit, guards.clock_limit),
        },
        policy: Policy {
            warn_before: reader.span(Key::WarnBefore, policy.warn_before),
        },
        parallel: usize::try_from(reader.number(Key::Parallel, 1, 64, DEFAULT_PARALLEL))
            .unwrap_or(1),
        terraform_parallelism: reader.number(
            Key::TerraformParallelism,
            1,
            256,
            DEFAULT_TERRAFORM_PARALLELISM,
        ),
        claim: reader.claim(),
        terraform: reader.program(Key::Terraform),
        tofu: reader.program(Key::Tofu),
        terraform_timeout: reader.span(Key::TerraformTimeout, TimeDelta::hours(1)),
        stop_grace: reader.span(Key::StopGrace, TimeDelta::seconds(60)),
        pass_variables: reader
            .text(Key::PassVariables, pass_variables)
            .unwrap_or_default(),
        provider_templates: reader.templates(),
        input_variables: reader.inputs(),
        forges: kinds::of(layer, Table::Forge, forge::KINDS, reader.problems),
        notifiers: kinds::of(layer, Table::Notify, notify::KINDS, reader.problems),
        work_dir: reader.path(Key::WorkDir),
        keep_dir: reader
            .path(Key::KeepDir)
            .unwrap_or_else(|| place.join("kept")),
        seal_key: reader
            .path(Key::SealKey)
            .unwrap_or_else(|| place.join("seal.key")),
        json,
        color: reader
            .text(Key::Color, |text| {
                Color::parse(text)
                    .ok_or_else(|| format!("`{text}` is not one of `auto`, `always` and `never`"))
            })
            .unwrap_or_default(),
    }
}

impl Reader<'_> {
    fn problem(&mut self, origin: &Origin, found: String) {
        self.problems.push(Problem {
            origin: origin.clone(),
            found,
        });
    }

    /// A setting that is a text; `None` if it is not set or wrong.
    fn text<T>(&mut self, key: Key, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let given = self.layer.settings.get(&key)?;
        let parsed = match &given.value {
            Typed::Text(text) => parse(text),
            Typed::Number(number) => Err(format!(
                "found the number {number}; expected a text, for example `{key} = {}`",
                key.example()
            )),
        };
        parsed
            .map_err(|found| self.problem(&given.origin, found))
            .ok()
    }

    /// A setting that is a whole number. Only a file tells it from a text, so only there a text is wrong.
    fn number(&mut self, key: Key, least: u32, most: u32, default: u32) -> u32 {
        let Some(given) = self.layer.settings.get(&key) else {
            return default;
        };
        let in_file = matches!(given.origin, Origin::File { .. });
        let number = match &given.value {
            Typed::Number(number) => Ok(*number),
            Typed::Text(text) if in_file => Err(format!("found the text `{text}`")),
            Typed::Text(text) => text
                .trim()
                .parse()
                .map_err(|_| format!("`{text}` is not a whole number")),
        };
        let fits = number.and_then(|number| {
            u32::try_from(number)
                .ok()
                .filter(|number| (least..=most).contains(number))
                .ok_or_else(|| format!("{number} is out of range"))
        });
        fits.unwrap_or_else(|found| {
            let found = format!(
                "{found}; expected a number from {least} to {most}, for example `{}`",
                key.example()
            );
            self.problem(&given.origin, found);
            default
        })
    }

    fn span(&mut self, key: Key, default: TimeDelta) -> TimeDelta {
        self.text(key, |text| {
            Ttl::parse(text)
                .map(|ttl| ttl.delta())
                .map_err(|error| error.to_string())
        })
        .unwrap_or(default)
    }

    fn claim(&mut self) -> TimeDelta {
        let default = TimeDelta::seconds(60);
        self.text(Key::Claim, |text| {
            let span = Ttl::parse(text).map_err(|error| error.to_string())?.delta();
            if (LEAST_CLAIM..=LONGEST_CLAIM).contains(&span) {
                return Ok(span);
            }
            Err(format!(
                "`{text}` is out of range; expected from `2s` to `1h`, for example `60s`"
            ))
        })
        .unwrap_or(default)
    }

    fn scope(&mut self) -> ScopeName {
        let parse = |text: &str| ScopeName::parse(text).map_err(|error| error.to_string());
        self.text(Key::Scope, parse).unwrap_or_else(|| {
            ScopeName::parse(DEFAULT_SCOPE).expect("the default scope is a name")
        })
    }

    /// A program: an absolute path, or a name that the system looks up.
    fn program(&mut self, key: Key) -> PathBuf {
        self.text(key, |text| {
            let path = PathBuf::from(text);
            let is_name = !text.contains('/');
            if !text.is_empty() && (is_name || path.is_absolute()) {
                return Ok(path);
            }
            Err(format!(
                "`{text}` is neither an absolute path nor a name to look up; write for example `{}`",
                key.example()
            ))
        })
        .unwrap_or_else(|| PathBuf::from(key.as_str()))
    }

    /// A file or a directory, named from the root.
    fn path(&mut self, key: Key) -> Option<PathBuf> {
        self.text(key, |text| {
            let path = PathBuf::from(text);
            if path.is_absolute() {
                return Ok(path);
            }
            Err(format!(
                "`{text}` is not an absolute path; write for example `{}`",
                key.example()
            ))
        })
    }

    fn templates(&mut self) -> ProviderTemplates {
        let mut templates = ProviderTemplates::default();
        for entry in self.layer.entries(Table::ProviderTemplates) {
            let address = &entry.name.value;
            if is_provider(address) {
                let arguments = entry.values.iter();
                let arguments = arguments.map(|(key, given)| (key.clone(), given.value.clone()));
                templates.0.insert(address.clone(), arguments.collect());
            } else {
                let found = "expected the address of a provider, with its alias if it has one, for example \
                             `registry.terraform.io/hashicorp/aws` or `registry.terraform.io/hashicorp/aws.west`";
                self.problem(&entry.name.origin, found.to_owned());
            }
        }
        templates
    }

    fn inputs(&mut self) -> InputVariables {
        let mut all = InputVariables::default();
        let layer = self.layer;
        for (name, given) in &layer.inputs {
            let value = InputValue::Text(given.value.clone());
            self.input(&mut all.process, name, &given.origin, Ok(value));
        }
        let text = |value: &Value| Ok(InputValue::Text(text_of(value)));
        let read = [
            (Table::InputVariableFiles, file as fn(&Value) -> _),
            (Table::InputVariables, text),
        ];
        for (table, read) in read {
            for entry in layer.entries(table) {
                let values = match entry.name.value.as_str() {
                    EVERY => &mut all.every,
                    name => match EnvironmentName::parse(name) {
                        Ok(name) => all.named.entry(name).or_default(),
                        Err(error) => {
                            let found = format!("{error}; `{EVERY}` stands for all environments");
                            for given in entry.values.values() {
                                self.problem(&given.origin, found.clone());
                            }
                            continue;
                        }
                    },
                };
                for (name, given) in &entry.values {
                    self.input(values, name, &given.origin, read(&given.value));
                }
            }
        }
        all
    }

    /// Takes the value of one input variable in.
    fn input(
        &mut self,
        values: &mut BTreeMap<String, InputValue>,
        name: &str,
        origin: &Origin,
        value: Result<InputValue, String>,
    ) {
        if !is_name(name) {
            let found = format!(
                "`{name}` cannot be the name of an input variable; expected for example `db_password`"
            );
            return self.problem(origin, found);
        }
        let found = match value {
            Err(found) => Some(found),
            Ok(value) => values.insert(name.to_owned(), value).map(|_| {
                "has a value under `input_variable_files`, too; leave one of them out".to_owned()
            }),
        };
        if let Some(found) = found {
            self.problem(origin, found);
        }
    }
}

/// The file whose path is `value`.
/// Names of variables, or beginnings of names with a `*`, separated by commas or blanks.
fn pass_variables(text: &str) -> Result<Vec<String>, String> {
    let names = text.split(|one: char| one == ',' || one.is_whitespace());
    let named: Vec<String> = names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    match named.iter().find(|name| !can_be_named(name)) {
        None => Ok(named),
        Some(never) => Err(format!(
            "`{never}` is not a variable that can pass to terraform; expected for example `CI_JOB_TOKEN`, or `VAULT_*` for \
             all that begin so; values of input variables go under `{}`",
            Table::InputVariables
        )),
    }
}

fn file(value: &Value) -> Result<InputValue, String> {
    match value.as_str().map(PathBuf::from) {
        Some(path) if path.is_absolute() => Ok(InputValue::File(path)),
        _ => Err(
            "expected the absolute path of a file with the value in it, for example `\"/run/secrets/db_password\"`"
                .to_owned(),
        ),
    }
}

/// `host/namespace/type` or `host/namespace/type.alias`.
fn is_provider(address: &str) -> bool {
    ProviderSource::parse(address).is_some_and(|source| {
        let mut parts = source.kind.split('.');
        parts.all(|part| !part.is_empty()) && source.kind.split('.').count() <= 2
    })
}
