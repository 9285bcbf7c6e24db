//! `pacioli verify`: check an attestation and print what it says.

use anyhow::{Result, anyhow, ensure};
use pacioli_circuits::Shape;
use pacioli_prover::{
    attestation::{Attestation, Candidate, Verified},
    digest::Digest,
    keys::VerifyingKey,
    setup::Origin,
};

use super::{files, report};
use crate::{
    args::{KeyArgs, VerifyArgs},
    outcome::Refused,
    output::Report,
    progress::Shown,
};

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

/// Verifies an attestation under the verifier's own key.
///
/// # Errors
/// Where the attestation is refused, the key is missing, or the setup is insecure and that was not
/// accepted.
pub fn verify_bytes(bytes: &[u8], args: &KeyArgs, progress: &Shown) -> Result<Verified> {
    let setup = args.setup.as_deref().map(files::read_setup).transpose()?;
    let given = match (&args.key, args.key_digest) {
        (Some(path), Some(digest)) => Some(files::read_key(path, digest)?),
        _ => None,
    };
    let candidate = Candidate::read(bytes)?;
    let (attestation, shape) = (candidate.attestation(), candidate.shape());
    let key = match (&setup, given) {
        (_, Some(key)) => key,
        (Some(setup), None) => VerifyingKey::new(setup, shape)
            .map_err(|error| anyhow!(error).context("the setup given does not fit"))?,
        (None, None) => insecure_key(attestation, shape, args.accept_insecure_setup)?,
    };
    let verified = candidate.verify(key, progress)?;
    if verified.origin() == Origin::Insecure && !args.accept_insecure_setup {
        return Err(Refused(INSECURE.to_owned()).into());
    }
    Ok(verified)
}

/// The key of the insecure setup, where that is accepted. Nothing is computed for an attestation
/// that says it was made under another.
fn insecure_key(attestation: &Attestation, shape: Shape, accepted: bool) -> Result<VerifyingKey> {
    let claimed = &attestation.header.setup;
    let insecure = *claimed == Origin::Insecure.to_string();
    if insecure && !accepted {
        return Err(Refused(INSECURE.to_owned()).into());
    }
    let other = || {
        anyhow!(
            "the attestation says it was made under the setup `{}`; give that setup's file with \
             --setup, or its key with --key",
            claimed.escape_debug()
        )
    };
    ensure!(insecure, other());
    let key = VerifyingKey::insecure(shape);
    ensure!(attestation.header.key == key.digest(), other());
    Ok(key)
}

/// Why an attestation under the insecure setup is refused.
const INSECURE: &str = "the attestation was made under the insecure setup, whose secret everyone \
                        knows: it proves nothing. For a test, add --accept-insecure-setup";

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
