//! A signer of messages for a venue: its key, and what the registry's chain says.

use alloy_primitives::{Address, B256, Bytes};
use alloy_sol_types::SolStruct;
use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use pacioli_chain::{Key, Node};
use pacioli_verifier_contract::{
    chain::Chain,
    signing::{self, compared},
    system::System,
};

use super::{deployments::Deployments, node, transaction};
use crate::args::{ComparedArg, SignerArgs};

/// How far the latest block may be from this machine's clock: a node that is further behind serves
/// what is over, and one that is ahead wants a signature that can be used later.
const APART: u64 = 600;

/// Who signs, for which venue of which chain.
pub struct Signer {
    /// The key; `None` where a wallet signs later.
    key: Option<Key>,
    /// Who signs.
    pub address: Address,
    /// A node of the registry's chain.
    pub node: Node,
    /// The chain's number.
    pub chain_id: u64,
    /// The registry.
    pub registry: Address,
    /// The venue's id in it.
    pub venue: B256,
    /// The registry's contracts.
    pub system: System,
    /// The time of the latest block, in seconds since 1970: no signature is of a block's future.
    pub time: u64,
}

impl Signer {
    /// Connects, and makes sure of the chain and of its time.
    ///
    /// # Errors
    /// If there is no key, or the node is of another chain or of another time.
    pub fn connect(args: &SignerArgs) -> Result<Self> {
        let chain_id = transaction::chain_id(args.chain_id)?;
        let there = Deployments::read(&args.sender.node.deployments)?.on(chain_id);
        let (registry, venue) = there.venue(&args.venue)?;
        let (key, address) = match args.signer {
            Some(address) => (None, address),
            None => {
                let key = node::key(args.sender.keystore.as_deref())?;
                let address = key.address();
                (Some(key), address)
            }
        };
        let mut node = node::reader(&args.sender.node, there.first_block)?;
        ensure!(node.chain_id()? == chain_id, "the node is of another chain than --chain-id says");
        let system = System::of(&mut node, registry)?;
        let time = node.time()?;
        let clock = u64::try_from(Timestamp::now().as_second())?;
        ensure!(
            args.any_time || time.abs_diff(clock) <= APART,
            "the node's latest block is of {}, which is not this machine's time: on a test chain, give \
             --any-time",
            at(time)?
        );
        Ok(Self { key, address, node, chain_id, registry, venue, system, time })
    }

    /// Signs a message in the domain of a contract. Returns the digest and the signature, which is
    /// empty where a wallet signs later.
    ///
    /// # Errors
    /// If the key does not sign.
    pub fn sign(&self, message: &impl SolStruct, contract: Address) -> Result<(B256, Bytes)> {
        let digest = signing::digest(message, &signing::domain(self.chain_id, contract));
        let Some(key) = &self.key else { return Ok((digest, Bytes::new())) };
        let signature = key.sign_digest(&digest).context("the key does not sign")?;
        Ok((digest, signature.to_vec().into()))
    }

    /// What is left to do before the file can be sent; nothing where a key signed.
    pub fn left(&self) -> &'static str {
        match &self.key {
            Some(_) => "",
            None => {
                "  NOT SIGNED YET: let the signer's wallet sign the digest, and write `signature`\n"
            }
        }
    }
}

/// A time on a chain.
///
/// # Errors
/// If it is no time.
pub fn at(seconds: u64) -> Result<Timestamp> {
    Ok(Timestamp::from_second(i64::try_from(seconds)?)?)
}

/// What can be compared: its bit, as an argument, and in words.
const COMPARED: [(u8, ComparedArg, &str); 5] = [
    (compared::PROGRAM, ComparedArg::Program, "program"),
    (compared::PRICES, ComparedArg::Prices, "prices"),
    (compared::ACCOUNTS, ComparedArg::Accounts, "accounts"),
    (compared::ELSEWHERE, ComparedArg::Elsewhere, "elsewhere"),
    (compared::BALANCES, ComparedArg::Balances, "balances"),
];

/// What was compared, as bits.
pub fn bits(all: &[ComparedArg]) -> u8 {
    let given = COMPARED.iter().filter(|(_, what, _)| all.contains(what));
    given.fold(0, |bits, (bit, ..)| bits | bit)
}

/// The same in words.
pub fn words(bits: u8) -> String {
    let known = COMPARED.iter().filter(|(bit, ..)| bits & bit != 0);
    let known: Vec<_> = known.map(|(.., word)| *word).collect();
    if known.is_empty() { "nothing".to_owned() } else { known.join(", ") }
}
