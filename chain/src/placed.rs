//! Logs with where they are: block, time, transaction, and whose transaction it was.

use std::collections::BTreeMap;

use alloy_network::TransactionResponse;
use alloy_primitives::{Address, B256, Log};
use alloy_provider::Provider;
use alloy_rpc_types_eth::{BlockNumberOrTag, Filter};
use pacioli_verifier_contract::chain::ChainError;

use crate::node::{Node, no_block};

/// A log and where it is.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The log.
    pub log: Log,
    /// Its block's number.
    pub block: u64,
    /// Its block's time, in seconds since 1970.
    pub time: u64,
    /// Its place in the block.
    pub index: u64,
    /// The hash of its transaction.
    pub transaction: B256,
    /// Who signed the transaction; `None` where the node no longer knows it.
    pub sender: Option<Address>,
}

impl Node {
    /// All logs of these contracts about one first indexed argument, oldest first.
    ///
    /// # Errors
    /// If the node does not answer.
    pub fn placed_logs(&self, at: &[Address], about: B256) -> Result<Vec<Placed>, ChainError> {
        self.placed(&Filter::new().address(at.to_vec()).topic1(about))
    }

    /// All transfers of a token from or to an account, oldest first: its logs with this signature that
    /// name the account first or second.
    ///
    /// # Errors
    /// If the node does not answer.
    pub fn transfers(
        &self,
        token: Address,
        signature: B256,
        account: Address,
    ) -> Result<Vec<Placed>, ChainError> {
        let filter = || Filter::new().address(token).event_signature(signature);
        let mut found = self.placed(&filter().topic1(account.into_word()))?;
        found.extend(self.placed(&filter().topic2(account.into_word()))?);
        found.sort_by_key(|one| (one.block, one.index));
        found.dedup_by_key(|one| (one.block, one.index));
        Ok(found)
    }

    fn placed(&self, filter: &Filter) -> Result<Vec<Placed>, ChainError> {
        let (mut times, mut senders) = (BTreeMap::new(), BTreeMap::new());
        let mut placed = Vec::new();
        for found in self.all_placed(filter)? {
            // What is in no block has not happened yet.
            let (Some(block), Some(transaction)) = (found.block_number, found.transaction_hash)
            else {
                continue;
            };
            let time = match times.get(&block) {
                Some(time) => *time,
                None => {
                    let time = self.time_of(block)?;
                    times.insert(block, time);
                    time
                }
            };
            let sender = match senders.get(&transaction) {
                Some(sender) => *sender,
                None => {
                    let call = self.provider.get_transaction_by_hash(transaction);
                    let sender = self.wait(call)?.map(|one| one.from());
                    senders.insert(transaction, sender);
                    sender
                }
            };
            let index = found.log_index.unwrap_or_default();
            placed.push(Placed { log: found.inner, block, time, index, transaction, sender });
        }
        Ok(placed)
    }

    fn time_of(&self, block: u64) -> Result<u64, ChainError> {
        let block = self.provider.get_block_by_number(BlockNumberOrTag::Number(block));
        self.wait(block)?.map(|block| block.header.timestamp).ok_or_else(no_block)
    }
}
