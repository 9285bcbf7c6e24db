//! The code that a registry and its evaluator have to have: what the compiler made of them.
//!
//! A registry's code holds one address that follows from where it stands, its evaluator's; all else is
//! the same on every chain. Whoever asks a registry without comparing asks whatever answers there.

use alloy_primitives::{Address, Bytes};

use crate::{
    artifacts,
    bindings::SolvencyRegistry as R,
    chain::{Chain, ChainError},
    evm::{Evm, Revert},
};

/// What stands at a registry's address, and at that of its evaluator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistryCode {
    /// Whether the registry's code is this release's.
    pub registry: bool,
    /// Whether its evaluator's is.
    pub evaluator: bool,
}

impl RegistryCode {
    /// Compares what stands on a chain with the contracts of this release.
    ///
    /// # Errors
    /// Where the chain does not answer.
    pub fn compare(chain: &mut impl Chain, registry: Address) -> Result<Self, ChainError> {
        let code = chain.code(registry)?;
        let other = Self { registry: false, evaluator: false };
        // Foreign code may refuse to name an evaluator, or name any address.
        let evaluator = match chain.ask(registry, &R::EVALUATORCall {}) {
            Ok(evaluator) => evaluator,
            Err(ChainError::Node(error)) => return Err(ChainError::Node(error)),
            Err(_) => return Ok(other),
        };
        let [registry, expected] = expected(evaluator)?;
        Ok(Self { registry: code == registry, evaluator: chain.code(evaluator)? == expected })
    }
}

/// The code of a registry with this evaluator, and the evaluator's.
fn expected(evaluator: Address) -> Result<[Bytes; 2], Revert> {
    let mut evm = Evm::new();
    let (at, _) = evm.deploy(artifacts::get("SolvencyRegistry").bytecode.clone())?;
    let answer =
        evm.view(Address::ZERO, at, alloy_sol_types::SolCall::abi_encode(&R::EVALUATORCall {}))?;
    let own = Address::from_slice(&answer.bytes[12..]);
    let mut code = evm.code(at).to_vec();
    // An immutable is pushed as a whole word.
    let [own_word, word] = [own, evaluator].map(|address| address.into_word());
    let mut at = 0;
    while let Some(found) = code[at..].windows(32).position(|bytes| bytes == own_word.as_slice()) {
        code[at + found..at + found + 32].copy_from_slice(word.as_slice());
        at += found + 32;
    }
    Ok([code.into(), evm.code(own)])
}
