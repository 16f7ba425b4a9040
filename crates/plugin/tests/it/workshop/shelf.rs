//! A list resource for testing the wire: ten widgets on a shelf, and a `behaviour` that makes the list go wrong.

use async_trait::async_trait;
use plugin::{ListResource, Listed, ObjectIdentity, Report as _, Wanted};
use serde::Deserialize;
use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Schema};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::widget::WidgetState;

#[derive(Debug)]
pub(crate) struct Shelf;

#[derive(Debug, Deserialize)]
pub(crate) struct Filters {
    pub(crate) name_prefix: Value<String>,
    pub(crate) behaviour: Value<String>,
}

#[async_trait]
impl ListResource for Shelf {
    type Config = Filters;
    type State = WidgetState;

    fn schema(&self) -> Schema {
        let text = || Attribute {
            attr_type: AttributeType::String,
            description: "For testing the wire.".into(),
            constraint: AttributeConstraint::Optional,
            ..Attribute::default()
        };
        let attributes = ["name_prefix", "behaviour"].map(|name| (name.to_owned(), text()));
        Schema {
            version: 0,
            block: Block {
                attributes: attributes.into(),
                ..Block::default()
            },
        }
    }

    async fn validate(&self, diags: &mut Diagnostics, config: Filters) {
        if config.name_prefix == Value::Value(String::new()) {
            let at = AttributePath::new("name_prefix");
            diags.refuse(at, "Empty Prefix", "Leave it out.");
        }
    }

    async fn list(
        &self,
        diags: &mut Diagnostics,
        config: Filters,
        wanted: Wanted,
    ) -> Option<Vec<Listed<WidgetState>>> {
        match config.behaviour.as_deref().as_option() {
            Some("panic") => panic!("boom in list"),
            Some("no reason") => return None,
            Some("fail after half") => diags.fail("Shelf Broke", "The rest fell down."),
            Some("gap") => diags.warn(AttributePath::root(), "Gap on the Shelf", "One is hidden."),
            _ => {}
        }
        let prefix = config.name_prefix.as_option().unwrap_or_default();
        let names = (0..10).map(|number| format!("{}{number}", ["a", "b"][number % 2]));
        let names = names.filter(|name| name.starts_with(&prefix));
        let listed = names.map(|name| Listed {
            identity: ObjectIdentity::from([("name", name.clone())]),
            display_name: format!("widget {name}"),
            state: wanted.states.then(|| WidgetState {
                id: Value::Value(format!("w-{name}")),
                name: Value::Value(name),
                secret: Value::Value("must not leave".to_owned()),
                notify: Value::Value(Vec::new()),
                ..WidgetState::default()
            }),
        });
        Some(listed.collect())
    }
}
