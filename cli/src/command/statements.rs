//! `pacioli statements`: open a run's pages, and give holders their statements.

use anyhow::Result;
use pacioli_attestation::{Progress, statement::Statement};
use pacioli_prover::{RunSecrets, statements::Run};
use pacioli_rules::Rules;
use serde_json::json;

use super::{files, lines::lines, opener::opener, parts, run::FinishedRun};
use crate::{
    args::{BuildArgs, ExportArgs, StatementArgs, StatementsCommand},
    output::Report,
    progress::Shown,
};

/// Runs the command.
pub fn run(command: &StatementsCommand, progress: &Shown) -> Result<Report> {
    match command {
        StatementsCommand::Build(args) => build(args, progress),
        StatementsCommand::Show(args) => show(args, progress),
        StatementsCommand::Export(args) => export(args, progress),
    }
}

fn build(args: &BuildArgs, progress: &Shown) -> Result<Report> {
    let mut finished = FinishedRun::open(&args.run)?;
    let secrets = RunSecrets { secret: &finished.secret, salt: &finished.salt };
    let mut run = Run::new(&finished.attestation, secrets, &mut finished.store)?;
    let volumes = run.unopened()?.len();
    if volumes > 0 {
        let setup = files::read_setup(&args.setup, progress)?;
        match (&args.from, &args.private) {
            (Some(from), Some(private)) => {
                let attestation = &finished.attestation;
                parts::collect(&mut run, from, private, attestation, &setup, progress)?;
            }
            _ => {
                let opener = opener(&args.setup, &setup, run.pages(), progress)?;
                run.open_all(&setup, &opener, progress)?;
            }
        }
    }
    let accounts = finished.attestation.header.accounts;
    let text = format!("{accounts} statements can be given; {volumes} volumes were opened now\n");
    let json = json!({ "statements": accounts, "volumes_opened": volumes });
    Ok(Report { text, json, holds: true })
}

/// A holder's statement, and the rules that it is under.
fn statement(args: &StatementArgs, progress: &Shown) -> Result<(Statement, Rules)> {
    let mut finished = FinishedRun::open(&args.run)?;
    let secrets = RunSecrets { secret: &finished.secret, salt: &finished.salt };
    let run = Run::new(&finished.attestation, secrets, &mut finished.store)?;
    let setup = args.setup.as_deref().map(|path| files::read_setup(path, progress)).transpose()?;
    progress.begin("opening the page", 1);
    let statement = run.statement(&args.account, setup.as_ref())?;
    Ok((statement, Rules::parse(&finished.attestation.rules)?))
}

fn show(args: &StatementArgs, progress: &Shown) -> Result<Report> {
    let (statement, rules) = statement(args, progress)?;
    let json = serde_json::to_value(&statement)?;
    Ok(Report { text: lines(&statement, &rules), json, holds: true })
}

fn export(args: &ExportArgs, progress: &Shown) -> Result<Report> {
    let (statement, _) = statement(&args.statement, progress)?;
    files::write_private(&args.out, &statement.to_bytes())?;
    let (path, account) = (args.out.display().to_string(), &statement.account);
    let text = format!("{path}\n  account  {}\n", account.escape_debug());
    Ok(Report { text, json: json!({ "file": path, "account": account }), holds: true })
}
