//! The same check on chain: the contracts, compiled, and a small EVM to try them in.

pub mod artifacts;
pub mod evm;
pub mod statement;
pub mod statement_key;
