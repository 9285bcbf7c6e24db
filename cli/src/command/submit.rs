//! `pacioli submit`: an attestation is verified, and sent to a registry.

use alloy_sol_types::SolEvent;
use anyhow::{Context, Result, ensure};
use pacioli_attestation::{Progress, program::Program};
use pacioli_verifier_contract::{
    bindings::SolvencyRegistry as R,
    chain::{Chain, ChainError},
    registry::{self, Sending},
    submission,
};
use serde_json::json;

use super::{files, key_source::verify_bytes, node};
use crate::{args::SubmitArgs, outcome::Refused, output::Report, progress::Shown};

/// Runs the command.
pub fn run(args: &SubmitArgs, progress: &Shown) -> Result<Report> {
    let bytes = files::read(&args.attestation)?;
    let verified = verify_bytes(&bytes, &args.key, progress)?;
    let attestation = &verified.attestation;
    let program = Program::of(&verified.rules, &verified.compiled, &attestation.prices)?;
    let (registry, venue) = (args.venue.registry, args.venue.id);
    let submission = submission::submission(venue, attestation, &program)?;
    let (mut chain, _) = node::sender(&args.sender)?;
    let there = chain.ask(registry, &R::venueOfCall { venue })?;
    ensure!(
        there.nameHash == submission.header.venue,
        "the venue registered under this id is not that of the attestation, `{}`",
        attestation.header.venue.escape_debug()
    );
    progress.begin("sending", 1);
    let volumes = submission::volumes(attestation);
    let sending = if args.by_volume { Sending::ByVolume } else { Sending::AsItFits };
    let receipts = registry::submit(&mut chain, registry, submission, volumes, sending);
    let receipts = receipts.map_err(|error| match error {
        ChainError::Refused(_) => Refused(error.to_string()).into(),
        error => anyhow::Error::from(error),
    })?;

    let last = receipts.last().context("a submission is a transaction")?;
    let attested = last.logs.iter().filter(|log| log.address == registry);
    let mut attested = attested.filter_map(|log| R::Attested::decode_log_data(&log.data).ok());
    let attested = attested.next().context("the registry did not say that it attested")?;
    let record = attested.record;
    let holds = record.failing.is_zero();
    let gas: u64 = receipts.iter().map(|receipt| receipt.gas_used).sum();
    let sequence = attested.sequence;
    let said = if holds { "HOLDS" } else { "DOES NOT HOLD" };
    let mut text = format!("{said}: the attestation with sequence number {sequence} is on chain\n");
    for (bit, name) in program.clause_names().iter().enumerate() {
        let holds = if record.failing.bit(bit) { "DOES NOT HOLD" } else { "holds" };
        text += &format!("  {holds:<13}  {name}\n");
    }
    text += &format!("\n  gas  {} in {} transactions\n", node::gas(gas), receipts.len());
    for receipt in &receipts {
        if let Some(hash) = receipt.transaction {
            text += &format!("  {hash}  {}\n", node::gas(receipt.gas_used));
        }
    }
    let clauses = program.clause_names().iter().enumerate();
    let clauses =
        clauses.map(|(bit, name)| json!({ "name": name, "holds": !record.failing.bit(bit) }));
    let json = json!({
        "holds": holds,
        "sequence": sequence,
        "attestation": verified.digest,
        "context": record.context,
        "coverage_bps": record.coverageBps,
        "policy": clauses.collect::<Vec<_>>(),
        "gas": gas,
        "transactions": receipts.iter().map(node::receipt_json).collect::<Vec<_>>(),
    });
    Ok(Report { text, json, holds })
}
