//! Rules that choose a profile: what one says, how a list of them is read, and which one decides. Pure; paths are texts
//! here, and no file is looked at.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};
use serde_json::{Map, Value as Json};

/// The profile where no rule fits.
pub(super) const DEFAULT_PROFILE: &str = "standard";

/// The deciding rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) profile: String,
    pub(super) needs_approval: bool,
    pub(super) reason: String,
}

/// One rule. Conditions that are not there hold.
#[derive(Debug)]
pub(super) struct Rule {
    profile: String,
    needs_approval: bool,
    labels: Option<Vec<String>>,
    only_files: Option<Patterns>,
    any_files: Option<Patterns>,
}

/// Why a value is no list of rules. Rules are counted from 1, as people do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum RuleError {
    #[error(
        "the rules are no list of objects; for example `[{{ profile = \"minimal\", only_files = [\"docs/**\"] }}]`"
    )]
    NoList,
    #[error("there is one list of rules at most; join them with `concat`")]
    Lists,
    #[error("rule {0} names no profile; for example `profile = \"minimal\"`")]
    NoProfile(usize),
    #[error(
        "rule {0} has `{1}`, which is nothing a rule knows; expected `profile`, `labels`, `only_files`, `any_files` or \
         `needs_approval`"
    )]
    Unknown(usize, String),
    #[error("`{1}` of rule {0} is no list of texts; for example `{1} = [\"{2}\"]`")]
    NoTexts(usize, &'static str, &'static str),
    #[error(
        "`{1}` of rule {0} is empty, so the rule never fits; remove the rule, or the condition"
    )]
    Never(usize, &'static str),
    #[error("`needs_approval` of rule {0} is neither `true` nor `false`")]
    NoSwitch(usize),
    #[error(
        "pattern {place} of `{condition}` in rule {rule} cannot be read: {cause}; for example `docs/**`"
    )]
    Pattern {
        rule: usize,
        condition: &'static str,
        place: usize,
        cause: String,
    },
}

/// Patterns of paths, of which one has to match.
#[derive(Debug)]
struct Patterns(Vec<(String, GlobMatcher)>);

impl Patterns {
    fn parse(texts: Vec<String>) -> Result<Self, (usize, String)> {
        let compiled = (1..).zip(texts).map(|(place, text)| {
            let glob = GlobBuilder::new(&text).literal_separator(true).build();
            match glob {
                Ok(glob) => Ok((text, glob.compile_matcher())),
                Err(error) => Err((place, error.kind().to_string())),
            }
        });
        compiled.collect::<Result<_, _>>().map(Self)
    }

    /// The pattern that matches `path`.
    fn matching(&self, path: &str) -> Option<&str> {
        let path = path.strip_prefix("./").unwrap_or(path);
        let mut patterns = self.0.iter();
        let found = patterns.find(|(_, pattern)| pattern.is_match(path));
        found.map(|(text, _)| text.as_str())
    }

    fn texts(&self) -> Vec<&str> {
        self.0.iter().map(|(text, _)| text.as_str()).collect()
    }
}

impl Rule {
    /// Why it fits; `None` if it does not.
    fn fits(&self, files: &[String], labels: &[String]) -> Option<String> {
        let mut reasons = Vec::new();
        if let Some(wanted) = &self.labels {
            let has = |wanted: &&String| {
                labels
                    .iter()
                    .any(|label| label.eq_ignore_ascii_case(wanted))
            };
            reasons.push(format!("labelled `{}`", wanted.iter().find(has)?));
        }
        if let Some(only) = &self.only_files {
            // No known file is no proof that nothing else changed.
            if files.is_empty() || files.iter().any(|file| only.matching(file).is_none()) {
                return None;
            }
            let patterns = one_of(&only.texts(), ", ");
            reasons.push(format!("every changed file is one of {patterns}"));
        }
        if let Some(any) = &self.any_files {
            let mut matches = files
                .iter()
                .filter_map(|file| Some((file, any.matching(file)?)));
            let (file, pattern) = matches.next()?;
            reasons.push(format!("`{file}` is one of `{pattern}`"));
        }
        if reasons.is_empty() {
            reasons.push("no rule before fits".to_owned());
        }
        Some(reasons.join(", and "))
    }
}

/// A row of the table on the function's page, for rules about labels or about all files.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let approval = if self.needs_approval {
            ", with approval"
        } else {
            ""
        };
        write!(f, "`{}`{approval} | ", self.profile)?;
        if let Some(labels) = &self.labels {
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            write!(f, "labelled {}", one_of(&labels, " or "))?;
        }
        if let Some(only) = &self.only_files {
            write!(
                f,
                "every changed file is one of {}",
                one_of(&only.texts(), ", ")
            )?;
        }
        Ok(())
    }
}

fn one_of(texts: &[&str], between: &str) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    quoted.join(between)
}

