//! The words of every diagnostic: one constructor each, used once written.
//!
//! A summary is a title without a value. A detail says what was being done, what was found and what to do next.

use std::fmt::Display;

use ledger::{book::BookError, clock::rfc3339, environment::Environment};
use tf_provider::{AttributePath, Diagnostic};

fn at(attribute: AttributePath, summary: &'static str, detail: String) -> Diagnostic {
    // Built literally: tf-provider's constructors would add a backtrace for the user to read.
    Diagnostic {
        summary: summary.into(),
        detail: detail.into(),
        attribute,
    }
}

/// A member of a nested attribute. Terraform finds its line only through a key step.
#[must_use]
pub fn member(attribute: &'static str, member: &'static str) -> AttributePath {
    AttributePath::new(attribute).key(member)
}

/// A value that one of the ledger's parsers refused.
#[must_use]
pub fn invalid(what: &'static str, attribute: AttributePath, error: &impl Display) -> Diagnostic {
    at(
        attribute,
        what,
        format!("{}.", sentence(&error.to_string())),
    )
}

/// A variable of the environment that could not be read.
#[must_use]
pub fn invalid_variable(name: &str, error: &impl Display) -> Diagnostic {
    at(
        AttributePath::root(),
        "Invalid Environment Variable",
        format!(
            "While reading the environment variable {name}: {}. Correct it, or set the argument in the provider block.",
            sentence(&error.to_string())
        ),
    )
}

/// Nobody answers for it.
#[must_use]
pub fn missing_owner() -> Diagnostic {
    at(
        AttributePath::new("owner"),
        "Missing Owner",
        "Every environment needs somebody who answers for it, and neither this resource nor the provider names one. \
         Set `owner` here, for example `owner = \"ana\"`, or `default_owner` in the provider block, or the environment \
         variable EPHEMERAL_DEFAULT_OWNER."
            .to_owned(),
    )
}

/// An element of a list that is null or empty.
#[must_use]
pub fn empty_element(attribute: &'static str, place: i64, example: &str) -> Diagnostic {
    at(
        AttributePath::new(attribute).index(place),
        "Invalid Provider Configuration",
        format!(
            "The element says nothing. Remove it, or name something, for example `\"{example}\"`."
        ),
    )
}

/// Tags that the provider's configuration requires.
#[must_use]
pub fn missing_tags(missing: &[String]) -> Diagnostic {
    let example = missing.first().map_or("cost-centre", String::as_str);
    at(
        AttributePath::new("tags"),
        "Missing Required Tags",
        format!(
            "The provider requires these tags, and they are not set: {}. Add them, for example \
             `tags = {{ \"{example}\" = \"…\" }}`. Nothing was created.",
            missing.join(", ")
        ),
    )
}

/// A tag element that is null.
#[must_use]
pub fn null_tag(key: &str) -> Diagnostic {
    at(
        AttributePath::new("tags").key(key.to_owned()),
        "Invalid Tag",
        "The tag has no value. Remove the key, or give it one, for example `\"checkout\"`."
            .to_owned(),
    )
}

/// A duration over what the provider's configuration allows.
#[must_use]
pub fn over_maximum(attribute: AttributePath, name: &str, found: &str, most: &str) -> Diagnostic {
    at(
        attribute,
        "Lifetime Over The Maximum",
        format!(
            "`{name}` is {found}, and the provider allows at most {most}. Lower it, for example `{name} = \"{most}\"`, \
             or have `max_lifetime` raised in the provider block. Nothing was created."
        ),
    )
}

/// A name that a living environment of another state has.
#[must_use]
pub fn name_in_use(living: &Environment) -> Diagnostic {
    let place = living
        .state
        .as_ref()
        .map_or_else(|| "an unknown state".to_owned(), ToString::to_string);
    at(
        AttributePath::new("name"),
        "Environment Name In Use",
        format!(
            "The environment `{name}` lives already, in another state: {id}, owned by {owner}, in {place}, until {end}. \
             Choose another name; or, if that state is yours and gone, give the name back with \
             `sweeper release {name} --reason \"its state is gone\"`.",
            name = living.name,
            id = living.id,
            owner = living.owner,
            end = rfc3339(living.expires_at()),
        ),
    )
}

