//! The contract that keeps drawn times on a chain.

use alloy_sol_types::SolValue;
use pacioli_rules::DrawSource;
use pacioli_verifier_contract::{
    artifacts,
    system::{self, Part},
};

/// Its name, also in the file of deployments.
pub const NAME: &str = "Draws";

/// The chain of development nodes, which stands for Ethereum in tests.
const TEST_CHAIN: u64 = 31_337;

/// The contract of this release on a chain. Whoever orders the blocks of another chain than Ethereum
/// could choose what is drawn from them, so there it knows none.
pub fn part(chain_id: u64) -> Part {
    let source = match chain_id {
        1 | TEST_CHAIN => DrawSource::Ethereum.name(),
        _ => "",
    };
    let code = &artifacts::get(NAME).bytecode;
    system::part(NAME, [&code[..], &source.abi_encode()].concat().into())
}
