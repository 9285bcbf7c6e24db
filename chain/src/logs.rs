//! Logs of many blocks, in ranges that a node allows.

use alloy_primitives::Log;
use alloy_provider::Provider;
use alloy_rpc_types_eth::{Filter, Log as RpcLog};
use pacioli_verifier_contract::chain::ChainError;

use crate::node::Node;

/// The smallest range that a node may refuse and be asked again about its halves.
const LEAST_BLOCKS: u64 = 100;
/// What public nodes commonly allow, and where the search goes on after a first refusal.
const USUAL_BLOCKS: u64 = 10_000;

impl Node {
    /// All logs from the first block on, oldest first.
    pub(crate) fn all_logs(&self, filter: &Filter) -> Result<Vec<Log>, ChainError> {
        Ok(self.all_placed(filter)?.into_iter().map(|log| log.inner).collect())
    }

    /// The same, with where each of them is.
    pub(crate) fn all_placed(&self, filter: &Filter) -> Result<Vec<RpcLog>, ChainError> {
        let last = self.last()?;
        let mut found = Vec::new();
        let mut from = self.first_block;
        let mut size = u64::MAX;
        while from <= last {
            let to = last.min(from.saturating_add(size - 1));
            match self.logs_between(filter, from, to) {
                Ok(logs) => {
                    found.extend(logs);
                    from = to + 1;
                }
                Err(error) => size = smaller(from, to, error)?,
            }
        }
        Ok(found)
    }

    /// The newest log from the first block on.
    pub(crate) fn newest_log(&self, filter: &Filter) -> Result<Option<Log>, ChainError> {
        let mut to = self.last()?;
        let mut size = u64::MAX;
        loop {
            let from = self.first_block.max(to.saturating_sub(size - 1));
            match self.logs_between(filter, from, to) {
                Ok(mut logs) => {
                    if let Some(log) = logs.pop() {
                        return Ok(Some(log.inner));
                    }
                    if from <= self.first_block {
                        return Ok(None);
                    }
                    to = from - 1;
                }
                Err(error) => size = smaller(from, to, error)?,
            }
        }
    }

    fn logs_between(&self, filter: &Filter, from: u64, to: u64) -> Result<Vec<RpcLog>, ChainError> {
        let filter = filter.clone().from_block(from).to_block(to);
        self.wait(self.provider.get_logs(&filter))
    }
}

/// A smaller range than one that was refused. Nodes say in words of their own that a range is too
/// large, so any refusal is taken for that, until a range is small.
fn smaller(from: u64, to: u64, error: ChainError) -> Result<u64, ChainError> {
    let size = to.saturating_sub(from).saturating_add(1);
    match error {
        ChainError::Node(_) if size > LEAST_BLOCKS => Ok((size / 2).min(USUAL_BLOCKS)),
        error => Err(error),
    }
}
