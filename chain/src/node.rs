//! A node that is asked over HTTP.

use std::time::Duration;

use alloy_network::{EthereumWallet, TransactionBuilder};
use alloy_primitives::{Address, B256, Bytes, Log};
use alloy_provider::{DynProvider, Provider, ProviderBuilder};
use alloy_rpc_types_eth::{BlockNumberOrTag, Filter, TransactionRequest};
use alloy_transport::{RpcError, TransportError};
use pacioli_verifier_contract::{
    chain::{Chain, ChainError, Receipt},
    evm::GAS_LIMIT,
};
use tokio::{runtime::Runtime, time::sleep};

use crate::{key::Key, secrets::without_secrets};

/// How long the node may take for one answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a transaction may wait for a block.
const BLOCK_PATIENCE: Duration = Duration::from_secs(600);
/// Between two looks for a transaction's block.
const PAUSE: Duration = Duration::from_millis(300);

/// A node, and the account that sends through it.
pub struct Node {
    pub(crate) runtime: Runtime,
    pub(crate) provider: DynProvider,
    account: Option<Address>,
    /// The node's address, which may hold a secret of the node's operator: kept out of errors.
    url: String,
    pub(crate) first_block: u64,
    /// The block that is asked of; `None` for the latest.
    pub(crate) pinned: Option<Pinned>,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node").field("account", &self.account).finish_non_exhaustive()
    }
}

/// The block that is asked of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pinned {
    pub(crate) number: u64,
    pub(crate) hash: B256,
    pub(crate) seconds: u64,
}

impl Node {
    /// The node at a URL; without a key it only answers. Logs are looked for from `first_block` on.
    ///
    /// # Errors
    /// The URL is not an HTTP URL.
    pub fn connect(url: &str, key: Option<Key>, first_block: u64) -> Result<Self, ChainError> {
        Self::connect_within(url, key, first_block, PATIENCE)
    }

    /// The same, with as much time for each answer as is given.
    ///
    /// # Errors
    /// As [`Node::connect`].
    pub fn connect_within(
        url: &str,
        key: Option<Key>,
        first_block: u64,
        patience: Duration,
    ) -> Result<Self, ChainError> {
        let other = || ChainError::Node("the node's address has to begin with http(s)://".into());
        let url: reqwest::Url = url.parse().map_err(|_| other())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(other());
        }
        // Installed before: then it is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(patience)
            .redirect(reqwest::redirect::Policy::none())
            .build();
        let client = client.map_err(|error| ChainError::Node(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| ChainError::Node(error.to_string()))?;
        let account = key.as_ref().map(Key::address);
        let text = url.to_string();
        let builder = ProviderBuilder::new();
        let provider = match key {
            Some(Key(signer)) => {
                let wallet = EthereumWallet::from(signer);
                builder.wallet(wallet).connect_reqwest(client, url).erased()
            }
            None => builder.connect_reqwest(client, url).erased(),
        };
        Ok(Self { runtime, provider, account, url: text, first_block, pinned: None })
    }

    /// The chain's number.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub fn chain_id(&self) -> Result<u64, ChainError> {
        self.wait(self.provider.get_chain_id())
    }

    /// Looks for logs from this block on.
    pub fn search_from(&mut self, block: u64) {
        self.first_block = block;
    }

    /// The number of the latest block.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub fn number(&self) -> Result<u64, ChainError> {
        self.wait(self.provider.get_block_number())
    }

    pub(crate) fn wait<T>(
        &self,
        future: impl IntoFuture<Output = Result<T, TransportError>>,
    ) -> Result<T, ChainError> {
        let answer = self.runtime.block_on(future.into_future());
        answer.map_err(|error| self.explain(&error))
    }

    pub(crate) fn explain(&self, error: &TransportError) -> ChainError {
        explain(error, &self.url)
    }

    pub(crate) fn request(&self, to: Option<Address>, data: Bytes) -> TransactionRequest {
        let request = TransactionRequest::default().with_input(data);
        let request = match to {
            Some(to) => request.with_to(to),
            None => request.into_create(),
        };
        match self.account {
            Some(account) => request.with_from(account),
            None => request,
        }
    }

    fn gas(&self, request: &TransactionRequest) -> Result<u64, ChainError> {
        self.wait(self.provider.estimate_gas(request.clone()))
    }
}

impl Chain for Node {
    fn account(&self) -> Option<Address> {
        self.account
    }

    fn time(&mut self) -> Result<u64, ChainError> {
        if let Some(pinned) = self.pinned {
            return Ok(pinned.seconds);
        }
        let block = self.wait(self.provider.get_block_by_number(BlockNumberOrTag::Latest))?;
        block.map(|block| block.header.timestamp).ok_or_else(no_block)
    }

