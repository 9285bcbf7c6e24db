//! Transactions to come.

use alloy_primitives::{Address, Bytes};
use alloy_sol_types::SolCall;
use pacioli_verifier_contract::system::{self, Part};

/// One transaction to come.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What it does, in a few words.
    pub what: String,
    /// The contract.
    pub to: Address,
    /// The calldata.
    pub data: Bytes,
    /// The contract that it makes, if anyone may send it and nobody needs to twice: the same code is at
    /// the same address, whoever made it.
    pub makes: Option<Address>,
}

impl Planned {
    /// A contract that the deterministic deployment proxy makes.
    pub fn make(what: impl Into<String>, part: &Part) -> Self {
        let data = [system::SALT.as_slice(), &part.creation].concat().into();
        Self { what: what.into(), to: system::DEPLOYER, data, makes: Some(part.at) }
    }

    /// A call of a contract.
    pub fn call(what: impl Into<String>, to: Address, call: &impl SolCall) -> Self {
        Self { what: what.into(), to, data: call.abi_encode().into(), makes: None }
    }
}
