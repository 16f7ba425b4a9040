//! The accidents that other tools had, as executable scenarios: one file for each, named by what went wrong there. Its
//! tests are named by what holds here.

mod bypassed_opt_out;
mod deleted_without_a_look;
mod dry_run_differs;
mod empty_selector;
mod endless_lifetime;
mod forgotten_half_way;
mod switched_off_and_destroyed;
