//! The reader's own nodes: what counts as read is what one on this machine says, or two on different
//! hosts.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, sol};
use anyhow::{Result, ensure};
use jiff::Timestamp;
use pacioli_chain::{Balance, Block, BlockId, BlockNumberOrTag, Esplora, Node, is_local};
use pacioli_evidence::{Answer, Place, Read, Reader, Wallet, chain_id, evm_chain};
use pacioli_rules::{KnownToken, TokenKind};
use pacioli_verifier_contract::chain::ChainError;

sol! {
    /// A contract wallet's check of a signature (ERC-1271).
    interface IERC1271 {
        function isValidSignature(bytes32 hash, bytes signature) external view returns (bytes4);
    }
}

/// What a wallet answers for a signature of its own: the selector of the question.
const OWN: [u8; 4] = IERC1271::isValidSignatureCall::SELECTOR;

/// The nodes by chain.
pub struct Nodes {
    evm: BTreeMap<u64, Vec<Node>>,
    bitcoin: BTreeMap<String, Vec<Esplora>>,
    /// The hosts of the nodes, by chain; `None` is this machine.
    hosts: BTreeMap<String, BTreeSet<Option<String>>>,
    /// The largest age of a node's latest block, in seconds.
    max_head_age: Option<u64>,
}

/// Hours without a block happen on Bitcoin: its latest block may have this age, in seconds, in any case.
const BITCOIN_HEAD_AGE: u64 = 3 * 3_600;

impl Nodes {
    /// Asks each server for its chain.
    ///
    /// # Errors
    /// If one does not answer.
    pub fn connect(rpc: &[String], esplora: &[String]) -> Result<Self> {
        let (evm, bitcoin, hosts) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut nodes = Self { evm, bitcoin, hosts, max_head_age: None };
        for url in rpc {
            let node = Node::connect(url, None, 0)?;
            let chain = node.chain_id()?;
            nodes.hosts.entry(format!("eip155:{chain}")).or_default().insert(host(url));
            nodes.evm.entry(chain).or_default().push(node);
        }
        for url in esplora {
            let server = Esplora::connect(url)?;
            let chain = bitcoin_chain(&server)?;
            nodes.hosts.entry(chain.clone()).or_default().insert(host(url));
            nodes.bitcoin.entry(chain).or_default().push(server);
        }
        Ok(nodes)
    }

    /// Refuses what is to be read now where the latest block of any node of the chain is older than so many
    /// seconds, by this machine's clock: one that stands still, or is told to, would say what was.
    pub fn with_max_head_age(mut self, seconds: u64) -> Self {
        self.max_head_age = Some(seconds);
        self
    }

    /// Refuses a latest block that is too old.
    fn check_head(&self, of: u64, at_least: u64) -> Result<(), String> {
        let Some(most) = self.max_head_age.map(|most| most.max(at_least)) else { return Ok(()) };
        let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
        if now.saturating_sub(of) <= most {
            return Ok(());
        }
        let time = seconds(of)?;
        Err(format!("a node's latest block is of {time}: ask another, or give --max-head-age"))
    }

    /// Whether what the nodes of a chain agree on counts as the reader's own reading.
    fn counts(&self, chain: &str) -> bool {
        let hosts = self.hosts.get(chain);
        hosts.is_some_and(|hosts| hosts.contains(&None) || hosts.len() > 1)
    }

