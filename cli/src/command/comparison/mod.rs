//! `pacioli compare`: two attestations, figure by figure.

mod json;
mod text;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use pacioli_attestation::{Verified, check_not_in_future};
use pacioli_record::{Attested, Comparison, Letters};

use super::{files, key_source::KeySource};
use crate::{
    args::{CompareArgs, KeyArgs},
    outcome::Refused,
    output::Report,
    progress::Shown,
};

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
    // Of the insecure setup or of one that nobody vouches for, the reader has to accept it as any other.
    let old_key = args.before_key.as_ref().map(|path| KeyArgs {
        setup: None,
        setup_digest: None,
        key: Some(path.clone()),
        key_digest: args.before_key_digest,
        ..args.key
    });
    let old_key = old_key.as_ref().map(|args| KeySource::read(args, progress)).transpose()?;
    let before = old_key.as_ref().unwrap_or(&source);
    let before = read(&args.before, now, |bytes| before.verify_of_any_block(bytes, progress))?;
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
