//! A value as serde reads it. Knows serde's model, and neither types nor schemas.
//!
//! A value, a null and an unknown are told apart by trying, so most of what is read is first read wrongly, and each time
//! serde has an error made of it. Here such an error says nothing and costs nothing; the caller says what is wrong.

use std::fmt::{self, Display};

use rmpv::Value;
use serde::Deserializer;
use serde::de::value::{BorrowedBytesDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeSeed, Error, IntoDeserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// The value is not of the type.
#[derive(Debug)]
pub(super) struct Misfit;

impl Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value is not of the type")
    }
}

impl std::error::Error for Misfit {}

impl Error for Misfit {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// Reads a value. An unknown is read as tf-provider writes it: a new type around its tag and its bytes.
#[derive(Clone, Copy)]
pub(super) struct Reader<'de>(pub(super) &'de Value);

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Nil => visitor.visit_unit(),
            Value::Boolean(flag) => visitor.visit_bool(*flag),
            Value::Integer(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                (None, None) => Err(Misfit),
            },
            Value::F32(number) => visitor.visit_f32(*number),
            Value::F64(number) => visitor.visit_f64(*number),
            Value::String(text) => match text.as_str() {
                Some(text) => visitor.visit_borrowed_str(text),
                None => visitor.visit_borrowed_bytes(text.as_bytes()),
            },
            Value::Binary(bytes) => visitor.visit_borrowed_bytes(bytes),
            Value::Array(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.iter().map(Reader)))
            }
            Value::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, item)| (Reader(key), Reader(item)));
                visitor.visit_map(MapDeserializer::new(entries))
            }
            Value::Ext(tag, bytes) => visitor.visit_newtype_struct(Unknown {
                tag: Some(*tag),
                bytes: Some(bytes),
            }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Nil => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Ext(..) => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Misfit> for Reader<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// An unknown's tag and bytes, in this order.
struct Unknown<'de> {
    tag: Option<i8>,
    bytes: Option<&'de [u8]>,
}

impl<'de> Deserializer<'de> for Unknown<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_seq(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for Unknown<'de> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Misfit> {
        if let Some(tag) = self.tag.take() {
            return seed.deserialize(tag.into_deserializer()).map(Some);
        }
        let bytes = self.bytes.take().map(BorrowedBytesDeserializer::new);
        bytes.map(|bytes| seed.deserialize(bytes)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use tf_provider::value::Value as Typed;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Model {
        name: Typed<String>,
        count: Typed<f64>,
        tags: Typed<BTreeMap<String, Typed<String>>>,
        running: Typed<bool>,
    }

    fn entries(entries: &[(&str, Value)]) -> Value {
        let entries = entries.iter().cloned();
        Value::Map(
            entries
                .map(|(key, item)| (Value::from(key), item))
                .collect(),
        )
    }

    #[test]
    fn a_value_a_null_and_an_unknown_are_told_apart_at_every_depth() {
        // Terraform refines what is unknown; the tag and the bytes are not ours to read.
        let refined = Value::Ext(12, vec![0x81, 1, 0xc2]);
        let tags = entries(&[("a", Value::from("1")), ("b", Value::Nil), ("c", refined)]);
        let value = entries(&[
            ("count", Value::from(3)),
            ("name", Value::Ext(0, Vec::new())),
            ("running", Value::Nil),
            ("tags", tags),
        ]);
        let tags = BTreeMap::from([
            ("a".to_owned(), Typed::Value("1".to_owned())),
            ("b".to_owned(), Typed::Null),
            ("c".to_owned(), Typed::Unknown),
        ]);
        let model = Model {
            name: Typed::Unknown,
            count: Typed::Value(3.0),
            tags: Typed::Value(tags),
            running: Typed::Null,
        };
        assert_eq!(Model::deserialize(Reader(&value)).expect("it fits"), model);
    }

    #[test]
    fn what_does_not_fit_is_an_error_and_never_something_else() {
        let misfits = [
            Value::from("three"),
            Value::Array(vec![Value::from(3)]),
            Value::Binary(vec![3]),
            entries(&[]),
        ];
        for misfit in misfits {
            let value = entries(&[("count", misfit.clone())]);
            let read = Typed::<BTreeMap<String, Typed<f64>>>::deserialize(Reader(&value));
            assert!(read.is_err(), "{misfit}");
        }
    }
}