    /// The last block at or before a time, in seconds since 1970, with at least `depth` blocks on top of
    /// it. Bitcoin's times do not only grow: there it is a block whose time is not later, before one
    /// whose time is. The first node finds it, and each says itself that it is that block.
    pub fn last_block_at(&self, chain: &str, seconds: u64, depth: u64) -> Answer<()> {
        let text = |error: ChainError| error.to_string();
        let young =
            || format!("fewer than {depth} blocks are on top of that of the reserves' time");
        let nodes = evm_chain(chain).and_then(|number| self.evm.get(&number));
        if let Some(node) = nodes.and_then(|nodes| nodes.first()) {
            let after = node.first_block_at(seconds.saturating_add(1)).map_err(text)?;
            let after = after.ok_or_else(young)?.number;
            let number = after.checked_sub(1).ok_or("the chain began later")?;
            for node in nodes.into_iter().flatten() {
                let time = |number| Ok(node.block(BlockId::number(number))?.map(|it| it.seconds));
                let word = Word::of(number, time, || node.number()).map_err(text)?;
                word.is_last_at(seconds, number, depth).map_err(|why| why.unwrap_or_else(young))?;
            }
            return self.agreed(chain, Some(BlockId::number(number)), |_, _| Ok(()));
        }
        let servers = self.bitcoin.get(chain_id(chain));
        let Some((server, servers)) = servers.and_then(|all| Some((all.first()?, all))) else {
            return Ok(None);
        };
        let time_of = |height| {
            let block = server.block(height).map_err(text)?;
            block.map(|block| block.seconds).ok_or_else(young)
        };
        let (mut from, mut to) = (0, server.tip().map_err(text)?.saturating_sub(depth) + 1);
        while to - from > 1 {
            let middle = from + (to - from) / 2;
            if time_of(middle)? <= seconds { from = middle } else { to = middle }
        }
        if time_of(to)? <= seconds {
            return Err(young());
        }
        for server in servers {
            let time = |height| Ok(server.block(height)?.map(|block| block.seconds));
            let word = Word::of(from, time, || server.tip()).map_err(text)?;
            word.is_last_at(seconds, from, depth).map_err(|why| why.unwrap_or_else(young))?;
        }
        self.agreed_on_bitcoin(chain, Some(from), |_, _| Ok(()))
    }

    /// What all nodes of an EVM chain say about a block, if they say the same.
    fn agreed<T: PartialEq>(
        &self,
        chain: &str,
        id: Option<BlockId>,
        ask: impl Fn(&Node, &Block) -> Result<T, ChainError>,
    ) -> Answer<T> {
        let number = evm_chain(chain);
        let Some(nodes) = number.and_then(|number| self.evm.get(&number)) else { return Ok(None) };
        let text = |error: ChainError| error.to_string();
        let id = match id {
            Some(id) => id,
            None => {
                // The last block that all of them have.
                let latest = |node: &Node| node.block(BlockNumberOrTag::Latest.into());
                let mut least: Option<u64> = None;
                for node in nodes {
                    let block = latest(node).map_err(text)?.ok_or("the node has no block")?;
                    self.check_head(block.seconds, 0)?;
                    least = Some(least.map_or(block.number, |least| least.min(block.number)));
                }
                BlockId::number(least.unwrap_or_default())
            }
        };
        let mut found: Option<(Block, T)> = None;
        for node in nodes {
            let Some(block) = node.block(id).map_err(text)? else {
                return Err("the chain has no such block".to_owned());
            };
            let value = ask(node, &block).map_err(text)?;
            match &found {
                // Where a chain's headers are not Ethereum's, no hash holds a node to the time.
                Some((other, there))
                    if (other.hash, other.seconds) != (block.hash, block.seconds)
                        || *there != value =>
                {
                    return Err("the nodes do not agree".to_owned());
                }
                Some(_) => {}
                None => found = Some((block, value)),
            }
        }
        let Some((block, value)) = found else { return Ok(None) };
        let time = seconds(block.seconds)?;
        let (number, hash) = (block.number, block.hash);
        Ok(Some(Read { number, hash, time, value, counts: self.counts(chain_id(chain)) }))
    }

