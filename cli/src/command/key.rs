//! `pacioli key`: the verifying key as a small file.

use anyhow::{Result, anyhow};
use pacioli_attestation::{Progress, VerifyingKey};
use serde_json::json;

use super::{
    files,
    setup_state::{state_json, warning},
};
use crate::{args::KeyFileArgs, output::Report, progress::Shown};

/// Runs the command.
pub fn run(args: &KeyFileArgs, progress: &Shown) -> Result<Report> {
    let shape = files::read_attestation(&args.attestation)?.header.shape()?;
    let setup = files::read_setup(&args.setup, progress)?;
    progress.begin("making the key", 1);
    let key = VerifyingKey::new(&setup, shape)
        .map_err(|error| anyhow!(error).context("the setup given does not fit"))?;
    files::write(&args.out, &key.to_bytes())?;
    let (file, digest, setup) = (args.out.display().to_string(), key.digest(), key.setup_digest());
    let (origin, state) = (key.origin(), key.origin().state());
    let text = format!(
        "{file}\n  digest        {digest}\n  setup         {origin}\n  state         {state}\n  \
         setup digest  {setup}\n{}",
        warning(origin)
    );
    let setup = state_json(origin, setup, Some(digest));
    Ok(Report {
        text,
        json: json!({ "file": file, "digest": digest, "setup": setup }),
        holds: true,
    })
}
