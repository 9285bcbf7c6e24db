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

use std::{path::Path, time::Duration};

use alloy_primitives::B256;
use anyhow::{Context, Error, Result, anyhow, bail, ensure};
use jiff::Timestamp;
use pacioli_attestation::{By, Verified, check_not_in_future};
use pacioli_chain::fetch;
use pacioli_verifier_contract::{chain::ChainError, signing::MAX_ALARM, submission};
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
    signed::{self, Signed},
    signer::{self, Signer},
};
use crate::{
    args::{ObserveArgs, ObserveCommand},
    outcome::Later,
    output::Report,
    progress::Shown,
};

/// The most bytes of an attestation: thousands of volumes.
const LARGEST: usize = 1 << 28;
/// How long its server may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs the command.
pub fn run(args: &ObserveArgs, progress: &Shown) -> Result<Report> {
    if let Some(ObserveCommand::Init { out }) = &args.command {
        return init(out);
    }
    let config = Config::read(&args.config)?;
    let bytes = patient(read(args.attestation.as_deref().unwrap_or(&config.attestation)))?;
    let verified = verify_bytes(&bytes, &config.key.args(), progress)?;
    let at = config.at()?;
    let mut by = connect(args, &config);
    let facts = patient(Facts::agreed(&config, at, &verified));
    let rows = compare(args, &config, (&by, &facts), (&verified, &bytes))?;
    let ending = match (&mut by, &facts) {
        (Ok(by), Ok(facts)) => end(args, &config, (by, facts), (&verified, &rows))?,
        // What is not known is a row.
        _ => unsigned(&rows).unwrap_or(Ending::Unknown),
    };
    let alarm = alarmed(args, (&mut by, &facts), (&verified, &rows));
    report::report(&verified, &rows, &ending, alarm.as_ref())
}

/// Who signs, at the first node that answers: the registry is asked of all of them.
fn connect(args: &ObserveArgs, config: &Config) -> Result<Signer> {
    let mut first = None;
    for url in &config.venue.rpc {
        match patient(Signer::connect(&config.signer(url, args.any_time, args.dry_run))) {
            Ok(mut by) => {
                by.node.search_from(config.venue.first_block);
                return Ok(by);
            }
            Err(error) => {
                first.get_or_insert(error);
            }
        }
    }
    Err(first.unwrap_or_else(|| anyhow!("venue.rpc: name a node")))
}

/// Everything that is compared. What cannot be hides nothing of the rest: it is a row that is not known.
fn compare(
    args: &ObserveArgs,
    config: &Config,
    (by, facts): (&Result<Signer>, &Result<Facts>),
    (verified, bytes): (&Verified, &[u8]),
) -> Result<Rows> {
    let header = &verified.attestation.header;
    let (registry, venue) = config.at()?;
    let sight = Sight {
        chain_id: config.venue.chain_id,
        registry,
        venue,
        name: submission::name(&header.venue),
        sequence: header.sequence,
        digest: own_digest(verified),
        previous: header.previous.map(|digest| B256::from(digest.0)),
    };
    let sign = &config.sign;
    let kept = seen::rows(&sign.seen, (&sight, bytes), args.dry_run, args.instead);
    let mut rows = or_unknown(kept, Of::Registry, "what you saw");
    let (now, signer) = match by {
        // In a dry run a keystore stays shut, and so it is not known whose it is.
        Ok(by) => (signer::at(by.time)?, (!by.address.is_zero()).then_some(by.address)),
        Err(error) => {
            rows.push(unknown(Of::Registry, "who signs", error));
            (Timestamp::now(), None)
        }
    };
    match facts {
        Ok(facts) => {
            let own = facts.rows(config, verified, (signer, u64::try_from(now.as_second())?));
            rows.extend(or_unknown(own, Of::Registry, "registry"));
        }
        Err(error) => rows.push(unknown(Of::Registry, "registry", error)),
    }
    let facts = facts.as_ref();
    rows.extend(or_unknown(rules::rows(config, facts, verified), Of::Program, "rules"));
    rows.extend(by.is_ok().then(|| times(verified, now)).flatten());
    rows.extend(rules::policies(config, verified, now, args.though_failing));
    rows.extend(or_unknown(prices::rows(config, verified), Of::Prices, "prices"));
    rows.extend(or_unknown(reserves::rows(config, verified), Of::Elsewhere, "reserves"));
    Ok(Rows(rows))
}

