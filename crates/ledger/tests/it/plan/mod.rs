//! Guards and the plan of a sweep: rate, brakes, drift, the file, and the laws that hold for all of them.

mod brake;
mod drift;
mod file;
mod gauge;
mod laws;
mod rate;
