//! The filter of `ephemeral_environments`: each part parsed once, every problem at its own attribute; and which records
//! it lets through. Pure. Parts that are unknown are left out without a word.

use std::collections::BTreeMap;

use ledger::{
    change_request::{ChangeRequest, ChangeRequestError, Forge},
    clock::Timestamp,
    environment::Environment,
    phase::{Phase, phase},
};
use tf_provider::{AttributePath, Diagnostics, value::Value};

use super::EnvironmentsModel;
use crate::{
    attributes::StringMap, data::refuse_empty, diag, environment::model::PullRequestModel,
};

/// The filter; a `None` lets everything through.
#[derive(Debug, Default)]
pub(super) struct Filter {
    owner: Option<String>,
    team: Option<String>,
    project: Option<String>,
    phases: Option<Vec<Phase>>,
    tags: BTreeMap<String, String>,
    forge: Option<Forge>,
    repository: Option<String>,
    number: Option<u64>,
}

impl Filter {
    /// The filter in `config`.
    pub(super) fn of(config: &EnvironmentsModel, diags: &mut Diagnostics) -> Self {
        for (attribute, value) in [
            ("owner", &config.owner),
            ("team", &config.team),
            ("project", &config.project),
        ] {
            refuse_empty(attribute, value, diags);
        }
        let mut filter = Self {
            owner: config.owner.as_ref_option().cloned(),
            team: config.team.as_ref_option().cloned(),
            project: config.project.as_ref_option().cloned(),
            phases: phases(&config.phases, diags),
            tags: tags(&config.tags, diags),
            ..Self::default()
        };
        if let Value::Value(request) = &config.pull_request {
            filter.pull_request(request, diags);
        }
        filter
    }

    fn pull_request(&mut self, request: &PullRequestModel, diags: &mut Diagnostics) {
        let mut refuse = |part: &'static str, error: ChangeRequestError| {
            diags.add_error(diag::invalid_pull_request(part, &error));
        };
        if let Value::Value(forge) = &request.forge {
            let parsed = ChangeRequest::parse_forge(forge);
            self.forge = parsed.map_err(|error| refuse("forge", error)).ok();
        }
        if let Value::Value(repository) = &request.repository {
            let parsed = ChangeRequest::parse_repository(repository);
            self.repository = parsed.map_err(|error| refuse("repository", error)).ok();
        }
        if let Value::Value(number) = request.number {
            let parsed = ChangeRequest::parse_number(number);
            self.number = parsed.map_err(|error| refuse("number", error)).ok();
        }
    }

    /// Whether environments whose life is over are asked for.
    pub(super) fn wants_the_ended(&self) -> bool {
        let ended = [Phase::Destroyed, Phase::Released];
        let mut phases = self.phases.iter().flatten();
        phases.any(|phase| ended.contains(phase))
    }

    /// Whether `environment` is asked for.
    pub(super) fn lets_through(&self, environment: &Environment, now: Timestamp) -> bool {
        let is = |wanted: &Option<String>, found: Option<&String>| {
            wanted.as_ref().is_none_or(|wanted| Some(wanted) == found)
        };
        let carried = environment.tags_all();
        let request = environment.change_request.as_ref();
        let phase_fits = self
            .phases
            .as_ref()
            .is_none_or(|phases| phases.contains(&phase(environment, None, now)));
        let has_tags = self
            .tags
            .iter()
            .all(|(key, value)| carried.get(key) == Some(value));
        let forge_fits = self
            .forge
            .is_none_or(|forge| request.is_some_and(|request| request.forge == forge));
        let number_fits = self
            .number
            .is_none_or(|number| request.is_some_and(|request| request.number == number));
        is(&self.owner, Some(&environment.owner))
            && is(&self.team, environment.team.as_ref())
            && is(&self.project, environment.project.as_ref())
            && is(&self.repository, request.map(|request| &request.repository))
            && phase_fits
            && has_tags
            && forge_fits
            && number_fits
    }
}

fn phases(value: &Value<Vec<Value<String>>>, diags: &mut Diagnostics) -> Option<Vec<Phase>> {
    let words = value.as_ref_option()?;
    if words.is_empty() {
        let rule = "an empty list lets nothing through; name a phase, for example `expired`, or leave `phases` out";
        diags.add_error(diag::invalid_selector(AttributePath::new("phases"), &rule));
    }
    let mut phases = Vec::new();
    for (place, word) in (0_i64..).zip(words) {
        let word = match word {
            Value::Unknown => continue,
            Value::Null => "null",
            Value::Value(word) => word,
        };
        match Phase::parse_of_records(word) {
            Ok(phase) => phases.push(phase),
            Err(error) => {
                let at = AttributePath::new("phases").index(place);
                diags.add_error(diag::invalid_selector(at, &error));
            }
        }
    }
    Some(phases)
}

fn tags(value: &Value<StringMap>, diags: &mut Diagnostics) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    for (key, value) in value.as_ref_option().into_iter().flatten() {
        match value {
            Value::Value(value) => {
                tags.insert(key.clone(), value.clone());
            }
            Value::Null => diags.add_error(diag::null_tag(key)),
            Value::Unknown => {}
        }
    }
    tags
}
