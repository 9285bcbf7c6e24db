//! `pacioli deploy`: contracts on a chain.

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::{SolValue, sol};
use anyhow::Result;
use pacioli_verifier_contract::{
    artifacts,
    bindings::State,
    chain::Chain,
    system::{self, System},
};
use serde_json::json;

use super::{build::Build, creation::deploy, deploy_fund, drawn_times, transaction::Connected};
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
        DeployCommand::Draws { send } => {
            let mut connected = Connected::to(send)?;
            return deploy(send, &mut connected, &[drawn_times::part()]);
        }
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

/// The contract that a build has, or the demo's where that is accepted.
fn code(name: &str, args: &BuildFileArgs) -> Result<Bytes> {
    match &args.build {
        Some(path) => Ok(Build::read(path)?.contract(name)?.creation),
        None => Ok(artifacts::get(name).bytecode.clone()),
    }
}
