//! The kinds of types a provider serves, and how the registry and tfplugindocs name their pages and examples.

use super::SHORT_NAME;

/// A kind of type with a schema. Functions have signatures, and pages of another shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Resource,
    DataSource,
    EphemeralResource,
    ListResource,
    Action,
}

impl Kind {
    /// Every one of them.
    pub(super) const ALL: [Self; 5] = [
        Self::Resource,
        Self::DataSource,
        Self::EphemeralResource,
        Self::ListResource,
        Self::Action,
    ];

    /// The same of what is served.
    pub(super) fn served(self) -> plugin::Kind {
        match self {
            Self::Resource => plugin::Kind::Resource,
            Self::DataSource => plugin::Kind::DataSource,
            Self::EphemeralResource => plugin::Kind::EphemeralResource,
            Self::ListResource => plugin::Kind::ListResource,
            Self::Action => plugin::Kind::Action,
        }
    }

    /// In titles.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Resource => "Resource",
            Self::DataSource => "Data Source",
            Self::EphemeralResource => "Ephemeral Resource",
            Self::ListResource => "List Resource",
            Self::Action => "Action",
        }
    }

    /// The folder of the pages in `docs/`, and of the examples in `examples/`.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Resource => "resources",
            Self::DataSource => "data-sources",
            Self::EphemeralResource => "ephemeral-resources",
            Self::ListResource => "list-resources",
            Self::Action => "actions",
        }
    }

    /// The file of an example, in a folder with the type's whole name.
    pub(super) fn example(self) -> &'static str {
        match self {
            Self::Resource => "resource.tf",
            Self::DataSource => "data-source.tf",
            Self::EphemeralResource => "ephemeral-resource.tf",
            Self::ListResource => "list-resource.tfquery.hcl",
            Self::Action => "action.tf",
        }
    }

    /// Where the page of a type is. The registry leaves the provider's name out where the type begins with it, and takes
    /// the whole type where it does not, as `ttl_lease` here.
    pub(super) fn path(self, name: &str) -> String {
        let short = name
            .strip_prefix(SHORT_NAME)
            .and_then(|rest| rest.strip_prefix('_'))
            .unwrap_or(name);
        format!("docs/{}/{short}.md", self.folder())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_begins_with_the_providers_name_loses_it_and_another_keeps_all() {
        for (kind, name, path) in [
            (
                Kind::Resource,
                "ephemeral_environment",
                "docs/resources/environment.md",
            ),
            (
                Kind::DataSource,
                "ephemeral_lease",
                "docs/data-sources/lease.md",
            ),
            (
                Kind::EphemeralResource,
                "ttl_lease",
                "docs/ephemeral-resources/ttl_lease.md",
            ),
            (
                Kind::Action,
                "ephemerals_other",
                "docs/actions/ephemerals_other.md",
            ),
        ] {
            assert_eq!(kind.path(name), path);
        }
    }
}
