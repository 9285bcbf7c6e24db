//! `pacioli register`: a venue with its rules, verifier and reserves in a registry.

use alloy_primitives::{Address, U256};
use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use pacioli_verifier_contract::{
    bindings::{Registration, Venues as V},
    chain::Chain,
    registry::venue_id,
    system::System,
};
use serde_json::json;

use super::{
    build::Build,
    compare,
    contract::registered,
    deploy::IVolumeVerifier,
    deployments::Deployments,
    key_source::KeySource,
    planned::Planned,
    transaction::{self, Connected, Done},
    venue,
};
use crate::{args::RegisterArgs, outcome::Refused, output::Report, progress::Shown};

/// Runs the command.
pub fn run(args: &RegisterArgs, progress: &Shown) -> Result<Report> {
    let registered = registered(&args.rules)?;
    for reserve in &args.reserves {
        let known = registered.compiled.assets.contains_key(&reserve.asset);
        let quote = reserve.asset == registered.compiled.quote;
        ensure!(known || quote, "the rules have no asset `{}`", reserve.asset);
    }
    let build = args.build.as_deref().map(Build::read).transpose()?;
    let source = KeySource::read(&args.key, progress)?;
    let mut connected = Connected::to(&args.send)?;
    let owner = connected.account.context("whose venue is it? give --from")?;
    let registry = connected.there.registry(args.registry);
    // Who signs elsewhere may still have a node to ask.
    let (system, compared, now) = match &mut connected.node {
        Some(node) => {
            let system = System::of(node, registry)?;
            let found = system.compare(node)?;
            if let Some(other) = found.iter().find(|found| !found.is_same) {
                let text =
                    format!("the code of {} at {} is not this release's", other.name, other.at);
                return Err(Refused(text).into());
            }
            let compared = check_verifier(node, args, (&source, progress), build.as_ref())?;
            (system, compared, node.time()?)
        }
        None => {
            let system = System::of_release();
            ensure!(registry == system.registry, "give --rpc: the registry is not this release's");
            let now = u64::try_from(Timestamp::now().as_second())?;
            ensure!(args.accept_unknown_code, unknown(args.verifier));
            (system, "not compared: give --rpc".to_owned(), now)
        }
    };
    let registration = Registration {
        name: args.venue.clone(),
        publisher: args.publisher.unwrap_or(owner),
        guardian: args.guardian,
        delay: args.delay.0,
        maxLag: args.max_lag.0,
        settledFrom: now
            .checked_add(args.settle_within.0)
            .context("--settle-within is too long")?,
        limits: venue::limits(&args.limits)?,
    };
    let id = venue_id(owner, &args.venue);
    let System { venues, reserves, .. } = system;
    let mut planned = vec![Planned::call("register", venues, &V::registerCall { registration })];
    planned.extend(venue::announce_rules(&registered, venues, id)?);
    planned.push(venue::announce_verifier(args.verifier, venues, id));
    let listed = args.reserves.iter().map(|reserve| venue::announce_reserve(reserve, reserves, id));
    planned.extend(listed);
    let planned = connected.without_made(planned)?;
    let receipts = match connected.run(&args.send, &planned, None)? {
        Done::Said(mut report) => {
            report.text += &format!("\nvenue {id}\nthe verifier: {compared}\n");
            report.json["verifier"] = compared.into();
            return Ok(*report);
        }
        Done::Sent(receipts) => receipts,
    };
    connected.node()?.ask(venues, &V::venueOfCall { venue: id })?;
    let file = &args.send.sender.node.deployments;
    Deployments::record(file, connected.chain_id, |there| {
        there.contracts.insert("SolvencyRegistry".to_owned(), registry);
        there.venues.insert(args.venue.clone(), id);
    })?;
    let (sent, transactions) = transaction::receipts(&planned, &receipts);
    let mut text = format!("venue {id}\n{}", registered.text());
    text += &format!("\n  owner    {owner}\n  verifier {compared}\n{sent}");
    text += "\nAnnouncements take effect at once until the venue settles, and no attestation can be \
             appended before: pacioli venue settle.\n";
    if !args.reserves.is_empty() {
        text += "A reserve counts once its custodian has accepted it: pacioli venue accept.\n";
    }
    let json = json!({
        "venue": id,
        "owner": owner,
        "registry": registry,
        "verifier": compared,
        "rules": registered.digest,
        "program": registered.program.hash(),
        "clauses": registered.program.clause_names(),
        "transactions": transactions,
    });
    Ok(Report { text, json, holds: true })
}

/// What is said of a verifier whose code was compared with nothing.
fn unknown(at: Address) -> String {
    format!(
        "the code of the verifier {at} was compared with nothing: give --build with what solc makes of \
         `pacioli contract`, and --rpc, or add --accept-unknown-code"
    )
}

/// Compares the verifier with the key and the code given, and says what was compared.
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
    let code = compare::code(chain, at, args.key.accept_insecure_setup, build)?;
    if let Some(how) = code.other() {
        let error = format!("the verifier at {at} has another code than generated: {how}");
        return Err(Refused(error).into());
    }
    ensure!(code.missing().is_none() || args.accept_unknown_code, unknown(at));
    Ok(format!("key {}; code {}", key.said("as generated"), code.said("as generated")))
}
