//! `pacioli setup`: import a ceremony's powers of tau, or make the insecure setup.

use std::cell::Cell;

use anyhow::{Context, Result, bail};
use pacioli_prover::{
    progress::Progress as _,
    setup::{Origin, Progress, Setup, import_ptau, insecure_setup},
};
use serde_json::json;

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
    }
}

fn import(args: &ImportArgs, progress: &Shown) -> Result<Report> {
    let ImportArgs { file, k, digest, out } = args;
    let phase = Cell::new("");
    let begin = |name: &'static str, steps| {
        if phase.replace(name) != name {
            progress.begin(name, steps);
        }
    };
    let tell = |now| match now {
        Progress::Reading { bytes, of } => {
            begin("reading the file", of >> 20);
            progress.reach(bytes >> 20);
        }
        Progress::CheckingG2 => begin("checking the points of G2", 1),
        Progress::CheckingPowers => begin("checking the powers of tau", 1),
        Progress::CheckingLagrange => begin("checking the Lagrange basis", 1),
    };
    let setup = import_ptau(file, *k, *digest, &tell)
        .with_context(|| format!("cannot import {}", file.display()))?;
    write(&setup, *k, out)
}

fn insecure(args: &InsecureArgs, progress: &Shown) -> Result<Report> {
    progress.begin("making the insecure setup", 1);
    let Some(setup) = insecure_setup(args.k) else {
        bail!("there is no setup of 2^{} rows", args.k);
    };
    write(&setup, args.k, &args.out)
}

fn write(setup: &Setup, k: u32, out: &std::path::Path) -> Result<Report> {
    setup.write(out).with_context(|| format!("cannot write {}", out.display()))?;
    let origin = setup.origin.to_string();
    Ok(Report {
        text: format!("{}\n  rows    2^{k}\n  origin  {origin}\n", out.display()),
        json: json!({
            "file": out.display().to_string(),
            "k": k,
            "origin": origin,
            "insecure": setup.origin == Origin::Insecure,
        }),
        holds: true,
    })
}
