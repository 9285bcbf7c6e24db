//! `pacioli reserves read`: balances at a block, written as reserves and as evidence.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, U256};
use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use num_bigint::BigUint;
use pacioli_attestation::{Progress, Reserve, Reserves};
use pacioli_chain::{Balance, Block, BlockId, BlockNumberOrTag, Esplora, Node};
use pacioli_evidence::{
    AccountProof, Entry, Evidence, Place, Reading, SlotProof, Storage, balance_slot, chain_id,
};
use pacioli_rules::{Amount, KnownToken, Rules, TokenKind};
use serde_json::json;

use super::{
    super::files,
    evidence_to_add_to,
    nodes::{bitcoin_chain, known_code},
};
use crate::{args::ReadArgs, format::plural, output::Report, progress::Shown, shown::shown};

/// How far below the last block Bitcoin is read, so that the block stays.
const DEPTH: u64 = 5;

/// One balance to read: which reserve, and which token.
struct Asked<'a> {
    index: usize,
    place: Place,
    name: &'a str,
    token: &'a KnownToken,
}

/// The balances of one chain, as they were read.
struct Found {
    chain: String,
    number: u64,
    hash: B256,
    time: Timestamp,
    units: Vec<U256>,
    proofs: Vec<Option<Storage>>,
}

/// Runs the command.
pub fn run(args: &ReadArgs, progress: &Shown) -> Result<Report> {
    let mut reserves = files::read_reserves(&args.reserves)?;
    let rules = files::read_rules(&args.rules)?;
    let mut evidence = evidence_to_add_to(&args.evidence)?;
    let mut done = Done::default();
    if let Some(url) = &args.rpc {
        let node = Node::connect(url, None, 0)?;
        let chain = format!("eip155:{}", node.chain_id()?);
        let asked = asked(&reserves, &rules, &chain)?;
        progress.begin("reading", 1);
        let found = on_node(&node, chain, &asked, args)?;
        done.take(&mut reserves, &mut evidence, &asked, found)?;
    }
    if let Some(url) = &args.esplora {
        let server = Esplora::connect(url)?;
        let chain = bitcoin_chain(&server)?;
        let asked = asked(&reserves, &rules, &chain)?;
        progress.begin("reading", asked.len() as u64);
        let found = on_bitcoin(&server, chain, &asked, args, progress)?;
        done.take(&mut reserves, &mut evidence, &asked, found)?;
    }
    ensure!(
        !done.read.is_empty(),
        "nothing was read: no reserve is on a chain of the nodes, in a token that the rules know"
    );
    let unread: Vec<usize> =
        (0..reserves.reserves.len()).filter(|index| !done.read.contains_key(index)).collect();
    // The earliest of the blocks, where everything was read.
    if unread.is_empty() {
        reserves.as_of = done.times.iter().min().copied().unwrap_or(reserves.as_of);
    }
    reserves.check()?;
    let written = serde_json::to_string_pretty(&reserves)? + "\n";
    files::write(&args.evidence, evidence.to_text().as_bytes())?;
    files::write(&args.out, written.as_bytes())?;
    Ok(done.report(&reserves, &unread, args))
}

/// What is to be read on a chain.
fn asked<'a>(reserves: &Reserves, rules: &'a Rules, chain: &str) -> Result<Vec<Asked<'a>>> {
    let mut asked = Vec::new();
    let Some(known) = rules.tokens().get(chain) else { return Ok(asked) };
    for (index, reserve) in reserves.reserves.iter().enumerate() {
        if chain_id(&reserve.chain) != chain {
            continue;
        }
        let place = Place::of(&reserve.chain, &reserve.address)
            .with_context(|| format!("reserves[{index}]"))?;
        let own = known.iter().filter(|(_, token)| token.stands_for == reserve.asset);
        for (name, token) in own {
            asked.push(Asked { index, place: place.clone(), name, token });
        }
    }
    Ok(asked)
}

