//! The registry, the guard and the coverage feed, on a chain in this process.

mod administration;
mod balance;
mod bindings;
mod client;
mod errors;
mod gas;
mod guard;
mod invariants;
mod largest;
mod policy;
mod staged;
mod submission;
mod whole;
mod world;
