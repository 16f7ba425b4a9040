//! `ephemeral_lease`: one lease, by its id, or as the one of an environment. The type begins with `ephemeral_`, so that
//! Terraform looks for it in the provider of that name, where the environments are.

use std::collections::BTreeSet;

use async_trait::async_trait;
use ledger::{
    book::{Kind, Record, Stored},
    clock::{Timestamp, rfc3339},
    event::Subject,
    lease::Lease,
};
use plugin::Configured;
use serde::{Deserialize, Serialize};
use tf_provider::{
    AttributePath, DataSource, Diagnostics,
    schema::Schema,
    value::{Value, ValueEmpty},
};

use super::{Sight, answered, look, refuse_empty};
use crate::{
    attributes::{Attributes as _, attributes},
    context::{Context, environment_by_id_or_name},
    diag,
    environment::model::number,
};

const DOING: &str = "reading the lease";

/// The data source, before and after the provider is configured.
#[derive(Debug, Clone)]
pub struct LeaseSource(pub Configured<Context>);

attributes! {
    /// What the ledger has of one lease: the one with an id, or the one of an environment. Nothing is written.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct LeaseFacts {
        /// The lease's id, the key of its record.
        id: OptionalComputed String,
        /// The id or name of the environment it belongs to. A lease that was given back is found by its `id` alone.
        environment: OptionalComputed String,
        /// Who uses it. With `environment`: only the lease of this holder.
        holder: OptionalComputed String,
        /// With `environment`: only the lease that has this among its `targets`.
        target: Optional String,
        /// From the last renewal to the end.
        ttl: Computed String,
        /// From creation to the end no renewal passes; null if there is none.
        max_ttl: Computed String,
        /// What it is for.
        targets: Computed Vec<Value<String>>,
        /// Who created it, as far as that is known.
        created_by: Computed String,
        /// When it was created, RFC 3339, by the ledger's clock.
        created_at: Computed String,
        /// When it was last renewed, RFC 3339; its creation counts.
        renewed_at: Computed String,
        /// When it ends, RFC 3339.
        expires_at: Computed String,
        /// When it was given back, RFC 3339; null if it was not.
        released_at: Computed String,
        /// Whether it holds at the time of the read.
        active: Computed bool,
        /// Grows with every grant.
        fencing_token: Computed f64,
    }
}

impl LeaseFacts {
    /// The attributes of `record` at `now`; the selectors stay as they are in `config`.
    fn of_record(record: &Lease, config: &Self, now: Timestamp) -> Self {
        let environment = match &config.environment {
            Value::Value(asked) => Some(asked.clone()),
            Value::Null | Value::Unknown => record.environment.clone(),
        };
        let max_ttl = record.max_ttl.as_ref().map(|max| max.spelling().to_owned());
        let released_at = record.released.as_ref().map(|release| rfc3339(release.at));
        Self {
            id: Value::Value(record.id.as_str().to_owned()),
            environment: environment.into(),
            holder: Value::Value(record.holder.clone()),
            target: config.target.clone(),
            ttl: Value::Value(record.ttl.spelling().to_owned()),
            max_ttl: max_ttl.into(),
            targets: Value::Value(record.targets.iter().cloned().map(Value::Value).collect()),
            created_by: Value::Value(record.created_by.subject.clone()),
            created_at: Value::Value(rfc3339(record.created_at)),
            renewed_at: Value::Value(rfc3339(record.renewed_at)),
            expires_at: Value::Value(rfc3339(record.expires_at())),
            released_at: released_at.into(),
            active: Value::Value(record.is_active(now)),
            fencing_token: Value::Value(number(record.fencing_token)),
        }
    }
}

#[async_trait]
impl DataSource for LeaseSource {
    type State<'a> = LeaseFacts;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        Some(LeaseFacts::schema())
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: LeaseFacts) -> Option<()> {
        let _ = check(&config, diags);
        Some(())
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        config: LeaseFacts,
        _: ValueEmpty,
    ) -> Option<LeaseFacts> {
        let id = check(&config, diags);
        if !diags.errors.is_empty() {
            return None;
        }
        let sight = look(&self.0, DOING, diags).await?;
        let record = match id {
            Some(id) => by_id(&sight, &id, diags).await?,
            None => of_environment(&sight, &config, diags).await?,
        };
        Some(LeaseFacts::of_record(&record, &config, sight.now))
    }
}

