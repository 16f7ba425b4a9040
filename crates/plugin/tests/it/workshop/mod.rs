//! A provider for testing the wire: a widget, a shelf that lists widgets, a lantern, a bell, a data source, a function, and a configuration with a required value.

pub(crate) mod bell;
pub(crate) mod lantern;
pub(crate) mod shelf;
pub(crate) mod widget;

use async_trait::async_trait;
use plugin::{Configured, NoMeta, ProviderDefinition, Report as _, Session, Types};
use serde::{Deserialize, Serialize};
use tf_provider::schema::{
    Attribute, AttributeConstraint, AttributeType, Block, FunctionSchema, Parameter, Schema, Type,
};
use tf_provider::value::Value;
use tf_provider::{AttributePath, DataSource, Diagnostics, Function};

use bell::Bell;
use lantern::{Lantern, Lights};
use shelf::Shelf;
use widget::Widget;

#[derive(Debug, Default)]
pub(crate) struct Workshop {
    pub(crate) session: Configured<Session>,
    pub(crate) lights: Lights,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WorkshopConfig {
    pub(crate) place: Value<String>,
}

fn required_text() -> Attribute {
    Attribute {
        attr_type: AttributeType::String,
        constraint: AttributeConstraint::Required,
        ..Attribute::default()
    }
}

#[async_trait]
impl ProviderDefinition for Workshop {
    type Config = WorkshopConfig;

    fn addresses(&self) -> &'static [&'static str] {
        &["tests/workshop", "tests/workbench"]
    }

    fn schema(&self) -> Schema {
        Schema {
            version: 0,
            block: Block {
                attributes: [("place".to_owned(), required_text())].into(),
                ..Block::default()
            },
        }
    }

    async fn configure(&self, diags: &mut Diagnostics, session: Session, config: WorkshopConfig) {
        if config.place == Value::Value("nowhere".to_owned()) {
            diags.refuse(
                AttributePath::new("place"),
                "No Such Place",
                "Try another one.",
            );
        }
        if config.place == Value::Value("panic".to_owned()) {
            panic!("boom in configure");
        }
        self.session.set(session);
    }

    fn types(&self) -> Types {
        let mut types = Types::default();
        types.resource("workshop_widget", Widget);
        types.data_source("workshop_echo", Echo);
        types.ephemeral_resource("workshop_lantern", Lantern(self.lights.clone()));
        types.list_resource("workshop_widget", Shelf);
        types.action("workshop_ring", Bell(self.lights.clone()));
        types.function("shout", Shout);
        types
    }

    async fn stopping(&self) {
        self.lights.note("stopping");
        self.lights.end_badly("stopping").await;
    }

    async fn shutdown(&self) {
        self.lights.note("shutdown");
        self.lights.end_badly("shutdown").await;
    }
}

#[derive(Debug)]
struct Echo;

#[derive(Debug, Serialize, Deserialize)]
struct EchoState {
    text: Value<String>,
    back: Value<String>,
}

#[async_trait]
impl DataSource for Echo {
    type State<'a> = EchoState;
    type ProviderMetaState<'a> = NoMeta;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        let back = Attribute {
            constraint: AttributeConstraint::Computed,
            ..required_text()
        };
        Some(Schema {
            version: 0,
            block: Block {
                attributes: [
                    ("text".to_owned(), required_text()),
                    ("back".to_owned(), back),
                ]
                .into(),
                ..Block::default()
            },
        })
    }

    async fn read<'a>(
        &self,
        _: &mut Diagnostics,
        config: EchoState,
        _: NoMeta,
    ) -> Option<EchoState> {
        let back = config.text.clone();
        Some(EchoState { back, ..config })
    }
}

#[derive(Debug)]
struct Shout;

#[async_trait]
impl Function for Shout {
    type Input<'a> = (String, i64);
    type Output<'a> = String;

    fn schema(&self, _: &mut Diagnostics) -> Option<FunctionSchema> {
        let parameter = |name: &str, param_type| Parameter {
            name: name.to_owned(),
            param_type,
            ..Parameter::default()
        };
        Some(FunctionSchema {
            parameters: vec![
                parameter("word", Type::String),
                parameter("times", Type::Number),
            ],
            return_type: Type::String,
            ..FunctionSchema::default()
        })
    }

    async fn call<'a>(
        &self,
        diags: &mut Diagnostics,
        (word, times): (String, i64),
    ) -> Option<String> {
        let Ok(times) = usize::try_from(times) else {
            diags.refuse(
                AttributePath::function_argument(1),
                "A negative number of times",
                "",
            );
            return None;
        };
        Some(word.to_uppercase().repeat(times))
    }
}
