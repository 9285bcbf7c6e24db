//! `pacioli deploy`: contracts on a chain.

use alloy_primitives::{Address, Bytes};
use alloy_sol_types::{SolConstructor, sol};
use anyhow::{Context, Result, bail};
use pacioli_verifier_contract::{
    artifacts,
    bindings::Repricer,
    chain::{Chain, Receipt},
    statement::StatementVerifier,
};
use serde_json::json;

use super::{build::Build, node};
use crate::{
    args::{BuildFileArgs, DeployCommand},
    output::Report,
};

sol! {
    /// The constants of a verifier.
    interface IVolumeVerifier {
        function KEY() external view returns (bytes32);
        function K() external view returns (uint256);
        function PAGE_SIZE() external view returns (uint256);
    }
    contract CoverageFeed {
        constructor(address registry, bytes32 venue);
    }
}

/// Runs the command.
pub fn run(command: &DeployCommand) -> Result<Report> {
    match command {
        DeployCommand::Registry { sender } => {
            let (mut chain, _) = node::sender(sender)?;
            let code = &artifacts::get("SolvencyRegistry").bytecode;
            let (at, receipt) = node::create(&mut chain, code, &[])?;
            let next = "Anyone can register there: pacioli register.";
            Ok(report("registry", at, &receipt, "", next))
        }
        DeployCommand::Verifier { sender, build } => {
            let code = code("VolumeVerifier", build)?;
            let (mut chain, _) = node::sender(sender)?;
            let (at, receipt) = node::create(&mut chain, &code, &[])?;
            let key = chain.ask(at, &IVolumeVerifier::KEYCall {})?;
            let k = chain.ask(at, &IVolumeVerifier::KCall {})?;
            let page = chain.ask(at, &IVolumeVerifier::PAGE_SIZECall {})?;
            let about = format!("  key     {key}\n  sizes   2^{k} rows, pages of {page}\n");
            Ok(report("verifier", at, &receipt, &about, ""))
        }
        DeployCommand::Statements { sender, build, registry } => {
            let code = code("StatementVerifier", build)?;
            let (mut chain, _) = node::sender(sender)?;
            require_code(&mut chain, *registry, "registry")?;
            let arguments = StatementVerifier::constructorCall { volumes: *registry };
            let (at, receipt) = node::create(&mut chain, &code, &arguments.abi_encode())?;
            let key = chain.ask(at, &StatementVerifier::KEYCall {})?;
            Ok(report("statements", at, &receipt, &format!("  key     {key}\n"), ""))
        }
        DeployCommand::Repricer { sender, registry } => {
            let (mut chain, _) = node::sender(sender)?;
            require_code(&mut chain, *registry, "registry")?;
            let arguments = Repricer::constructorCall { registry: *registry }.abi_encode();
            let code = &artifacts::get("Repricer").bytecode;
            let (at, receipt) = node::create(&mut chain, code, &arguments)?;
            Ok(report("repricer", at, &receipt, "", ""))
        }
        DeployCommand::Feed { sender, venue } => {
            let (mut chain, _) = node::sender(sender)?;
            let (registry, venue) = (venue.registry, venue.id);
            require_code(&mut chain, registry, "registry")?;
            let arguments = CoverageFeed::constructorCall { registry, venue };
            let code = &artifacts::get("CoverageFeed").bytecode;
            let (at, receipt) = node::create(&mut chain, code, &arguments.abi_encode())?;
            Ok(report("feed", at, &receipt, "", ""))
        }
    }
}

/// The contract that a build has, or the demo's where that is accepted.
fn code(name: &str, args: &BuildFileArgs) -> Result<Bytes> {
    match &args.build {
        Some(path) => Ok(Build::read(path)?.contract(name)?.creation),
        None => Ok(artifacts::get(name).bytecode.clone()),
    }
}

fn require_code(chain: &mut impl Chain, at: Address, what: &str) -> Result<()> {
    if chain.code(at).with_context(|| format!("asking for the {what}"))?.is_empty() {
        bail!("there is no contract at {at}, the address of the {what}");
    }
    Ok(())
}

fn report(what: &str, at: Address, receipt: &Receipt, about: &str, next: &str) -> Report {
    let gas = node::gas(receipt.gas_used);
    let mut text = format!("{what} {at}\n{about}  gas     {gas}\n");
    if !next.is_empty() {
        text += &format!("\n{next}\n");
    }
    let json = json!({ "contract": what, "address": at, "receipt": node::receipt_json(receipt) });
    Report { text, json, holds: true }
}