/// Two resources of one configuration with one name.
#[must_use]
pub fn name_used_twice(name: &str) -> Diagnostic {
    at(
        AttributePath::new("name"),
        "Environment Name Used Twice",
        format!(
            "This apply has created an environment `{name}` already, and one state has one environment. Remove one of \
             the two resources, or keep them in two states."
        ),
    )
}

/// A sweeper's terraform whose claim is over came to delete the marker.
#[must_use]
pub fn claim_is_over(id: &str) -> Diagnostic {
    at(
        AttributePath::root(),
        "Claim Is Over",
        format!(
            "EPHEMERAL_FENCE says that a sweeper destroys {id}, and the ledger knows no such claim any more: somebody \
             renewed it, or another sweeper took over. Nothing was released. A sweeper sets that variable for its own \
             terraform; if you did, unset it."
        ),
    )
}

/// The ledger could not do what was asked.
#[must_use]
pub fn ledger(doing: &str, error: &BookError) -> Diagnostic {
    at(
        AttributePath::root(),
        "Ledger Not Available",
        format!(
            "While {doing}: {}. Nothing was changed. Check that the ledger can be reached from here; the provider's \
             `ledger` argument or EPHEMERAL_LEDGER says where it is.",
            sentence(&error.to_string())
        ),
    )
}

/// An apply that was asked to work with unknown values.
#[must_use]
pub fn incomplete_plan() -> Diagnostic {
    at(
        AttributePath::root(),
        "Incomplete Plan",
        "The provider was asked to apply a plan with values that are still unknown, and wrote nothing. This is a bug in \
         the provider or in Terraform; please report it with the plan's output."
            .to_owned(),
    )
}

/// A state without an id.
#[must_use]
pub fn missing_id() -> Diagnostic {
    at(
        AttributePath::new("id"),
        "Missing Id",
        "The state holds this resource without an id, so its record in the ledger cannot be found. If the resource was \
         edited by hand, remove it with `terraform state rm` and import it again."
            .to_owned(),
    )
}

/// A setting of `state` that may be a secret.
#[must_use]
pub fn state_setting_refused(backend: &str, key: &str) -> Diagnostic {
    at(
        AttributePath::new("state").key("config"),
        "Setting Not Recorded",
        format!(
            "`{key}` is not a setting that says where a `{backend}` state is, and it could be a secret, so it may not \
             stand here. Leave it out; the sweeper takes credentials from its own surroundings."
        ),
    )
}

/// The state's address could not be discovered.
#[must_use]
pub fn state_not_discovered(cause: &str) -> Diagnostic {
    at(
        AttributePath::root(),
        "State Not Discovered",
        format!(
            "Where this state is could not be found out: {cause}. The lifetime is recorded, but nothing can be swept \
             until it is known. Say it, for example `state = {{ backend = \"local\", config = {{ path = \
             \"/srv/shop/terraform.tfstate\" }} }}`."
        ),
    )
}

/// The ledger that answers is not the one that made the promise.
#[must_use]
pub fn another_ledger(id: &str, expected: Option<&String>, found: &str) -> Diagnostic {
    let recorded = expected.map_or_else(
        || "is in the state without a word of which ledger recorded it".to_owned(),
        |expected| format!("was recorded in the ledger {expected}"),
    );
    at(
        AttributePath::root(),
        "Another Ledger",
        format!(
            "{id} {recorded}, and the one that answers here is {found}, which does not know it. That proves nothing about the environment, so the state is left as it is. Point the provider's \
             `ledger` argument or EPHEMERAL_LEDGER to the right ledger. If that ledger is lost for good, remove the \
             resource with `terraform state rm` and apply again."
        ),
    )
}

/// An import before the provider's `ledger` argument is known.
#[must_use]
pub fn ledger_not_known() -> Diagnostic {
    at(
        AttributePath::root(),
        "Ledger Not Known Yet",
        "The provider's `ledger` argument follows from something that is not known before an apply, so nothing can be \
         looked up in it. Apply what it follows from first, for example with `-target`, or write the place down."
            .to_owned(),
    )
}

