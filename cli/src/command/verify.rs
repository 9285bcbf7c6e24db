//! `pacioli verify`: check an attestation and print what it says.

use anyhow::Result;
use pacioli_prover::{attestation::Verified, digest::Digest};

use super::{files, key_source::verify_bytes, report};
use crate::{args::VerifyArgs, outcome::Refused, output::Report, progress::Shown};

/// Runs the command.
pub fn run(args: &VerifyArgs, progress: &Shown) -> Result<Report> {
    let bytes = files::read(&args.attestation)?;
    let previous = args.previous.as_deref().map(files::read_attestation).transpose()?;
    let verified = verify_bytes(&bytes, &args.key, progress)?;
    if let Some(expected) = args.rules_digest {
        let got = Digest::of(verified.attestation.rules.as_bytes());
        if got != expected {
            return Err(Refused(format!("the rules have digest {got}, not {expected}")).into());
        }
    }
    if let Some(previous) = previous {
        check_chain(&verified, previous.header.sequence, previous.digest())?;
    }
    Ok(report::report(&verified))
}

/// The attestation names the one before it, and comes right after it.
fn check_chain(verified: &Verified, sequence: u64, digest: Digest) -> Result<()> {
    let header = &verified.attestation.header;
    if header.previous != Some(digest) {
        return Err(Refused(format!("the attestation is not chained to {digest}")).into());
    }
    if Some(header.sequence) != sequence.checked_add(1) {
        let number = header.sequence;
        return Err(Refused(format!("number {number} does not follow number {sequence}")).into());
    }
    Ok(())
}
