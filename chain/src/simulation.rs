//! What transactions would do, one after another, without sending any.

use alloy_network::TransactionBuilder;
use alloy_primitives::{Address, Bytes, Log};
use alloy_provider::Provider;
use alloy_rpc_types_eth::{
    TransactionRequest,
    simulate::{SimBlock, SimulatePayload},
};
use pacioli_verifier_contract::chain::ChainError;

use crate::node::Node;

/// A call of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who calls.
    pub from: Address,
    /// The contract.
    pub to: Address,
    /// With what.
    pub data: Bytes,
}

/// What a call would do.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// What it answers.
    pub answer: Bytes,
    /// Its gas.
    pub gas: u64,
    /// Its events.
    pub logs: Vec<Log>,
}

impl Node {
    /// Makes calls in one block on top of the latest, each after the ones before (`eth_simulateV1`).
    /// Nobody pays for their gas.
    ///
    /// # Errors
    /// If a contract refuses, the node cannot simulate, or it does not answer as it should.
    pub fn simulate(&self, calls: &[Call]) -> Result<Vec<Simulated>, ChainError> {
        let request = |call: &Call| {
            TransactionRequest::default()
                .with_from(call.from)
                .with_to(call.to)
                .with_input(call.data.clone())
        };
        let block = SimBlock::default().extend_calls(calls.iter().map(request));
        let payload = SimulatePayload {
            block_state_calls: vec![block],
            trace_transfers: false,
            validation: false,
            return_full_transactions: false,
        };
        let blocks = self.wait(async { self.provider.simulate(&payload).await })?;
        let results = blocks.into_iter().flat_map(|block| block.calls);
        let found: Vec<_> = results
            .map(|result| {
                if !result.status {
                    let data = match &result.error {
                        Some(error) => error.data.clone().unwrap_or(result.return_data),
                        None => result.return_data,
                    };
                    return Err(ChainError::Refused(data));
                }
                let logs = result.logs.into_iter().map(|log| log.inner).collect();
                Ok(Simulated { answer: result.return_data, gas: result.gas_used, logs })
            })
            .collect::<Result<_, _>>()?;
        if found.len() != calls.len() {
            return Err(ChainError::Node("the node did not simulate every call".to_owned()));
        }
        Ok(found)
    }
}
