//! `pacioli verify`: check an attestation and print what it says.

use anyhow::{Result, anyhow};
use pacioli_prover::{
    attestation::{Verified, verify},
    digest::Digest,
    keys::VerifyingKey,
    setup::Origin,
};

use super::{files, report};
use crate::{args::VerifyArgs, outcome::Refused, output::Report, progress::Shown};

/// Runs the command.
pub fn run(args: &VerifyArgs, progress: &Shown) -> Result<Report> {
    let bytes = files::read(&args.attestation)?;
    let previous = args.previous.as_deref().map(files::read_attestation).transpose()?;
    let setup = args.setup.as_deref().map(files::read_setup).transpose()?;
    let verified = verify(
        &bytes,
        |attestation, shape| match &setup {
            Some(setup) => VerifyingKey::new(setup, shape)
                .map_err(|error| anyhow!(error).context("the setup given does not fit")),
            None => {
                let key = VerifyingKey::insecure(shape);
                if attestation.header.key != key.digest() {
                    return Err(anyhow!(
                        "the attestation says it was made under the setup `{}`; give that setup's \
                         file with --setup",
                        attestation.header.setup.escape_debug()
                    ));
                }
                Ok(key)
            }
        },
        progress,
    )?;
    if verified.origin == Origin::Insecure && !args.accept_insecure_setup {
        return Err(Refused(
            "the attestation was made under the insecure setup, whose secret everyone knows: it \
             proves nothing. For a test, add --accept-insecure-setup"
                .to_owned(),
        )
        .into());
    }
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
