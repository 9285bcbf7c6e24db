//! `pacioli statements`: open a run's pages, and give holders their statements.

mod export;
mod folder;
mod recipients;

use std::path::Path;

use anyhow::Result;
use pacioli_attestation::{Progress, statement::Statement};
use pacioli_prover::{RunSecrets, statements::Run};
use pacioli_rules::Rules;
use serde_json::json;

use super::{files, lines::lines, opener::opener, parts, run::FinishedRun};
use crate::{
    args::{BuildArgs, StatementArgs, StatementsCommand},
    output::Report,
    progress::Shown,
};

/// Runs the command.
pub fn run(command: &StatementsCommand, progress: &Shown) -> Result<Report> {
    match command {
        StatementsCommand::Build(args) => build(args, progress),
        StatementsCommand::Show(args) => show(args, progress),
        StatementsCommand::Export(args) => export::run(args, progress),
    }
}

fn build(args: &BuildArgs, progress: &Shown) -> Result<Report> {
    let mut finished = FinishedRun::open(&args.run)?;
    let secrets = RunSecrets { secret: &finished.secret, salt: &finished.salt };
    let mut run = Run::new(&finished.attestation, secrets, &mut finished.store)?;
    let volumes = match (&args.from, &args.private) {
        (Some(from), Some(private)) => {
            let volumes = run.unopened()?.len();
            if volumes > 0 {
                let setup = files::read_setup(&args.setup, progress)?;
                let attestation = &finished.attestation;
                parts::collect(&mut run, from, private, attestation, &setup, progress)?;
            }
            volumes
        }
        _ => open_all(&mut run, &args.setup, progress)?,
    };
    let accounts = finished.attestation.header.accounts;
    let text = format!("{accounts} statements can be given; {volumes} volumes were opened now\n");
    let json = json!({ "statements": accounts, "volumes_opened": volumes });
    Ok(Report { text, json, holds: true })
}

/// Opens the pages that are not opened yet, and says of how many volumes these were.
fn open_all(run: &mut Run<'_>, setup: &Path, progress: &Shown) -> Result<usize> {
    let volumes = run.unopened()?.len();
    if volumes > 0 {
        let opened = files::read_setup(setup, progress)?;
        let opener = opener(setup, &opened, run.pages(), progress)?;
        run.open_all(&opened, &opener, progress)?;
    }
    Ok(volumes)
}

fn show(args: &StatementArgs, progress: &Shown) -> Result<Report> {
    let mut finished = FinishedRun::open(&args.run)?;
    let secrets = RunSecrets { secret: &finished.secret, salt: &finished.salt };
    let run = Run::new(&finished.attestation, secrets, &mut finished.store)?;
    let statement = statement(&run, &args.account, args.setup.as_deref(), progress)?;
    let rules = Rules::parse(&finished.attestation.rules)?;
    let json = serde_json::to_value(&statement)?;
    Ok(Report { text: lines(&statement, &rules), json, holds: true })
}

/// One holder's statement; its page is opened with the setup if it is not opened yet.
fn statement(
    run: &Run<'_>,
    account: &str,
    setup: Option<&Path>,
    progress: &Shown,
) -> Result<Statement> {
    let setup = setup.map(|path| files::read_setup(path, progress)).transpose()?;
    progress.begin("opening the page", 1);
    Ok(run.statement(account, setup.as_ref())?)
}