    fn code(&mut self, at: Address) -> Result<Bytes, ChainError> {
        self.wait(self.provider.get_code_at(at).block_id(self.at()))
    }

    fn view(&mut self, to: Address, calldata: Bytes) -> Result<Bytes, ChainError> {
        self.wait(self.provider.call(self.request(Some(to), calldata)).block(self.at()))
    }

    fn estimate(&mut self, to: Address, calldata: Bytes) -> Result<u64, ChainError> {
        self.gas(&self.request(Some(to), calldata))
    }

    fn most_gas(&mut self) -> Result<u64, ChainError> {
        let block = self.wait(self.provider.get_block_by_number(BlockNumberOrTag::Latest))?;
        let limit = block.ok_or_else(no_block)?.header.gas_limit;
        Ok(limit.min(GAS_LIMIT))
    }

    fn send(&mut self, to: Option<Address>, data: Bytes) -> Result<Receipt, ChainError> {
        if self.account.is_none() {
            return Err(ChainError::NoKey);
        }
        let request = self.request(to, data);
        // What refuses, refuses here, before it costs anything. A tenth more, since the state may
        // change until the block.
        let gas = self.gas(&request)?;
        let most = self.most_gas()?;
        if gas > most {
            let text = format!("it takes {gas} gas, and a transaction may take {most}");
            return Err(ChainError::Halted(text));
        }
        let request = request.with_gas_limit((gas + gas / 10).min(most));
        let hash = self.wait(async {
            let pending = self.provider.send_transaction(request).await?;
            Ok(*pending.tx_hash())
        })?;
        self.receipt(hash)
    }

    fn logs(&mut self, at: Address, events: &[B256], about: B256) -> Result<Vec<Log>, ChainError> {
        let filter = Filter::new().address(at).event_signature(events.to_vec()).topic1(about);
        self.all_logs(&filter)
    }

    fn last_log(&mut self, at: Address, topics: [B256; 3]) -> Result<Option<Log>, ChainError> {
        let [event, first, second] = topics;
        let filter = Filter::new().address(at).event_signature(event).topic1(first).topic2(second);
        self.newest_log(&filter)
    }
}

impl Node {
    /// The events of a contract with this signature and this second indexed argument, oldest first.
    ///
    /// # Errors
    /// If the node does not answer.
    pub fn logs_by_second(
        &self,
        at: Address,
        event: B256,
        second: B256,
    ) -> Result<Vec<Log>, ChainError> {
        let filter = Filter::new().address(at).event_signature(event).topic2(second);
        self.all_logs(&filter)
    }

    /// Waits until a transaction is in a block.
    fn receipt(&self, hash: B256) -> Result<Receipt, ChainError> {
        let mut waited = Duration::ZERO;
        loop {
            if let Some(receipt) = self.wait(self.provider.get_transaction_receipt(hash))? {
                if !receipt.status() {
                    return Err(ChainError::Halted(format!("{hash} is in a block, and failed")));
                }
                let logs = receipt.logs().iter().map(|log| log.inner.clone()).collect();
                let contract = receipt.contract_address;
                let gas_used = receipt.gas_used;
                return Ok(Receipt { transaction: Some(hash), contract, gas_used, logs });
            }
            if waited >= BLOCK_PATIENCE {
                let seconds = waited.as_secs();
                return Err(ChainError::Node(format!(
                    "{hash} was sent and is in no block after {seconds} seconds; look for it before \
                     sending again"
                )));
            }
            self.runtime.block_on(async { sleep(PAUSE).await });
            waited += PAUSE;
        }
    }
}

pub(crate) fn no_block() -> ChainError {
    ChainError::Node("the node knows no latest block".to_owned())
}

fn explain(error: &TransportError, url: &str) -> ChainError {
    if let RpcError::ErrorResp(payload) = error {
        if let Some(data) = payload.as_revert_data() {
            return ChainError::Refused(data);
        }
        // Some nodes quote the key that they refuse.
        let message = without_secrets(&payload.message, url);
        let message = message.escape_debug();
        // Nodes say it in their own words.
        let text = payload.message.to_lowercase();
        if ["out of gas", "exceeds allowance", "gas limit"].iter().any(|part| text.contains(part)) {
            return ChainError::Halted(message.to_string());
        }
        return ChainError::Node(format!("the node answers: {message} ({})", payload.code));
    }
    let text = without_secrets(&error.to_string(), url);
    ChainError::Node(format!("the node does not answer as it should: {}", text.escape_debug()))
}
