//! The code of a registry and its evaluator, as compiled.
//!
//! The code of a registry contains the address of its evaluator, which depends on its own address; all
//! else is the same on every chain. Without this comparison, any contract could answer as a registry.

use alloy_primitives::{Address, Bytes};

use crate::{
    artifacts,
    bindings::SolvencyRegistry as R,
    chain::{Chain, ChainError},
    evm::{Evm, Revert},
};

/// The result of comparing the code of a registry and of its evaluator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistryCode {
    /// Whether the registry's code is this release's.
    pub registry: bool,
    /// Whether its evaluator's is.
    pub evaluator: bool,
}

impl RegistryCode {
    /// Compares the code on a chain with the contracts of this release.
    ///
    /// # Errors
    /// If the chain does not answer.
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
