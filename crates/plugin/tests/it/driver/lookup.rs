//! What only looks and answers: data sources, functions, the configuration that an import writes.

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider;
use serde_json::Value as Json;
use tonic::Request;

use super::values::{Told, dv, jv, told};
use super::{Driver, core};

/// Why a function did not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The argument it is about, from 0.
    pub(crate) argument: Option<i64>,
    /// The text.
    pub(crate) text: String,
}

impl<P: Provider> Driver<P> {
    /// `CallFunction`.
    pub(crate) async fn call(&self, name: &str, arguments: &[Json]) -> Result<Json, Refused> {
        let request = Request::new(proto::call_function::Request {
            name: name.to_owned(),
            arguments: arguments.iter().map(dv).collect(),
        });
        let answer = self.server.call_function(request).await;
        let answer = answer.expect("an answer").into_inner();
        match (answer.result, answer.error) {
            (Some(result), None) => Ok(jv(&result)),
            (None, Some(error)) => Err(Refused {
                argument: error.function_argument,
                text: error.text,
            }),
            other => panic!("either a result or an error was expected, found {other:?}"),
        }
    }

    /// `GenerateResourceConfig`: the configuration, null after an error, and what was said.
    pub(crate) async fn generate(&self, type_name: &str, state: &Json) -> (Json, Vec<Told>) {
        let request = Request::new(proto::generate_resource_config::Request {
            type_name: type_name.to_owned(),
            state: Some(dv(state)),
        });
        let answer = self.server.generate_resource_config(request).await;
        let answer = answer.expect("an answer").into_inner();
        let config = answer.config.as_ref().map_or(Json::Null, jv);
        (config, told(answer.diagnostics))
    }

    /// The block of a data source.
    fn data_block(&self, type_name: &str) -> proto::schema::Block {
        let schema = self.schema.data_source_schemas.get(type_name);
        let schema = schema.unwrap_or_else(|| panic!("there is no data source {type_name}"));
        schema.block.clone().expect("a schema has a block")
    }

    /// `ValidateDataResourceConfig`.
    pub(crate) async fn validate_data(&self, type_name: &str, config: Json) -> Vec<Told> {
        let config = core::complete(&self.data_block(type_name), &config);
        let request = Request::new(proto::validate_data_resource_config::Request {
            type_name: type_name.to_owned(),
            config: Some(dv(&config)),
        });
        let answer = self.server.validate_data_resource_config(request).await;
        told(answer.expect("an answer").into_inner().diagnostics)
    }

    /// `ReadDataSource`: the object, null after an error, and what was said.
    pub(crate) async fn read_data(&self, type_name: &str, config: Json) -> (Json, Vec<Told>) {
        let config = core::complete(&self.data_block(type_name), &config);
        let request = Request::new(proto::read_data_source::Request {
            type_name: type_name.to_owned(),
            config: Some(dv(&config)),
            ..Default::default()
        });
        let answer = self.server.read_data_source(request).await;
        let answer = answer.expect("an answer").into_inner();
        let object = answer.state.as_ref().map_or(Json::Null, jv);
        (object, told(answer.diagnostics))
    }
}
