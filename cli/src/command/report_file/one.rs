//! One report.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use pacioli_attestation::{BlockHash, Digest, Requirements, Verified, check_not_in_future};
use pacioli_evidence::{Evidence, Offline, Reader as AsksNodes, Report as EvidenceReport, Seen};
use pacioli_report::{Asked, Judgement, Made, Previous, Second, Subject, known};
use serde_json::json;

use super::{
    SOFTWARE,
    again::command,
    folder::{Folder, Reader},
};
use crate::{
    args::{KnownArgs, ReportArgs},
    command::{
        expected_rules::check_rules,
        files,
        key_source::KeySource,
        report::Setup,
        requirements::requirements,
        reserves,
        verify::{Before, refused},
    },
    output::{self, Report, Unfinished},
    progress::Shown,
};

/// Runs the command.
pub fn run(args: &ReportArgs, progress: &Shown) -> Result<Report> {
    let path = args.attestation.as_deref().context("no attestation is given")?;
    check_out(&args.out)?;
    let now = time(args)?;
    let required = requirements(&args.require)?;
    let blocks = blocks(&args.known);
    let source = KeySource::read(&args.key, progress)?.knowing(&blocks);
    let before = previous(args)?;
    let verified = source.verify(&files::read(path)?, progress)?;
    check_rules(&verified, args.known.rules_digest)?;
    check_not_in_future(&verified.attestation, now).map_err(|error| refused(&error))?;

    let seen: Vec<Seen> =
        args.previous.iter().map(|one| reserves::seen(one)).collect::<Result<_>>()?;
    let evidence = match (&args.evidence, asks(&args.known)) {
        (None, false) => None,
        (path, _) => Some(evidence(&verified, path.as_deref(), &args.known, seen)?),
    };
    let made = Made {
        by: args.by.clone(),
        at: now,
        software: SOFTWARE.to_owned(),
        command: command(args, now),
    };
    let mut subject = Subject::new(&verified, made);
    subject.evidence = evidence.as_ref();
    subject.asked = required.as_ref().map(|required| {
        asked(required, &args.require.join(", "), &verified, evidence.as_ref(), now)
    });
    if let Some(path) = &args.second_prices {
        let (name, prices) = (files::name(path), files::read_prices(path)?);
        subject.second = Some(Second::new(name, prices));
    }
    if let Some(folder) = &args.history {
        let (required, rules) = (required.as_ref(), args.known.rules_digest);
        let known = reserves::known(&args.known)?;
        let reader = Reader { source: &source, now, required, rules, known: &known };
        let folder = Folder::read(folder, &reader, progress)?.with(path, &verified);
        if let Some((name, why)) = folder.unchecked.first() {
            bail!("cannot check {name} of the history: {why}");
        }
        subject.unread.extend(folder.unread());
        let mut past = folder.past()?;
        past.knows(verified.digest, subject.known_coverage());
        subject.past = Some(past);
        subject.previous = folder.before(&verified)?;
    }
    if let Some(before) = before {
        let since = before.since(&verified, &source, progress)?;
        subject.previous = Some(Previous {
            sequence: since.sequence,
            digest: since.digest,
            is_verified: since.key.is_ok(),
            changes: since.changes.iter().map(ToString::to_string).collect(),
        });
    }
    let judgement = Judgement::of(&subject);
    let page = pacioli_report::page(&subject, &judgement);
    files::write(&args.out, page.as_bytes())?;
    let Judgement { holds, verdict, tone, reasons, .. } = judgement;
    let unread = subject.all_unread();
    let (out, digest) = (args.out.display().to_string(), verified.digest);
    let text = format!("{verdict}\n{}: {out}\n", tone_words(tone.name()));
    let json = json!({
        "report": out,
        "digest": digest,
        "page_digest": Digest::of(page.as_bytes()),
        "verdict": verdict,
        "holds": holds,
        "tone": tone.name(),
        "not_green_because": reasons,
        "unread": unread,
        "setup": Setup::of(&verified).json(),
    });
    let report = Report { text, json, holds };
    if holds && !unread.is_empty() {
        return Err(Unfinished(report).into());
    }
    Ok(report)
}

fn tone_words(tone: &str) -> &'static str {
    match tone {
        "good" => "green until it is too old",
        "warn" => "not green, the page says why",
        _ => "red",
    }
}

/// The reader's time.
pub fn time(args: &ReportArgs) -> Result<Timestamp> {
    Ok(args.now.as_deref().map(files::time).transpose()?.unwrap_or_else(Timestamp::now))
}

/// The blocks that the reader knows, as far as times are drawn from their chain.
pub fn blocks(known: &KnownArgs) -> Vec<BlockHash> {
    let named = known.block_hash.iter().map(|one| format!("{}={}", one.chain, one.hash));
    named.filter_map(|text| text.parse().ok()).collect()
}

/// Whether anything but evidence is to be looked at: nodes, or a list of addresses.
pub fn asks(known: &KnownArgs) -> bool {
    !known.rpc.is_empty() || !known.esplora.is_empty() || known.deny.is_some()
}

/// The attestation before, where a file of it is given.
fn previous(args: &ReportArgs) -> Result<Option<Before>> {
    let file = args.previous.as_deref().filter(|text| text.parse::<Digest>().is_err());
    file.map(|path| Before::read(Path::new(path))).transpose()
}

/// What evidence shows of the reserves of an attestation.
pub fn evidence(
    verified: &Verified,
    path: Option<&Path>,
    args: &KnownArgs,
    seen: Vec<Seen>,
) -> Result<EvidenceReport> {
    let mut known = reserves::known(args)?;
    known.previous = seen;
    let evidence = path.map_or_else(|| Ok(Evidence::empty()), reserves::read_evidence)?;
    let (mut nodes, mut offline) = (reserves::nodes(args)?, Offline);
    let reader: &mut dyn AsksNodes = match &mut nodes {
        Some(nodes) => nodes,
        None => &mut offline,
    };
    let (attestation, rules) = (&verified.attestation, &verified.rules);
    let found = pacioli_evidence::check(attestation, rules, &evidence, &known, reader);
    for one in found.reserves.iter().flat_map(|one| &one.failed) {
        output::warn(&format!("not asked, so that the venue's word stands: {one}"));
    }
    if !found.unused.is_empty() {
        output::warn("entries of the evidence name no reserve of the attestation");
    }
    Ok(found)
}

/// What the reader asked for, once with everything and once with what is known alone.
pub fn asked(
    required: &Requirements,
    text: &str,
    verified: &Verified,
    evidence: Option<&EvidenceReport>,
    now: Timestamp,
) -> Asked {
    let clauses = required.evaluate(verified, now);
    let counting = match known(verified, evidence) {
        Some(known) => required.evaluate_counting(verified, &known, now),
        None => clauses.clone(),
    };
    Asked { text: text.to_owned(), clauses, counting, max_age: required.max_age() }
}

/// Refuses to write over what is no report.
fn check_out(path: &Path) -> Result<()> {
    const MARK: &str = "<meta name=\"generator\" content=\"pacioli report\">";
    if !path.exists() {
        return Ok(());
    }
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]);
    ensure!(
        start.contains(MARK),
        "{} is there and is no report: name another file with --out",
        path.display()
    );
    Ok(())
}
