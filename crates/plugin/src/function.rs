//! Functions (`provider::ephemeral::…`) behind an object-safe face. The arguments are one list that fits the signature;
//! a tuple or a struct reads it in order, with the arguments of a variadic parameter as a `Vec` at its end. A parameter
//! that takes no null and no unknown is read as the plain type, any other as a `Value<…>`.

use async_trait::async_trait;
use rmpv::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::schema::FunctionSchema;
use tf_provider::{Diagnostics, Function};

use super::raw::Raw;
use super::typed::{read, write};

/// A function as the server sees it. Make one with [`function`].
#[async_trait]
pub trait Callable: Send + Sync {
    /// See [`Function::schema`].
    fn schema(&self, diags: &mut Diagnostics) -> Option<FunctionSchema>;
    /// See [`Function::call`].
    async fn call(&self, diags: &mut Diagnostics, arguments: Vec<Raw>) -> Option<Raw>;
}

/// Makes a function servable.
pub fn function<T, I, O>(function: T) -> Box<dyn Callable>
where
    T: for<'a> Function<Input<'a> = I, Output<'a> = O> + 'static,
    I: DeserializeOwned + Send + 'static,
    O: Serialize + Send + 'static,
{
    Box::new(Adapter(function))
}

struct Adapter<T>(T);

#[async_trait]
impl<T, I, O> Callable for Adapter<T>
where
    T: for<'a> Function<Input<'a> = I, Output<'a> = O>,
    I: DeserializeOwned + Send + 'static,
    O: Serialize + Send + 'static,
{
    fn schema(&self, diags: &mut Diagnostics) -> Option<FunctionSchema> {
        self.0.schema(diags)
    }

    async fn call(&self, diags: &mut Diagnostics, arguments: Vec<Raw>) -> Option<Raw> {
        let arguments = read(&Value::Array(arguments), diags)?;
        let result = self.0.call(diags, arguments).await?;
        write(&result, diags)
    }
}
