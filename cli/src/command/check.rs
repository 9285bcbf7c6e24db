//! `pacioli check`: an account holder checks their statement, or an auditor many.

mod several;

use std::fmt::Write;

use anyhow::{Context, Result};
use jiff::Timestamp;
use pacioli_attestation::{
    Verified, check_not_in_future,
    setup::Origin,
    statement::{self, CheckedStatement, Statement},
};
use serde_json::json;

use super::{
    files,
    key_source::verify_bytes,
    lines::lines,
    report::{Setup, failing, some, warning},
};
use crate::{
    args::CheckArgs,
    format::grouped,
    outcome::Refused,
    output::Report,
    progress::Shown,
    shown::shown,
    table::{aligned, paragraph},
};

/// What only the holder can check; printed under every checked statement.
const FOR_YOU: [&str; 3] = [
    "whether these are all your positions, none missing and none extra: compare them with your own \
     records of that time",
    "whether the id is yours and nobody else's",
    "whether the prices were right and the reserves exist: `pacioli verify` prints each of them",
];

/// Runs the command.
pub fn run(args: &CheckArgs, progress: &Shown) -> Result<Report> {
    let [file] = args.statements.as_slice() else { return several::run(args, progress) };
    if file.is_dir() {
        return several::run(args, progress);
    }
    let read = files::read(file)?;
    let statement = Statement::parse(&read).with_context(|| file.display().to_string())?;
    let verified = accepted(args, progress)?;
    let checked = statement::check(&statement, &verified, args.id.as_deref())?;
    Ok(report(&statement, &checked, &verified))
}

/// The attestation, verified, and of no time to come.
fn accepted(args: &CheckArgs, progress: &Shown) -> Result<Verified> {
    let now = args.now.as_deref().map(files::time).transpose()?.unwrap_or_else(Timestamp::now);
    let bytes = files::read(&args.attestation)?;
    let verified = verify_bytes(&bytes, &args.key, progress)?;
    check_not_in_future(&verified.attestation, now).map_err(|error| Refused(error.to_string()))?;
    Ok(verified)
}

/// The report on a statement that was checked and holds.
pub fn report(statement: &Statement, checked: &CheckedStatement, verified: &Verified) -> Report {
    Report {
        text: text(statement, checked, verified).expect("a string takes all"),
        json: json(statement, checked, verified),
        holds: true,
    }
}

/// The first line: a venue that breaks its own policy is not called sound, whoever is in its book.
fn verdict(counted: &str, verified: &Verified) -> String {
    let word = match verified.origin() {
        Origin::Insecure => "IN THE BOOK, UNDER AN INSECURE SETUP",
        Origin::Unknown => "IN THE BOOK IF NOBODY KNOWS THE SETUP'S SECRET",
        Origin::Ceremony(_) | Origin::Vouched(_) => "IN THE BOOK",
    };
    let (all, failing) = (verified.clauses.len(), failing(&verified.clauses));
    if all == 0 {
        return format!("{word}, but the venue's own policy has NO CLAUSE: {counted}");
    }
    if failing.is_empty() {
        let s = if all == 1 { "" } else { "s" };
        return format!("{word}: {counted}; the venue keeps its own policy ({all} clause{s})");
    }
    let fails = some(&failing, all, "of it");
    format!("{word}, but the venue DOES NOT KEEP its own policy ({fails}): {counted}")
}

/// What the verdict is about.
fn counted(statement: &Statement) -> String {
    format!("the lines of {} are counted, and they add up", shown(&statement.account))
}

fn text(
    statement: &Statement,
    checked: &CheckedStatement,
    verified: &Verified,
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let t = &mut text;
    writeln!(t, "{}", verdict(&counted(statement), verified))?;
    if let Some(warning) = warning(verified.origin()) {
        paragraph(t, "  ", warning)?;
    }
    writeln!(t, "  you are booked as: {}", checked.class)?;
    let header = &verified.attestation.header;
    paragraph(t, "  by ", &format!("{}, as of {} (W)", shown(&header.venue), header.as_of))?;
    t.push_str(&lines(statement, &verified.rules));
    writeln!(t)?;
    let rows = checked.balances.iter().map(|balance| {
        let [equity, shortfall] = [&balance.equity, &balance.shortfall].map(grouped);
        vec![balance.scenario.clone(), equity, shortfall]
    });
    aligned(t, &["scenario", "equity", "shortfall"], &rows.collect::<Vec<_>>())?;
    writeln!(t, "\nchecked")?;
    writeln!(t, "  - the attestation {} and its proofs", verified.digest)?;
    writeln!(t, "  - that these lines, under this id, are among those that its totals count")?;
    writeln!(t, "  - that they balance in every scenario under the published rules and prices")?;
    writeln!(t, "\nfor you to check")?;
    FOR_YOU.iter().try_for_each(|one| writeln!(t, "  - {one}"))?;
    Ok(text)
}

fn json(
    statement: &Statement,
    checked: &CheckedStatement,
    verified: &Verified,
) -> serde_json::Value {
    let balances = checked.balances.iter().map(|balance| {
        json!({
            "scenario": balance.scenario,
            "equity": balance.equity,
            "shortfall": balance.shortfall,
        })
    });
    json!({
        "in_the_book": true,
        "policy_holds": verified.holds(),
        "policy": verified.clauses,
        "verdict": verdict(&counted(statement), verified),
        "setup": Setup::of(verified).json(),
        "attestation": verified.digest,
        "account": statement.account,
        "class": checked.class,
        "lines": statement.lines,
        "balances": balances.collect::<Vec<_>>(),
        "for_you_to_check": FOR_YOU,
    })
}
