//! A server that answers about Bitcoin as Esplora does (Blockstream's, mempool.space's and one's own).

use std::time::Duration;

use alloy_primitives::{B256, hex};
use pacioli_verifier_contract::chain::ChainError;
use serde::{Deserialize, de::DeserializeOwned};
use tokio::runtime::Runtime;

use crate::http::client;

/// How long the server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// The most bytes of one answer: a page of 25 transactions, each of the largest that blocks have, is far
/// below.
const MOST: usize = 64 << 20;
/// The most pages of transactions of one address, 25 each.
const MOST_PAGES: usize = 400;

/// A server.
pub struct Esplora {
    runtime: Runtime,
    client: reqwest::Client,
    /// Its address, which may hold a secret: kept out of errors.
    url: String,
}

impl std::fmt::Debug for Esplora {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Esplora").finish_non_exhaustive()
    }
}

/// A block of Bitcoin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitcoinBlock {
    /// Its height.
    pub height: u64,
    /// Its hash as it is shown, the last byte first.
    pub hash: B256,
    /// Its time by its miner, in seconds since 1970.
    pub seconds: u64,
}

#[derive(Deserialize)]
struct BlockAnswer {
    id: String,
    height: u64,
    timestamp: u64,
}

#[derive(Deserialize)]
struct Transaction {
    txid: String,
    vin: Vec<Input>,
    vout: Vec<Output>,
    status: Status,
}

#[derive(Deserialize)]
struct Input {
    prevout: Option<Output>,
}

#[derive(Deserialize)]
struct Output {
    scriptpubkey: String,
    value: u64,
}

#[derive(Deserialize)]
struct Status {
    block_height: Option<u64>,
}

impl Esplora {
    /// The server at a URL, such as `https://blockstream.info/api`.
    ///
    /// # Errors
    /// The URL is not an HTTP URL.
    pub fn connect(url: &str) -> Result<Self, ChainError> {
        let (client, runtime) = client(url, PATIENCE)?;
        Ok(Self { runtime, client, url: url.trim_end_matches('/').to_owned() })
    }

    /// The height of the last block.
    ///
    /// # Errors
    /// If the server does not answer as it should.
    pub fn tip(&self) -> Result<u64, ChainError> {
        let text = self.get("blocks/tip/height")?;
        let text = String::from_utf8_lossy(&text);
        text.trim().parse().map_err(|_| malformed("the height of the last block"))
    }

    /// The block of a height; `None` if there is none yet.
    ///
    /// # Errors
    /// If the server does not answer as it should.
    pub fn block(&self, height: u64) -> Result<Option<BitcoinBlock>, ChainError> {
        if height > self.tip()? {
            return Ok(None);
        }
        let hash = self.get(&format!("block-height/{height}"))?;
        let hash = String::from_utf8_lossy(&hash);
        let hash = hash.trim();
        if hash.len() != 64 || hex::decode(hash).is_err() {
            return Err(malformed("the hash of a block"));
        }
        let block: BlockAnswer = self.json(&format!("block/{hash}"))?;
        if block.id != hash || block.height != height {
            return Err(malformed("a block"));
        }
        let hash = hash.parse().map_err(|_| malformed("the hash of a block"))?;
        Ok(Some(BitcoinBlock { height, hash, seconds: block.timestamp }))
    }

    /// What an address held after the block of a height, in satoshis: its transactions added up.
    /// `script` is what the address stands for.
    ///
    /// # Errors
    /// If the server does not answer as it should, or the address has more transactions than are
    /// looked at.
    pub fn balance(&self, address: &str, script: &[u8], height: u64) -> Result<u64, ChainError> {
        if !address.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(malformed("an address"));
        }
        let script = hex::encode(script);
        let (mut received, mut spent) = (0u64, 0u64);
        let mut last = String::new();
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..MOST_PAGES {
            let page: Vec<Transaction> =
                self.json(&format!("address/{address}/txs/chain/{last}"))?;
            let Some(end) = page.last() else {
                return received.checked_sub(spent).ok_or_else(|| malformed("transactions"));
            };
            if end.txid.len() != 64 || hex::decode(&end.txid).is_err() {
                return Err(malformed("a transaction"));
            }
            last.clone_from(&end.txid);
            for one in page {
                let is_old = one.status.block_height.is_some_and(|at| at <= height);
                if !seen.insert(one.txid) {
                    return Err(malformed("transactions, one of them twice"));
                }
                if !is_old {
                    continue;
                }
                let own =
                    |output: &Output| if output.scriptpubkey == script { output.value } else { 0 };
                let add = |sum: u64, value: u64| {
                    sum.checked_add(value).ok_or_else(|| malformed("transactions"))
                };
                for output in &one.vout {
                    received = add(received, own(output))?;
                }
                for output in one.vin.iter().filter_map(|input| input.prevout.as_ref()) {
                    spent = add(spent, own(output))?;
                }
            }
        }
        let most = MOST_PAGES * 25;
        Err(ChainError::Node(format!("{address} has more than {most} transactions")))
    }

    fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T, ChainError> {
        let bytes = self.get(path)?;
        serde_json::from_slice(&bytes).map_err(|_| malformed("JSON"))
    }

    fn get(&self, path: &str) -> Result<Vec<u8>, ChainError> {
        let explain = |error: reqwest::Error| {
            let text = error.without_url().to_string();
            let text = text.escape_debug();
            ChainError::Node(format!("the server does not answer as it should: {text}"))
        };
        self.runtime.block_on(async {
            let sent = self.client.get(format!("{}/{path}", self.url)).send().await;
            let mut answer = sent.and_then(reqwest::Response::error_for_status).map_err(explain)?;
            let mut bytes = Vec::new();
            while let Some(part) = answer.chunk().await.map_err(explain)? {
                bytes.extend_from_slice(&part);
                if bytes.len() > MOST {
                    return Err(malformed("an answer of reasonable length"));
                }
            }
            Ok(bytes)
        })
    }
}

fn malformed(what: &str) -> ChainError {
    ChainError::Node(format!("the server's answer is not {what} as Esplora gives it"))
}