/// A renewal that comes after the end no renewal passes.
#[must_use]
pub fn renewed_past_the_end(id: &str, end: &str) -> Diagnostic {
    at(
        AttributePath::new("triggers"),
        "Renewal Without Effect",
        format!(
            "{id} reached the end that no renewal passes at {end}, so it stays expired. Raise `lifetime.max`, or \
             replace it with `terraform apply -replace=ADDRESS`."
        ),
    )
}

/// The record is over, and an update came.
#[must_use]
pub fn already_over(id: &str, phase: &str) -> Diagnostic {
    at(
        AttributePath::root(),
        "Lifetime Already Over",
        format!(
            "{id} is {phase} in the ledger and cannot be changed. Plan again: it will be created anew."
        ),
    )
}

/// A sweeper is destroying it.
#[must_use]
pub fn being_destroyed(id: &str) -> Diagnostic {
    at(
        AttributePath::root(),
        "Environment Is Being Destroyed",
        format!(
            "A sweeper is destroying {id} at this moment, so it cannot be changed or renewed. Wait until it is \
             finished (`sweeper show {id}`), then plan again."
        ),
    )
}

/// Nothing to import under that id or name.
#[must_use]
pub fn nothing_to_import(kind: &str, id: &str, example: &str) -> Diagnostic {
    at(
        AttributePath::root(),
        "Nothing To Import",
        format!(
            "The ledger has no living {kind} with the id or name `{id}`. `sweeper list` shows what it has; for example \
             `terraform import {example}`."
        ),
    )
}

/// The lease names an environment that is not there.
#[must_use]
pub fn unknown_environment(name: &str) -> Diagnostic {
    at(
        AttributePath::new("environment"),
        "Unknown Environment",
        format!(
            "The ledger has no living environment with the id or name `{name}`. Refer to the resource, for example \
             `environment = ephemeral_environment.preview.id`, or leave the argument out."
        ),
    )
}

/// A lease that could never last as long as it says.
#[must_use]
pub fn over_maximum_ttl(ttl: &str, most: &str) -> Diagnostic {
    at(
        AttributePath::new("ttl"),
        "Invalid Lease Duration",
        format!(
            "`ttl` ({ttl}) is longer than `max_ttl` ({most}). Lower `ttl`, or raise `max_ttl`."
        ),
    )
}

/// A renewal that comes after the end no renewal passes.
#[must_use]
pub fn past_maximum_ttl(id: &str, end: &str) -> Diagnostic {
    at(
        AttributePath::new("max_ttl"),
        "Lease Past Its Maximum",
        format!(
            "{id} reached the end that no renewal passes at {end}, so it was not renewed. Raise `max_ttl`, or replace \
             the lease with `terraform apply -replace=ADDRESS`."
        ),
    )
}

/// The default ledger is on a disk that dies with the job.
#[must_use]
pub fn ledger_dies_with_ci(place: &str) -> Diagnostic {
    at(
        AttributePath::root(),
        "Ledger Dies With This CI Job",
        format!(
            "No ledger is configured, so {place} is used, and this looks like a CI job whose disk is thrown away. The \
             lifetimes recorded there will be forgotten, and nothing will be swept. Set `ledger` in the provider block \
             or EPHEMERAL_LEDGER to a place that outlives the job, for example \
             `sqlite:///srv/ephemeral/ledger.sqlite3` on a mounted disk."
        ),
    )
}

/// What could not be copied for the destroy.
#[must_use]
pub fn incomplete_capture(gaps: &[String]) -> Diagnostic {
    at(
        AttributePath::root(),
        "Destroy May Need Help",
        format!(
            "Not everything a later destroy may need could be kept beside the lifetime: {}.",
            gaps.join("; ")
        ),
    )
}

/// `text` with a capital and without a full stop. An id at its beginning stays as it is, to be copied.
fn sentence(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.contains(|letter: char| letter.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
