//! How instants and durations are written: integer milliseconds, and the user's own spelling.

use crate::{
    clock::{Timestamp, from_millis, to_millis},
    fact::Cause,
    ttl::Ttl,
};

pub(super) fn instant(field: &str, millis: i64) -> Result<Timestamp, Cause> {
    from_millis(millis).ok_or_else(|| {
        Cause(format!(
            "`{field}` is {millis}, which is no point in time; expected milliseconds since 1970, for example \
             1700000000000"
        ))
    })
}

pub(super) fn instant_if_any(field: &str, millis: Option<i64>) -> Result<Option<Timestamp>, Cause> {
    millis.map(|millis| instant(field, millis)).transpose()
}

pub(super) fn millis_if_any(at: Option<Timestamp>) -> Option<i64> {
    at.map(to_millis)
}

pub(super) fn duration(field: &str, spelling: &str) -> Result<Ttl, Cause> {
    Ttl::parse(spelling).map_err(|error| Cause(format!("`{field}`: {error}")))
}