/// Checks what selects the lease; the id, if it is one. Problems are reported, unknown parts are left out.
fn check(config: &LeaseFacts, diags: &mut Diagnostics) -> Option<Subject> {
    let selectors = [
        ("environment", &config.environment),
        ("holder", &config.holder),
        ("target", &config.target),
    ];
    match (&config.id, &config.environment) {
        (Value::Null, Value::Null) => {
            diags.add_error(diag::nothing_selected("id", "environment"));
        }
        (Value::Value(_), _) => {
            for (attribute, _) in selectors
                .iter()
                .filter(|(_, value)| !matches!(value, Value::Null))
            {
                diags.add_error(diag::selected_twice(attribute, "id"));
            }
        }
        _ => {}
    }
    for (attribute, value) in selectors {
        refuse_empty(attribute, value, diags);
    }
    let Value::Value(text) = &config.id else {
        return None;
    };
    let id = Subject::parse(text).filter(|id| matches!(id, Subject::Lease(_)));
    if id.is_none() {
        let example = "lease-0190163d8694739bac4a5eb0f4a0b2c1";
        diags.add_error(diag::invalid_id("id", "lease", example));
    }
    id
}

async fn by_id(sight: &Sight, id: &Subject, diags: &mut Diagnostics) -> Option<Lease> {
    match answered(sight.book.get(id).await, DOING, diags)? {
        Some(Stored {
            record: Record::Lease(lease),
            ..
        }) => Some(lease),
        _ => {
            diags.add_error(diag::nothing_found(
                "id",
                &format!("lease {id}"),
                "",
                "sweeper list --leases",
            ));
            None
        }
    }
}

/// The lease that was not given back and fits: the one that is active, or the only one.
async fn of_environment(
    sight: &Sight,
    config: &LeaseFacts,
    diags: &mut Diagnostics,
) -> Option<Lease> {
    let asked = config.environment.as_ref_option()?;
    let living = environment_by_id_or_name(sight.book.as_ref(), asked).await;
    // A lease names its environment as its author did: by id or by name.
    let mut names = BTreeSet::from([asked.clone()]);
    if let Some(Record::Environment(environment)) =
        answered(living, DOING, diags)?.map(|stored| stored.record)
    {
        names.extend([
            environment.id.as_str().to_owned(),
            environment.name.as_str().to_owned(),
        ]);
    }
    let listing = answered(sight.find(Kind::Lease, None, true).await, DOING, diags)?;
    if !listing.unreadable.is_empty() {
        // One of them may be the one that is asked for.
        diags.add_error(diag::unreadable_records(&listing.unreadable));
        return None;
    }
    let fits = |lease: &Lease| {
        let belongs = lease
            .environment
            .as_ref()
            .is_some_and(|name| names.contains(name));
        let holder = config.holder.as_ref_option();
        let target = config.target.as_ref_option();
        belongs
            && holder.is_none_or(|holder| lease.holder == *holder)
            && target.is_none_or(|target| lease.targets.contains(target))
    };
    let records = listing.records.into_iter();
    let mut found: Vec<Lease> = records
        .filter_map(|stored| match stored.record {
            Record::Lease(lease) => Some(lease),
            _ => None,
        })
        .filter(fits)
        .collect();
    if found.iter().any(|lease| lease.is_active(sight.now)) {
        found.retain(|lease| lease.is_active(sight.now));
    }
    if 1 < found.len() {
        let ids: Vec<&str> = found.iter().map(|lease| lease.id.as_str()).collect();
        let at = AttributePath::new("environment");
        diags.add_error(diag::more_than_one(at, "leases", &ids));
        return None;
    }
    let only = found.pop();
    if only.is_none() {
        let what = format!("lease of the environment `{asked}` that fits");
        diags.add_error(diag::nothing_found(
            "environment",
            &what,
            "",
            "sweeper list --leases",
        ));
    }
    only
}
