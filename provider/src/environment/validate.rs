//! Validates a typed environment: each part parsed once, every problem reported at its own attribute.
//!
//! A part that is unknown is left out without a word; the plan with known values asks again. Nothing here reads the
//! ledger.

use ledger::{
    change_request::{ChangeRequest, ChangeRequestError},
    clock::Timestamp,
    environment::{Environment, Lifecycle, OnExpiry},
    id::{EnvironmentId, EnvironmentName, Generation},
    lifetime::{Lifetime, LifetimeError},
    tags::{TagSet, check_value},
    ttl::Ttl,
};
use tf_provider::{Diagnostics, value::Value};

use super::{address, model::EnvironmentModel};
use crate::{config::LifetimeModel, context::Context, diag, settings::Settings};

mod tags;

/// The parts that are known and right. `None` is unknown, or was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validated {
    /// The name.
    pub name: Option<EnvironmentName>,
    /// The owner.
    pub owner: Option<String>,
    /// `Some(None)`: known to have none.
    pub team: Option<Option<String>>,
    /// `Some(None)`: known to be nothing's.
    pub project: Option<Option<String>>,
    /// How long it may live.
    pub lifetime: Option<Lifetime>,
    /// The declared tags.
    pub tags: Option<TagSet>,
    /// `Some(None)`: known to have none.
    pub change_request: Option<Option<ChangeRequest>>,
    /// The action at expiry.
    pub on_expiry: Option<OnExpiry>,
}

/// Validates `model`. `settings` is `None` before the provider is configured: then only what needs no configuration is
/// checked.
#[must_use]
pub fn validate(
    model: &EnvironmentModel,
    settings: Option<&Settings>,
    diags: &mut Diagnostics,
) -> Validated {
    let mut reader = Reader { settings, diags };
    let validated = Validated {
        name: reader.name(&model.name),
        owner: reader.owner(&model.owner),
        team: reader.optional_word("team", &model.team),
        project: reader.optional_word("project", &model.project),
        lifetime: reader.lifetime(&model.lifetime),
        tags: reader.tags(&model.tags),
        change_request: reader.change_request(model),
        on_expiry: reader.on_expiry(&model.on_expiry),
    };
    address::check(model, reader.diags);
    reader.required_tags(model);
    reader.count_tags(&validated);
    validated
}

impl Validated {
    /// A first record of all that is meant; `None` if a part is not known, which an apply never sees. The generation,
    /// the state's address and the capture are the caller's to fill in.
    #[must_use]
    pub fn record(
        &self,
        context: &Context,
        id: EnvironmentId,
        at: Timestamp,
    ) -> Option<Environment> {
        Some(Environment {
            id,
            name: self.name.clone()?,
            generation: Generation::FIRST,
            owner: self.owner.clone()?,
            team: self.team.clone()?,
            project: self.project.clone()?,
            lifetime: self.lifetime.clone()?,
            tags: self.tags.clone()?,
            tag_prefix: context.settings.tag_prefix.clone(),
            created_by: context.identity.clone(),
            change_request: self.change_request.clone()?,
            state: None,
            on_expiry: self.on_expiry?,
            created_at: at,
            renewed_at: at,
            extended_until: None,
            hold: None,
            capture: None,
            lineage: None,
            marker_seen_at: None,
            running: true,
            lifecycle: Lifecycle::Living,
        })
    }

    /// The tags that configuration alone determines, if all of it is known.
    #[must_use]
    pub fn default_tags(&self, settings: &Settings) -> Option<TagSet> {
        if !settings.tag_prefix_is_known {
            return None;
        }
        Some(Environment::default_tags_of(
            &settings.tag_prefix,
            self.name.as_ref()?,
            self.owner.as_ref()?,
            self.team.as_ref()?.as_deref(),
            self.project.as_ref()?.as_deref(),
            self.change_request.as_ref()?.as_ref(),
            self.tags.as_ref()?,
        ))
    }
}

