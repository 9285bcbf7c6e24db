//! `pacioli register` and `pacioli accept`: a venue and its reserves in a registry.

use alloy_primitives::B256;
use alloy_sol_types::SolCall;
use anyhow::{Context, Result, ensure};
use pacioli_verifier_contract::{
    bindings::{NewReserve, Purpose, Registration, SolvencyRegistry as R},
    chain::Chain,
    registry::protocol_id,
};
use serde_json::json;

use super::{contract::registered, deploy::IVolumeVerifier, node};
use crate::{
    args::{AcceptArgs, RegisterArgs},
    output::Report,
};

/// Runs `register`.
pub fn run(args: &RegisterArgs) -> Result<Report> {
    let registered = registered(&args.rules)?;
    let reserve = |reserve: &crate::args::ReserveArg| NewReserve {
        asset: reserve.asset.clone(),
        token: reserve.token,
        holder: reserve.holder,
        purpose: if reserve.insurance { Purpose::Insurance } else { Purpose::Customers },
    };
    for reserve in &args.reserves {
        let known = registered.compiled.assets.contains_key(&reserve.asset);
        let quote = reserve.asset == registered.compiled.quote;
        ensure!(known || quote, "the rules have no asset `{}`", reserve.asset);
    }
    let registration = |publisher| Registration {
        venue: args.venue.clone(),
        publisher,
        delay: args.delay.0,
        maxLag: args.max_lag.0,
        rules: B256::from(registered.digest.0),
        program: registered.program.hash().0.into(),
        verifier: args.verifier,
        reserves: args.reserves.iter().map(reserve).collect(),
    };
    if args.unsigned {
        let publisher = args.publisher.context("clap asks for the publisher")?;
        let registration = registration(publisher);
        return Ok(node::unsigned(args.registry, R::registerCall { registration }.abi_encode()));
    }
    let (mut chain, account) = node::sender(&args.sender)?;
    let scenarios = chain.ask(args.verifier, &IVolumeVerifier::SCENARIOSCall {})?;
    let needed = registered.compiled.scenarios.len();
    ensure!(
        scenarios == alloy_primitives::U256::from(needed),
        "the verifier is for {scenarios} scenarios, and the rules have {needed}"
    );
    let registration = registration(args.publisher.unwrap_or(account));
    let call = R::registerCall { registration };
    // What refuses, refuses by name here, before anything is sent.
    let receipt = chain.send(Some(args.registry), call.abi_encode().into())?;
    let protocol = protocol_id(account, &args.venue);
    chain.ask(args.registry, &R::protocolOfCall { protocol })?;
    let mut text = format!("protocol {protocol}\n{}", registered.text());
    text += &format!("\n  owner    {account}\n  gas      {}\n", node::gas(receipt.gas_used));
    if !args.reserves.is_empty() {
        text += "\nA reserve counts once its holder has accepted: pacioli accept.\n";
    }
    let json = json!({
        "protocol": protocol,
        "owner": account,
        "rules": registered.digest,
        "program": registered.program.hash(),
        "clauses": registered.program.clause_names(),
        "receipt": node::receipt_json(&receipt),
    });
    Ok(Report { text, json, holds: true })
}

/// Runs `accept`.
pub fn accept(args: &AcceptArgs) -> Result<Report> {
    let (registry, protocol) = (args.protocol.registry, args.protocol.protocol);
    let call = |holder| R::acceptReserveCall { protocol, token: args.token, holder };
    if args.unsigned {
        let holder = args.holder.context("clap asks for the holder")?;
        return Ok(node::unsigned(registry, call(holder).abi_encode()));
    }
    let (mut chain, account) = node::sender(&args.sender)?;
    let holder = args.holder.unwrap_or(account);
    let receipt = chain.send(Some(registry), call(holder).abi_encode().into())?;
    let gas = node::gas(receipt.gas_used);
    let text = format!("accepted: {holder} holds {} for {protocol}\n  gas  {gas}\n", args.token);
    let json = json!({
        "protocol": protocol,
        "token": args.token,
        "holder": holder,
        "receipt": node::receipt_json(&receipt),
    });
    Ok(Report { text, json, holds: true })
}
