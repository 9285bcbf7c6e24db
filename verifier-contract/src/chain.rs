//! A chain as seen by one account: the interface of a node and of the chain in this process.

use alloy_primitives::{Address, B256, Bytes, Log};
use alloy_sol_types::SolCall;
use thiserror::Error;

use crate::{
    errors::{self, explain},
    evm::{Evm, GAS_LIMIT, Revert},
};

/// Reads a chain and sends transactions of one account.
pub trait Chain {
    /// The account that sends; `None` if no key was given.
    fn account(&self) -> Option<Address>;

    /// The time of the latest block, in seconds.
    ///
    /// # Errors
    /// If the chain does not answer.
    fn time(&mut self) -> Result<u64, ChainError>;

    /// The code at an address; empty if there is none.
    ///
    /// # Errors
    /// If the chain does not answer.
    fn code(&mut self, at: Address) -> Result<Bytes, ChainError>;

    /// The encoded result of a call.
    ///
    /// # Errors
    /// If the contract refuses or the chain does not answer.
    fn view(&mut self, to: Address, calldata: Bytes) -> Result<Bytes, ChainError>;

    /// The gas that a transaction would use.
    ///
    /// # Errors
    /// If it would fail or the chain does not answer.
    fn estimate(&mut self, to: Address, calldata: Bytes) -> Result<u64, ChainError>;

    /// The most gas that one transaction may use.
    ///
    /// # Errors
    /// If the chain does not answer.
    fn most_gas(&mut self) -> Result<u64, ChainError>;

    /// Sends a transaction and waits until it is in a block. Without a receiver, it creates a contract.
    ///
    /// # Errors
    /// If it fails, or does not appear in a block in time.
    fn send(&mut self, to: Option<Address>, data: Bytes) -> Result<Receipt, ChainError>;

    /// The events of a contract with one of these signatures and this first indexed argument, oldest
    /// first.
    ///
    /// # Errors
    /// If the chain does not answer.
    fn logs(&mut self, at: Address, events: &[B256], about: B256) -> Result<Vec<Log>, ChainError>;

    /// The last event of a contract with these topics; `None` if there is no such event.
    ///
    /// # Errors
    /// If the chain does not answer.
    fn last_log(&mut self, at: Address, topics: [B256; 3]) -> Result<Option<Log>, ChainError>;

    /// The decoded result of a call.
    ///
    /// # Errors
    /// If the contract refuses or its answer cannot be decoded, or the chain does not answer.
    fn ask<C: SolCall>(&mut self, to: Address, call: &C) -> Result<C::Return, ChainError> {
        let answer = self.view(to, call.abi_encode().into())?;
        C::abi_decode_returns(&answer)
            .map_err(|_| ChainError::NotThatContract { at: to, signature: C::SIGNATURE })
    }
}

/// A transaction in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The transaction's hash; the chain in this process has none.
    pub transaction: Option<B256>,
    /// The contract that was created.
    pub contract: Option<Address>,
    /// The gas of the whole transaction.
    pub gas_used: u64,
    /// The events in order.
    pub logs: Vec<Log>,
}

/// Why something failed on a chain.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ChainError {
    /// A contract refused.
    #[error("the contract refuses: {}", explain(.0))]
    Refused(Bytes),
    /// The EVM halted: it ran out of gas or met invalid code.
    #[error("the transaction fails: {0}")]
    Halted(String),
    /// The answer cannot be decoded.
    #[error("{at} does not answer `{signature}`: there is no contract, or another one")]
    NotThatContract {
        /// The address that was called.
        at: Address,
        /// The signature of the function.
        signature: &'static str,
    },
    /// Contracts of a release have their addresses from a proxy.
    #[error(
        "the chain has no deterministic deployment proxy at {0}: make it first, as \
         https://github.com/Arachnid/deterministic-deployment-proxy says"
    )]
    NoDeployer(Address),
    /// Sending needs a key.
    #[error("no key was given to sign with")]
    NoKey,
    /// The node does not answer, or answers something else.
    #[error("{0}")]
    Node(String),
}

impl ChainError {
    /// The name of the error, if one of these contracts refused.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Self::Refused(data) => errors::name(data),
            _ => None,
        }
    }
}

impl From<Revert> for ChainError {
    fn from(revert: Revert) -> Self {
        match revert.halt {
            Some(reason) => Self::Halted(format!("{reason:?}")),
            None => Self::Refused(revert.data),
        }
    }
}

/// The chain in this process, as seen by one account.
#[derive(Debug)]
pub struct Embedded {
    /// The chain.
    pub evm: Evm,
    /// The account that sends.
    pub account: Address,
    /// All events so far.
    logs: Vec<Log>,
}

impl Embedded {
    /// The account's view of a chain. It knows what is logged from now on.
    pub fn new(evm: Evm, account: Address) -> Self {
        Self { evm, account, logs: Vec::new() }
    }
}

impl Chain for Embedded {
    fn account(&self) -> Option<Address> {
        Some(self.account)
    }

    fn time(&mut self) -> Result<u64, ChainError> {
        Ok(self.evm.time())
    }

    fn code(&mut self, at: Address) -> Result<Bytes, ChainError> {
        Ok(self.evm.code(at))
    }

    fn view(&mut self, to: Address, calldata: Bytes) -> Result<Bytes, ChainError> {
        Ok(self.evm.view(self.account, to, calldata)?.bytes)
    }

    fn estimate(&mut self, to: Address, calldata: Bytes) -> Result<u64, ChainError> {
        Ok(self.evm.view(self.account, to, calldata)?.gas_used)
    }

    fn most_gas(&mut self) -> Result<u64, ChainError> {
        Ok(GAS_LIMIT)
    }

    fn send(&mut self, to: Option<Address>, data: Bytes) -> Result<Receipt, ChainError> {
        let Some(to) = to else {
            let (contract, gas_used) = self.evm.deploy(data)?;
            let contract = Some(contract);
            return Ok(Receipt { transaction: None, contract, gas_used, logs: Vec::new() });
        };
        let output = self.evm.call(self.account, to, data)?;
        self.logs.extend(output.logs.iter().cloned());
        let (gas_used, logs) = (output.gas_used, output.logs);
        Ok(Receipt { transaction: None, contract: None, gas_used, logs })
    }

    fn logs(&mut self, at: Address, events: &[B256], about: B256) -> Result<Vec<Log>, ChainError> {
        let logs = self.logs.iter().filter(|log| {
            let topics = log.topics();
            let event = topics.first().is_some_and(|event| events.contains(event));
            log.address == at && event && topics.get(1) == Some(&about)
        });
        Ok(logs.cloned().collect())
    }

    fn last_log(&mut self, at: Address, topics: [B256; 3]) -> Result<Option<Log>, ChainError> {
        let is_it = |log: &&Log| log.address == at && log.topics().starts_with(&topics);
        Ok(self.logs.iter().rev().find(is_it).cloned())
    }
}
