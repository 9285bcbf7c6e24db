//! `pacioli statements export`: one statement to a file, or many to a folder.
//!
//! A statement is the same whenever it is made: its nonce and its opening are those of the proof. So
//! what is exported twice is the same bytes, or, encrypted to a key, shares nothing that can be seen.

use std::{collections::BTreeSet, io::Read, path::Path};

use anyhow::{Context, Result, bail};
use pacioli_attestation::{Progress, statement::Statement};
use pacioli_prover::{RunSecrets, statements::Run};
use serde_json::json;

use super::{
    super::{files, run::FinishedRun},
    folder::{Exported, Folder, INDEX},
    open_all,
    recipients::Recipients,
    statement,
};
use crate::{
    args::{ExportArgs, WhoseArgs},
    output::Report,
    progress::Shown,
};

/// Runs the command.
pub fn run(args: &ExportArgs, progress: &Shown) -> Result<Report> {
    let recipients = args.recipients.as_deref().map(Recipients::read).transpose()?;
    let WhoseArgs { account, accounts, all: _ } = &args.whose;
    let listed = accounts.as_deref().map(listed).transpose()?;
    let mut finished = FinishedRun::open(&args.run)?;
    let secrets = RunSecrets { secret: &finished.secret, salt: &finished.salt };
    let mut run = Run::new(&finished.attestation, secrets, &mut finished.store)?;
    if let Some(account) = account {
        let statement = statement(&run, account, args.setup.as_deref(), progress)?;
        return one(&statement, &args.out, recipients.as_ref());
    }
    let all: BTreeSet<String> = run.ids()?.into_iter().collect();
    let chosen = match listed {
        Some(listed) => known(listed, &all)?,
        None => all,
    };
    if let Some(recipients) = &recipients {
        recipients.require_all(&chosen)?;
    }
    if let Some(setup) = &args.setup {
        open_all(&mut run, setup, progress)?;
    }
    let mut folder = Folder::open(&args.out, finished.attestation.digest())?;
    progress.begin("writing statements", chosen.len() as u64);
    let mut done = 0;
    run.each(
        |id| chosen.contains(id),
        |statement| -> Result<()> {
            let recipient =
                recipients.as_ref().map(|all| all.of(&statement.account)).transpose()?;
            folder.put(&statement, recipient)?;
            done += 1;
            progress.reach(done);
            Ok(())
        },
    )?;
    report(&folder.finish()?, &args.out)
}

/// One statement to a file.
fn one(statement: &Statement, out: &Path, recipients: Option<&Recipients>) -> Result<Report> {
    let account = &statement.account;
    let recipient = recipients.map(|all| all.of(account)).transpose()?;
    let bytes = statement.to_bytes();
    match recipient {
        Some(recipient) => files::write_private(out, &recipient.seal(&bytes)?)?,
        None => files::write_private(out, &bytes)?,
    }
    let path = out.display().to_string();
    let text = format!("{path}\n  account  {}\n", account.escape_debug());
    Ok(Report { text, json: json!({ "file": path, "account": account }), holds: true })
}

/// The ids of a list, one a line, from a file or from standard input.
fn listed(path: &Path) -> Result<BTreeSet<String>> {
    let text = if path.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
        text
    } else {
        files::read_text(path)?
    };
    let ids: BTreeSet<String> =
        text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if ids.is_empty() {
        bail!("{} lists no account", path.display());
    }
    Ok(ids)
}

/// The listed ids, all of which the book has.
fn known(listed: BTreeSet<String>, all: &BTreeSet<String>) -> Result<BTreeSet<String>> {
    let mut unknown = listed.difference(all);
    let Some(first) = unknown.next() else { return Ok(listed) };
    let first = first.escape_debug();
    match unknown.count() {
        0 => bail!("there is no account `{first}` in the book"),
        more => bail!("there is no account `{first}` in the book, and none of {more} other ids"),
    }
}

fn report(exported: &Exported, out: &Path) -> Result<Report> {
    let Exported { attestation, written, kept, listed } = exported;
    let (path, s) = (out.display().to_string(), if *written == 1 { "" } else { "s" });
    let index = out.join(INDEX).display().to_string();
    let text = format!(
        "{path}\n  {written} statement{s} written, {kept} there already\n  whose each is: {index}\n"
    );
    let json = json!({
        "folder": path,
        "attestation": attestation,
        "written": written,
        "kept": kept,
        "listed": listed,
        "index": index,
    });
    Ok(Report { text, json, holds: true })
}
