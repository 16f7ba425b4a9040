//! `ephemeral_environment` as a data source: one environment, by its name, by name and generation, or by its id.

use async_trait::async_trait;
use ledger::{
    book::{Kind, Record, Stored},
    environment::{Environment, Lifecycle},
    event::Subject,
    id::EnvironmentName,
};
use plugin::Configured;
use tf_provider::{
    AttributePath, DataSource, Diagnostics,
    schema::Schema,
    value::{Value, ValueEmpty},
};

use super::{Sight, answered, facts::EnvironmentFacts, look};
use crate::{attributes::Attributes as _, context::Context, diag, environment::model::number};

const DOING: &str = "reading the environment";

/// The data source, before and after the provider is configured.
#[derive(Debug, Clone)]
pub struct EnvironmentSource(pub Configured<Context>);

/// Which environment is meant.
enum Selector {
    Id(Subject),
    Living(EnvironmentName),
    Generation(EnvironmentName, f64),
}

#[async_trait]
impl DataSource for EnvironmentSource {
    type State<'a> = EnvironmentFacts;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        Some(EnvironmentFacts::schema())
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: EnvironmentFacts) -> Option<()> {
        let _ = selector(&config, diags);
        Some(())
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        config: EnvironmentFacts,
        _: ValueEmpty,
    ) -> Option<EnvironmentFacts> {
        let selector = selector(&config, diags)?;
        let sight = look(&self.0, DOING, diags).await?;
        let record = match selector {
            Selector::Id(subject) => by_id(&sight, &subject, diags).await,
            Selector::Living(name) => living(&sight, &name, diags).await,
            Selector::Generation(name, wanted) => generation(&sight, &name, wanted, diags).await,
        };
        Some(EnvironmentFacts::of_record(&record?, sight.now))
    }
}

/// The selector in `config`; `None` if something is wrong, which was reported, or not known yet.
fn selector(config: &EnvironmentFacts, diags: &mut Diagnostics) -> Option<Selector> {
    let name = match &config.name {
        Value::Value(text) => EnvironmentName::parse(text)
            .map_err(|error| diags.add_error(diag::invalid_name(&error)))
            .ok(),
        Value::Null | Value::Unknown => None,
    };
    let id = match &config.id {
        Value::Value(text) => {
            let subject = Subject::parse(text).filter(|id| matches!(id, Subject::Environment(_)));
            if subject.is_none() {
                let example = "env-0190163d8694739bac4a5eb0f4a0b2c1";
                diags.add_error(diag::invalid_id("id", "environment", example));
            }
            subject
        }
        Value::Null | Value::Unknown => None,
    };
    let generation = match config.generation {
        Value::Value(generation) if generation.fract() != 0.0 || generation < 1.0 => {
            let rule = "a generation is a whole number from 1, for example `2`";
            let at = AttributePath::new("generation");
            diags.add_error(diag::invalid_selector(at, &rule));
            None
        }
        Value::Value(generation) => Some(generation),
        Value::Null | Value::Unknown => None,
    };
    match (&config.name, &config.id) {
        (Value::Null, Value::Null) => diags.add_error(diag::nothing_selected("name", "id")),
        (Value::Value(_), Value::Value(_)) => diags.add_error(diag::selected_twice("id", "name")),
        _ => {}
    }
    let has_generation = !matches!(config.generation, Value::Null);
    if has_generation && matches!(config.id, Value::Value(_)) {
        diags.add_error(diag::selected_twice("generation", "id"));
    }
    match (name, id) {
        _ if !diags.errors.is_empty() => None,
        (None, Some(id)) => Some(Selector::Id(id)),
        (Some(name), None) if has_generation => Some(Selector::Generation(name, generation?)),
        (Some(name), None) => Some(Selector::Living(name)),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

async fn by_id(sight: &Sight, id: &Subject, diags: &mut Diagnostics) -> Option<Environment> {
    match answered(sight.book.get(id).await, DOING, diags)? {
        Some(Stored {
            record: Record::Environment(environment),
            ..
        }) => Some(environment),
        _ => {
            diags.add_error(diag::nothing_found(
                "id",
                &format!("environment {id}"),
                "",
                "sweeper list",
            ));
            None
        }
    }
}

async fn living(
    sight: &Sight,
    name: &EnvironmentName,
    diags: &mut Diagnostics,
) -> Option<Environment> {
    let listing = sight.find(Kind::Environment, Some(name), true).await;
    let listing = answered(listing, DOING, diags)?;
    if !listing.unreadable.is_empty() {
        // One of them may be the one that lives.
        diags.add_error(diag::unreadable_records(&listing.unreadable));
        return None;
    }
    let found = last(&listing.records);
    if found.is_none() {
        let ended = sight.find(Kind::Environment, Some(name), false).await;
        let ended = last(&answered(ended, DOING, diags)?.records);
        let hint = ended.map_or_else(String::new, |last| how_it_ended(&last));
        let what = format!("living environment `{name}`");
        diags.add_error(diag::nothing_found("name", &what, &hint, "sweeper list"));
    }
    found
}

async fn generation(
    sight: &Sight,
    name: &EnvironmentName,
    wanted: f64,
    diags: &mut Diagnostics,
) -> Option<Environment> {
    let listing = sight.find(Kind::Environment, Some(name), false).await;
    let listing = answered(listing, DOING, diags)?;
    let found = environments(&listing.records)
        .into_iter()
        .find(|environment| number(environment.generation.get()) == wanted);
    match found {
        None if listing.unreadable.is_empty() => {
            let what = format!("generation {wanted} of an environment `{name}`");
            diags.add_error(diag::nothing_found("generation", &what, "", "sweeper list"));
        }
        None => diags.add_error(diag::unreadable_records(&listing.unreadable)),
        Some(_) => {}
    }
    found
}

/// The environments among records.
pub(super) fn environments(records: &[Stored]) -> Vec<Environment> {
    let records = records.iter();
    records
        .filter_map(|stored| stored.record.environment().cloned())
        .collect()
}

fn last(records: &[Stored]) -> Option<Environment> {
    let environments = environments(records).into_iter();
    environments.max_by_key(|environment| environment.generation)
}

fn how_it_ended(last: &Environment) -> String {
    let generation = last.generation.get();
    let how = match &last.lifecycle {
        Lifecycle::Destroyed { .. } => "was destroyed",
        Lifecycle::Released { .. } => "was given back",
        Lifecycle::Living | Lifecycle::Destroying(_) | Lifecycle::Stuck(_) => "lives again",
    };
    format!(
        " The last of that name, generation {generation}, {how}; `generation = {generation}` reads it."
    )
}
