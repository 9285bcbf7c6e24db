//! `pacioli history`, and `pacioli verify --history`: attestations over time, each verified, and all
//! held against each other as one chain.

mod compared;
mod events;
mod json;
mod registry;
mod text;
mod timeline;

use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use pacioli_attestation::{BlockHash, Digest, Requirements, Verified};
use pacioli_evidence::Known;
use pacioli_record::{
    Folder, Format, Found, Judged, Letters, Reading, Record, Refused, Table, letters,
};
use pacioli_rules::RulesError;
use serde_json::json;

pub use self::json::finding;
use self::{compared::Compared, registry::OnChain, timeline::Timeline};
use super::{files, key_source::KeySource, requirements::requirements, reserves::read_evidence};
use crate::{
    args::HistoryArgs,
    outcome::Outcome,
    output::{Report, Unfinished},
    progress::Shown,
};

/// The reader's demands on a history.
pub struct ReadHistory<'a> {
    /// The reader's time.
    pub now: Timestamp,
    /// The reader's requirements of every attestation; those of its age, of the newest alone.
    pub required: Option<&'a Requirements>,
    /// The digest that the rules of each must have.
    pub rules: Option<Digest>,
}

impl ReadHistory<'_> {
    /// Checks every attestation in `folder`.
    ///
    /// # Errors
    /// If the folder has none, or one that cannot be checked: a chain without it says nothing.
    pub fn report(
        &self,
        folder: &Path,
        verify: &dyn Fn(&[u8]) -> Result<Verified>,
    ) -> Result<Report> {
        let record = self.record(folder, verify, &Known::default())?;
        let text = text::chain(&record).context("a string takes all")?;
        Ok(Report { text, json: json::of(&record), holds: record.holds() })
    }

    /// The attestations in `folder` as values, their reserves by what the reader knows.
    ///
    /// # Errors
    /// As [`ReadHistory::report`], and if evidence beside one cannot be read.
    pub fn record(
        &self,
        folder: &Path,
        verify: &dyn Fn(&[u8]) -> Result<Verified>,
        known: &Known,
    ) -> Result<Record> {
        let record = self.record_in_part(folder, verify, known)?;
        if let Some(Refused { file, reason }) = record.unchecked.first() {
            bail!("cannot check {file} of the history: {reason}");
        }
        if let Some((_, why)) = record.unread().next() {
            bail!("{why}");
        }
        Ok(record)
    }

    /// The same, where what cannot be checked or read is named, beside what can.
    ///
    /// # Errors
    /// If the folder cannot be read, or has none.
    pub fn record_in_part(
        &self,
        folder: &Path,
        verify: &dyn Fn(&[u8]) -> Result<Verified>,
        known: &Known,
    ) -> Result<Record> {
        let &ReadHistory { now, required, rules } = self;
        let reading = Reading { now, required, rules };
        let mut judge = |found: &Found| Ok::<_, RulesError>(judge(found, verify, known));
        let record = Record::of(Folder::read(folder)?, &reading, &mut judge)?;
        if record.is_empty() {
            bail!("there is no attestation in {}", folder.display());
        }
        Ok(record)
    }
}

fn judge(found: &Found, verify: &dyn Fn(&[u8]) -> Result<Verified>, known: &Known) -> Judged {
    let verified = match verify(&found.bytes) {
        Ok(verified) => verified,
        Err(error) => {
            let why = format!("{error:#}");
            return match Outcome::of(&error) {
                Outcome::DoesNotHold => Judged::Refused(why),
                _ => Judged::Unchecked(why),
            };
        }
    };
    let letters = match &found.evidence {
        None => Letters::none(&verified),
        Some(path) => match read_evidence(path) {
            Ok(evidence) => letters(&verified, &evidence, known),
            Err(error) => {
                // Without the folder, which is of one machine.
                let why = format!("{}: {}", files::name(path), error.root_cause());
                Letters::unread(&verified, why)
            }
        },
    };
    Judged::Verified(Box::new(verified), letters)
}

/// Runs the command.
pub fn run(args: &HistoryArgs, progress: &Shown) -> Result<Report> {
    let now = args.now.as_deref().map(files::time).transpose()?.unwrap_or_else(Timestamp::now);
    let record = args.folder.as_deref().map(|folder| read(args, folder, now, progress));
    let record = record.transpose()?;
    let chain = args.venue.as_deref().map(|venue| OnChain::read(args, venue, now)).transpose()?;
    let compared = match (&record, &chain) {
        (Some(record), Some(chain)) => chain.compared(record),
        _ => Compared::default(),
    };
    if let (Some(path), Some(record)) = (&args.export, &record) {
        let bytes = Table::of(record).to_bytes(Format::of(path)?)?;
        files::write_new(path, &bytes, args.force)?;
    }
    let timeline = match args.incident {
        true => Some(Timeline::of(args, record.as_ref(), chain.as_ref())?),
        false => None,
    };
    let holds = record.as_ref().is_none_or(Record::holds)
        && chain.as_ref().is_none_or(|chain| chain.why_not().is_none())
        && compared.differing.is_empty();
    let text = text::all(record.as_ref(), chain.as_ref(), &compared, timeline.as_ref())
        .context("a string takes all")?;
    let json = json!({
        "holds": holds,
        "verdict": text::headline(record.as_ref(), chain.as_ref(), &compared),
        "record": record.as_ref().map(json::of),
        "registry": chain.as_ref().map(OnChain::json),
        "differing": compared.differing,
        "not_compared": compared.not_compared,
        "timeline": timeline.as_ref().map(Timeline::json),
        "export": args.export.as_ref().map(|path| path.display().to_string()),
    });
    let report = Report { text, json, holds };
    // What a registry says rests on more than its own contracts.
    let is_behind = chain.as_ref().is_some_and(|chain| chain.behind.is_some());
    if holds && (record.is_none() || is_behind || compared.missing.is_some()) {
        Err(Unfinished(report).into())
    } else {
        Ok(report)
    }
}

fn read(args: &HistoryArgs, folder: &Path, now: Timestamp, progress: &Shown) -> Result<Record> {
    // Said before minutes of proofs.
    if let Some(path) = &args.export {
        Format::of(path)?;
        files::check_new(path, args.force)?;
    }
    let required = requirements(&args.require)?;
    let mut known = Known { rules: args.rules_digest.is_some(), ..Known::default() };
    let mut blocks = Vec::new();
    for one in &args.block_hash {
        known.hashes.entry(one.chain.clone()).or_default().insert(one.hash);
        if one.chain == pacioli_attestation::ETHEREUM {
            blocks.push(BlockHash(Digest(one.hash.0)));
        }
    }
    known.custodians.extend(args.custodian.iter().map(|one| (one.name.clone(), one.key)));
    let source = KeySource::read(&args.key, progress)?.knowing(&blocks);
    let read = ReadHistory { now, required: required.as_ref(), rules: args.rules_digest };
    read.record(folder, &|bytes| source.verify(bytes, progress), &known)
}
