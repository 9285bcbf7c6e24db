//! `pacioli register` and `pacioli accept`: a venue and its reserves in a registry.

use alloy_primitives::{B256, U256};
use alloy_sol_types::SolCall;
use anyhow::{Context, Result, ensure};
use pacioli_verifier_contract::{
    bindings::{NewReserve, Purpose, Registration, SolvencyRegistry as R},
    chain::Chain,
    registry::venue_id,
    registry_code::RegistryCode,
};
use serde_json::json;

use super::{
    build::Build, compare, contract::registered, deploy::IVolumeVerifier, key_source::KeySource,
    node,
};
use crate::{
    args::{AcceptArgs, RegisterArgs},
    outcome::Refused,
    output::Report,
    progress::Shown,
};

/// Runs `register`.
pub fn run(args: &RegisterArgs, progress: &Shown) -> Result<Report> {
    let registered = registered(&args.rules)?;
    let reserve = |reserve: &crate::args::ReserveArg| NewReserve {
        asset: reserve.asset.clone(),
        token: reserve.token,
        custodian: reserve.custodian,
        purpose: if reserve.insurance { Purpose::Insurance } else { Purpose::Customers },
    };
    for reserve in &args.reserves {
        let known = registered.compiled.assets.contains_key(&reserve.asset);
        let quote = reserve.asset == registered.compiled.quote;
        ensure!(known || quote, "the rules have no asset `{}`", reserve.asset);
    }
    let registration = |publisher| Registration {
        name: args.venue.clone(),
        publisher,
        delay: args.delay.0,
        maxLag: args.max_lag.0,
        rules: B256::from(registered.digest.0),
        program: registered.program.hash().0.into(),
        verifier: args.verifier,
        reserves: args.reserves.iter().map(reserve).collect(),
    };
    let build = args.build.as_deref().map(Build::read).transpose()?;
    let source = KeySource::read(&args.key, progress)?;
    let check = |chain: &mut _| {
        let code = RegistryCode::compare(chain, args.registry)?;
        if !(code.registry && code.evaluator) {
            let other = "the code at the registry's address is not this release's";
            return Err(Refused(other.to_owned()).into());
        }
        check_verifier(chain, args, (&source, progress), build.as_ref())
    };
    if args.unsigned {
        // Who signs elsewhere may still have a node to ask.
        let compared = match node::reader_if_given(&args.sender.node)? {
            Some(mut chain) => check(&mut chain)?,
            None => "not compared: give --rpc".to_owned(),
        };
        let publisher = args.publisher.context("clap asks for the publisher")?;
        let registration = registration(publisher);
        let calldata = R::registerCall { registration }.abi_encode();
        let mut report = node::unsigned(args.registry, calldata);
        report.text += &format!("\nthe verifier: {compared}\n");
        report.json["verifier"] = compared.into();
        return Ok(report);
    }
    let (mut chain, account) = node::sender(&args.sender)?;
    let compared = check(&mut chain)?;
    let registration = registration(args.publisher.unwrap_or(account));
    let call = R::registerCall { registration };
    // What refuses, refuses by name here, before anything is sent.
    let receipt = chain.send(Some(args.registry), call.abi_encode().into())?;
    let venue = venue_id(account, &args.venue);
    chain.ask(args.registry, &R::venueOfCall { venue })?;
    let mut text = format!("venue {venue}\n{}", registered.text());
    text += &format!("\n  owner    {account}\n  gas      {}\n", node::gas(receipt.gas_used));
    text += &format!("  verifier {compared}\n");
    if !args.reserves.is_empty() {
        text += "\nA reserve counts once its custodian has accepted it: pacioli accept.\n";
    }
    let json = json!({
        "venue": venue,
        "owner": account,
        "verifier": compared,
        "rules": registered.digest,
        "program": registered.program.hash(),
        "clauses": registered.program.clause_names(),
        "receipt": node::receipt_json(&receipt),
    });
    Ok(Report { text, json, holds: true })
}

/// Compares the verifier with the key and the code given, and says what was compared. A registration
/// is in force at once, and under its key no other verifier can ever be registered.
///
/// # Errors
/// If it is another.
fn check_verifier(
    chain: &mut impl Chain,
    args: &RegisterArgs,
    (source, progress): (&KeySource, &Shown),
    build: Option<&Build>,
) -> Result<String> {
    let at = args.verifier;
    let number = |word: U256| usize::try_from(word).unwrap_or(usize::MAX);
    let k = u32::try_from(number(chain.ask(at, &IVolumeVerifier::KCall {})?)).unwrap_or(u32::MAX);
    let page_size = number(chain.ask(at, &IVolumeVerifier::PAGE_SIZECall {})?);
    let on_chain = chain.ask(at, &IVolumeVerifier::KEYCall {})?;
    let shape = compare::shape(k, page_size)?;
    let (key, _) = compare::key(source, on_chain, shape, progress)?;
    if let Some(how) = key.other() {
        let error = format!("the verifier at {at} is for the key {on_chain}: {how}");
        return Err(Refused(error).into());
    }
    let code = compare::code(chain, at, &args.key, build)?;
    if let Some(how) = code.other() {
        let error = format!("the verifier at {at} has another code than generated: {how}");
        return Err(Refused(error).into());
    }
    Ok(format!("key {}; code {}", key.said("as generated"), code.said("as generated")))
}

/// Runs `accept`.
pub fn accept(args: &AcceptArgs) -> Result<Report> {
    let (registry, venue) = (args.venue.registry, args.venue.id);
    let call = |custodian| R::acceptReserveCall { venue, token: args.token, custodian };
    if args.unsigned {
        let custodian = args.custodian.context("clap asks for the custodian")?;
        return Ok(node::unsigned(registry, call(custodian).abi_encode()));
    }
    let (mut chain, account) = node::sender(&args.sender)?;
    let custodian = args.custodian.unwrap_or(account);
    let receipt = chain.send(Some(registry), call(custodian).abi_encode().into())?;
    let gas = node::gas(receipt.gas_used);
    let text = format!(
        "accepted: the balance of {custodian} in {} backs {venue}\n  gas  {gas}\n",
        args.token
    );
    let json = json!({
        "venue": venue,
        "token": args.token,
        "custodian": custodian,
        "receipt": node::receipt_json(&receipt),
    });
    Ok(Report { text, json, holds: true })
}
