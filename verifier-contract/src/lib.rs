//! The check of attestations on chain: the generated verifier, the compiled contracts, and a small
//! EVM to try them in.

pub mod artifacts;
pub mod bindings;
pub mod chain;
pub mod draws;
pub mod errors;
pub mod evm;
pub mod generate;
pub mod registry;
pub mod signing;
pub mod sources;
pub mod statement;
pub mod statement_key;
pub mod stored;
pub mod submission;
pub mod system;
