//! `pacioli setup`: import a ceremony's powers of tau, make the insecure setup, or show what a setup
//! file holds.

use std::path::Path;

use anyhow::{Context, Result, bail};
use pacioli_attestation::{
    Progress as _,
    setup::{Setup, import_ptau, insecure_setup},
};
use serde_json::json;

use super::{
    files,
    setup_state::{state_json, warning},
};
use crate::{
    args::{ImportArgs, InsecureArgs, SetupCommand},
    output::Report,
    progress::Shown,
};

/// Runs the command.
pub fn run(command: &SetupCommand, progress: &Shown) -> Result<Report> {
    match command {
        SetupCommand::Import(args) => import(args, progress),
        SetupCommand::Insecure(args) => insecure(args, progress),
        SetupCommand::Show { file } => Ok(report(&files::read_setup(file, progress)?, file)),
    }
}

fn import(args: &ImportArgs, progress: &Shown) -> Result<Report> {
    let ImportArgs { file, k, digest, out } = args;
    let setup = import_ptau(file, *k, *digest, progress)
        .with_context(|| format!("cannot import {}", file.display()))?;
    write(&setup, out)
}

fn insecure(args: &InsecureArgs, progress: &Shown) -> Result<Report> {
    progress.begin("making the insecure setup", 1);
    let Some(setup) = insecure_setup(args.k) else {
        bail!("a setup cannot have 2^{} rows", args.k);
    };
    write(&setup, &args.out)
}

fn write(setup: &Setup, out: &Path) -> Result<Report> {
    setup.write(out).with_context(|| format!("cannot write {}", out.display()))?;
    Ok(report(setup, out))
}

fn report(setup: &Setup, file: &Path) -> Report {
    let (file, k) = (file.display().to_string(), setup.k());
    let (origin, digest) = (setup.origin(), setup.digest());
    let (state, warning) = (origin.state(), warning(origin));
    Report {
        text: format!(
            "{file}\n  rows    2^{k}\n  setup   {origin}\n  state   {state}\n  digest  {digest}\n\
             {warning}"
        ),
        json: json!({ "file": file, "k": k, "setup": state_json(origin, digest, None) }),
        holds: true,
    }
}
