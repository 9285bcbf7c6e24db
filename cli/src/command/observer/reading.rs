//! Readings of reserves on other chains.

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{SolCall, SolEvent, SolValue, sol};
use anyhow::{Context, Result, bail, ensure};
use pacioli_chain::{Balance, Block, BlockId, BlockNumberOrTag, Node};
use pacioli_rules::Amount;
use pacioli_verifier_contract::{
    bindings::{Elsewhere as E, Observers as O},
    chain::Chain,
    signing::Reading,
};
use serde_json::json;

use super::{
    super::{
        act::{Acting, Said},
        planned::Planned,
        signed::{self, Signed, SignedReading},
        signer::{self, Signer},
    },
    ensure_here,
};
use crate::{
    args::{ActArgs, SignReadingArgs, SignatureArgs},
    outcome::Refused,
    output::Report,
};

sol! {
    interface Token {
        function decimals() external view returns (uint8);
    }
}

/// Units are 10^-36 of one whole.
const DIGITS: u8 = 36;

/// What is to be read, and where another observer read it.
struct Wanted {
    on: u64,
    token: Address,
    custodian: Address,
    block: Option<u64>,
    same: Option<Box<SignedReading>>,
}

/// `pacioli observer sign-reading`.
pub fn sign(args: &SignReadingArgs) -> Result<Report> {
    let mut by = Signer::connect(&args.signer)?;
    let wanted = wanted(args, &by)?;
    let Wanted { on, token, custodian, .. } = wanted;
    let (elsewhere, venue) = (by.system.elsewhere, by.venue);
    let remotes = by.node.ask(elsewhere, &E::remotesOfCall { venue })?;
    let is_it = |remote: &&pacioli_verifier_contract::bindings::Remote| {
        (remote.chainId, remote.token, remote.custodian) == (on, token, custodian)
    };
    let remote = remotes.iter().find(is_it).with_context(|| {
        format!("the venue lists no reserve of {custodian} and token {token} on chain {on}")
    })?;
    let read = read(&args.read_rpc, &wanted)?;
    let age = by.node.ask(elsewhere, &E::READING_AGECall {})?;
    let Read { block, amount, decimals } = &read;
    ensure!(
        block.seconds <= by.time && by.time - block.seconds <= age,
        "block {} is of {}: a reading may be {} minutes old, and not of the future",
        block.number,
        signer::at(block.seconds)?,
        age / 60
    );
    let units = units(*amount, *decimals)?;
    let (not_before, deadline) = match &wanted.same {
        Some(same) => {
            let own = (block.hash, block.number, block.seconds, units);
            if own != (same.block_hash, same.number, same.time, same.units) {
                let text = format!(
                    "--same-as: the other observer read {} units of 10^-36 in block {}, and you {units} \
                     in block {}",
                    same.units, same.block_hash, block.hash
                );
                return Err(Refused(text).into());
            }
            ensure!(
                same.asset == remote.asset,
                "--same-as: a reading for another asset than the venue lists it for"
            );
            (same.not_before, same.deadline)
        }
        None => (by.time, block.seconds + age),
    };
    let message = Reading {
        signer: by.address,
        venue,
        asset: remote.asset,
        chainId: on,
        token,
        custodian,
        number: block.number,
        blockHash: block.hash,
        time: block.seconds,
        units,
        notBefore: not_before,
        deadline,
    };
    let (digest, signature) = by.sign(&message, elsewhere)?;
    let file = SignedReading {
        chain_id: by.chain_id,
        elsewhere,
        venue,
        asset: remote.asset,
        on,
        token,
        custodian,
        number: block.number,
        block_hash: block.hash,
        time: block.seconds,
        units,
        not_before,
        deadline,
        signer: message.signer,
        signature,
    };
    let out = &args.signer.out;
    signed::write(out, &Signed::Reading(Box::new(file)))?;
    let asset = asset(&mut by, remote.asset, (on, token, custodian))?;
    let others = others(&mut by, (on, token, custodian))?;
    let whole = shown(*amount, *decimals);
    let mut text = format!(
        "{}\n  signer  {}\n  read    {whole} {asset} of {custodian}\n  in      block {} of chain {on}, \
         {}\n  digest  {digest}\n  can be posted until {}\n",
        out.display(),
        message.signer,
        block.number,
        signer::at(block.seconds)?,
        signer::at(deadline)?
    );
    text += by.left();
    for other in &others {
        text += &format!("  ALSO LISTED BY the venue {other}: ask the custodian which it backs\n");
    }
    let json = json!({
        "file": out.display().to_string(),
        "signer": message.signer,
        "amount": amount.to_string(),
        "decimals": decimals,
        "units": units.to_string(),
        "block": block.number,
        "block_hash": block.hash,
        "time": block.seconds,
        "deadline": deadline,
        "digest": digest,
        "also_listed_by": others,
    });
    Ok(Report { text, json, holds: true })
}

