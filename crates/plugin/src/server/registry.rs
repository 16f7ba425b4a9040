//! The types a provider serves, looked up by name, with the schemas their values must fit. Built once at the start;
//! what is wrong with a definition is kept and shown with the schema, where Terraform looks first.

use std::collections::BTreeMap;

use tf_provider::Diagnostics;
use tf_provider::schema::{AttributeConstraint, FunctionSchema, Schema};

use crate::action::Invocable;
use crate::data_source::Readable;
use crate::definition::ProviderDefinition;
use crate::ephemeral::Openable;
use crate::function::Callable;
use crate::listable::Listable;
use crate::managed::Managed;
use crate::proto::tfplugin6::DynamicValue;
use crate::raw::{self, Raw};
use crate::report::Report;
use crate::{rules, shape};

/// A type and its schema.
pub(crate) struct Entry<T: ?Sized> {
    /// The type's code.
    pub(crate) code: Box<T>,
    /// Its schema.
    pub(crate) schema: Schema,
    /// Top-level attributes that must never leave the provider.
    pub(crate) write_only: &'static [&'static str],
}

/// Everything there is.
pub(crate) struct Registry {
    pub(crate) provider: Schema,
    pub(crate) meta: Option<Schema>,
    pub(crate) resources: BTreeMap<&'static str, Entry<dyn Managed>>,
    pub(crate) ephemerals: BTreeMap<&'static str, Entry<dyn Openable>>,
    pub(crate) listables: BTreeMap<&'static str, Entry<dyn Listable>>,
    pub(crate) actions: BTreeMap<&'static str, Entry<dyn Invocable>>,
    pub(crate) data_sources: BTreeMap<&'static str, Entry<dyn Readable>>,
    pub(crate) functions: BTreeMap<&'static str, (Box<dyn Callable>, FunctionSchema)>,
    /// What is wrong with the definition itself.
    pub(crate) problems: Diagnostics,
}

impl Registry {
    /// Asks the definition for its types; a type without a schema is left out and reported.
    pub(crate) fn of(definition: &impl ProviderDefinition) -> Self {
        let mut problems = Diagnostics::default();
        let mut resources = BTreeMap::new();
        for (name, code) in definition.resources() {
            if let Some(schema) = described(name, &mut problems, |diags| code.schema(diags)) {
                let write_only = code.write_only();
                check_write_only(name, &schema, write_only, &mut problems);
                let entry = Entry {
                    code,
                    schema,
                    write_only,
                };
                resources.insert(name, entry);
            }
        }
        let ephemerals = definition.ephemeral_resources().into_iter();
        let ephemerals = ephemerals.map(|(name, code)| {
            let schema = code.schema();
            (name, Entry::open(code, schema))
        });
        let ephemerals = ephemerals.collect();
        let listables = definition.list_resources().into_iter();
        let listables: BTreeMap<_, _> = listables
            .map(|(name, code)| {
                let schema = code.schema();
                (name, Entry::open(code, schema))
            })
            .collect();
        for name in listables.keys() {
            check_listable(name, resources.get(name), &mut problems);
        }
        let actions = definition.actions().into_iter();
        let actions = actions.map(|(name, code)| {
            let schema = code.schema();
            (name, Entry::open(code, schema))
        });
        let actions = actions.collect();
        let mut data_sources = BTreeMap::new();
        for (name, code) in definition.data_sources() {
            if let Some(schema) = described(name, &mut problems, |diags| code.schema(diags)) {
                data_sources.insert(name, Entry::open(code, schema));
            }
        }
        let mut functions = BTreeMap::new();
        for (name, code) in definition.functions() {
            if let Some(schema) = described(name, &mut problems, |diags| code.schema(diags)) {
                functions.insert(name, (code, schema));
            }
        }
        Self {
            provider: definition.schema(),
            meta: definition.meta_schema(),
            resources,
            ephemerals,
            listables,
            actions,
            data_sources,
            functions,
            problems,
        }
    }

    /// The resource type `name`, or an error.
    pub(crate) fn resource(
        &self,
        name: &str,
        diags: &mut Diagnostics,
    ) -> Option<&Entry<dyn Managed>> {
        let found = self.resources.get(name);
        if found.is_none() {
            no_such("Resource Type", "managed resource type", name, diags);
        }
        found
    }