/// Rows, or one that says why there are none.
fn or_unknown(rows: Result<Vec<Row>>, of: Of, what: &str) -> Vec<Row> {
    patient(rows).unwrap_or_else(|error| vec![unknown(of, what, &error)])
}

/// Something that was to be compared, and could not be.
fn unknown(of: Of, what: &str, error: &Error) -> Row {
    let why = format!("{error:#}");
    let verdict = if error.is::<Later>() { Verdict::Later(why) } else { Verdict::Unknown(why) };
    Row::without(of, what, verdict)
}

/// That nothing is of the future.
fn times(verified: &Verified, now: Timestamp) -> Option<Row> {
    let error = check_not_in_future(&verified.attestation, now).err()?;
    let sides = (now.to_string(), error.to_string());
    Some(Row::same(Of::Policy, "times", sides, By::Chain))
}

/// Why nothing is signed, where something differs or is not known.
fn unsigned(rows: &Rows) -> Option<Ending> {
    if rows.differing().next().is_some() {
        return Some(Ending::Refused);
    }
    rows.unknown().next()?;
    Some(if rows.is_later() { Ending::Later } else { Ending::Unknown })
}

/// Signs, or says why not.
fn end(
    args: &ObserveArgs,
    config: &Config,
    (by, facts): (&mut Signer, &Facts),
    (verified, rows): (&Verified, &Rows),
) -> Result<Ending> {
    let bits = rows.bits();
    if let Some(ending) = unsigned(rows) {
        return Ok(ending);
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

/// An alarm, where it was asked for and there is a breach; or why there is none. Whatever comes of it,
/// what was compared is reported.
fn alarmed(
    args: &ObserveArgs,
    by: (&mut Result<Signer>, &Result<Facts>),
    (verified, rows): (&Verified, &Rows),
) -> Option<Report> {
    let out = args.alarm.as_ref()?;
    let breaches: Vec<_> = rows.0.iter().filter(|row| row.is_breach()).collect();
    if breaches.is_empty() {
        return None;
    }
    Some(sign_alarm(out, by, (verified, &breaches)).unwrap_or_else(|error| {
        let text = format!("no alarm was signed: {error:#}\n");
        Report { json: json!({ "refused": text.trim_end() }), text, holds: false }
    }))
}

/// Signs an alarm. Anyone can prove a book under any name, and any file can be served in place of the
/// venue's: one that does not follow what the registry has is no breach of this venue.
fn sign_alarm(
    out: &Path,
    (by, facts): (&mut Result<Signer>, &Result<Facts>),
    (verified, breaches): (&Verified, &[&Row]),
) -> Result<Report> {
    let by = by.as_mut().map_err(|error| anyhow!("{error:#}"))?;
    ensure!(
        !out.exists() || has_lapsed(out, by.time),
        "{} is there, send or remove it",
        out.display()
    );
    // Where the nodes do not agree or one is silent, the one that answers says whether it fits.
    let own;
    let facts = match facts {
        Ok(facts) => facts,
        Err(error) if !error.is::<Later>() => bail!("{error:#}"),
        Err(_) => {
            own = Facts::of(&mut by.node, (by.registry, by.venue), verified)?;
            &own
        }
    };
    let is_of_venue = facts.is_of_venue(verified);
    // Two attestations of one number: one of them does not fit.
    let is_of_it = |row: &&&Row| match row.of {
        Of::Registry => facts.is_named(verified),
        _ => is_of_venue,
    };
    let what: Vec<_> = breaches.iter().filter(is_of_it).map(|row| row.what.as_str()).collect();
    ensure!(
        !what.is_empty(),
        "the attestation neither follows the registry's latest nor was ever appended, so that nothing shows \
         that it is this venue's"
    );
    let until = by.time + MAX_ALARM - alarm::MARGIN;
    alarm::make(by, format!("breach: {}", what.join("; ")), until, out)
}

/// Whether a file is of an alarm that pauses nothing any more.
fn has_lapsed(path: &Path, now: u64) -> bool {
    matches!(signed::read(path), Ok(Signed::Alarm(alarm)) if alarm.until <= now)
}

/// The bytes of an attestation, from a file or a server.
fn read(from: &str) -> Result<Vec<u8>> {
    match is_url(from) {
        true => Ok(fetch(from, LARGEST, PATIENCE)?),
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