/// `pacioli observer post-reading`.
pub fn send(act: &ActArgs, args: &SignatureArgs) -> Result<Report> {
    let mut files = readings(&args.files)?;
    files.sort_by_key(|file| file.signer);
    let mut acting = Acting::on(act)?;
    let (elsewhere, venue) = (acting.system.elsewhere, acting.venue);
    for file in &files {
        ensure_here(&acting, elsewhere, (file.chain_id, file.elsewhere, file.venue))?;
    }
    let reading = files[0].reading();
    ensure!(
        files.iter().all(|file| file.reading() == reading),
        "the readings are not the same: observers sign the same block with --same-as"
    );
    let needed = match &mut acting.connected.node {
        Some(node) => {
            let observers = acting.system.observers;
            Some(node.ask(observers, &O::thresholdOfCall { venue })?.max(1))
        }
        None => None,
    };
    let signers: Vec<_> = files.iter().map(|file| file.signer).collect();
    let mut text = format!(
        "{} units of 10^-36 of {} on chain {}, in block {} of {}\n",
        reading.units,
        reading.custodian,
        reading.chainId,
        reading.number,
        signer::at(reading.time)?
    );
    for signer in &signers {
        text += &format!("  read by {signer}\n");
    }
    if let Some(needed) = needed {
        text += &format!("  {needed} observers have to sign it\n");
    }
    let json = json!({
        "on": reading.chainId,
        "block": reading.number,
        "time": reading.time,
        "units": reading.units.to_string(),
        "signers": signers,
        "needed": needed,
    });
    let signatures = files.into_iter().map(|file| file.signature).collect();
    let call = E::postCall { reading, signers, signatures };
    let planned = [Planned::call("post a reading", elsewhere, &call)];
    acting.run(act, &planned, &Said { text: text + "\n", json })
}

fn readings(paths: &[std::path::PathBuf]) -> Result<Vec<SignedReading>> {
    let files = signed::read_all(paths, "a reading", |signed| match signed {
        Signed::Reading(one) => Some(*one),
        _ => None,
    })?;
    signed::each_once(files.iter().map(|file| file.signer))?;
    Ok(files)
}

fn wanted(args: &SignReadingArgs, by: &Signer) -> Result<Wanted> {
    if let Some(path) = &args.same_as {
        let Signed::Reading(same) = signed::read(path)? else {
            bail!("{}: not the signature of a reading", path.display());
        };
        let there = (same.chain_id, same.elsewhere, same.venue);
        ensure!(
            there == (by.chain_id, by.system.elsewhere, by.venue),
            "--same-as: a reading for another chain, registry or venue"
        );
        let SignedReading { on, token, custodian, number, .. } = *same;
        return Ok(Wanted { on, token, custodian, block: Some(number), same: Some(same) });
    }
    let (Some(on), Some(token), Some(custodian)) = (args.on, args.token, args.custodian) else {
        bail!("give --on, --token and --custodian, or --same-as");
    };
    Ok(Wanted { on, token, custodian, block: args.block, same: None })
}

/// What nodes of another chain say.
#[derive(PartialEq, Eq)]
struct Read {
    block: Block,
    amount: U256,
    decimals: u8,
}

