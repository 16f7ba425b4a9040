//! Validates the `identity` attribute, with environment variables and defaults.

use std::path::PathBuf;

use ::identity::{Trust, TrustedIssuer};
use tf_provider::{AttributePath, value::Value};

use super::Resolver;
use crate::{config::IdentityModel, diag};

const ATTRIBUTE: &str = "identity";
const ISSUERS: &str = "EPHEMERAL_IDENTITY_ISSUERS";
const REQUIRED: &str = "EPHEMERAL_IDENTITY_REQUIRED";

/// The trusted issuers by default.
const DEFAULT_ISSUERS: [&str; 2] = [
    "https://token.actions.githubusercontent.com",
    "https://gitlab.com",
];

/// How it is found out who runs this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentitySettings {
    /// The trusted issuers, and the sources of a token.
    pub trust: Trust,
    /// Whether nothing may be created, changed or renewed without a verified identity.
    pub required: bool,
    /// `false` while a part of this follows from something that is not known before an apply; then no issuer is asked.
    pub is_known: bool,
}

impl Default for IdentitySettings {
    fn default() -> Self {
        let issuers = DEFAULT_ISSUERS.into_iter();
        Self {
            trust: Trust {
                audience: "terraform-provider-ephemeral".to_owned(),
                issuers: issuers
                    .filter_map(|name| TrustedIssuer::parse(name).ok())
                    .collect(),
                token_file: None,
                token_variable: "EPHEMERAL_ID_TOKEN".to_owned(),
            },
            required: false,
            is_known: true,
        }
    }
}

impl Resolver<'_> {
    /// Validates `typed`. Every problem is reported; the setting then stands at its default.
    pub(super) fn identity(&mut self, typed: &Value<IdentityModel>) -> IdentitySettings {
        let model = typed.as_ref_option().cloned().unwrap_or_default();
        let default = IdentitySettings::default();
        let issuers = self.issuers(&model.issuers);
        let required = self.required(&model.required);
        let trust = Trust {
            audience: self
                .member("audience", "EPHEMERAL_IDENTITY_AUDIENCE", &model.audience)
                .unwrap_or(default.trust.audience),
            issuers: issuers.unwrap_or(default.trust.issuers),
            token_file: self
                .member(
                    "token_file",
                    "EPHEMERAL_IDENTITY_TOKEN_FILE",
                    &model.token_file,
                )
                .map(PathBuf::from),
            token_variable: self
                .member(
                    "token_variable",
                    "EPHEMERAL_IDENTITY_TOKEN_VARIABLE",
                    &model.token_variable,
                )
                .unwrap_or(default.trust.token_variable),
        };
        let settings = IdentitySettings {
            trust,
            required: required.unwrap_or(default.required),
            is_known: !matches!(typed, Value::Unknown) && model.is_known(),
        };
        if settings.required && settings.is_known && settings.trust.issuers.is_empty() {
            self.wrong(
                "issuers",
                "a verified identity is required, and no issuer is trusted; name one, for example \
                 `issuers = [\"https://gitlab.com\"]`, or leave `required` out",
            );
        }
        settings
    }

    fn member(
        &mut self,
        name: &'static str,
        variable: &str,
        value: &Value<String>,
    ) -> Option<String> {
        const NOTHING: &str = "it is empty; set a value, or remove it";
        self.parsed(diag::member(ATTRIBUTE, name), variable, value, |text| {
            if text.trim().is_empty() {
                return Err(NOTHING);
            }
            Ok(text.to_owned())
        })
    }

    fn issuers(&mut self, typed: &Value<Vec<Value<String>>>) -> Option<Vec<TrustedIssuer>> {
        let names: Vec<String> = match typed {
            Value::Value(names) => names
                .iter()
                .filter_map(|name| match name {
                    Value::Value(name) => Some(name.clone()),
                    Value::Null => Some(String::new()),
                    Value::Unknown => None,
                })
                .collect(),
            Value::Null | Value::Unknown => {
                let text = self.variable(ISSUERS)?;
                text.split(',').map(|name| name.trim().to_owned()).collect()
            }
        };
        let mut issuers = Vec::new();
        for name in names {
            match TrustedIssuer::parse(&name) {
                Ok(issuer) => issuers.push(issuer),
                Err(problem) if matches!(typed, Value::Value(_)) => {
                    self.wrong("issuers", &problem.to_string());
                }
                Err(problem) => self
                    .diags
                    .add_error(diag::invalid_variable(ISSUERS, &problem)),
            }
        }
        Some(issuers)
    }

    fn required(&mut self, typed: &Value<bool>) -> Option<bool> {
        if let Value::Value(required) = typed {
            return Some(*required);
        }
        let text = self.variable(REQUIRED)?;
        match text.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                let problem = "it is neither `true` nor `false`";
                self.diags
                    .add_error(diag::invalid_variable(REQUIRED, &problem));
                None
            }
        }
    }

    fn wrong(&mut self, member: &'static str, problem: &str) {
        let place: AttributePath = diag::member(ATTRIBUTE, member);
        let problem = diag::invalid_configuration(place, &problem);
        self.diags.add_error(problem);
    }
}

#[cfg(test)]
mod tests {
    use tf_provider::Diagnostics;

    use super::*;
    use crate::{config::ConfigModel, invocation::Invocation, settings::resolve};

