//! Everything a provider serves: a table for each kind of type. Built once at the start; errors in a definition are kept
//! and shown with the schema, where Terraform looks first.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::schema::{AttributeConstraint, FunctionSchema, Schema};
use tf_provider::{DataSource, Diagnostics, Function, Resource};

use super::action::{self, Action, ErasedAction};
use super::data_source::{self, ErasedDataSource};
use super::ephemeral_resource::{self, EphemeralResource, ErasedEphemeralResource};
use super::function::{self, ErasedFunction};
use super::list_resource::{self, ErasedListResource, ListResource};
use super::report::Report;
use super::resource::{self, ErasedResource, ResourceExtras};
use super::table::Table;

/// A kind of type that has a schema. Functions have signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `resource`
    Resource,
    /// `data`
    DataSource,
    /// `ephemeral`
    EphemeralResource,
    /// `list`
    ListResource,
    /// `action`
    Action,
}

/// A type for its reference page: its name, its schema, and its write-only attributes.
pub type Described<'a> = (&'static str, &'a Schema, &'static [&'static str]);

/// The types a provider serves, by whole type name.
pub struct Types {
    pub(crate) resources: Table<dyn ErasedResource>,
    pub(crate) data_sources: Table<dyn ErasedDataSource>,
    pub(crate) ephemeral_resources: Table<dyn ErasedEphemeralResource>,
    pub(crate) list_resources: Table<dyn ErasedListResource>,
    pub(crate) actions: Table<dyn ErasedAction>,
    pub(crate) functions: Table<dyn ErasedFunction, FunctionSchema>,
    /// Errors in the definition itself.
    pub(crate) problems: Diagnostics,
}

impl Default for Types {
    fn default() -> Self {
        Self {
            resources: Table::of("Resource Type", "managed resource type"),
            data_sources: Table::of("Data Source", "data source"),
            ephemeral_resources: Table::of("Ephemeral Resource", "ephemeral resource type"),
            list_resources: Table::of("List Resource", "list resource type"),
            actions: Table::of("Action", "action type"),
            functions: Table::of("Function", "function"),
            problems: Diagnostics::default(),
        }
    }
}

impl Types {
    /// Adds a resource.
    pub fn resource<T, S, P, M>(&mut self, name: &'static str, resource: T)
    where
        T: ResourceExtras
            + for<'a> Resource<State<'a> = S, PrivateState<'a> = P, ProviderMetaState<'a> = M>
            + 'static,
        S: Serialize + DeserializeOwned + Send + 'static,
        P: Serialize + DeserializeOwned + Send + 'static,
        M: Serialize + DeserializeOwned + Send + 'static,
    {
        let problems = &mut self.problems;
        let (schema, write_only) = (resource.schema(problems), resource.write_only());
        if let Some(schema) = &schema {
            check_write_only(name, schema, write_only, problems);
        }
        let code = Box::new(resource::Erased(resource));
        self.resources.add(name, code, schema, write_only, problems);
    }

    /// Adds a data source.
    pub fn data_source<T, S, M>(&mut self, name: &'static str, source: T)
    where
        T: for<'a> DataSource<State<'a> = S, ProviderMetaState<'a> = M> + 'static,
        S: Serialize + DeserializeOwned + Send + 'static,
        M: Serialize + DeserializeOwned + Send + 'static,
    {
        let schema = source.schema(&mut self.problems);
        let code = Box::new(data_source::Erased(source));
        self.data_sources
            .add(name, code, schema, &[], &mut self.problems);
    }

    /// Adds an ephemeral resource.
    pub fn ephemeral_resource(&mut self, name: &'static str, resource: impl EphemeralResource) {
        let schema = Some(resource.schema());
        let code = Box::new(ephemeral_resource::Erased(resource));
        self.ephemeral_resources
            .add(name, code, schema, &[], &mut self.problems);
    }

    /// Adds a list resource: under the name of a resource with an identity, which was added before.
    pub fn list_resource(&mut self, name: &'static str, list: impl ListResource) {
        let mut resources = self.resources.iter();
        let listed = resources.find(|(resource, _)| *resource == name);
        if listed
            .and_then(|(_, entry)| entry.code.identity_schema())
            .is_none()
        {
            self.problems.fail(
                "Impossible List Resource",
                format!(
                    "`{name}` is declared as a list and is no resource type with an identity. This is a bug in the \
                     provider; please report it."
                ),
            );
        }
        let schema = Some(list.schema());
        let code = Box::new(list_resource::Erased(list));
        self.list_resources
            .add(name, code, schema, &[], &mut self.problems);
    }

    /// Adds an action.
    pub fn action(&mut self, name: &'static str, action: impl Action) {
        let schema = Some(action.schema());
        let code = Box::new(action::Erased(action));
        self.actions
            .add(name, code, schema, &[], &mut self.problems);
    }

    /// Adds a function.
    pub fn function<T, I, O>(&mut self, name: &'static str, function: T)
    where
        T: for<'a> Function<Input<'a> = I, Output<'a> = O> + 'static,
        I: DeserializeOwned + Send + 'static,
        O: Serialize + Send + 'static,
    {
        let signature = function.schema(&mut self.problems);
        let code = Box::new(function::Erased(function));
        self.functions
            .add(name, code, signature, &[], &mut self.problems);
    }

    /// The types of a kind, in the order of their names.
    #[must_use]
    pub fn schemas(&self, kind: Kind) -> Vec<Described<'_>> {
        match kind {
            Kind::Resource => described(&self.resources),
            Kind::DataSource => described(&self.data_sources),
            Kind::EphemeralResource => described(&self.ephemeral_resources),
            Kind::ListResource => described(&self.list_resources),
            Kind::Action => described(&self.actions),
        }
    }

    /// The functions with their signatures, in the order of their names.
    pub fn signatures(&self) -> impl Iterator<Item = (&'static str, &FunctionSchema)> {
        let functions = self.functions.iter();
        functions.map(|(name, entry)| (name, &entry.schema))
    }
}

fn described<T: ?Sized>(table: &Table<T>) -> Vec<Described<'_>> {
    let entries = table.iter();
    entries
        .map(|(name, entry)| (name, &entry.schema, entry.write_only))
        .collect()
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