struct Reader<'a> {
    settings: Option<&'a Settings>,
    diags: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn name(&mut self, value: &Value<String>) -> Option<EnvironmentName> {
        let parsed = EnvironmentName::parse(value.as_ref_option()?)
            .map_err(|error| diag::invalid_name(&error));
        parsed.map_err(|problem| self.diags.add_error(problem)).ok()
    }

    fn owner(&mut self, value: &Value<String>) -> Option<String> {
        match value {
            Value::Value(owner) => self.word("owner", owner),
            Value::Unknown => None,
            Value::Null => {
                if self.settings.is_some() {
                    self.diags.add_error(diag::missing_owner());
                }
                None
            }
        }
    }

    /// A word that becomes a tag value, so it keeps their rules.
    fn word(&mut self, attribute: &'static str, text: &str) -> Option<String> {
        let problem = if text.is_empty() {
            Some(format!(
                "`{attribute}` may not be empty; for example `checkout`"
            ))
        } else {
            let rules = self
                .settings
                .map_or(&[][..], |settings| &settings.tag_rules);
            check_value(text, rules)
                .err()
                .map(|error| format!("`{attribute}` becomes a tag, and {error}"))
        };
        match problem {
            None => Some(text.to_owned()),
            Some(problem) => {
                self.diags
                    .add_error(diag::invalid_tag_value(attribute, &problem));
                None
            }
        }
    }

    fn optional_word(
        &mut self,
        attribute: &'static str,
        value: &Value<String>,
    ) -> Option<Option<String>> {
        match value {
            Value::Value(text) => self.word(attribute, text).map(Some),
            Value::Null => Some(None),
            Value::Unknown => None,
        }
    }

    fn lifetime(&mut self, value: &Value<LifetimeModel>) -> Option<Lifetime> {
        let model = value.as_ref_option()?;
        let mut read = |name, text: &Value<String>| match Ttl::parse(text.as_ref_option()?) {
            Ok(ttl) => {
                self.within_maximum(name, &ttl);
                Some(ttl)
            }
            Err(error) => {
                let at = diag::member("lifetime", name);
                self.diags.add_error(diag::invalid_duration(at, &error));
                None
            }
        };
        let [ttl, max, idle, hibernate_after, grace] =
            model.members().map(|(name, text)| read(name, text));
        let contradictions = LifetimeError::among(
            ttl.as_ref(),
            max.as_ref(),
            idle.as_ref(),
            hibernate_after.as_ref(),
        );
        for error in &contradictions {
            let problem = diag::invalid_lifetime(error.member(), error);
            self.diags.add_error(problem);
        }
        contradictions.is_empty().then_some(Lifetime {
            ttl: ttl?,
            max: max?,
            idle: idle?,
            hibernate_after: hibernate_after?,
            grace: grace?,
        })
    }

    fn within_maximum(&mut self, name: &'static str, ttl: &Ttl) {
        let Some(settings) = self.settings else {
            return;
        };
        let most = settings
            .maximum
            .members()
            .into_iter()
            .find_map(|(limited, most)| most.filter(|_| limited == name));
        if let Some(most) = most
            && most < ttl
        {
            self.diags.add_error(diag::over_maximum(
                diag::member("lifetime", name),
                name,
                ttl.spelling(),
                most.spelling(),
            ));
        }
    }

    fn change_request(&mut self, model: &EnvironmentModel) -> Option<Option<ChangeRequest>> {
        let request = match &model.pull_request {
            Value::Value(request) => request,
            Value::Null => return Some(None),
            Value::Unknown => return None,
        };
        let forge = request
            .forge
            .as_ref_option()
            .and_then(|text| self.part(ChangeRequest::parse_forge(text)));
        let repository = request
            .repository
            .as_ref_option()
            .and_then(|text| self.part(ChangeRequest::parse_repository(text)));
        let number = request
            .number
            .as_ref_option()
            .and_then(|number| self.part(ChangeRequest::parse_number(*number)));
        Some(Some(ChangeRequest {
            forge: forge?,
            repository: repository?,
            number: number?,
        }))
    }

    fn part<T>(&mut self, parsed: Result<T, ChangeRequestError>) -> Option<T> {
        parsed
            .map_err(|error| {
                self.diags
                    .add_error(diag::invalid_pull_request(error.attribute(), &error));
            })
            .ok()
    }

    fn on_expiry(&mut self, value: &Value<String>) -> Option<OnExpiry> {
        let text = value.as_ref_option()?;
        let parsed = OnExpiry::parse(text);
        if parsed.is_none() {
            self.diags.add_error(diag::invalid_on_expiry(text));
        }
        parsed
    }
}
