//! `pacioli compare`: two attestations, figure by figure.

mod json;
mod text;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use pacioli_attestation::{Candidate, Verified, VerifyingKey, check_not_in_future};
use pacioli_record::{Attested, Comparison, Letters};

use super::{files, key_source::KeySource};
use crate::{args::CompareArgs, outcome::Refused, output::Report, progress::Shown};

/// Both attestations, and what they say otherwise.
struct Two {
    before: Attested,
    after: Attested,
    comparison: Comparison,
}

/// Runs the command.
pub fn run(args: &CompareArgs, progress: &Shown) -> Result<Report> {
    let now = args.now.as_deref().map(files::time).transpose()?.unwrap_or_else(Timestamp::now);
    let source = KeySource::read(&args.key, progress)?;
    let old_key =
        args.before_key.as_deref().map(|path| files::read_key(path, args.before_key_digest));
    let old_key = old_key.transpose()?;
    let before = read(&args.before, now, |bytes| match old_key {
        Some(key) => under(bytes, key, progress),
        None => source.verify_of_any_block(bytes, progress),
    })?;
    let after = read(&args.after, now, |bytes| source.verify_of_any_block(bytes, progress))?;
    let (first, second) = (before.point.number, after.point.number);
    ensure!(
        first <= second,
        "{} has sequence number {first}, and {} has {second}: give the earlier one first",
        args.before.display(),
        args.after.display(),
    );
    let comparison = Comparison::of(&before, &after).context("the rules of one of them")?;
    let two = Two { before, after, comparison };
    let text = two.text().context("a string takes all")?;
    Ok(Report { text, json: two.json(), holds: two.holds() })
}

fn under(bytes: &[u8], key: VerifyingKey, progress: &Shown) -> Result<Verified> {
    Ok(Candidate::read(bytes)?.verify(key, progress)?)
}

fn read(
    path: &Path,
    now: Timestamp,
    verify: impl FnOnce(&[u8]) -> Result<Verified>,
) -> Result<Attested> {
    let name = path.display().to_string();
    let verified = verify(&files::read(path)?).with_context(|| name.clone())?;
    check_not_in_future(&verified.attestation, now)
        .map_err(|error| Refused(format!("{name}: {error}")))?;
    let letters = Letters::none(&verified);
    Ok(Attested::new(&name, verified, Vec::new(), letters))
}

impl Two {
    fn holds(&self) -> bool {
        self.after.holds() && self.comparison.findings.is_empty()
    }
}
