//! The book whatever its engine: what every engine keeps to, and that none differs from another.

mod contract;
mod engines_agree;
mod update;
