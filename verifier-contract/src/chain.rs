//! A chain as one account sees it: what a node and the chain in this process have in common.

use alloy_primitives::{Address, B256, Bytes, Log};
use alloy_sol_types::SolCall;
use thiserror::Error;

use crate::{
    errors::{self, explain},
    evm::{Evm, GAS_LIMIT, Revert},
};

/// Reads a chain, and sends transactions of one account to it.
pub trait Chain {
    /// Who sends; `None` where no key was given.
    fn account(&self) -> Option<Address>;

    /// The time of the latest block, in seconds.
    ///
    /// # Errors
    /// Where the chain does not answer.
    fn time(&mut self) -> Result<u64, ChainError>;

    /// The code at an address; empty where there is none.
    ///
    /// # Errors
    /// Where the chain does not answer.
    fn code(&mut self, at: Address) -> Result<Bytes, ChainError>;

    /// What a call returns.
    ///
    /// # Errors
    /// Where the contract refuses or the chain does not answer.
    fn view(&mut self, to: Address, calldata: Bytes) -> Result<Bytes, ChainError>;

    /// Gas that a transaction would take.
    ///
    /// # Errors
    /// Where it would fail or the chain does not answer.
    fn estimate(&mut self, to: Address, calldata: Bytes) -> Result<u64, ChainError>;

    /// The most gas that one transaction may take.
    ///
    /// # Errors
    /// Where the chain does not answer.
    fn most_gas(&mut self) -> Result<u64, ChainError>;

    /// Sends a transaction and waits until it is in a block; to nobody, it creates a contract.
    ///
    /// # Errors
    /// Where it fails, or was not seen in a block in time.
    fn send(&mut self, to: Option<Address>, data: Bytes) -> Result<Receipt, ChainError>;

    /// What a contract logged: these events, with this first indexed argument, oldest first.
    ///
    /// # Errors
    /// Where the chain does not answer.
    fn logs(&mut self, at: Address, events: &[B256], about: B256) -> Result<Vec<Log>, ChainError>;

    /// What the transaction was sent with that logged the last event of a contract with these topics;
    /// `None` where there is no such event, or the chain keeps no transactions.
    ///
    /// # Errors
    /// Where the chain does not answer.
    fn sent_with(&mut self, at: Address, topics: [B256; 3]) -> Result<Option<Bytes>, ChainError>;

    /// What a contract answers to a call.
    ///
    /// # Errors
    /// Where it refuses, gives no such answer, or the chain does not answer.
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
    /// Gas of the whole transaction.
    pub gas_used: u64,
    /// Events in their order.
    pub logs: Vec<Log>,
}

/// Why something did not happen on a chain.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ChainError {
    /// A contract refused.
    #[error("the contract refuses: {}", explain(.0))]
    Refused(Bytes),
    /// The machine stopped: out of gas, or code that is none.
    #[error("the transaction fails: {0}")]
    Halted(String),
    /// A contract answers in another form.
    #[error("{at} does not answer `{signature}`: no contract is there, or another one")]
    NotThatContract {
        /// Where it was asked.
        at: Address,
        /// What it was asked.
        signature: &'static str,
    },
    /// Only a key sends.
    #[error("no key was given to sign with")]
    NoKey,
    /// The node does not answer, or not what was asked.
    #[error("{0}")]
    Node(String),
}

impl ChainError {
    /// The name of the error with which one of these contracts refused.
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

/// The chain in this process, as one account sees it.
#[derive(Debug)]
pub struct Embedded {
    /// The chain.
    pub evm: Evm,
    /// Who sends.
    pub account: Address,
    /// What was logged, each with what its transaction was sent with.
    logs: Vec<(Log, Bytes)>,
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
        let output = self.evm.call(self.account, to, data.clone())?;
        self.logs.extend(output.logs.iter().map(|log| (log.clone(), data.clone())));
        let (gas_used, logs) = (output.gas_used, output.logs);
        Ok(Receipt { transaction: None, contract: None, gas_used, logs })
    }

    fn logs(&mut self, at: Address, events: &[B256], about: B256) -> Result<Vec<Log>, ChainError> {
        let logs = self.logs.iter().map(|(log, _)| log).filter(|log| {
            let topics = log.topics();
            let event = topics.first().is_some_and(|event| events.contains(event));
            log.address == at && event && topics.get(1) == Some(&about)
        });
        Ok(logs.cloned().collect())
    }

    fn sent_with(&mut self, at: Address, topics: [B256; 3]) -> Result<Option<Bytes>, ChainError> {
        let is_it = |log: &Log| log.address == at && log.topics().starts_with(&topics);
        Ok(self.logs.iter().rev().find(|(log, _)| is_it(log)).map(|(_, data)| data.clone()))
    }
}