    /// The same for Bitcoin.
    fn agreed_on_bitcoin<T: PartialEq>(
        &self,
        chain: &str,
        height: Option<u64>,
        ask: impl Fn(&Esplora, u64) -> Result<T, ChainError>,
    ) -> Answer<T> {
        let Some(servers) = self.bitcoin.get(chain_id(chain)) else { return Ok(None) };
        let text = |error: ChainError| error.to_string();
        let height = match height {
            Some(height) => height,
            None => {
                let tips = servers.iter().map(Esplora::tip).collect::<Result<Vec<_>, _>>();
                let tips = tips.map_err(text)?;
                for (server, tip) in servers.iter().zip(&tips) {
                    let block = server.block(*tip).map_err(text)?;
                    let block = block.ok_or("the server has no block at its tip")?;
                    self.check_head(block.seconds, BITCOIN_HEAD_AGE)?;
                }
                tips.into_iter().min().unwrap_or_default()
            }
        };
        let mut found = None;
        for server in servers {
            let block = server.block(height).map_err(text)?;
            let block = block.ok_or("the chain has no block of this height")?;
            let value = ask(server, height).map_err(text)?;
            match &found {
                Some((other, there)) if *other != block || *there != value => {
                    return Err("the servers do not agree".to_owned());
                }
                Some(_) => {}
                None => found = Some((block, value)),
            }
        }
        let Some((block, value)) = found else { return Ok(None) };
        let (number, hash, time) = (block.height, block.hash, seconds(block.seconds)?);
        Ok(Some(Read { number, hash, time, value, counts: self.counts(chain_id(chain)) }))
    }
}

/// What one node says of a block that another found.
struct Word {
    /// Its time and that of the next, where there is such a block.
    times: [Option<u64>; 2],
    /// The number of the last block.
    last: u64,
}

impl Word {
    fn of(
        number: u64,
        time: impl Fn(u64) -> Result<Option<u64>, ChainError>,
        last: impl Fn() -> Result<u64, ChainError>,
    ) -> Result<Self, ChainError> {
        Ok(Self { times: [time(number)?, time(number.saturating_add(1))?], last: last()? })
    }

    /// Refuses a block that is not the last one at or before a time; with nothing to say of it where
    /// it is too young.
    fn is_last_at(&self, seconds: u64, number: u64, depth: u64) -> Result<(), Option<String>> {
        let [Some(own), Some(next)] = self.times else { return Err(None) };
        if own > seconds || next <= seconds {
            let text = "the nodes do not agree on the last block at the reserves' time";
            return Err(Some(text.to_owned()));
        }
        if self.last.saturating_sub(number) < depth { Err(None) } else { Ok(()) }
    }
}

/// The chain that a server is of: CAIP-2 names it by the hash of its first block.
pub fn bitcoin_chain(server: &Esplora) -> Result<String> {
    let first = server.block(0)?;
    ensure!(first.is_some(), "the server has no first block");
    let hash = first.map(|block| format!("{:x}", block.hash)).unwrap_or_default();
    Ok(format!("bip122:{}", &hash[..32]))
}

/// A server's host; `None` for this machine.
pub fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    (!is_local(url))
        .then(|| host.split(':').next().unwrap_or_default().trim_end_matches('.').to_lowercase())
}

fn seconds(seconds: u64) -> Result<Timestamp, String> {
    let time = i64::try_from(seconds).ok().and_then(|time| Timestamp::from_second(time).ok());
    time.ok_or_else(|| "the block's time is none".to_owned())
}

impl Reader for Nodes {
    fn block(&mut self, chain: &str, number: u64) -> Answer<()> {
        match self.agreed(chain, Some(BlockId::number(number)), |_, _| Ok(()))? {
            Some(read) => Ok(Some(read)),
            None => self.agreed_on_bitcoin(chain, Some(number), |_, _| Ok(())),
        }
    }

    fn block_of(&mut self, chain: &str, hash: B256) -> Answer<()> {
        // A block beside the chain has a hash too: it must be the one of its number.
        let Some(read) = self.agreed(chain, Some(BlockId::hash(hash)), |_, _| Ok(()))? else {
            return Ok(None);
        };
        let own = self.block(chain, read.number)?;
        Ok(own.filter(|own| own.hash == hash))
    }

