//! `pacioli submit`: an attestation is verified, and sent to a registry.

use alloy_sol_types::SolEvent;
use anyhow::{Context, Result, bail, ensure};
use pacioli_attestation::{Progress, program::Program};
use pacioli_verifier_contract::{
    bindings::{SolvencyRegistry as R, State},
    chain::Chain,
    registry::{self, Sending, state_name},
    submission,
    system::System,
};
use serde_json::json;

use super::{
    files, fits,
    key_source::verify_bytes,
    node,
    planned::Planned,
    rounds,
    signature::{self, Carried},
    transaction::{self, Connected, Done, refused},
};
use crate::{args::SubmitArgs, output::Report, progress::Shown};

/// Runs the command.
pub fn run(args: &SubmitArgs, progress: &Shown) -> Result<Report> {
    let bytes = files::read(&args.attestation)?;
    let verified = verify_bytes(&bytes, &args.key, progress)?;
    let attestation = &verified.attestation;
    let program = Program::of(&verified.rules, &verified.compiled, &attestation.prices)?;
    let mut connected = Connected::to(&args.send)?;
    let (registry, venue) = connected.there.venue(&args.venue)?;
    let there = (connected.chain_id, registry, venue);
    let Carried { named, signatures } = signature::read(&args.signatures, &verified, there)?;
    let chain = connected.node()?;
    let system = System::of(chain, registry)?;
    signature::check_venue(chain, &system, venue, &verified)?;
    // What was signed for is what has to be sent.
    let (verifier, rounds) = match (named, args.verifier) {
        (Some(named), None) => named,
        (Some(_), Some(_)) => bail!("the signatures name the verifier: leave --verifier out"),
        (None, verifier) => {
            let verifier = match verifier {
                Some(verifier) => verifier,
                None => signature::announced(chain, &system, venue, &verified)?,
            };
            (verifier, rounds::find(chain, &system, venue, &attestation.prices)?)
        }
    };
    let submission = submission::submission(venue, verifier, attestation, &program, rounds)?;
    let volumes = submission::volumes(attestation)?;
    let fitting = fits::how_to_send(&submission, &volumes, &signatures)?;
    progress.begin("sending", 1);
    let tried = args.send.dry_run || args.send.unsigned.is_some();
    let receipts = if tried {
        ensure!(
            fitting == Sending::AsItFits,
            "{} volumes have more bytes than nodes take in one transaction, and --dry-run and --unsigned \
             know one: send it without them, volume by volume",
            volumes.len()
        );
        let data = registry::calldata(&submission, &volumes, &signatures).into();
        let planned = [Planned { what: "submit".to_owned(), to: registry, data, makes: None }];
        match connected.run(&args.send, &planned, Some((registry, venue)))? {
            Done::Said(report) => return Ok(*report),
            Done::Sent(receipts) => receipts,
        }
    } else {
        let sending = if args.by_volume { Sending::ByVolume } else { fitting };
        let node = connected.node()?;
        let receipts = registry::submit(node, registry, submission, volumes, signatures, sending);
        receipts.map_err(refused)?
    };

    let last = receipts.last().context("a submission is a transaction")?;
    let attested = last.logs.iter().filter(|log| log.address == registry);
    let mut attested = attested.filter_map(|log| R::Attested::decode_log_data(&log.data).ok());
    let attested = attested.next().context("the registry did not say that it attested")?;
    let verdict = connected.node()?.ask(registry, &R::latestCall { venue })?;
    let record = attested.record;
    let holds = matches!(verdict.state, State::Healthy);
    let gas: u64 = receipts.iter().map(|receipt| receipt.gas_used).sum();
    let (round, sequence) = (attested.round, record.sequence);
    let said = if holds { "HOLDS" } else { "DOES NOT HOLD" };
    let mut text = format!(
        "{said}: the attestation with sequence number {sequence} is on chain, in round {round}\n  \
         state          {}\n",
        state_name(verdict.state)
    );
    for fault in registry::faults(record.faults) {
        text += &format!("                 {fault}\n");
    }
    for (bit, name) in program.clause_names().iter().enumerate() {
        let holds = if record.failing.bit(bit) { "DOES NOT HOLD" } else { "holds" };
        text += &format!("  {holds:<13}  {name}\n");
    }
    let refused = record.failing.bit(program.clause_names().len());
    if refused {
        text += "  DOES NOT HOLD  left_out.refused\n";
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
    let clauses =
        clauses.chain(refused.then(|| json!({ "name": "left_out.refused", "holds": false })));
    let json = json!({
        "holds": holds,
        "verdict": transaction::verdict_json(&verdict),
        "sequence": sequence,
        "round": round,
        "attestation": verified.digest,
        "context": record.context,
        "coverage_bps": record.coverageBps,
        "policy": clauses.collect::<Vec<_>>(),
        "gas": gas,
        "transactions": receipts.iter().map(node::receipt_json).collect::<Vec<_>>(),
    });
    Ok(Report { text, json, holds })
}
