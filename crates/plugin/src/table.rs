//! The types of one kind by name, with the schemas their values must fit. The same table for every kind, which it does not
//! know.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use super::proto::tfplugin6::DynamicValue;
use super::raw::{self, Raw};
use super::report::Report;
use super::{rules, shape};

/// A type of any kind that has a configuration to check.
#[async_trait]
pub(crate) trait Validate: Send + Sync {
    /// Checks a configuration. `None` if it cannot be read.
    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()>;
}

/// The types of one kind; `S` is what describes one of them.
pub(crate) struct Table<T: ?Sized, S = Schema> {
    title: &'static str,
    noun: &'static str,
    entries: BTreeMap<&'static str, Entry<T, S>>,
}

/// A type and its schema.
pub(crate) struct Entry<T: ?Sized, S = Schema> {
    /// The type's code.
    pub(crate) code: Box<T>,
    /// Its schema.
    pub(crate) schema: S,
    /// Top-level attributes that must never leave the provider.
    pub(crate) write_only: &'static [&'static str],
}

impl<T: ?Sized, S> Table<T, S> {
    /// An empty table. The words are for the error about a name that is not in it.
    pub(crate) fn of(title: &'static str, noun: &'static str) -> Self {
        Self {
            title,
            noun,
            entries: BTreeMap::new(),
        }
    }

    /// Adds a type; one without a schema is left out and reported.
    pub(crate) fn add(
        &mut self,
        name: &'static str,
        code: Box<T>,
        schema: Option<S>,
        write_only: &'static [&'static str],
        problems: &mut Diagnostics,
    ) {
        let Some(schema) = schema else {
            return explain_nothing(&format!("describing `{name}`"), problems);
        };
        let entry = Entry {
            code,
            schema,
            write_only,
        };
        self.entries.insert(name, entry);
    }

    /// The type `name`, or an error.
    pub(crate) fn get(&self, name: &str, diags: &mut Diagnostics) -> Option<&Entry<T, S>> {
        let found = self.entries.get(name);
        if found.is_none() {
            no_such(self.title, self.noun, name, diags);
        }
        found
    }

    /// Every type, in the order of the names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &Entry<T, S>)> {
        self.entries.iter().map(|(name, entry)| (*name, entry))
    }

    /// Something of every type, by its name.
    pub(crate) fn map<R, C: FromIterator<(String, R)>>(
        &self,
        make: impl Fn(&Entry<T, S>) -> R,
    ) -> C {
        let entries = self.iter();
        entries
            .map(|(name, entry)| (name.to_owned(), make(entry)))
            .collect()
    }

    /// Something of every name.
    pub(crate) fn names<R>(&self, make: impl Fn(String) -> R) -> Vec<R> {
        self.iter().map(|(name, _)| make(name.to_owned())).collect()
    }
}

impl<T: Validate + ?Sized> Table<T> {
    /// Checks a configuration of the type `name`. `write_only` is whether the client knows write-only attributes. The
    /// answer is a response without more to say.
    pub(crate) async fn validate<R: Default>(
        &self,
        name: &str,
        config: Option<&DynamicValue>,
        write_only: bool,
        diags: &mut Diagnostics,
    ) -> Option<R> {
        let entry = self.get(name, diags)?;
        let mut config = to_check(&entry.schema, "configuration", config, diags)?;
        if !write_only {
            rules::check_write_only(entry.write_only, &mut config, diags);
        }
        entry.code.validate(diags, config).await?;
        Some(R::default())
    }
}

impl<T: ?Sized> Entry<T> {
    /// A value that came in, in the shape of the schema. `what` names it, for example `configuration`.
    pub(crate) fn receive(
        &self,
        what: &str,
        message: Option<&DynamicValue>,
        diags: &mut Diagnostics,
    ) -> Option<Raw> {
        received(&self.schema, what, message, diags)
    }

    /// A value to go out: without what is write-only, and certainly in the shape of the schema.
    pub(crate) fn send(&self, value: Raw, diags: &mut Diagnostics) -> Option<DynamicValue> {
        let mut found = Diagnostics::default();
        let value = raw::with_nulls(value, self.write_only);
        let shaped = shape::conform(&self.schema.block, value, &mut found);
        for problem in found.errors {
            diags.refuse(
                problem.attribute,
                "Provider Produced an Unsendable Value",
                format!(
                    "This is a bug in the provider; please report it. {}",
                    problem.detail
                ),
            );
        }
        shaped.map(raw::encode)
    }
}

/// A value that came in, in the shape of `schema`.
pub(crate) fn received(
    schema: &Schema,
    what: &str,
    message: Option<&DynamicValue>,
    diags: &mut Diagnostics,
) -> Option<Raw> {
    let value = decoded(what, message, diags)?;
    shape::conform(&schema.block, value, diags)
}

/// A configuration that came in, to be checked only. What breaks the schema is reported, and unknown in the answer: so the
/// type's own rules say what is wrong with the rest in the same go, and nothing twice.
pub(crate) fn to_check(
    schema: &Schema,
    what: &str,
    message: Option<&DynamicValue>,
    diags: &mut Diagnostics,
) -> Option<Raw> {
    let value = decoded(what, message, diags)?;
    let mut config = shape::conform_as_far(&schema.block, value, diags)?;
    rules::check_schema(&schema.block, &mut config, diags);
    Some(config)
}

fn decoded(what: &str, message: Option<&DynamicValue>, diags: &mut Diagnostics) -> Option<Raw> {
    let value = raw::decode(message).map_err(|error| {
        diags.fail(
            "Unreadable Value",
            format!("The {what} that was sent to the provider cannot be read: {error}."),
        );
    });
    value.ok()
}

/// Makes sure that an answer of nothing has a reason.
pub(crate) fn explain_nothing(step: &str, diags: &mut Diagnostics) {
    if !diags.has_errors() {
        diags.fail(
            "No Answer from the Provider",
            format!(
                "The provider ended {step} without a result and without a reason. This is a bug in the provider; \
                 please report it."
            ),
        );
    }
}

/// An error for a type this provider does not have.
pub(crate) fn no_such(title: &str, noun: &str, name: &str, diags: &mut Diagnostics) {
    diags.fail(
        format!("Unsupported {title}"),
        format!("This provider has no {noun} named `{name}`."),
    );
}