    fn balance(
        &mut self,
        chain: &str,
        place: &Place,
        token: &KnownToken,
        number: Option<u64>,
    ) -> Answer<U256> {
        match place {
            Place::Evm { address, .. } => {
                let contract = match token.kind {
                    TokenKind::Native => None,
                    TokenKind::Erc20 => {
                        let address = token.address.as_ref().and_then(|text| text.parse().ok());
                        Some(address.ok_or("the token's address is none")?)
                    }
                };
                self.agreed(chain, number.map(BlockId::number), |node, block| {
                    if let Some(contract) = contract {
                        known_code(node, contract, token, block.hash)?;
                    }
                    let asked = Balance { holder: *address, token: contract };
                    let found = node.balances(&[asked], block.hash)?;
                    Ok(found.first().copied().unwrap_or_default())
                })
            }
            Place::Bitcoin { network, script } => {
                if token.kind != TokenKind::Native {
                    return Err("Bitcoin has no tokens".to_owned());
                }
                let address = bitcoin::Address::from_script(script, *network)
                    .map_err(|error| error.to_string())?
                    .to_string();
                self.agreed_on_bitcoin(chain, number, |server, height| {
                    server.balance(&address, script.as_bytes(), height).map(U256::from)
                })
            }
            Place::Other { .. } => Ok(None),
        }
    }

    fn wallet(
        &mut self,
        chain: &str,
        wallet: Address,
        digest: B256,
        signature: &Bytes,
        number: Option<u64>,
    ) -> Answer<Wallet> {
        let call = IERC1271::isValidSignatureCall { hash: digest, signature: signature.clone() };
        let data: Bytes = call.abi_encode().into();
        self.agreed(chain, number.map(BlockId::number), |node, block| {
            let code = node.code_at(wallet, block.hash)?;
            if code.is_empty() {
                return Err(ChainError::Node(format!("there is no contract at {wallet}")));
            }
            let answer = match node.call_at(wallet, data.clone(), block.hash) {
                Ok(answer) => answer,
                // What refuses, does not say that it is its own.
                Err(ChainError::Refused(_)) => Bytes::new(),
                Err(error) => return Err(error),
            };
            let is_valid = answer.len() == 32 && answer[..4] == OWN;
            Ok(Wallet { is_valid, code_hash: keccak256(&code) })
        })
    }
}

/// Refuses a token whose code is another than the rules know.
pub fn known_code(
    node: &Node,
    contract: Address,
    token: &KnownToken,
    block: B256,
) -> Result<(), ChainError> {
    let got = keccak256(node.code_at(contract, block)?);
    let known = token.code_hash.as_ref().and_then(|text| text.parse().ok());
    if known == Some(got) {
        return Ok(());
    }
    let text = format!("the code at {contract} has the hash {got}, which is not that of the rules");
    Err(ChainError::Node(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_node_says_itself_that_a_block_is_the_last_at_a_time() {
        // A block of every ten seconds from 100 on, and the last one is number 9.
        let said = |number: u64, seconds: u64, depth: u64| {
            let time = |number| Ok((number < 10).then_some(100 + 10 * number));
            let word = Word::of(number, time, || Ok(9)).unwrap();
            word.is_last_at(seconds, number, depth)
        };
        assert_eq!(said(5, 150, 4), Ok(()));
        assert_eq!(said(5, 159, 4), Ok(()));
        // Another node that lies about times finds an older block, or a later one.
        for (number, seconds) in [(4, 150), (5, 160), (0, 150), (6, 150), (0, 99)] {
            let why = said(number, seconds, 1).unwrap_err().unwrap();
            assert!(why.contains("do not agree"), "{number} {seconds}: {why}");
        }
        // It says that more is on top than there is.
        assert_eq!(said(5, 150, 5), Err(None));
        assert_eq!(said(9, 190, 0), Err(None), "nothing is after it");
        assert_eq!(said(12, 220, 0), Err(None));
    }

    #[test]
    fn hosts_are_told_apart_and_keys_in_urls_are_not() {
        for (url, expected) in [
            ("https://a.example/v2/key", Some("a.example")),
            ("https://user:key@A.example:8545/x", Some("a.example")),
            ("http://127.0.0.1:8545", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }
}
