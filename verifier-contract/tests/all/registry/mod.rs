//! The registry beside the policy in Rust, and with real proofs. What it does for whom is tested in
//! Solidity, in `test/`.

mod balance;
mod bindings;
mod client;
mod drawn;
pub mod gas;
mod largest;
pub mod policy;
mod submission;
pub mod whole;
pub mod world;