/// Reads one final block at each node. All have to say the same.
fn read(urls: &[String], wanted: &Wanted) -> Result<Read> {
    let mut found: Option<Read> = None;
    for url in urls {
        let node = Node::connect(url, None, 0)?;
        let id = node.chain_id()?;
        ensure!(id == wanted.on, "--read-rpc: a node of chain {id}, and not of {}", wanted.on);
        let last = node.block(BlockNumberOrTag::Finalized.into())?;
        let last = last.context("--read-rpc: the node knows no final block")?;
        // The nodes after the first are asked for its block.
        let number = wanted.block.or(found.as_ref().map(|found| found.block.number));
        let block = match number {
            None => last,
            Some(number) if number > last.number => bail!(
                "--read-rpc: block {number} can still be replaced: the last that is final is {}",
                last.number
            ),
            Some(number) => {
                let block = node.block(BlockId::number(number))?;
                block.with_context(|| format!("--read-rpc: the node has no block {number}"))?
            }
        };
        let is_coin = wanted.token.is_zero();
        let token = (!is_coin).then_some(wanted.token);
        let asked = [Balance { holder: wanted.custodian, token }];
        let amount = node.balances(&asked, block.hash)?.pop().context("one was asked for")?;
        let decimals = if is_coin {
            18
        } else {
            let data = Token::decimalsCall {}.abi_encode().into();
            let answer = node.call_at(wanted.token, data, block.hash)?;
            let word = U256::abi_decode(&answer);
            let word = word.ok().and_then(|word| u8::try_from(word).ok());
            word.context("--read-rpc: the token does not answer with its decimals")?
        };
        // What no node of Ethereum's form says the same about is compared without its header.
        let read = Read { block: Block { header: None, ..block }, amount, decimals };
        match &found {
            Some(other) if *other != read => bail!("--read-rpc: the nodes do not agree"),
            _ => found = Some(read),
        }
    }
    found.context("give --read-rpc")
}

/// An amount in 10^-36 of one whole.
fn units(amount: U256, decimals: u8) -> Result<U256> {
    let digits = DIGITS.checked_sub(decimals).context("the token has more than 36 decimals")?;
    let units = amount.checked_mul(U256::from(10).pow(U256::from(digits)));
    let units = units.filter(|units| units.bit_len() <= 248);
    units.context("no balance is so large")
}

fn shown(amount: U256, decimals: u8) -> String {
    match u128::try_from(amount) {
        Ok(amount) => Amount::new(amount, u32::from(decimals)).to_string(),
        Err(_) => format!("{amount} of 10^-{decimals}"),
    }
}

/// The asset's name, by the event that announced the reserve.
fn asset(by: &mut Signer, asset: B256, of: (u64, Address, Address)) -> Result<String> {
    let logs =
        by.node.logs(by.system.elsewhere, &[E::RemoteAnnounced::SIGNATURE_HASH], by.venue)?;
    let events = logs.iter().filter_map(|log| E::RemoteAnnounced::decode_log_data(&log.data).ok());
    let last = events.filter(|event| (event.chainId, event.token, event.custodian) == of).last();
    let named = last.filter(|event| keccak256(&event.asset) == asset);
    Ok(named.map_or_else(|| asset.to_string(), |event| event.asset.escape_debug().to_string()))
}

/// The other venues that list the same balance.
fn others(by: &mut Signer, (on, token, custodian): (u64, Address, Address)) -> Result<Vec<B256>> {
    let remote = keccak256((U256::from(on), token, custodian).abi_encode());
    let all = by.node.ask(by.system.elsewhere, &E::venuesOfCall { remote })?;
    Ok(all.into_iter().filter(|venue| *venue != by.venue).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_of_one_whole_whatever_a_token_counts_in() {
        let ten = |digits: u64| U256::from(10).pow(U256::from(digits));
        assert_eq!(units(ten(18), 18).unwrap(), ten(36));
        assert_eq!(units(ten(6), 6).unwrap(), ten(36));
        assert_eq!(units(U256::from(7), 36).unwrap(), U256::from(7));
        assert!(units(U256::from(1), 37).is_err());
        assert!(units(U256::MAX, 36).is_err());
        assert!(units(ten(60), 18).is_err());
    }
}
