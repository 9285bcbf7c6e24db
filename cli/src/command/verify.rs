//! `pacioli verify`: check an attestation and print what it says.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use pacioli_attestation::{
    Attestation, By, Candidate, Digest, Missed, Verified, VerifyError, changes, check_follows,
    check_not_in_future, missed_days,
};
use pacioli_record::pack::{Pack, is_pack};

use super::{
    expected_rules::check_rules,
    files,
    history::ReadHistory,
    key_source::KeySource,
    pack::{self, KeyBy},
    report::{self, Reading, Since},
    requirements::requirements,
};
use crate::{
    args::VerifyArgs,
    outcome::{Outcome, Refused},
    output::Report,
    progress::Shown,
};

/// Runs the command.
pub fn run(args: &VerifyArgs, progress: &Shown) -> Result<Report> {
    let now = args.now.as_deref().map(files::time).transpose()?.unwrap_or_else(Timestamp::now);
    let required = requirements(&args.require)?;
    if let Some(folder) = &args.history {
        let source = KeySource::read(&args.key, progress)?.knowing(&args.block_hash);
        let read = ReadHistory { now, required: required.as_ref(), rules: args.rules_digest };
        return read.report(folder, &|bytes| source.verify(bytes, progress));
    }
    let path = args.attestation.as_deref().context("no attestation is given")?;
    let bytes = pack::read(path)?;
    let packed = match is_pack(&bytes) {
        true => Some(Pack::read(&bytes).with_context(|| path.display().to_string())?),
        false => None,
    };
    let source = match &packed {
        Some(pack) => KeySource::read_or_packed(&args.key, pack.key(), progress)?,
        None => KeySource::read(&args.key, progress)?,
    };
    let source = source.knowing(&args.block_hash);
    let before = args.previous.as_deref().map(Before::read).transpose()?;
    let verified = source.verify(packed.as_ref().map_or(&bytes, Pack::attestation), progress)?;
    check_rules(&verified, args.rules_digest)?;
    check_not_in_future(&verified.attestation, now).map_err(|error| refused(&error))?;
    let since = before.map(|before| before.since(&verified, &source, progress)).transpose()?;
    let asked = required.map(|required| required.evaluate(&verified, now));
    let report = report::report(&verified, &Reading { now, asked, since });
    let Some(pack) = &packed else { return Ok(report) };
    let by = match KeySource::is_readers(&args.key) {
        true => KeyBy::Reader,
        false => KeyBy::of_packed(&verified),
    };
    pack::report(report, pack, &verified, by, &pack::known(&args.block_hash, args.rules_digest))
}

/// A refusal: checked, and does not hold.
pub fn refused(error: &dyn std::fmt::Display) -> anyhow::Error {
    Refused(error.to_string()).into()
}

/// Why proofs could not be checked.
fn unread(error: &anyhow::Error) -> String {
    match error.downcast_ref::<VerifyError>() {
        Some(VerifyError::Key { .. }) => "it was made under another key than yours".to_owned(),
        _ => format!("{error:#}"),
    }
}

/// The previous attestation, as given.
pub struct Before {
    bytes: Vec<u8>,
    attestation: Attestation,
}

impl Before {
    /// Reads it.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = files::read(path)?;
        let attestation = Attestation::parse(&bytes).with_context(|| path.display().to_string())?;
        Ok(Self { bytes, attestation })
    }

    /// Checks that the attestation comes right after it, verifies its proofs where the reader has their
    /// key, and says what changed.
    pub fn since(
        &self,
        verified: &Verified,
        source: &KeySource<'_>,
        progress: &Shown,
    ) -> Result<Since> {
        let (before, digest) = (&self.attestation.header, Digest::of(&self.bytes));
        let own = &verified.attestation.header;
        check_follows(before, digest, own).map_err(|error| refused(&error))?;
        let missed = self.missed(verified)?;
        let same = verified.key();
        let checked = if before.key == same.digest() {
            Candidate::read(&self.bytes)
                .and_then(|one| one.verify(same.clone(), progress))
                .map_err(anyhow::Error::new)
        } else {
            source.verify_of_any_block(&self.bytes, progress)
        };
        let key = match checked {
            Ok(checked) => Ok(checked.key().digest()),
            // The reader's setup or key does not fit it, or there is none: read only.
            Err(error) if Outcome::of(&error) == Outcome::CouldNotCheck => Err(unread(&error)),
            Err(error) => return Err(error.context("the previous attestation")),
        };
        let changes = changes(&self.attestation, &verified.attestation)
            .context("the rules of the previous attestation")?;
        Ok(Since { digest, sequence: before.sequence, key, changes, missed })
    }

    /// The days missed since, and by whom they are known: as the worse of the two times.
    fn missed(&self, verified: &Verified) -> Result<Option<(Missed, By)>> {
        let Some(missed) = missed_days(&self.attestation, &verified.attestation) else {
            let asks = verified.rules.policy().drawn.is_some();
            ensure!(
                !asks || self.attestation.header.drawn.is_some(),
                "the previous attestation was not drawn, so that missed days cannot be counted from it: \
                 give all of them with --history"
            );
            return Ok(None);
        };
        if missed.exceeds() {
            return Err(refused(&missed));
        }
        let before = self
            .attestation
            .header
            .draw()
            .map_err(|error| refused(&format!("the previous attestation: drawn: {error}")))?;
        let draws = [before, verified.draw].into_iter().flatten();
        // A block of an earlier day is not one that the reader was asked for.
        let by = draws.map(|draw| draw.by(&verified.block_hashes).unwrap_or(By::Publisher)).max();
        Ok(Some((missed, by.unwrap_or(By::Publisher))))
    }
}
