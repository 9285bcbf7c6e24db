//! `pacioli reserves check`: evidence against the reserves of attestations.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, Result, bail, ensure};
use pacioli_attestation::{Attestation, Digest};
use pacioli_evidence::{Evidence, Known, KnownBad, Offline, Reader, Seen, shared};
use pacioli_rules::Rules;

use super::{
    super::files,
    found::{All, One, Verdict},
    json,
    nodes::Nodes,
    read_evidence, text,
};
use crate::{
    args::{KnownArgs, ReservesCheckArgs},
    command::key_source::KeySource,
    outcome::Refused,
    output::{Report, Unfinished},
    progress::Shown,
};

/// Runs the command.
pub fn run(args: &ReservesCheckArgs, progress: &Shown) -> Result<Report> {
    let (files, count) = (args.evidence.len(), args.attestations.len());
    ensure!(
        files == 0 || files == count,
        "--evidence is given {files} times for {count} attestations: give one for each, in their order"
    );
    let mut known = known(&args.known)?;
    for previous in &args.previous {
        known.previous.push(seen(previous)?);
    }
    let source = KeySource::read(&args.key, progress)?;
    let mut nodes = nodes(&args.known)?;
    let asks = nodes.is_some();
    let mut offline = Offline;
    let mut ones = Vec::new();
    for (index, path) in args.attestations.iter().enumerate() {
        let name = path.display().to_string();
        let bytes = files::read(path)?;
        let verified = if source.has_key() { Some(source.verify(&bytes, progress)?) } else { None };
        let attestation = Attestation::parse(&bytes).with_context(|| name.clone())?;
        if let Some(reserves) = &attestation.reserves {
            reserves.check().with_context(|| name.clone())?;
        }
        check_digest(&attestation, args.known.rules_digest, &name)?;
        let rules = Rules::parse(&attestation.rules).with_context(|| format!("{name}: rules"))?;
        let evidence = match args.evidence.get(index) {
            Some(path) => read_evidence(path)?,
            None => Evidence::empty(),
        };
        let reader: &mut dyn Reader = match &mut nodes {
            Some(nodes) => nodes,
            None => &mut offline,
        };
        let found = pacioli_evidence::check(&attestation, &rules, &evidence, &known, reader);
        let digest = Digest::of(&bytes);
        ones.push(One { name, attestation, digest, verified, found });
    }
    let mut venues = BTreeSet::new();
    for One { attestation, .. } in &ones {
        // What two days of one venue show is the same, and what two venues of one name do is not.
        let venue = &attestation.header.venue;
        if !venues.insert(venue) {
            bail!("`{}` is given twice: give one attestation of each venue", venue.escape_debug());
        }
    }
    let pairs: Vec<_> = ones.iter().map(|one| (&one.attestation, &one.found)).collect();
    let shared = shared(&pairs);
    let all = All { ones, shared };
    let holds = all.faults() == 0;
    let is_checked = all.ones.iter().any(One::is_anything_known)
        || (args.evidence.is_empty() && (args.known.deny.is_some() || count > 1));
    let failed = all.ones.iter().any(One::failed);
    let verdict = match () {
        () if !holds => Verdict::Fault,
        () if failed => Verdict::Failed,
        () if !is_checked => Verdict::Nothing,
        () => Verdict::Checked,
    };
    let text = text::text(&all, verdict, asks).context("a string takes all")?;
    let report = Report { text, json: json::json(&all, verdict, asks), holds };
    if holds && (failed || !is_checked) {
        return Err(Unfinished(report).into());
    }
    Ok(report)
}

/// What a reader knows from elsewhere.
pub fn known(args: &KnownArgs) -> Result<Known> {
    let mut known = Known { rules: args.rules_digest.is_some(), ..Known::default() };
    for one in &args.block_hash {
        known.hashes.entry(one.chain.clone()).or_default().insert(one.hash);
    }
    if let Some(path) = &args.deny {
        let list = KnownBad::parse(&files::read_text(path)?);
        known.denied = list.with_context(|| path.display().to_string())?;
    }
    known.custodians.extend(args.custodian.iter().map(|one| (one.name.clone(), one.key)));
    Ok(known)
}

/// An attestation that the reader has seen when it was new: its file or its digest.
pub fn seen(previous: &str) -> Result<Seen> {
    Ok(match previous.parse::<Digest>() {
        Ok(digest) => digest.into(),
        Err(_) => {
            let one = files::read_attestation(Path::new(previous))?;
            Seen { digest: one.digest(), as_of: Some(one.header.as_of) }
        }
    })
}

/// The nodes that the reader asks, if any.
pub fn nodes(args: &KnownArgs) -> Result<Option<Nodes>> {
    let asks = !args.rpc.is_empty() || !args.esplora.is_empty();
    let nodes = asks.then(|| Nodes::connect(&args.rpc, &args.esplora)).transpose()?;
    Ok(nodes.map(|nodes| nodes.with_max_head_age(args.max_head_age.0)))
}

/// Refuses rules that are not the reader's.
fn check_digest(attestation: &Attestation, expected: Option<Digest>, name: &str) -> Result<()> {
    let Some(expected) = expected else { return Ok(()) };
    let got = Digest::of(attestation.rules.as_bytes());
    if got == expected {
        return Ok(());
    }
    Err(Refused(format!("{name}: its rules have the digest {got}, and {expected} is expected"))
        .into())
}
