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

use super::{
    deployments::Deployments,
    external::{self, External},
    node, transaction,
};
use crate::args::{ComparedArg, SignerArgs};

/// How far the latest block may be from this machine's clock: a node that is further behind serves
/// what is over, and one that is ahead wants a signature that can be used later.
const APART: u64 = 600;

/// What signs.
enum With {
    /// A key that is here.
    Key(Key),
    /// A program.
    Program(External),
    /// A wallet, later.
    Nothing,
}

/// Who signs, for which venue of which chain.
pub struct Signer {
    /// What signs.
    with: With,
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
        let program = external::named(args.exec.as_deref(), &args.exec_arg);
        let (with, address) = match (args.signer, program) {
            (Some(address), Some(program)) => (With::Program(program), address),
            (Some(address), None) => (With::Nothing, address),
            (None, _) => {
                let key = node::key(args.sender.keystore.as_deref())?;
                let address = key.address();
                (With::Key(key), address)
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
        Ok(Self { with, address, node, chain_id, registry, venue, system, time })
    }

    /// Signs a message in the domain of a contract. Returns the digest and the signature, which is
    /// empty where a wallet signs later.
    ///
    /// # Errors
    /// If the key or the program does not sign.
    pub fn sign(&self, message: &impl SolStruct, contract: Address) -> Result<(B256, Bytes)> {
        let domain = signing::domain(self.chain_id, contract);
        let digest = signing::digest(message, &domain);
        let signature = match &self.with {
            With::Key(key) => {
                let signature = key.sign_digest(&digest).context("the key does not sign")?;
                signature.to_vec().into()
            }
            With::Program(program) => program.sign(message, &domain, self.address)?,
            With::Nothing => Bytes::new(),
        };
        Ok((digest, signature))
    }

    /// What is left to do before the file can be sent; nothing where it was signed here.
    pub fn left(&self) -> &'static str {
        match &self.with {
            With::Key(_) | With::Program(_) => "",
            With::Nothing => {
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

/// The words for the bits that are set, or for all others.
pub fn named(bits: u8, set: bool) -> Vec<&'static str> {
    let known = COMPARED.iter().filter(|(bit, ..)| (bits & bit != 0) == set);
    known.map(|(.., word)| *word).collect()
}

/// The same in words.
pub fn words(bits: u8) -> String {
    let known = named(bits, true);
    if known.is_empty() { "nothing".to_owned() } else { known.join(", ") }
}
