//! Functions (`provider::ephemeral::…`): tf-provider's trait, for a server that knows no type of theirs. The arguments are
//! one list that fits the signature; a tuple or a struct reads it in order, with the arguments of a variadic parameter as a
//! `Vec` at its end. A parameter that takes no null and no unknown is read as the plain type, any other as a `Value<…>`.

use async_trait::async_trait;
use rmpv::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::{Diagnostics, Function};

use super::raw::Raw;
use super::typed::{read, write};

/// A function for the server.
#[async_trait]
pub(crate) trait ErasedFunction: Send + Sync {
    /// See [`Function::call`].
    async fn call(&self, diags: &mut Diagnostics, arguments: Vec<Raw>) -> Option<Raw>;
}

/// Makes an [`ErasedFunction`] of a [`Function`].
pub(crate) struct Erased<T>(pub(crate) T);

#[async_trait]
impl<T, I, O> ErasedFunction for Erased<T>
where
    T: for<'a> Function<Input<'a> = I, Output<'a> = O>,
    I: DeserializeOwned + Send + 'static,
    O: Serialize + Send + 'static,
{
    async fn call(&self, diags: &mut Diagnostics, arguments: Vec<Raw>) -> Option<Raw> {
        let arguments = read(&Value::Array(arguments), diags)?;
        let result = self.0.call(diags, arguments).await?;
        write(&result, diags)
    }
}