    /// The ephemeral resource type `name`, or an error.
    pub(crate) fn ephemeral(
        &self,
        name: &str,
        diags: &mut Diagnostics,
    ) -> Option<&Entry<dyn Openable>> {
        let found = self.ephemerals.get(name);
        if found.is_none() {
            let title = "Ephemeral Resource";
            no_such(title, "ephemeral resource type", name, diags);
        }
        found
    }

    /// The list resource type `name`, or an error.
    pub(crate) fn listable(
        &self,
        name: &str,
        diags: &mut Diagnostics,
    ) -> Option<&Entry<dyn Listable>> {
        let found = self.listables.get(name);
        if found.is_none() {
            no_such("List Resource", "list resource type", name, diags);
        }
        found
    }

    /// The action type `name`, or an error.
    pub(crate) fn action(
        &self,
        name: &str,
        diags: &mut Diagnostics,
    ) -> Option<&Entry<dyn Invocable>> {
        let found = self.actions.get(name);
        if found.is_none() {
            no_such("Action", "action type", name, diags);
        }
        found
    }

    /// The data source type `name`, or an error.
    pub(crate) fn data_source(
        &self,
        name: &str,
        diags: &mut Diagnostics,
    ) -> Option<&Entry<dyn Readable>> {
        let found = self.data_sources.get(name);
        if found.is_none() {
            no_such("Data Source", "data source", name, diags);
        }
        found
    }

    /// The `provider_meta` value; null where there is none, which is what most clients send.
    pub(crate) fn meta(
        &self,
        message: Option<&DynamicValue>,
        diags: &mut Diagnostics,
    ) -> Option<Raw> {
        match &self.meta {
            Some(schema) => received(schema, "provider_meta", message, diags),
            None => Some(Raw::Nil),
        }
    }
}

impl<T: ?Sized> Entry<T> {
    /// A type without anything that may not leave the provider.
    fn open(code: Box<T>, schema: Schema) -> Self {
        Self {
            code,
            schema,
            write_only: &[],
        }
    }

    /// A value that came in, in the shape of the schema. `what` names it, for example `configuration`.
    pub(crate) fn receive(
        &self,
        what: &str,
        message: Option<&DynamicValue>,
        diags: &mut Diagnostics,
    ) -> Option<Raw> {
        received(&self.schema, what, message, diags)
    }

    /// A configuration that came in, to be checked only; see [`to_check`].
    pub(crate) fn to_check(
        &self,
        message: Option<&DynamicValue>,
        diags: &mut Diagnostics,
    ) -> Option<Raw> {
        to_check(&self.schema, "configuration", message, diags)
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

fn described<S>(
    name: &str,
    problems: &mut Diagnostics,
    schema: impl FnOnce(&mut Diagnostics) -> Option<S>,
) -> Option<S> {
    let schema = schema(problems);
    if schema.is_none() {
        explain_nothing(&format!("describing `{name}`"), problems);
    }
    schema
}

fn check_listable(name: &str, resource: Option<&Entry<dyn Managed>>, problems: &mut Diagnostics) {
    if resource
        .and_then(|entry| entry.code.identity_schema())
        .is_none()
    {
        problems.fail(
            "Impossible List Resource",
            format!(
                "`{name}` is declared as a list and is no resource type with an identity. This is a bug in the provider; \
                 please report it."
            ),
        );
    }
}

fn check_write_only(name: &str, schema: &Schema, write_only: &[&str], problems: &mut Diagnostics) {
    for attribute in write_only {
        let constraint = schema.block.attributes.get(*attribute);
        let constraint = constraint.map(|attribute| &attribute.constraint);
        if !matches!(
            constraint,
            Some(AttributeConstraint::Optional | AttributeConstraint::Required)
        ) {
            problems.fail(
                "Impossible Write-Only Attribute",
                format!(
                    "`{attribute}` of `{name}` is declared write-only and is not an optional or required top-level \
                     attribute. This is a bug in the provider; please report it."
                ),
            );
        }
    }
}