    const VARIABLES: [(&str, &str); 5] = [
        ("EPHEMERAL_IDENTITY_AUDIENCE", "variable"),
        (
            "EPHEMERAL_IDENTITY_ISSUERS",
            "https://one.test, https://two.test",
        ),
        ("EPHEMERAL_IDENTITY_TOKEN_FILE", "/run/token"),
        ("EPHEMERAL_IDENTITY_TOKEN_VARIABLE", "OWN_TOKEN"),
        ("EPHEMERAL_IDENTITY_REQUIRED", "true"),
    ];

    fn text(text: &str) -> Value<String> {
        Value::Value(text.to_owned())
    }

    /// The settings, and where each problem is with what it says.
    fn meant(
        identity: Value<IdentityModel>,
        variables: &[(&str, &str)],
    ) -> (IdentitySettings, Vec<String>) {
        let config = ConfigModel {
            identity,
            ..ConfigModel::default()
        };
        let variables = variables.iter();
        let invocation = Invocation {
            variables: variables
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Invocation::default()
        };
        let mut diags = Diagnostics::default();
        let settings = resolve(&config, &invocation, &mut diags).identity;
        let problems = diags.errors.iter();
        let problems = problems.map(|error| format!("{}: {}", error.summary, error.detail));
        (settings, problems.collect())
    }

    fn names(settings: &IdentitySettings) -> Vec<&str> {
        settings
            .trust
            .issuers
            .iter()
            .map(TrustedIssuer::as_str)
            .collect()
    }

    #[test]
    fn an_argument_wins_over_its_variable_and_a_variable_over_the_default() {
        let (default, problems) = meant(Value::Null, &[]);
        assert_eq!(problems, [""; 0]);
        assert_eq!(default, IdentitySettings::default());
        assert_eq!(names(&default), DEFAULT_ISSUERS);

        let (settings, problems) = meant(Value::Null, &VARIABLES);
        assert_eq!(problems, [""; 0]);
        assert_eq!(names(&settings), ["https://one.test", "https://two.test"]);
        assert_eq!(settings.trust.audience, "variable");
        assert_eq!(settings.trust.token_file, Some(PathBuf::from("/run/token")));
        assert_eq!(settings.trust.token_variable, "OWN_TOKEN");
        assert!(settings.required && settings.is_known);

        let typed = IdentityModel {
            audience: text("argument"),
            issuers: Value::Value(Vec::new()),
            token_file: text("token"),
            token_variable: text("TOKEN"),
            required: Value::Value(false),
        };
        let (settings, problems) = meant(Value::Value(typed), &VARIABLES);
        assert_eq!(problems, [""; 0]);
        assert_eq!(names(&settings), [""; 0], "an empty list turns tokens off");
        assert_eq!(settings.trust.audience, "argument");
        assert_eq!(settings.trust.token_file, Some(PathBuf::from("token")));
        assert_eq!(settings.trust.token_variable, "TOKEN");
        assert!(!settings.required);
    }

    #[test]
    fn every_problem_is_reported_at_once_and_no_text_repeats_what_was_typed() {
        let typed = IdentityModel {
            audience: text(" "),
            issuers: Value::Value(vec![
                text("http://hunter2.test"),
                Value::Null,
                text("https://right.test"),
            ]),
            token_file: text(""),
            token_variable: text(""),
            required: Value::Value(true),
        };
        let (settings, problems) = meant(Value::Value(typed), &[]);
        assert_eq!(problems.len(), 5, "{problems:#?}");
        assert_eq!(names(&settings), ["https://right.test"]);
        let wrong = [
            ("EPHEMERAL_IDENTITY_ISSUERS", "hunter2"),
            ("EPHEMERAL_IDENTITY_REQUIRED", "hunter2"),
        ];
        let (_, by_variable) = meant(Value::Null, &wrong);
        assert_eq!(by_variable.len(), 2, "{by_variable:#?}");
        for problem in problems.iter().chain(&by_variable) {
            assert!(!problem.contains("hunter2"), "{problem}");
        }
        for ((name, _), problem) in wrong.iter().zip(&by_variable) {
            assert!(problem.contains(name), "{problem}");
        }
    }

    #[test]
    fn a_demand_that_cannot_be_met_is_an_error() {
        let typed = IdentityModel {
            issuers: Value::Value(Vec::new()),
            required: Value::Value(true),
            ..IdentityModel::default()
        };
        let (_, problems) = meant(Value::Value(typed), &[]);
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(problems[0].contains("no issuer is trusted"), "{problems:?}");
    }

    #[test]
    fn what_is_not_known_yet_is_not_acted_upon() {
        let (settings, problems) = meant(Value::Unknown, &[]);
        assert_eq!((settings.is_known, problems.len()), (false, 0));
        for typed in [
            IdentityModel {
                audience: Value::Unknown,
                ..IdentityModel::default()
            },
            IdentityModel {
                issuers: Value::Value(vec![Value::Unknown]),
                required: Value::Value(true),
                ..IdentityModel::default()
            },
            IdentityModel {
                required: Value::Unknown,
                ..IdentityModel::default()
            },
        ] {
            let (settings, problems) = meant(Value::Value(typed.clone()), &[]);
            assert_eq!(
                (settings.is_known, problems),
                (false, Vec::new()),
                "{typed:?}"
            );
        }
    }
}
