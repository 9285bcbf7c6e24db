//! The Solidity libraries against their twins in Rust.

mod books;
mod chain;
mod changed;
mod context;
mod edited;
mod forms;
mod gas;
mod program;
mod rates;
pub mod refused;
mod scenarios;
mod time;

pub use chain::{Chain, errors, named};
