//! `pacioli contagion`: what each venue's failure leaves the others.

mod text;

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use pacioli_attestation::{
    Attestation, Digest, Verified, check_not_in_future, setup::Origin, statement::Statement,
};
use pacioli_risk::contagion::{Contagion, ContagionError, Limits, Shown, Venue, contagion};
use serde_json::{Value, json};

use super::{files, key_source::KeySource, report::Setup};
use crate::{
    args::{ContagionArgs, Count},
    outcome::Refused,
    output::Report,
    progress::Shown as Progress,
};

/// A verified attestation, and its file.
struct Read {
    file: String,
    verified: Verified,
}

/// Runs the command.
pub fn run(args: &ContagionArgs, progress: &Progress) -> Result<Report> {
    let now = args.now.as_deref().map(files::time).transpose()?.unwrap_or_else(Timestamp::now);
    let each = args.keys.each();
    let each = each.context("give one digest for each setup or key, in their order, or none")?;
    let sources = each.iter().map(|args| KeySource::read(args, progress));
    let sources = sources.collect::<Result<Vec<_>>>()?;
    let read = args.attestations.iter().map(|path| {
        let read = read(path, args, &sources, now, progress);
        read.with_context(|| path.display().to_string())
    });
    let read = read.collect::<Result<Vec<_>>>()?;
    let shown = args.statement.iter().map(|path| statement(path, &read));
    let shown = shown.collect::<Result<Vec<_>>>()?;
    let limits = Limits {
        scenario: args.scenario.clone(),
        band: args.band,
        within: args.within,
        count_word: args.count == Some(Count::Word),
        outside: args.outside.clone(),
    };
    let venues = read.iter().map(|one| Venue { file: &one.file, findings: &one.verified });
    let found = contagion(&venues.collect::<Vec<_>>(), &shown, &limits).map_err(refused)?;
    let mut origins = read.iter().map(|one| one.verified.origin());
    let worst = origins.next().context("there are attestations")?;
    let worst = origins.fold(worst, |worst, one| if rank(one) > rank(worst) { one } else { worst });
    let text = text::text(&found, &read, worst).expect("a string takes all");
    let holds = found.holds;
    Ok(Report { text, json: json(&found, &read, worst), holds })
}

fn read(
    path: &Path,
    args: &ContagionArgs,
    sources: &[KeySource<'_>],
    now: Timestamp,
    progress: &Progress,
) -> Result<Read> {
    let bytes = files::read(path)?;
    let attestation = Attestation::parse(&bytes)?;
    // Where none fits, the first says why it does not.
    let source = sources.iter().find(|source| source.fits(&attestation)).or(sources.first());
    let verified = source.context("there is a key to try")?.verify(&bytes, progress)?;
    let rules = Digest::of(verified.attestation.rules.as_bytes());
    if !args.rules_digest.is_empty() && !args.rules_digest.contains(&rules) {
        let error = format!("the rules have digest {rules}, which is none of the expected");
        return Err(Refused(error).into());
    }
    check_not_in_future(&verified.attestation, now).map_err(|error| Refused(error.to_string()))?;
    Ok(Read { file: path.display().to_string(), verified })
}

/// A statement, checked against the attestation that it belongs to.
fn statement(path: &Path, read: &[Read]) -> Result<Shown> {
    let file = path.display().to_string();
    let statement = Statement::parse(&files::read(path)?).with_context(|| file.clone())?;
    let own = read.iter().find(|one| one.verified.digest == statement.attestation);
    let Some(own) = own else {
        let digest = statement.attestation;
        return Err(anyhow!(
            "{file}: the statement belongs to the attestation {digest}, which is none of those given"
        ));
    };
    let shown = Shown::check(&file, &statement, &own.verified);
    shown.map_err(anyhow::Error::new).with_context(|| file.clone())
}

/// An error: a refusal where the files contradict each other.
fn refused(error: ContagionError) -> anyhow::Error {
    if error.is_refused() { Refused(error.to_string()).into() } else { error.into() }
}

/// How little a setup of this origin proves.
fn rank(origin: Origin) -> u8 {
    match origin {
        Origin::Ceremony(_) => 0,
        Origin::Vouched(_) => 1,
        Origin::Unknown => 2,
        Origin::Insecure => 3,
    }
}

fn json(found: &Contagion, read: &[Read], worst: Origin) -> Value {
    let mut document = json!(found);
    document["verdict"] = text::verdict(found, worst).into();
    let venues = document["venues"].as_array_mut().into_iter().flatten();
    for venue in venues {
        let own = read.iter().find(|one| venue["attestation"] == json!(one.verified.digest));
        if let Some(Read { verified, .. }) = own {
            venue["policy_holds"] = verified.holds().into();
            venue["setup"] = Setup::of(verified).json();
        }
    }
    document["rests_on"] = json!(text::RESTS_ON);
    document
}
