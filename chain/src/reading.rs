//! What a node knows of a block: its header, balances, code, proofs, and what contracts answer there.

use std::net::IpAddr;

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_provider::Provider;
use alloy_rpc_types_eth::{BlockId, EIP1186AccountProofResponse, TransactionRequest};
use alloy_transport::TransportError;
use pacioli_verifier_contract::chain::ChainError;
use tokio::task::JoinSet;

use crate::node::Node;

/// Questions that a node has at one time.
const AT_ONCE: usize = 16;

/// A block, as a node gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// Its time, in seconds since 1970.
    pub seconds: u64,
    /// Its header in RLP; `None` where the chain's headers are not Ethereum's, so that it does not have
    /// the hash.
    pub header: Option<Bytes>,
}

/// One balance to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Whose.
    pub holder: Address,
    /// The token's contract; `None` for the chain's own coin.
    pub token: Option<Address>,
}

/// Whether a URL is of this machine, which nobody else answers for. A name counts only as `localhost`.
pub fn is_local(url: &str) -> bool {
    let Ok(url) = url.parse::<reqwest::Url>() else { return false };
    let Some(host) = url.host_str() else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl Node {
    /// A block; `None` if the node has none of this name.
    ///
    /// # Errors
    /// If the node does not answer as it should.
    pub fn block(&self, id: BlockId) -> Result<Option<Block>, ChainError> {
        let block = self.wait(self.provider.get_block(id))?;
        Ok(block.map(|block| {
            let encoded: Bytes = alloy_rlp::encode(&block.header.inner).into();
            let header = (keccak256(&encoded) == block.header.hash).then_some(encoded);
            let (number, seconds) = (block.header.number, block.header.timestamp);
            Block { number, hash: block.header.hash, seconds, header }
        }))
    }

    /// The first block whose time is not before one, in seconds since 1970; `None` if the chain has
    /// none yet. Times of blocks only grow, so it takes as many questions as the number of blocks has
    /// bits.
    ///
    /// # Errors
    /// If the node does not answer as it should, or lacks a block.
    pub fn first_block_at(&self, seconds: u64) -> Result<Option<Block>, ChainError> {
        let missing = |number| ChainError::Node(format!("the node lacks block {number}"));
        let last = self.number()?;
        let ask = |number| self.block(BlockId::number(number))?.ok_or_else(|| missing(number));
        let mut found = ask(last)?;
        if found.seconds < seconds {
            return Ok(None);
        }
        // Whatever is before `from` is too early.
        let (mut from, mut to) = (0, last);
        while from < to {
            let middle = from + (to - from) / 2;
            let block = ask(middle)?;
            if block.seconds < seconds {
                from = middle + 1;
            } else {
                (to, found) = (middle, block);
            }
        }
        Ok(Some(found))
    }

    /// Balances at a block, in the order asked for.
    ///
    /// # Errors
    /// If the node does not answer, or a token answers something else than a number.
    pub fn balances(&self, asked: &[Balance], block: B256) -> Result<Vec<U256>, ChainError> {
        let id = BlockId::hash(block);
        let ask = |Balance { holder, token }: &Balance| {
            let (provider, holder, token) = (self.provider.clone(), *holder, *token);
            async move {
                let Some(token) = token else {
                    return provider.get_balance(holder).block_id(id).await.map(Some);
                };
                // balanceOf(address)
                let mut data = vec![0x70, 0xa0, 0x82, 0x31];
                data.extend([0; 12]);
                data.extend(holder.as_slice());
                let request = TransactionRequest::default().to(token).input(data.into());
                let answer = provider.call(request).block(id).await?;
                Ok(<[u8; 32]>::try_from(&answer[..]).ok().map(U256::from_be_bytes))
            }
        };
        let mut found = Vec::with_capacity(asked.len());
        for part in asked.chunks(AT_ONCE) {
            let answers = self.all(part.iter().map(ask).collect())?;
            for (answer, asked) in answers.into_iter().zip(part) {
                let other = || {
                    let token = asked.token.unwrap_or_default();
                    ChainError::Node(format!("{token} does not answer with a balance"))
                };
                found.push(answer.ok_or_else(other)?);
            }
        }
        Ok(found)
    }

    /// The code of an account at a block.
    ///
    /// # Errors
    /// If the node does not answer.
    pub fn code_at(&self, at: Address, block: B256) -> Result<Bytes, ChainError> {
        self.wait(self.provider.get_code_at(at).block_id(BlockId::hash(block)))
    }

    /// What a contract answers at a block.
    ///
    /// # Errors
    /// If the node does not answer, or the contract refuses.
    pub fn call_at(&self, to: Address, data: Bytes, block: B256) -> Result<Bytes, ChainError> {
        let request = TransactionRequest::default().to(to).input(data.into());
        self.wait(self.provider.call(request).block(BlockId::hash(block)))
    }

    /// The proof of an account and of some of its slots at a block.
    ///
    /// # Errors
    /// If the node does not answer, or makes no proofs.
    pub fn proof(
        &self,
        of: Address,
        slots: Vec<B256>,
        block: B256,
    ) -> Result<EIP1186AccountProofResponse, ChainError> {
        self.wait(self.provider.get_proof(of, slots).block_id(BlockId::hash(block)))
    }

    /// The answers to several questions at once, in order.
    fn all<T: Send + 'static>(
        &self,
        questions: Vec<impl Future<Output = Result<T, TransportError>> + Send + 'static>,
    ) -> Result<Vec<T>, ChainError> {
        let answers = self.runtime.block_on(async {
            let mut asked = JoinSet::new();
            for (index, question) in questions.into_iter().enumerate() {
                asked.spawn(async move { (index, question.await) });
            }
            let mut answers = asked.join_all().await;
            answers.sort_by_key(|(index, _)| *index);
            answers
        });
        let answers = answers.into_iter().map(|(_, answer)| answer);
        answers.collect::<Result<_, _>>().map_err(|error| self.explain(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_local() {
        for url in ["http://127.0.0.1:8545", "http://localhost/key", "http://[::1]:80/"] {
            assert!(is_local(url), "{url}");
        }
        for url in [
            "https://example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://localhost@example.com",
            "http://10.0.0.1",
            "nothing",
            "http://[::ffff:10.0.0.1]",
        ] {
            assert!(!is_local(url), "{url}");
        }
    }
}
