//! `pacioli observe`: what an observer does every day. An attestation is verified and compared with the
//! registry, the rules, and prices and reserves of the observer's own; then it is signed, or it is said
//! what differs. Nothing is signed that was not compared, and a signature says what was not.

mod config;
mod prices;
mod registry;
mod report;
mod reserves;
mod rows;
mod rules;
mod seen;

use std::path::Path;

use alloy_primitives::B256;
use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use pacioli_attestation::{By, Verified, check_not_in_future};
use pacioli_chain::fetch_document;
use pacioli_verifier_contract::{chain::ChainError, signing::MAX_ALARM};
use serde_json::{Value, json};

use self::{
    config::{Config, is_url},
    registry::{Facts, own_digest},
    report::Ending,
    rows::{Of, Row, Rows, Verdict},
    seen::Sight,
};
use super::{
    files,
    key_source::verify_bytes,
    observer::alarm,
    signature,
    signer::{self, Signer},
};
use crate::{
    args::{ObserveArgs, ObserveCommand},
    outcome::{Later, Refused},
    output::Report,
    progress::Shown,
};

/// The most bytes of an attestation: thousands of volumes.
const LARGEST: usize = 1 << 28;

/// Runs the command.
pub fn run(args: &ObserveArgs, progress: &Shown) -> Result<Report> {
    if let Some(ObserveCommand::Init { out }) = &args.command {
        return init(out);
    }
    let config = Config::read(&args.config)?;
    let bytes = patient(read(args.attestation.as_deref().unwrap_or(&config.attestation)))?;
    let verified = verify_bytes(&bytes, &config.key.args(), progress)?;
    let mut by = patient(Signer::connect(&config.signer(args.any_time, args.dry_run)))?;
    by.node.search_from(config.venue.first_block);
    let facts = patient(Facts::agreed(&config, (by.registry, by.venue), &verified))?;
    let rows = compare(args, &config, (&by, &facts), &verified)?;
    let ending = end(args, &config, (&mut by, &facts), (&verified, &rows))?;
    let alarm = alarmed(args, &mut by, &rows)?;
    report::report(&verified, &rows, &ending, alarm.as_ref())
}

/// Everything that is compared.
fn compare(
    args: &ObserveArgs,
    config: &Config,
    (by, facts): (&Signer, &Facts),
    verified: &Verified,
) -> Result<Rows> {
    // In a dry run a keystore stays shut, and so it is not known whose it is.
    let signer = (!by.address.is_zero()).then_some(by.address);
    let now = signer::at(by.time)?;
    let mut rows = facts.rows(config, verified, (signer, by.time))?;
    let header = &verified.attestation.header;
    let sight = Sight {
        chain_id: by.chain_id,
        registry: by.registry,
        venue: by.venue,
        sequence: header.sequence,
        digest: own_digest(verified),
        previous: header.previous.map(|digest| B256::from(digest.0)),
    };
    rows.extend(seen::rows(&config.sign.seen, &sight, args.dry_run, args.instead)?);
    rows.extend(rules::rows(config, facts, verified)?);
    rows.extend(times(verified, now));
    rows.extend(rules::policies(config, verified, now, args.though_failing));
    rows.extend(prices::rows(config, verified)?);
    rows.extend(match patient(reserves::rows(config, verified)) {
        Err(error) if error.is::<Later>() => {
            vec![Row::without(Of::Elsewhere, "reserves", Verdict::Later(error.to_string()))]
        }
        other => other?,
    });
    Ok(Rows(rows))
}

/// That nothing is of the future.
fn times(verified: &Verified, now: Timestamp) -> Option<Row> {
    let error = check_not_in_future(&verified.attestation, now).err()?;
    let sides = (now.to_string(), error.to_string());
    Some(Row::same(Of::Policy, "times", sides, By::Chain))
}

/// Signs, or says why not.
fn end(
    args: &ObserveArgs,
    config: &Config,
    (by, facts): (&mut Signer, &Facts),
    (verified, rows): (&Verified, &Rows),
) -> Result<Ending> {
    let bits = rows.bits();
    if rows.differing().next().is_some() {
        return Ok(Ending::Refused);
    }
    if rows.unknown().next().is_some() {
        return Ok(if rows.is_later() { Ending::Later } else { Ending::Unknown });
    }
    if facts.has(verified) {
        return Ok(Ending::Appended);
    }
    let Ok((verifier, _)) = &facts.verifier else { return Ok(Ending::Refused) };
    if bits == 0 {
        return Ok(Ending::Nothing);
    }
    if args.dry_run {
        return Ok(Ending::WouldSign);
    }
    let sign = &config.sign;
    let rounds = facts.named();
    let file = signature::unsigned(by, verified, (*verifier, &rounds), (sign.carrier, bits))?;
    let (file, digest) = signature::sign(by, file, &sign.journal, &sign.out)?;
    let out = sign.out.display().to_string();
    Ok(Ending::Signed { file: Box::new(file), digest, out, left: by.left() })
}

/// An alarm, where it was asked for and there is a breach.
fn alarmed(args: &ObserveArgs, by: &mut Signer, rows: &Rows) -> Result<Option<Report>> {
    let Some(out) = &args.alarm else { return Ok(None) };
    let breaches: Vec<_> = rows.0.iter().filter(|row| row.is_breach()).collect();
    if breaches.is_empty() {
        return Ok(None);
    }
    let said = |text: String| Report { json: json!({ "refused": text }), text, holds: false };
    if out.exists() {
        let text = format!("no alarm was signed: {} is there, send or remove it", out.display());
        return Ok(Some(said(text + "\n")));
    }
    let what: Vec<_> = breaches.iter().map(|row| row.what.as_str()).collect();
    let until = by.time + MAX_ALARM - alarm::MARGIN;
    match alarm::make(by, format!("breach: {}", what.join("; ")), until, out) {
        Ok(report) => Ok(Some(report)),
        Err(error) if error.is::<Refused>() => {
            Ok(Some(said(format!("no alarm was signed: {error}\n"))))
        }
        Err(error) => Err(error),
    }
}

/// The bytes of an attestation, from a file or a server.
fn read(from: &str) -> Result<Vec<u8>> {
    match is_url(from) {
        true => Ok(fetch_document(from, LARGEST)?),
        false => files::read(Path::new(from)),
    }
}

/// What a node or a server does not answer now, it may answer later.
fn patient<T>(result: Result<T>) -> Result<T> {
    result.map_err(|error| match error.downcast_ref::<ChainError>() {
        Some(ChainError::Node(_)) => Later(format!("{error:#}")).into(),
        _ => error,
    })
}

fn init(out: &Path) -> Result<Report> {
    let path = out.display().to_string();
    ensure!(!out.exists(), "{path} is there already: name another with --out");
    files::write(out, include_bytes!("observe.toml")).context("--out")?;
    let text =
        format!("{path}\n\nFill it in, then try it: pacioli observe --config {path} --dry-run\n");
    let json: Value = json!({ "holds": true, "file": path });
    Ok(Report { text, json, holds: true })
}
