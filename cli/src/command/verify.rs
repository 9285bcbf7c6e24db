//! `pacioli verify`: check an attestation and print what it says.

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use jiff::Timestamp;
use pacioli_circuits::Shape;
use pacioli_prover::{
    attestation::{
        Attestation, Candidate, Requirements, Verified, changes, check_follows, check_not_in_future,
    },
    digest::Digest,
    keys::VerifyingKey,
    setup::Origin,
};

use super::{
    files,
    history::ReadHistory,
    report::{self, Reading, Since},
};
use crate::{
    args::{KeyArgs, VerifyArgs},
    outcome::Refused,
    output::Report,
    progress::Shown,
};

/// Runs the command.
pub fn run(args: &VerifyArgs, progress: &Shown) -> Result<Report> {
    let now = args.now.as_deref().map(files::time).transpose()?.unwrap_or_else(Timestamp::now);
    let required = (!args.require.is_empty()).then(|| args.require.join(","));
    let required = required.map(|text| text.parse::<Requirements>()).transpose();
    let required = required.context("--require")?;
    let verify = |bytes: &[u8]| verify_bytes(bytes, &args.key, progress);
    if let Some(folder) = &args.history {
        let read = ReadHistory { now, required: required.as_ref(), rules: args.rules_digest };
        return read.report(folder, &verify);
    }
    let path = args.attestation.as_deref().context("no attestation is given")?;
    let bytes = files::read(path)?;
    let before = args.previous.as_deref().map(Before::read).transpose()?;
    let verified = verify(&bytes)?;
    check_rules(&verified, args.rules_digest)?;
    check_not_in_future(&verified.attestation, now).map_err(|error| refused(&error))?;
    let since = before.map(|before| before.since(&verified, progress)).transpose()?;
    let asked = required.map(|required| required.evaluate(&verified, now));
    Ok(report::report(&verified, &Reading { now, asked, since }))
}

/// The rules are those that the reader has read.
pub fn check_rules(verified: &Verified, expected: Option<Digest>) -> Result<()> {
    let got = Digest::of(verified.attestation.rules.as_bytes());
    match expected {
        Some(expected) if got != expected => {
            Err(Refused(format!("the rules have digest {got}, not {expected}")).into())
        }
        _ => Ok(()),
    }
}

/// What was checked and does not hold.
fn refused(error: &dyn std::fmt::Display) -> anyhow::Error {
    Refused(error.to_string()).into()
}

/// The attestation before, as it was given.
struct Before {
    bytes: Vec<u8>,
    attestation: Attestation,
}

impl Before {
    fn read(path: &Path) -> Result<Self> {
        let bytes = files::read(path)?;
        let attestation = Attestation::parse(&bytes).with_context(|| path.display().to_string())?;
        Ok(Self { bytes, attestation })
    }

    /// Checks that the attestation comes right after it, verifies its proofs where they are under the
    /// same key, and says what changed.
    fn since(&self, verified: &Verified, progress: &Shown) -> Result<Since> {
        let (before, digest) = (&self.attestation.header, Digest::of(&self.bytes));
        let own = &verified.attestation.header;
        check_follows(before, digest, own).map_err(|error| refused(&error))?;
        let is_under_the_key = before.key == verified.key().digest();
        if is_under_the_key {
            let checked = Candidate::read(&self.bytes);
            let checked = checked.and_then(|one| one.verify(verified.key().clone(), progress));
            checked.context("the attestation before it")?;
        }
        let changes = changes(&self.attestation, &verified.attestation)
            .context("the rules of the attestation before it")?;
        Ok(Since { digest, number: before.sequence, verified: is_under_the_key, changes })
    }
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
