//! `pacioli key`: the verifying key as a small file.

use anyhow::{Result, anyhow};
use pacioli_prover::{keys::VerifyingKey, progress::Progress};
use serde_json::json;

use super::files;
use crate::{args::KeyFileArgs, output::Report, progress::Shown};

/// Runs the command.
pub fn run(args: &KeyFileArgs, progress: &Shown) -> Result<Report> {
    let shape = files::read_attestation(&args.attestation)?.header.shape()?;
    progress.begin("reading the setup", 1);
    let setup = files::read_setup(&args.setup)?;
    progress.begin("making the key", 1);
    let key = VerifyingKey::new(&setup, shape)
        .map_err(|error| anyhow!(error).context("the setup given does not fit"))?;
    files::write(&args.out, &key.to_bytes())?;
    let (file, digest) = (args.out.display().to_string(), key.digest());
    let text = format!("{file}\n  digest  {digest}\n  setup   {}\n", key.origin);
    let json = json!({ "file": file, "digest": digest, "setup": key.origin.to_string() });
    Ok(Report { text, json, holds: true })
}
