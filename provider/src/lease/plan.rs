//! The plan of a lease. Never reads a clock: `active` is known because a grant makes it so.

use tf_provider::{Diagnostics, value::Value};

use super::{model::LeaseModel, validate::validate};

/// The plan of a creation; `None` if something is wrong, which was reported. Who creates it is only known when it is
/// applied: the job that applies a saved plan is often not the one that made it.
#[must_use]
pub fn create(config: &LeaseModel, diags: &mut Diagnostics) -> Option<LeaseModel> {
    let mut planned = filled(config, Value::Unknown, diags)?;
    planned.id = Value::Unknown;
    planned.expires_at = Value::Unknown;
    planned.active = Value::Value(true);
    planned.fencing_token = Value::Unknown;
    Some(planned)
}

/// The plan of an update. What grants the lease anew makes it active; a lapsed lease that nothing renews stays lapsed.
#[must_use]
pub fn update(
    prior: &LeaseModel,
    config: &LeaseModel,
    diags: &mut Diagnostics,
) -> Option<LeaseModel> {
    let mut planned = filled(config, prior.holder.clone(), diags)?;
    planned.id = prior.id.clone();
    let renews = renews(prior, &planned);
    if renews {
        planned.expires_at = Value::Unknown;
        planned.fencing_token = Value::Unknown;
        planned.active = Value::Value(true);
    } else {
        planned.expires_at = prior.expires_at.clone();
        planned.fencing_token = prior.fencing_token;
        planned.active = prior.active;
    }
    Some(planned)
}

/// Whether `planned` grants the lease anew: by a changed trigger, or by another length.
#[must_use]
pub fn renews(prior: &LeaseModel, planned: &LeaseModel) -> bool {
    planned.triggers != prior.triggers
        || planned.ttl != prior.ttl
        || planned.max_ttl != prior.max_ttl
}

fn filled(
    config: &LeaseModel,
    holder: Value<String>,
    diags: &mut Diagnostics,
) -> Option<LeaseModel> {
    let before = diags.errors.len();
    let mut planned = config.clone();
    planned.run_token = Value::Null;
    if matches!(planned.holder, Value::Null) {
        planned.holder = holder;
    }
    let _ = validate(&planned, diags);
    (diags.errors.len() == before).then_some(planned)
}
