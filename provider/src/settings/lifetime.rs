//! Validates `default_lifetime` and `max_lifetime`, also against each other.

use ledger::{
    lifetime::{Lifetime, LifetimeError},
    ttl::Ttl,
};
use tf_provider::value::Value;

use super::{Resolver, SomeLifetime, complete};
use crate::{config::LifetimeModel, diag};

/// The attribute of the durations where a resource sets none, and its variable.
const DEFAULT: (&str, &str) = ("default_lifetime", "EPHEMERAL_DEFAULT_LIFETIME");

impl Resolver<'_> {
    /// The durations where a resource sets none: what was chosen, else the built-in ones as far as `maximum` lets them. What
    /// stands in `typed` is wrong there; anything else that was chosen is wrong in the variable.
    pub(super) fn default_lifetime(
        &mut self,
        typed: &Value<LifetimeModel>,
        chosen: SomeLifetime,
        maximum: &SomeLifetime,
    ) -> Lifetime {
        for ((name, found), (_, most)) in chosen.members().into_iter().zip(maximum.members()) {
            if let (Some(found), Some(most)) = (found, most)
                && most < found
            {
                let (found, most) = (found.spelling(), most.spelling());
                self.diags.add_error(if is_typed(typed, name) {
                    diag::over_maximum(diag::member(DEFAULT.0, name), name, found, most)
                } else {
                    let problem = format!(
                        "`{name}` is {found}, and `max_lifetime` allows at most {most}; write for example `{name}={most}`"
                    );
                    diag::invalid_variable(DEFAULT.1, &problem)
                });
            }
        }
        let built_in = Lifetime::default();
        let least = |own: &Ttl, most: Option<&Ttl>| {
            most.map_or_else(|| own.clone(), |most| own.clone().min(most.clone()))
        };
        let allowed = Lifetime {
            ttl: least(&built_in.ttl, maximum.ttl.as_ref()),
            max: least(&built_in.max, maximum.max.as_ref()),
            idle: least(&built_in.idle, maximum.idle.as_ref()),
            hibernate_after: least(&built_in.hibernate_after, maximum.hibernate_after.as_ref()),
            grace: least(&built_in.grace, maximum.grace.as_ref()),
        };
        let whole = complete(chosen, &allowed);
        let contradictions = LifetimeError::among(
            Some(&whole.ttl),
            Some(&whole.max),
            Some(&whole.idle),
            Some(&whole.hibernate_after),
        );
        if contradictions.is_empty() {
            return whole;
        }
        for error in contradictions {
            let name = error.member();
            self.diags.add_error(if is_typed(typed, name) {
                diag::invalid_configuration(diag::member(DEFAULT.0, name), &error)
            } else {
                diag::invalid_variable(DEFAULT.1, &error)
            });
        }
        allowed
    }

    /// The members of `value`, and those of `variable` where `value` has none.
    pub(super) fn lifetime(
        &mut self,
        attribute: &'static str,
        variable: &str,
        value: &Value<LifetimeModel>,
    ) -> SomeLifetime {
        let mut some = self
            .variable(variable)
            .map(|text| self.lifetime_variable(variable, &text))
            .unwrap_or_default();
        let model = match value {
            Value::Value(model) => model,
            Value::Null => return some,
            Value::Unknown => return SomeLifetime::default(),
        };
        for (name, text) in model.members() {
            match text {
                Value::Null => {}
                Value::Unknown => some.set(name, None),
                Value::Value(text) => match Ttl::parse(text) {
                    Ok(ttl) => some.set(name, Some(ttl)),
                    Err(error) => self.diags.add_error(diag::invalid_configuration(
                        diag::member(attribute, name),
                        &error,
                    )),
                },
            }
        }
        some
    }

    fn lifetime_variable(&mut self, variable: &str, text: &str) -> SomeLifetime {
        const NAMES: [&str; 5] = ["ttl", "max", "idle", "hibernate_after", "grace"];
        let mut some = SomeLifetime::default();
        for part in text.split(',').map(str::trim) {
            let problem = match part.split_once('=') {
                Some((name, value)) if NAMES.contains(&name.trim()) => {
                    match Ttl::parse(value.trim()) {
                        Ok(ttl) => {
                            some.set(name.trim(), Some(ttl));
                            continue;
                        }
                        Err(error) => error.to_string(),
                    }
                }
                _ => format!(
                    "`{part}` is not one of ttl, max, idle, hibernate_after or grace with a duration, for example \
                     `ttl=24h,max=72h`"
                ),
            };
            self.diags
                .add_error(diag::invalid_variable(variable, &problem));
        }
        some
    }
}

fn is_typed(typed: &Value<LifetimeModel>, name: &str) -> bool {
    let model = typed.as_ref_option();
    let mut members = model.into_iter().flat_map(LifetimeModel::members);
    members.any(|(member, text)| member == name && matches!(text, Value::Value(_)))
}
