//! `pacioli deploy`: contracts on a chain.

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::{SolValue, sol};
use anyhow::{Result, bail};
use pacioli_verifier_contract::{
    artifacts,
    bindings::State,
    chain::{Chain, ChainError},
    system::{self, Part, System},
};
use serde_json::json;

use super::{
    build::Build,
    deploy_fund,
    deployments::Deployments,
    transaction::{self, Connected, Done, Planned},
};
use crate::{
    args::{BuildFileArgs, DeployCommand, SendArgs},
    output::Report,
};

sol! {
    /// The constants of a verifier.
    interface IVolumeVerifier {
        function KEY() external view returns (bytes32);
        function K() external view returns (uint256);
        function PAGE_SIZE() external view returns (uint256);
    }
}

/// Runs the command.
pub fn run(command: &DeployCommand) -> Result<Report> {
    let (send, build, name) = match command {
        DeployCommand::Registry { send } => return registry(send),
        DeployCommand::Fund(args) => return deploy_fund::run(args),
        DeployCommand::Verifier { send, build } => (send, Some(build), "VolumeVerifier"),
        DeployCommand::Statements { send, build, .. } => (send, Some(build), "StatementVerifier"),
        DeployCommand::Repricer { send, .. } => (send, None, "Repricer"),
        DeployCommand::Feed { send, .. } => (send, None, "CoverageFeed"),
    };
    let mut connected = Connected::to(send)?;
    let code = match build {
        Some(build) => code(name, build)?,
        None => artifacts::get(name).bytecode.clone(),
    };
    let arguments = match command {
        DeployCommand::Statements { registry, .. } | DeployCommand::Repricer { registry, .. } => {
            connected.there.registry(*registry).abi_encode()
        }
        DeployCommand::Feed { venue, accept_warning, .. } => {
            let (registry, venue) = connected.there.venue(venue)?;
            let worst = if *accept_warning { State::Warning } else { State::Healthy };
            // A ratio of 1 is 10^8, and none is answered above 10^10.
            let ten = |digits: u8| U256::from(10).pow(U256::from(digits));
            let scale = (U256::from(8), ten(8), ten(18));
            (registry, venue, U256::from(worst as u8), scale).abi_encode_params()
        }
        _ => Vec::new(),
    };
    let part = system::part(name, [&code[..], &arguments].concat().into());
    let mut report = deploy(send, &mut connected, std::slice::from_ref(&part))?;
    if let (
        Some(node),
        DeployCommand::Verifier { .. } | DeployCommand::Statements { .. },
        None,
        false,
    ) = (&mut connected.node, command, send.unsigned, send.dry_run)
    {
        let key = node.ask(part.at, &IVolumeVerifier::KEYCall {})?;
        report.text += &format!("  key     {key}\n");
        report.json["key"] = json!(key);
    }
    Ok(report)
}

/// All contracts of a registry that are not there yet.
fn registry(send: &SendArgs) -> Result<Report> {
    let mut connected = Connected::to(send)?;
    let mut report = deploy(send, &mut connected, &System::of_release().parts())?;
    report.text += "\nAnyone can register there: pacioli register.\n";
    Ok(report)
}

/// Makes contracts through the deterministic deployment proxy, unless they are there, and records
/// where they are.
pub(super) fn deploy(send: &SendArgs, connected: &mut Connected, parts: &[Part]) -> Result<Report> {
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
            missing.push(Planned {
                what: format!("create {}", part.name),
                to: system::DEPLOYER,
                data: [system::SALT.as_slice(), &part.creation].concat().into(),
            });
        }
    }
    if let Some(node) = &mut connected.node
        && *node.code(system::DEPLOYER)? != *system::DEPLOYER_CODE
    {
        return Err(ChainError::NoDeployer.into());
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

/// The contract that a build has, or the demo's where that is accepted.
fn code(name: &str, args: &BuildFileArgs) -> Result<Bytes> {
    match &args.build {
        Some(path) => Ok(Build::read(path)?.contract(name)?.creation),
        None => Ok(artifacts::get(name).bytecode.clone()),
    }
}
