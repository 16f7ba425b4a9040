//! The tags of a typed environment: each valid on the clouds that count, none missing, and not too many together.

use ledger::tags::{self, StandardTag, TagSet};
use tf_provider::value::Value;

use super::{Reader, Validated};
use crate::{
    attributes::StringMap,
    diag,
    environment::model::{EnvironmentModel, known_strings},
    settings::Settings,
};

impl Reader<'_> {
    pub(super) fn tags(&mut self, value: &Value<StringMap>) -> Option<TagSet> {
        let map = match value {
            Value::Value(map) => map,
            Value::Null => return Some(TagSet::new()),
            Value::Unknown => return None,
        };
        let rules = self
            .settings
            .map_or(&[][..], |settings| &settings.tag_rules);
        let mut whole = true;
        for (key, value) in map {
            if self.is_given_anyway(key) {
                whole = false;
                self.diags.add_error(diag::reserved_tag(key));
                continue;
            }
            let invalid = |error| diag::invalid_tag(key, &error);
            let of_key = tags::check_key(key, rules).err().map(invalid);
            let of_value = match value {
                Value::Null => Some(diag::null_tag(key)),
                Value::Unknown => {
                    whole = false;
                    None
                }
                Value::Value(text) => tags::check_value(text, rules).err().map(invalid),
            };
            for problem in of_key.into_iter().chain(of_value) {
                whole = false;
                self.diags.add_error(problem);
            }
        }
        whole.then(|| known_strings(map))
    }

    /// Every tag that the provider requires must be declared, or be a standard one that follows from what is set. What is
    /// unknown may still bring it, and the next plan asks again.
    pub(super) fn required_tags(&mut self, model: &EnvironmentModel) {
        let Some(settings) = self.settings else {
            return;
        };
        let missing: Vec<String> = settings
            .required_tags
            .iter()
            .filter(|key| !may_carry(model, settings, key))
            .cloned()
            .collect();
        if !missing.is_empty() {
            self.diags.add_error(diag::missing_tags(&missing));
        }
    }

    /// The standard tags count too: an object carries them beside the declared ones.
    pub(super) fn count_tags(&mut self, validated: &Validated) {
        let Some(settings) = self.settings else {
            return;
        };
        let Some(all) = validated.default_tags(settings) else {
            return;
        };
        // The creation time and the id come with the creation.
        let all = all.len() + 2;
        if tags::MAX_TAGS < all {
            let declared = validated.tags.as_ref().map_or(0, TagSet::len);
            self.diags.add_error(diag::too_many_tags(declared, all));
        }
    }

    /// Whether the provider sets the tag `key` itself, over whatever was declared.
    fn is_given_anyway(&self, key: &str) -> bool {
        let settings = self
            .settings
            .filter(|settings| settings.tag_prefix_is_known);
        settings.is_some_and(|settings| {
            let given = StandardTag::ALL.into_iter().filter(|tag| tag.is_given());
            given
                .map(|tag| settings.tag_prefix.key(tag))
                .any(|given| given == key)
        })
    }
}

/// Whether `model` carries the tag `key`, with or without the prefix, or may do so once all of it is known.
fn may_carry(model: &EnvironmentModel, settings: &Settings, key: &str) -> bool {
    if !settings.tag_prefix_is_known {
        return true;
    }
    let prefixed = format!("{}{key}", settings.tag_prefix.as_str());
    let declared = match &model.tags {
        Value::Unknown => true,
        Value::Null => false,
        // A tag without a value says nothing, so it is not what was required.
        Value::Value(map) => [key, &prefixed].into_iter().any(|key| match map.get(key) {
            Some(Value::Value(text)) => !text.trim().is_empty(),
            Some(Value::Unknown) => true,
            Some(Value::Null) | None => false,
        }),
    };
    let request = !matches!(model.pull_request, Value::Null);
    let standard = [
        (StandardTag::Environment, true),
        (StandardTag::Owner, true),
        (StandardTag::Team, !matches!(model.team, Value::Null)),
        (StandardTag::Project, !matches!(model.project, Value::Null)),
        (StandardTag::Repository, request),
        (StandardTag::PullRequest, request),
        (StandardTag::CreatedAt, true),
        (StandardTag::LeaseId, true),
        (StandardTag::ManagedBy, true),
    ];
    let of_standard = standard.into_iter().any(|(tag, is_set)| {
        let standard = settings.tag_prefix.key(tag);
        is_set && (standard == key || standard == prefixed)
    });
    declared || of_standard
}
