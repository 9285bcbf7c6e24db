//! The registry, the guard and the coverage feed, on a chain in this process.

mod administration;
mod balance;
mod bindings;
mod client;
mod errors;
pub mod gas;
mod guard;
mod invariants;
mod largest;
pub mod policy;
mod staged;
mod submission;
pub mod whole;
pub mod world;