/// The profile for a change of `files` with `labels`, by the first of `rules` that fits.
pub(super) fn choose(rules: &[Rule], files: &[String], labels: &[String]) -> Choice {
    let mut fitting = rules
        .iter()
        .filter_map(|rule| Some((rule, rule.fits(files, labels)?)));
    match fitting.next() {
        Some((rule, reason)) => Choice {
            profile: rule.profile.clone(),
            needs_approval: rule.needs_approval,
            reason,
        },
        None => Choice {
            profile: DEFAULT_PROFILE.to_owned(),
            needs_approval: false,
            reason: "no rule fits".to_owned(),
        },
    }
}

/// The rules where none are given. What only shows, as styles and pictures do, needs no more than what only explains; a
/// change of other code of a front end is indistinguishable from one that needs the whole.
pub(super) fn default_rules() -> Vec<Rule> {
    let labelled = |profile: &str, needs_approval, labels: &[&str]| Rule {
        profile: profile.to_owned(),
        needs_approval,
        labels: Some(labels.iter().map(|label| (*label).to_owned()).collect()),
        only_files: None,
        any_files: None,
    };
    let only = |profile: &str, patterns: &[&str]| {
        let texts = patterns.iter().map(|pattern| (*pattern).to_owned());
        // Each of these is a pattern, as a test shows; a rule without its condition would fit everything.
        let only_files = Patterns::parse(texts.collect()).ok()?;
        Some(Rule {
            profile: profile.to_owned(),
            needs_approval: false,
            labels: None,
            only_files: Some(only_files),
            any_files: None,
        })
    };
    let rules = [
        Some(labelled("production-like", true, &["release-candidate"])),
        Some(labelled(
            "enhanced",
            false,
            &["performance-test", "load-test"],
        )),
        only("minimal", &["docs/**", "**/*.md"]),
        only(
            "minimal",
            &[
                "**/*.css",
                "**/*.scss",
                "**/*.less",
                "**/*.svg",
                "**/*.png",
                "**/*.jpg",
                "**/*.gif",
                "**/*.webp",
                "**/*.ico",
            ],
        ),
    ];
    rules.into_iter().flatten().collect()
}

/// Reads a list of rules as it came from a configuration; every problem is told.
pub(super) fn parse_rules(list: &Json) -> Result<Vec<Rule>, Vec<RuleError>> {
    let Json::Array(list) = list else {
        return Err(vec![RuleError::NoList]);
    };
    let mut rules = Vec::new();
    let mut errors = Vec::new();
    for (number, rule) in (1..).zip(list) {
        match rule {
            Json::Object(members) => match parse_rule(number, members) {
                Ok(rule) => rules.push(rule),
                Err(found) => errors.extend(found),
            },
            _ => errors.push(RuleError::NoList),
        }
    }
    if errors.is_empty() {
        Ok(rules)
    } else {
        Err(errors)
    }
}

fn parse_rule(number: usize, members: &Map<String, Json>) -> Result<Rule, Vec<RuleError>> {
    const KNOWN: [&str; 5] = [
        "profile",
        "needs_approval",
        "labels",
        "only_files",
        "any_files",
    ];
    let mut errors: Vec<RuleError> = members
        .keys()
        .filter(|name| !KNOWN.contains(&name.as_str()))
        .map(|name| RuleError::Unknown(number, name.clone()))
        .collect();
    let member = |name: &str| members.get(name).unwrap_or(&Json::Null);
    let mut keep = |error: RuleError| errors.push(error);
    let profile = match member("profile") {
        Json::String(profile) if !profile.trim().is_empty() => profile.clone(),
        _ => {
            keep(RuleError::NoProfile(number));
            String::new()
        }
    };
    let needs_approval = match member("needs_approval") {
        Json::Null => false,
        Json::Bool(switch) => *switch,
        _ => {
            keep(RuleError::NoSwitch(number));
            false
        }
    };
    let labels = texts(number, "labels", "load-test", member("labels"));
    let labels = labels.unwrap_or_else(|error| {
        keep(error);
        None
    });
    let mut patterns = |condition: &'static str| {
        let parsed = texts(number, condition, "docs/**", member(condition)).and_then(|texts| {
            let refused = |(place, cause)| RuleError::Pattern {
                rule: number,
                condition,
                place,
                cause,
            };
            texts.map(Patterns::parse).transpose().map_err(refused)
        });
        parsed.unwrap_or_else(|error| {
            keep(error);
            None
        })
    };
    let rule = Rule {
        profile,
        needs_approval,
        labels,
        only_files: patterns("only_files"),
        any_files: patterns("any_files"),
    };
    if errors.is_empty() {
        Ok(rule)
    } else {
        Err(errors)
    }
}

/// A condition's texts; `None` if it is not there.
fn texts(
    number: usize,
    condition: &'static str,
    example: &'static str,
    value: &Json,
) -> Result<Option<Vec<String>>, RuleError> {
    let wrong = || RuleError::NoTexts(number, condition, example);
    match value {
        Json::Null => Ok(None),
        Json::Array(items) if items.is_empty() => Err(RuleError::Never(number, condition)),
        Json::Array(items) => {
            let text = |item: &Json| match item {
                Json::String(text) if !text.is_empty() => Ok(text.clone()),
                _ => Err(wrong()),
            };
            items.iter().map(text).collect::<Result<_, _>>().map(Some)
        }
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests;
