//! `pacioli prove`: from snapshot, rules and prices to an attestation, in one process: the three
//! steps that other machines can take too, over a folder in the run's private one.

use std::{fs, io, path::Path};

use anyhow::{Context, Result, bail};
use pacioli_attestation::{Attestation, Progress};
use pacioli_objects::Objects;
use pacioli_prover::{
    PROOF_STEPS,
    parts::{Judge, Prover},
    proving,
};
use serde_json::json;

use super::{
    files,
    left_out::{left_out_amounts, left_out_counts},
    parts::{self, DealerFolder, Forms, OutFolder, RunObjects, Told},
    run::{self, ATTESTATION},
};
use crate::{
    args::{BookArgs, ProveArgs},
    format::{grouped, plural, thousands},
    output::Report,
    progress::Shown,
};

/// Runs the command.
pub fn run(args: &ProveArgs, progress: &Shown) -> Result<Report> {
    if let Some(run) = &args.status {
        return parts::status(run);
    }
    let (Some(book), Some(out)) = (&args.book, &args.out) else {
        bail!("give --snapshot, --rules, --prices, --setup and --out");
    };
    let dealer = DealerFolder::at(&out.join("private"));
    if out.join(ATTESTATION).exists() {
        return finished_before(book, &dealer, out, progress);
    }
    let setup = files::read_setup(&book.setup, progress)?;
    let objects = Objects::in_folder(&run::work(out));
    let (objects, told, held) = parts::deal_into(book, &setup, &dealer, objects, progress)?;
    prove_volumes(&objects, &setup, &dealer, progress)?;
    let (secret, mut folder) = (book.secret.as_deref(), OutFolder::alone(out, held));
    let done = parts::assemble_into(&objects, &setup, &dealer, secret, &mut folder, progress)?;
    finish(&dealer, out)?;
    report(&out.join(ATTESTATION), &done.attestation, &told)
}

/// The run of a process that was killed when nothing was left but to take its traces away. Any other
/// that is finished is refused.
fn finished_before(
    book: &BookArgs,
    dealer: &DealerFolder,
    out: &Path,
    progress: &Shown,
) -> Result<Report> {
    let _held = dealer.exists().then(|| dealer.hold()).transpose()?;
    let Some((told, _)) = parts::continued(book, dealer, progress)? else {
        bail!("{} already holds an attestation; give another --out", out.display());
    };
    let path = out.join(ATTESTATION);
    let attestation = files::read_attestation(&path)?;
    finish(dealer, out)?;
    report(&path, &attestation, &told)
}

/// Removes what only a run that goes on needs.
fn finish(dealer: &DealerFolder, out: &Path) -> Result<()> {
    let work = run::work(out);
    match fs::remove_dir_all(&work) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", work.display()))
        }
        _ => dealer.finish(),
    }
}

/// Proves what is not proved yet, one volume after another.
fn prove_volumes(
    run: &RunObjects,
    setup: &pacioli_attestation::setup::Setup,
    dealer: &DealerFolder,
    progress: &Shown,
) -> Result<()> {
    if dealer.assembled(run)?.is_some() {
        return Ok(());
    }
    let judge = Judge::new(&run.deal.attestation, setup)?;
    let key = dealer.run_key()?;
    let volumes: Vec<_> = run.deal.attestation.volume_ids().collect();
    progress.begin("looking for finished volumes", volumes.len() as u64);
    let mut left = Vec::new();
    for &volume in &volumes {
        if run.proved(&judge, volume, &key.volume(volume))?.is_none() {
            left.push(volume);
        }
        progress.reach(volume.index() as u64 + 1);
    }
    if left.is_empty() {
        return Ok(());
    }
    progress.begin("making the proving key", 1);
    let prover = Prover::new(&judge)?;
    let (all, behind) = (volumes.len(), volumes.len() - left.len());
    let rows = 1 << run.deal.attestation.header.k;
    let phase = match behind {
        0 => proving(all, rows),
        _ => format!("{}, {behind} of them done before", proving(all, rows)),
    };
    progress.begin(&phase, left.len() as u64 * PROOF_STEPS);
    for (done, volume) in left.into_iter().enumerate() {
        let reach = |step| progress.reach(done as u64 * PROOF_STEPS + step);
        run.prove(&prover, volume, &key.volume(volume), reach)?;
    }
    Ok(())
}

/// What is said of a finished run.
fn report(path: &Path, attestation: &Attestation, told: &Told) -> Result<Report> {
    let header = &attestation.header;
    let (volumes, lines) = (attestation.volumes.len(), told.lines);
    let text = format!(
        "{path}\n  digest    {digest}\n  accounts  {accounts} in {lines} lines, {volumes} \
         of 2^{k} rows\n{forms}  left out  {left_out}\n{amounts}  rounded   {rounded}, by less than \
         {bound} {quote} together\n  setup     {setup}\n",
        path = path.display(),
        digest = attestation.digest(),
        accounts = thousands(header.accounts),
        lines = thousands(lines),
        volumes = plural(volumes, "volume"),
        k = header.k,
        forms = forms(told),
        left_out = left_out_counts(header.accounts_left_out, &header.left_out),
        amounts = left_out_amounts(&header.left_out),
        rounded = plural(header.rounding.lines, "line"),
        bound = grouped(&header.rounding.bound),
        quote = attestation.prices.quote,
        setup = header.setup,
    );
    let json = json!({
        "attestation": path.display().to_string(),
        "digest": attestation.digest(),
        "volumes": volumes,
        "lines": lines,
        "forms": told.forms,
        "header": header,
        "warnings": told.warnings,
    });
    Ok(Report { text, json, holds: true })
}

/// How many accounts took which form, where the rules have any.
fn forms(told: &Told) -> String {
    let Some(Forms { plain, covered, closed, lines_saved }) = told.forms else {
        return String::new();
    };
    format!(
        "  forms     {} plain, {} covered, {} closed in every scenario: {} fewer lines\n",
        thousands(plain),
        thousands(covered),
        thousands(closed),
        thousands(lines_saved),
    )
}
