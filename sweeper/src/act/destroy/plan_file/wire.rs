//! Protocol buffers, as far as a saved plan needs them: the fields of one message, in their order. Pure.
//!
//! Nothing is skipped silently: a reader of a message sees every field and says which ones it knows.

use super::NotUnderstood;

/// One value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A number, a truth value or an enumeration.
    Number(u64),
    /// A text, bytes or another message.
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    pub(super) fn number(self) -> Result<u64, NotUnderstood> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Bytes(_) => Err(odd("has a text where a number belongs")),
        }
    }

    pub(super) fn truth(self) -> Result<bool, NotUnderstood> {
        Ok(self.number()? != 0)
    }

    pub(super) fn bytes(self) -> Result<&'a [u8], NotUnderstood> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Number(_) => Err(odd("has a number where a text belongs")),
        }
    }

    pub(super) fn text(self) -> Result<&'a str, NotUnderstood> {
        std::str::from_utf8(self.bytes()?).map_err(|_| odd("has a text that is not UTF-8"))
    }
}

fn odd(found: &str) -> NotUnderstood {
    NotUnderstood(format!("its message {found}"))
}

/// The fields of the message `bytes`: number and value, each with an error if the rest cannot be read.
pub(super) fn fields(bytes: &[u8]) -> Fields<'_> {
    Fields { rest: bytes }
}

/// See [`fields`].
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), NotUnderstood>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Result<(u64, Value<'a>), NotUnderstood> {
        let key = self.number()?;
        let value = match key & 7 {
            0 => Value::Number(self.number()?),
            2 => {
                let length = usize::try_from(self.number()?).map_err(|_| odd("is cut off"))?;
                let (bytes, rest) = self
                    .rest
                    .split_at_checked(length)
                    .ok_or_else(|| odd("is cut off"))?;
                self.rest = rest;
                Value::Bytes(bytes)
            }
            _ => return Err(odd("has a value of a kind that is not known")),
        };
        Ok((key >> 3, value))
    }

    fn number(&mut self) -> Result<u64, NotUnderstood> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or_else(|| odd("is cut off"))?;
            self.rest = rest;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(odd("has a number that is too long"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_read_in_their_order() {
        let read: Result<Vec<_>, _> = fields(b"\x08\x96\x01\x12\x02ab\x08\x00").collect();
        assert_eq!(
            read,
            Ok(vec![
                (1, Value::Number(150)),
                (2, Value::Bytes(b"ab")),
                (1, Value::Number(0))
            ])
        );
    }

    #[test]
    fn what_is_cut_off_too_long_or_of_another_kind_is_an_error_and_ends() {
        for bytes in [
            &b"\x08"[..],
            b"\x08\x96",
            b"\x12\x03ab",
            b"\x0d\x00\x00\x00\x00",
            b"\x09\x00\x00\x00\x00\x00\x00\x00\x00",
            b"\x0b\x0c",
            b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
            b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01ab",
        ] {
            let mut all = fields(bytes);
            assert!(matches!(all.next(), Some(Err(_))), "{bytes:?}");
            assert_eq!(all.next(), None);
        }
        let largest = fields(b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01").next();
        assert_eq!(largest, Some(Ok((1, Value::Number(u64::MAX)))));
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_not_taken_for_another() {
        Value::Number(1).text().expect_err("a number");
        Value::Bytes(b"1").number().expect_err("a text");
        Value::Bytes(b"\xff").text().expect_err("no text");
        assert_eq!(Value::Number(2).truth(), Ok(true));
    }
}
