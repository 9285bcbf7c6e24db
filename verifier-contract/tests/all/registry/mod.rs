//! The registry beside the policy in Rust, and with real proofs. What it does for whom is tested in
//! Solidity, in `test/`.

mod account;
mod any_book;
mod balance;
mod bindings;
mod client;
mod drawn;
pub mod gas;
mod largest;
mod named;
pub mod policy;
mod said;
mod setup;
mod submission;
pub mod whole;
pub mod world;
