//! `pacioli draws`: drawn times on a chain.

use alloy_primitives::{Address, U256, keccak256};
use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use pacioli_attestation::{Day, Draw, Drawn, first_round};
use pacioli_chain::{Block, BlockId, Node, fetch_round};
use pacioli_rules::DrawSource;
use pacioli_verifier_contract::{bindings::Draws as D, chain::Chain};
use serde_json::json;

use super::{
    draw,
    drawn_times::NAME,
    planned::Planned,
    signer,
    transaction::{self, Connected, Done},
};
use crate::{
    args::{DrawsArgs, DrawsCommand, PinArgs, RecordArgs},
    output::Report,
};

const DAY: u64 = 86_400;

/// Runs the command.
pub fn run(command: &DrawsCommand) -> Result<Report> {
    match command {
        DrawsCommand::Record(args) => record(args),
        DrawsCommand::Pin(args) => pin(args),
    }
}

/// `pacioli draws record`.
fn record(args: &RecordArgs) -> Result<Report> {
    let mut connected = Connected::to(&args.to.send)?;
    let at = contract(&args.to, &connected)?;
    let drawn = drawn(args, &mut connected)?;
    // Signature, hashes and times are checked before anything is sent.
    let Draw { source, day, second, seen } = drawn.recompute()?;
    ensure!(source == args.source, "this draws from {source}, and not from {}", args.source);
    ensure!(day == args.day, "this draws a second of {day}, and not of {}", args.day);
    let number = number(day)?;
    let mut text = format!("{second}\n  of {day}, drawn from {source}, {seen}\n");
    let mut json = json!({
        "second": second.to_string(),
        "day": day,
        "from": source.name(),
        "seen": seen,
        "draws": at,
    });
    if let Some(known) = known(&mut connected, at, (source, number))? {
        ensure!(
            known == second,
            "{at} has {known} for {day}, and it is {second}: another contract, or another chain"
        );
        text += "  recorded before, so nothing is sent\n";
        json["transactions"] = json!([]);
        return Ok(Report { text, json, holds: true });
    }
    let planned = match drawn {
        Drawn::Quicknet { signature, .. } => {
            let call = D::drawRoundCall { day: number, signature: signature.into() };
            Planned::call("record a drawn time", at, &call)
        }
        Drawn::Ethereum { parent, block, .. } => {
            let call =
                D::drawBlockCall { day: number, parent: parent.into(), header: block.into() };
            Planned::call("record a drawn time", at, &call)
        }
    };
    send(&args.to, connected, planned, (text, json))
}

/// `pacioli draws pin`.
fn pin(args: &PinArgs) -> Result<Report> {
    let mut connected = Connected::to(&args.to.send)?;
    let at = contract(&args.to, &connected)?;
    let number = match (args.block, args.day) {
        (Some(number), _) => number,
        (None, Some(day)) => first_after(connected.node()?, day)?.1.number,
        (None, None) => bail!("give --day or --block"),
    };
    let call = D::pinCall { number: U256::from(number) };
    let planned = Planned::call(format!("keep the hash of block {number}"), at, &call);
    let text = format!("block {number}\n");
    send(&args.to, connected, planned, (text, json!({ "block": number, "draws": at })))
}

fn send(
    args: &DrawsArgs,
    mut connected: Connected,
    planned: Planned,
    (text, mut json): (String, serde_json::Value),
) -> Result<Report> {
    let planned = [planned];
    match connected.run(&args.send, &planned, None)? {
        Done::Said(mut report) => {
            if args.send.unsigned.is_none() {
                report.text = text + &report.text;
                report.json["drawn"] = json;
            }
            Ok(*report)
        }
        Done::Sent(receipts) => {
            let (sent, transactions) = transaction::receipts(&planned, &receipts);
            json["transactions"] = transactions;
            Ok(Report { text: text + &sent, json, holds: true })
        }
    }
}

/// What a day is drawn from: a file, a server of drand, or the node.
fn drawn(args: &RecordArgs, connected: &mut Connected) -> Result<Drawn> {
    if let Some(path) = &args.drawn_from {
        return Ok(draw::read(path)?.0);
    }
    match (args.source, &args.fetch) {
        (DrawSource::Quicknet, Some(server)) => {
            let round = first_round(args.day)?;
            let answer = fetch_round(server, draw::QUICKNET_CHAIN, round)?;
            draw::of_answer(&answer).context("the server's answer")
        }
        (DrawSource::Quicknet, None) => {
            bail!("give the round with --drawn-from, or fetch it with --fetch")
        }
        (DrawSource::Ethereum, Some(_)) => {
            bail!("--fetch is for drand: headers of {} are asked of the node", args.source)
        }
        (DrawSource::Ethereum, None) => {
            let (parent, block) = first_after(connected.node()?, args.day)?;
            let rlp = |block: Block| {
                let number = block.number;
                block.header.with_context(|| {
                    format!(
                        "the header of block {number} has fields that this release does not know: give \
                         both as RLP with --drawn-from"
                    )
                })
            };
            let (parent, block) = (rlp(parent)?, rlp(block)?);
            Ok(Drawn::of_block(parent.to_vec(), block.to_vec())?)
        }
    }
}

/// The first block of a chain at or after the end of a day, behind the one before it.
fn first_after(node: &Node, day: Day) -> Result<(Block, Block)> {
    let found = node.first_block_at(day.end())?;
    let block = found.with_context(|| format!("the chain has no block of after {day} yet"))?;
    let before = block.number.checked_sub(1).context("the chain began after that day")?;
    let parent = node.block(BlockId::number(before))?;
    Ok((parent.context("the node lacks the block before")?, block))
}

/// The contract's address.
fn contract(args: &DrawsArgs, connected: &Connected) -> Result<Address> {
    let recorded = connected.there.contracts.get(NAME).copied();
    args.draws.or(recorded).context("give --draws, or make the contract: pacioli deploy draws")
}

/// The second of a day that the contract has already.
fn known(
    connected: &mut Connected,
    at: Address,
    (source, day): (DrawSource, u32),
) -> Result<Option<Timestamp>> {
    let Some(node) = &mut connected.node else { return Ok(None) };
    let found = node.ask(at, &D::secondOfCall { source: keccak256(source.name()), day })?;
    found.known.then(|| signer::at(found.second)).transpose()
}

/// A day as contracts count it: days since 1970.
fn number(day: Day) -> Result<u32> {
    Ok(u32::try_from(day.end() / DAY - 1)?)
}
