//! Validates `tag_rules`, and that the required tags could be set under them.

use ledger::tags::{Cloud, TagPrefix, check_key};
use tf_provider::{AttributePath, value::Value};

use super::Resolver;
use crate::diag;

impl Resolver<'_> {
    /// The clouds whose rules count; of those that are not all known yet, the known ones.
    pub(super) fn tag_rules(&mut self, value: &Value<Vec<Value<String>>>) -> Vec<Cloud> {
        const VARIABLE: &str = "EPHEMERAL_TAG_RULES";
        let mut clouds = Vec::new();
        for (name, place) in self.list("tag_rules", VARIABLE, "aws", value) {
            let Some(cloud) = Cloud::parse(&name) else {
                let problem = format!(
                    "`{name}` is not a cloud; expected `aws`, `azure`, `gcp` or `kubernetes`"
                );
                self.diags.add_error(match place {
                    Some(place) => {
                        let at = AttributePath::new("tag_rules").index(place);
                        diag::invalid_configuration(at, &problem)
                    }
                    None => diag::invalid_variable(VARIABLE, &problem),
                });
                continue;
            };
            clouds.push(cloud);
        }
        let unknown = match value {
            Value::Unknown => true,
            Value::Null => false,
            Value::Value(elements) => elements.iter().any(|one| matches!(one, Value::Unknown)),
        };
        if clouds.is_empty() && !unknown {
            clouds.extend(Cloud::ALL);
        }
        clouds
    }

    /// A required tag whose key a cloud of `rules` refuses, alone and with the prefix, could never be set. More rules than
    /// these only refuse more.
    pub(super) fn required_tags_can_be_set(
        &mut self,
        required: &[(String, Option<i64>)],
        prefix: &TagPrefix,
        rules: &[Cloud],
    ) {
        for (key, place) in required {
            let prefixed = format!("{}{key}", prefix.as_str());
            if let Err(error) = check_key(key, rules)
                && check_key(&prefixed, rules).is_err()
            {
                let error = format!("no environment could set the tag `{key}`: {error}");
                let problem = match place {
                    Some(place) => {
                        let at = AttributePath::new("required_tags").index(*place);
                        diag::invalid_configuration(at, &error)
                    }
                    None => diag::invalid_variable("EPHEMERAL_REQUIRED_TAGS", &error),
                };
                self.diags.add_error(problem);
            }
        }
    }
}
