//! The contract that keeps drawn times on a chain.

use pacioli_verifier_contract::{
    artifacts,
    system::{self, Part},
};

/// Its name, also in the file of deployments.
pub const NAME: &str = "Draws";

/// The contract of this release, at one address on every chain. A registry's evaluator has it.
pub fn part() -> Part {
    system::part(NAME, artifacts::get(NAME).bytecode.clone())
}
