//! A node that is asked of one block alone, so that all its answers are of one moment.
//!
//! Behind one address there may be several machines, of which some are behind, and a chain goes on from one
//! question to the next. Answers of different blocks make facts that never were together: a verdict of
//! before a breach, and a time of after it.

use pacioli_verifier_contract::chain::ChainError;

use crate::{
    BlockId,
    node::{Node, Pinned, no_block},
    reading::Block,
};

impl Node {
    /// Asks of the latest block alone from now on: code, views and the time are of it, by its hash, and
    /// logs up to its number. Transactions and what they would cost stay of the latest.
    ///
    /// # Errors
    /// If the node does not answer as it should.
    pub fn pin(&mut self) -> Result<Block, ChainError> {
        let block = self.block(BlockId::latest())?.ok_or_else(no_block)?;
        let Block { number, hash, seconds, .. } = block;
        self.pinned = Some(Pinned { number, hash, seconds });
        Ok(block)
    }

    /// Whether the block that is asked of is one of the chain still. Logs are found by numbers alone: if
    /// it is not, they may be another block's.
    ///
    /// # Errors
    /// If the node does not answer as it should.
    pub fn is_still_there(&self) -> Result<bool, ChainError> {
        let Some(Pinned { number, hash, .. }) = self.pinned else { return Ok(true) };
        Ok(self.block(BlockId::number(number))?.is_some_and(|block| block.hash == hash))
    }

    /// The block of questions.
    pub(crate) fn at(&self) -> BlockId {
        self.pinned.map_or_else(BlockId::latest, |pinned| BlockId::hash(pinned.hash))
    }

    /// The number of the last block of logs.
    pub(crate) fn last(&self) -> Result<u64, ChainError> {
        self.pinned.map_or_else(|| self.number(), |pinned| Ok(pinned.number))
    }
}
