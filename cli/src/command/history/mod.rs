//! `pacioli history`, and `pacioli verify --history`: attestations over time, each verified, and all
//! held against each other as one chain.

mod events;
mod json;
mod registry;
mod text;
mod timeline;

use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use pacioli_attestation::{BlockHash, Digest, Requirements, Verified};
use pacioli_evidence::{Evidence, Known};
use pacioli_record::{Folder, Format, Found, Judged, Letters, Reading, Record, Table, letters};
use pacioli_rules::RulesError;
use serde_json::json;

pub use self::json::finding;
use self::{registry::OnChain, timeline::Timeline};
use super::{files, key_source::KeySource, requirements::requirements};
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
    /// As [`ReadHistory::report`].
    pub fn record(
        &self,
        folder: &Path,
        verify: &dyn Fn(&[u8]) -> Result<Verified>,
        known: &Known,
    ) -> Result<Record> {
        let &ReadHistory { now, required, rules } = self;
        let reading = Reading { now, required, rules };
        let record = Record::of(Folder::read(folder)?, &reading, &mut |found: &Found| {
            judge(found, verify, known).map_err(Unread)
        });
        let record = record.map_err(|Unread(error)| error)?;
        if record.is_empty() {
            bail!("there is no attestation in {}", folder.display());
        }
        Ok(record)
    }
}

/// An error on the way to a record.
struct Unread(anyhow::Error);

impl From<RulesError> for Unread {
    fn from(error: RulesError) -> Self {
        Self(error.into())
    }
}

fn judge(
    found: &Found,
    verify: &dyn Fn(&[u8]) -> Result<Verified>,
    known: &Known,
) -> Result<Judged> {
    let cannot = || format!("cannot check {} of the history", found.name);
    match verify(&found.bytes) {
        Ok(verified) => {
            let letters = match &found.evidence {
                None => Letters::none(&verified),
                Some(path) => {
                    let evidence = Evidence::parse(&files::read_text(path)?);
                    let evidence = evidence.with_context(|| path.display().to_string())?;
                    letters(&verified, &evidence, known)
                }
            };
            Ok(Judged::Verified(Box::new(verified), letters))
        }
        Err(error) if matches!(Outcome::of(&error), Outcome::DoesNotHold) => {
            Ok(Judged::Refused(format!("{error:#}")))
        }
        Err(error) => Err(error.context(cannot())),
    }
}

/// Runs the command.
pub fn run(args: &HistoryArgs, progress: &Shown) -> Result<Report> {
    let now = args.now.as_deref().map(files::time).transpose()?.unwrap_or_else(Timestamp::now);
    let record = args.folder.as_deref().map(|folder| read(args, folder, now, progress));
    let record = record.transpose()?;
    let chain = args.venue.as_deref().map(|venue| OnChain::read(args, venue, now)).transpose()?;
    let differing = match (&record, &chain) {
        (Some(record), Some(chain)) => chain.differing(record),
        _ => Vec::new(),
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
        && differing.is_empty();
    let text = text::all(record.as_ref(), chain.as_ref(), &differing, timeline.as_ref())
        .context("a string takes all")?;
    let json = json!({
        "holds": holds,
        "verdict": text::headline(record.as_ref(), chain.as_ref(), &differing),
        "record": record.as_ref().map(json::of),
        "registry": chain.as_ref().map(OnChain::json),
        "differing": differing,
        "timeline": timeline.as_ref().map(Timeline::json),
        "export": args.export.as_ref().map(|path| path.display().to_string()),
    });
    let report = Report { text, json, holds };
    // What a registry says rests on more than its own contracts.
    let is_behind = chain.as_ref().is_some_and(|chain| chain.behind.is_some());
    if holds && (record.is_none() || is_behind) {
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
