//! Contracts made through the deterministic deployment proxy.

use anyhow::{Result, bail};
use pacioli_verifier_contract::{
    chain::{Chain, ChainError},
    system::{self, Part},
};
use serde_json::json;

use super::{
    deployments::Deployments,
    planned::Planned,
    transaction::{self, Connected, Done},
};
use crate::{args::SendArgs, output::Report};

/// Makes contracts through the deterministic deployment proxy, unless they are there, and records
/// where they are.
pub fn deploy(send: &SendArgs, connected: &mut Connected, parts: &[Part]) -> Result<Report> {
    let first_block = match &connected.node {
        Some(node) => node.number()?,
        None => 0,
    };
    let mut missing = Vec::new();
    for part in parts {
        let there = match &mut connected.node {
            Some(node) => !node.code(part.at)?.is_empty(),
            None => false,
        };
        if !there {
            missing.push(Planned::make(format!("create {}", part.name), part));
        }
    }
    if let Some(node) = &mut connected.node
        && *node.code(system::DEPLOYER)? != *system::DEPLOYER_CODE
    {
        return Err(ChainError::NoDeployer(system::DEPLOYER).into());
    }
    let receipts = match connected.run(send, &missing, None)? {
        Done::Said(report) => return Ok(*report),
        Done::Sent(receipts) => receipts,
    };
    let node = connected.node()?;
    for part in parts {
        if node.code(part.at)?.is_empty() {
            bail!("no code is at {}, though {} was created", part.at, part.name);
        }
    }
    Deployments::record(&send.sender.node.deployments, connected.chain_id, |there| {
        if there.contracts.is_empty() {
            there.first_block = first_block;
        }
        there.contracts.extend(parts.iter().map(|part| (part.name.to_owned(), part.at)));
    })?;
    let (sent, transactions) = transaction::receipts(&missing, &receipts);
    let mut text = String::new();
    for part in parts {
        text += &format!("{:<16}  {}\n", part.name, part.at);
    }
    text += if missing.is_empty() { "all of it was there before\n" } else { &sent };
    let at = parts.last().map(|part| part.at);
    let contracts: serde_json::Map<_, _> =
        parts.iter().map(|part| (part.name.to_owned(), json!(part.at))).collect();
    let json = json!({ "address": at, "contracts": contracts, "transactions": transactions });
    Ok(Report { text, json, holds: true })
}
