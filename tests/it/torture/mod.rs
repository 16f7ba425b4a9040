//! The accidents other tools had, as executable scenarios: one function for each, named after its row in the README.

mod h11;
mod h12;
mod h17;
mod h18;
mod h19;
mod h22;
mod h28;
