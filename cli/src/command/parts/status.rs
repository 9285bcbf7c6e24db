//! `pacioli prove --status`: how far a run is.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result};
use pacioli_attestation::Digest;
use pacioli_objects::{BUCKET, Objects};
use pacioli_prover::parts::{Deal, Kind, Name};
use serde_json::json;

use super::{
    index::ranges,
    objects::{ASSEMBLED, DEAL, MOST_OF_TEXT, RunObjects},
};
use crate::{
    command::{
        files,
        run::{self, ATTESTATION},
    },
    format::plural,
    output::Report,
    progress::seconds,
};

/// How far the run at an address is: the directory of `prove`, or where a run is dealt. The deal is
/// taken as it stands there.
pub fn status(address: &str) -> Result<Report> {
    let out = Path::new(address);
    if !address.starts_with(BUCKET) && out.join(ATTESTATION).exists() {
        let attestation = files::read_attestation(&out.join(ATTESTATION))?;
        let (volumes, digest) = (attestation.volumes.len(), attestation.digest());
        let text = format!("finished: {}, attestation {digest}\n", plural(volumes, "volume"));
        let json = json!({
            "volumes": volumes, "done": volumes, "missing": "", "seconds_left": 0,
            "assembled": true, "digest": digest,
        });
        return Ok(Report { text, json, holds: true });
    }
    let work = run::work(out);
    let objects = match !address.starts_with(BUCKET) && work.is_dir() {
        true => Objects::in_folder(&work),
        false => Objects::at(address)?,
    };
    let bytes = objects.get(DEAL, MOST_OF_TEXT)?;
    let bytes = bytes.with_context(|| format!("{objects}/{DEAL} is missing: nothing is dealt"))?;
    let digest = Digest::of(&bytes);
    let deal = Deal::parse(&bytes, digest).with_context(|| format!("{objects}/{DEAL}"))?;
    let run = RunObjects { objects, deal, digest };
    let volumes = run.deal.shards.len();
    let assembled = run.objects.get(ASSEMBLED, MOST_OF_TEXT)?.is_some();
    let done = done(&run, assembled)?;
    let missing: Vec<usize> = (0..volumes).filter(|index| !done.contains_key(index)).collect();
    let dealt = run.objects.list(DEAL)?.first().map(|entry| entry.made);
    let left = match assembled || missing.is_empty() {
        true => None,
        false => dealt.and_then(|dealt| left(dealt, &done, missing.len())),
    };
    let left_text = left.map(|left| format!(", about {} left at this rate", seconds(left)));
    let mut text = format!(
        "{}: {} of {} proved{}{}\n",
        run.objects,
        done.len(),
        plural(volumes, "volume"),
        if assembled { ", assembled" } else { "" },
        left_text.unwrap_or_default(),
    );
    if !missing.is_empty() {
        text += &format!("  missing   {}\n", ranges(&missing));
    }
    let json = json!({
        "volumes": volumes,
        "done": done.len(),
        "missing": ranges(&missing),
        "seconds_left": left.map(|left| left.as_secs()),
        "assembled": assembled,
        "digest": null,
    });
    Ok(Report { text, json, holds: true })
}

/// The volumes that have an attempt, and when the first of each was made. Nothing is verified.
fn done(run: &RunObjects, assembled: bool) -> Result<BTreeMap<usize, SystemTime>> {
    // Records are destroyed once the choice is made.
    let named: Vec<Name> = match assembled {
        true => run.names(Kind::Proof, None)?,
        false => run.attempts(None, None)?.into_iter().map(|(proof, _)| proof).collect(),
    };
    let mut done = BTreeMap::new();
    for entry in run.objects.list(&Kind::Proof.prefix(run.deal.run, None))? {
        let name: Option<Name> = entry.name.parse().ok();
        let is_one =
            |name: &Name| name.volume.index() < run.deal.shards.len() && named.contains(name);
        if let Some(name) = name.filter(is_one) {
            done.entry(name.volume.index()).or_insert(entry.made);
        }
    }
    Ok(done)
}

/// What is left if the rest goes as fast as from the deal to the last proof.
fn left(dealt: SystemTime, done: &BTreeMap<usize, SystemTime>, missing: usize) -> Option<Duration> {
    let taken = done.values().max()?.duration_since(dealt).ok()?;
    let (missing, done) = (u32::try_from(missing).ok()?, u32::try_from(done.len()).ok()?);
    Some(taken.checked_mul(missing)? / done)
}
