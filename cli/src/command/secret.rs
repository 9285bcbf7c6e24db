//! `pacioli secret`: the operator's secret.

use anyhow::{Context, Result};
use pacioli_prover::OperatorSecret;
use serde_json::json;

use crate::{args::SecretCommand, output::Report};

/// Runs the command.
pub fn run(SecretCommand::New(args): &SecretCommand) -> Result<Report> {
    let path = args.out.display();
    OperatorSecret::generate()?
        .write_new(&args.out)
        .with_context(|| format!("cannot write {path}"))?;
    let text = format!(
        "{path}\n  Keep it: without it no statement can be given for books proved with it.\n"
    );
    Ok(Report { text, json: json!({ "file": path.to_string() }), holds: true })
}
