//! How long an environment may live: five durations and the instants that follow from them.

use crate::{
    clock::{Timestamp, after},
    ttl::Ttl,
};

/// The lifetime of an environment, as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifetime {
    /// From the last renewal to expiry.
    pub ttl: Ttl,
    /// From creation to the hard end, which no renewal passes.
    pub max: Ttl,
    /// From the last activity to expiry, where activity is known.
    pub idle: Ttl,
    /// From the last activity to hibernation, where activity is known.
    pub hibernate_after: Ttl,
    /// From expiry to destruction.
    pub grace: Ttl,
}

/// Why five durations do not make a lifetime. Names the attribute to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LifetimeError {
    /// The time to live passes the hard maximum.
    #[error(
        "`ttl` ({ttl}) is longer than `max` ({max}); lower `ttl` to at most `{max}`, or raise `max`"
    )]
    TtlOverMax {
        /// As declared.
        ttl: Ttl,
        /// As declared.
        max: Ttl,
    },
    /// Hibernation would come after the idle end.
    #[error(
        "`hibernate_after` ({hibernate_after}) is longer than `idle` ({idle}), so it would never hibernate; \
         lower it to at most `{idle}`"
    )]
    HibernateAfterIdle {
        /// As declared.
        hibernate_after: Ttl,
        /// As declared.
        idle: Ttl,
    },
}

impl LifetimeError {
    /// The attribute to change.
    #[must_use]
    pub fn member(&self) -> &'static str {
        match self {
            Self::TtlOverMax { .. } => "ttl",
            Self::HibernateAfterIdle { .. } => "hibernate_after",
        }
    }

    /// Every contradiction between those durations that are there.
    #[must_use]
    pub fn among(
        ttl: Option<&Ttl>,
        max: Option<&Ttl>,
        idle: Option<&Ttl>,
        hibernate_after: Option<&Ttl>,
    ) -> Vec<Self> {
        let mut found = Vec::new();
        if let (Some(ttl), Some(max)) = (ttl, max)
            && max < ttl
        {
            found.push(Self::TtlOverMax {
                ttl: ttl.clone(),
                max: max.clone(),
            });
        }
        if let (Some(idle), Some(hibernate_after)) = (idle, hibernate_after)
            && idle < hibernate_after
        {
            found.push(Self::HibernateAfterIdle {
                hibernate_after: hibernate_after.clone(),
                idle: idle.clone(),
            });
        }
        found
    }
}

impl Default for Lifetime {
    /// 72 h, 72 h, 8 h, 4 h, 1 h.
    fn default() -> Self {
        Self {
            ttl: Ttl::hours(72),
            max: Ttl::hours(72),
            idle: Ttl::hours(8),
            hibernate_after: Ttl::hours(4),
            grace: Ttl::hours(1),
        }
    }
}

impl Lifetime {
    /// Checks the five against each other.
    ///
    /// # Errors
    /// The first rule they break.
    pub fn checked(self) -> Result<Self, LifetimeError> {
        let found = LifetimeError::among(
            Some(&self.ttl),
            Some(&self.max),
            Some(&self.idle),
            Some(&self.hibernate_after),
        );
        if let Some(first) = found.into_iter().next() {
            return Err(first);
        }
        Ok(self)
    }

    /// The hard end of something created at `created`.
    #[must_use]
    pub fn hard_end(&self, created: Timestamp) -> Timestamp {
        after(created, self.max.delta())
    }

    /// When it expires: the time to live after the last renewal, or the end of an extension if that is later, and
    /// never past the hard end.
    #[must_use]
    pub fn expiry(
        &self,
        created: Timestamp,
        renewed: Timestamp,
        extended_until: Option<Timestamp>,
    ) -> Timestamp {
        let renewed_end = after(renewed, self.ttl.delta());
        extended_until
            .map_or(renewed_end, |end| end.max(renewed_end))
            .min(self.hard_end(created))
    }
}
