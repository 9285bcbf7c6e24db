//! `pacioli check`: an account holder checks their statement.

use std::fmt::Write;

use anyhow::{Context, Result};
use pacioli_prover::{
    attestation::Verified,
    setup::Origin,
    statement::{self, CheckedStatement, Statement},
};
use serde_json::json;

use super::{files, key_source::verify_bytes, lines::lines, report::table};
use crate::{args::CheckArgs, output::Report, progress::Shown};

/// What only the holder can do, said under every checked statement.
const FOR_YOU: [&str; 3] = [
    "whether these are all your positions, none missing and none extra: compare them with your own \
     records of that time",
    "whether the id is yours and nobody else's",
    "whether the prices were right and the reserves are there: `pacioli verify` prints them",
];

/// Runs the command.
pub fn run(args: &CheckArgs, progress: &Shown) -> Result<Report> {
    let bytes = files::read(&args.attestation)?;
    let statement = Statement::parse(&files::read(&args.statement)?)
        .with_context(|| args.statement.display().to_string())?;
    let verified = verify_bytes(&bytes, &args.key, progress)?;
    let checked = statement::check(&statement, &verified, args.id.as_deref())?;
    Ok(report(&statement, &checked, &verified))
}

/// The report on a statement that was checked and holds.
pub fn report(statement: &Statement, checked: &CheckedStatement, verified: &Verified) -> Report {
    Report {
        text: text(statement, checked, verified).expect("a string takes all"),
        json: json(statement, checked, verified),
        holds: true,
    }
}

fn text(
    statement: &Statement,
    checked: &CheckedStatement,
    verified: &Verified,
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let t = &mut text;
    let account = statement.account.escape_debug();
    writeln!(t, "IN THE BOOK: the lines of {account} are counted, and they add up")?;
    if verified.origin() == Origin::Insecure {
        writeln!(t, "  THE SETUP IS INSECURE: everyone can forge this. For tests only.")?;
    }
    writeln!(t, "  you are booked as: {}", checked.class)?;
    t.push_str(&lines(statement, &verified.rules));
    writeln!(t)?;
    let rows = checked.balances.iter().map(|balance| {
        let [equity, shortfall] = [&balance.equity, &balance.shortfall].map(ToString::to_string);
        [balance.scenario.clone(), equity, shortfall]
    });
    table(t, &["scenario", "equity", "shortfall"], &rows.collect::<Vec<_>>())?;
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
        "holds": true,
        "insecure_setup": verified.origin() == Origin::Insecure,
        "attestation": verified.digest,
        "account": statement.account,
        "class": checked.class,
        "lines": statement.lines,
        "balances": balances.collect::<Vec<_>>(),
        "for_you_to_check": FOR_YOU,
    })
}