fn block_id(text: &str) -> Result<BlockId> {
    let tag = match text {
        "finalized" => BlockNumberOrTag::Finalized,
        "safe" => BlockNumberOrTag::Safe,
        "latest" => BlockNumberOrTag::Latest,
        _ if text.len() == 66 => {
            let hash: B256 = text.parse().ok().context("--block is no hash")?;
            return Ok(BlockId::hash(hash));
        }
        _ => match text.parse() {
            Ok(number) => BlockNumberOrTag::Number(number),
            Err(_) => bail!("--block is a number, a hash, `finalized`, `safe` or `latest`"),
        },
    };
    Ok(tag.into())
}

fn time(seconds: u64) -> Result<Timestamp> {
    let seconds = i64::try_from(seconds).context("the block's time is none")?;
    Timestamp::from_second(seconds).context("the block's time is none")
}

fn on_node(node: &Node, chain: String, asked: &[Asked<'_>], args: &ReadArgs) -> Result<Found> {
    let block = node.block(block_id(&args.block)?)?;
    let block = block.with_context(|| format!("the node has no block `{}`", args.block))?;
    let contract = |token: &KnownToken| -> Result<Option<Address>> {
        let text = token.address.as_ref();
        text.map(|text| text.parse().context("a token's address")).transpose()
    };
    let mut balances = Vec::with_capacity(asked.len());
    let mut looked_at = BTreeMap::new();
    for Asked { place, token, .. } in asked {
        let Place::Evm { address: holder, .. } = place else { bail!("{chain} is no EVM chain") };
        let token_at = contract(token)?;
        if let Some(at) = token_at
            && looked_at.insert(at, ()).is_none()
        {
            known_code(node, at, token, block.hash)?;
        }
        balances.push(Balance { holder: *holder, token: token_at });
    }
    let units = node.balances(&balances, block.hash)?;
    let mut proofs = Vec::with_capacity(asked.len());
    for (asked, balance) in asked.iter().zip(&balances) {
        proofs.push(if args.proof { proof(node, asked, balance, &block)? } else { None });
    }
    let (number, hash) = (block.number, block.hash);
    Ok(Found { chain, number, hash, time: time(block.seconds)?, units, proofs })
}

/// The proof of one balance; `None` where the rules do not say where it is.
fn proof(
    node: &Node,
    asked: &Asked<'_>,
    balance: &Balance,
    block: &Block,
) -> Result<Option<Storage>> {
    let header = block.header.clone();
    let header =
        header.context("the chain's blocks have other headers than Ethereum's: no --proof")?;
    let (of, slots) = match (balance.token, asked.token.balances_slot) {
        (None, _) => (balance.holder, Vec::new()),
        (Some(token), Some(slot)) => (token, vec![balance_slot(balance.holder, slot)]),
        (Some(_), None) => return Ok(None),
    };
    let answer = node.proof(of, slots, block.hash)?;
    let slots = answer.storage_proof.into_iter().map(|slot| SlotProof {
        key: slot.key.as_b256().into(),
        value: slot.value,
        proof: slot.proof,
    });
    let proof = AccountProof {
        address: answer.address,
        balance: answer.balance,
        code_hash: answer.code_hash,
        nonce: U256::from(answer.nonce),
        storage_hash: answer.storage_hash,
        account_proof: answer.account_proof,
        storage_proof: slots.collect(),
    };
    let storage = Storage { token: asked.name.to_owned(), header, proof };
    // What is written holds.
    let checked = storage.check(balance.holder, asked.token);
    checked.with_context(|| format!("the node's proof for {}", balance.holder))?;
    Ok(Some(storage))
}

fn on_bitcoin(
    server: &Esplora,
    chain: String,
    asked: &[Asked<'_>],
    args: &ReadArgs,
    progress: &Shown,
) -> Result<Found> {
    let height = match args.height {
        Some(height) => height,
        None => server.tip()?.saturating_sub(DEPTH),
    };
    let block = server.block(height)?.with_context(|| format!("there is no block {height} yet"))?;
    let mut units = Vec::with_capacity(asked.len());
    for (done, Asked { index, place, .. }) in (1u64..).zip(asked) {
        let Place::Bitcoin { network, script } = place else { bail!("{chain} is no Bitcoin") };
        let address = bitcoin::Address::from_script(script, *network)
            .with_context(|| format!("reserves[{index}].address"))?;
        let held = server.balance(&address.to_string(), script.as_bytes(), height)?;
        units.push(U256::from(held));
        progress.reach(done);
    }
    let proofs = asked.iter().map(|_| None).collect();
    let (number, hash) = (block.height, block.hash);
    Ok(Found { chain, number, hash, time: time(block.seconds)?, units, proofs })
}

/// What was read so far.
#[derive(Default)]
struct Done {
    /// By reserve: its amount.
    read: BTreeMap<usize, Amount>,
    times: Vec<Timestamp>,
    blocks: Vec<(String, u64, B256, Timestamp)>,
    proofs: usize,
}

impl Done {
    fn take(
        &mut self,
        reserves: &mut Reserves,
        evidence: &mut Evidence,
        asked: &[Asked<'_>],
        found: Found,
    ) -> Result<()> {
        let Found { chain, number, hash, time, units, proofs } = found;
        for ((asked, units), proof) in asked.iter().zip(units).zip(proofs) {
            let reserve = &reserves.reserves[asked.index];
            let token = asked.name.to_owned();
            let reading = Reading { token, number, hash, time, units };
            evidence.put(Entry { reading: Some(reading), ..Entry::of(reserve) });
            if proof.is_some() {
                self.proofs += 1;
                evidence.put(Entry { storage: proof, ..Entry::of(reserve) });
            }
            let amount = counted(units, asked.token);
            let sum = self.read.entry(asked.index).or_default();
            sum.add(&amount.to_string().parse().context("a balance of more than 38 digits")?);
        }
        for Asked { index, .. } in asked {
            let text = self.read[index].to_string();
            let amount = text.parse().with_context(|| format!("reserves[{index}]: {text}"))?;
            reserves.reserves[*index].amount = amount;
        }
        if !asked.is_empty() {
            self.times.push(time);
            self.blocks.push((chain, number, hash, time));
        }
        Ok(())
    }

    fn report(&self, reserves: &Reserves, unread: &[usize], args: &ReadArgs) -> Report {
        let mut text = format!("{} read\n", plural(self.read.len(), "reserve"));
        for (chain, number, hash, time) in &self.blocks {
            text += &format!("  {chain}, block {number} of {time}\n    {hash}\n");
        }
        for (index, amount) in &self.read {
            let Reserve { asset, address, .. } = &reserves.reserves[*index];
            text += &format!("  {amount} {} at {}\n", shown(asset), shown(address));
        }
        for index in unread {
            let Reserve { asset, chain, .. } = &reserves.reserves[*index];
            let (asset, chain) = (shown(asset), shown(chain));
            text += &format!(
                "  reserves[{index}] NOT READ and left as it was: no node of {chain}, or no token in the \
                 rules that stands for {asset}\n"
            );
        }
        if args.proof {
            text += &format!("  {}\n", plural(self.proofs, "storage proof"));
        }
        text += &format!("written: {}, {}\n", args.out.display(), args.evidence.display());
        if !unread.is_empty() {
            text += &format!("the reserves' time stays {}\n", reserves.as_of);
        }
        let blocks = self.blocks.iter().map(|(chain, number, hash, time)| {
            json!({ "chain": chain, "number": number, "hash": hash, "time": time.to_string() })
        });
        let json = json!({
            "blocks": blocks.collect::<Vec<_>>(),
            "as_of": reserves.as_of.to_string(),
            "read": self.read,
            "not_read": unread,
            "proofs": self.proofs,
        });
        Report { text, json, holds: true }
    }
}

/// A number of smallest units, as much of it as counts, rounded down.
pub fn counted(units: U256, token: &KnownToken) -> Amount {
    debug_assert!(token.kind == TokenKind::Erc20 || token.address.is_none());
    let units = BigUint::from_bytes_be(&units.to_be_bytes::<32>());
    let Some(part) = token.counts_for else { return Amount::new(units, token.decimals) };
    let scale = BigUint::from(10u32).pow(part.scale());
    Amount::new(units * part.mantissa().unsigned_abs() / scale, token.decimals)
}
