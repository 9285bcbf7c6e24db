//! `pacioli replay`: the private book of a finished run under other rules, scenarios or prices.

use std::fmt::Write;

use anyhow::{Context, Result, anyhow};
use pacioli_attestation::Attestation;
use pacioli_prover::{BookError, RunStore, Strictness};
use pacioli_risk::replay::{Otherwise, ReplayError, Replayed, replay};
use pacioli_rules::Amount;
use serde_json::{Value, json};

use super::{
    files,
    left_out::{left_out_amounts, left_out_counts},
    report::{failing, some},
    run::{ATTESTATION, open_store},
    stress::scenarios_of,
};
use crate::{
    args::ReplayArgs,
    format::{Toward, brief, brief_signed, grouped, plural, ratio, sentence},
    output::Report,
    shown::shown,
    table::{folded, paragraph},
};

/// What a replay is not; printed under it.
const LIMITS: &str = "Nothing is proved: the book is the venue's private one, and every figure its word (W). \
                      They are those that a proof of the same book would say. What the run left out or \
                      rounded stays so and counts here too, prices move at once, and nobody is \
                      liquidated on the way.";

/// Runs the command.
pub fn run(args: &ReplayArgs) -> Result<Report> {
    let attestation = files::read_attestation(&args.run.join(ATTESTATION))?;
    let store: RunStore = open_store(&args.run)?;
    let all = args.set.iter().any(|set| set == "all");
    let asked = |name: &str| all || args.set.iter().any(|set| set == name);
    let rules = args.rules.as_deref().map(files::read_rules).transpose()?;
    let otherwise = Otherwise {
        rules,
        scenarios: scenarios_of(asked, args.scenarios.as_deref())?,
        prices: args.prices.as_deref().map(files::read_prices).transpose()?,
        reserves: args.reserves.as_deref().map(files::read_reserves).transpose()?,
        strictness: Strictness { round: args.round, leave_out: args.leave_out.clone() },
    };
    let book = args.run.display().to_string();
    let replayed = replay(&attestation, &store, otherwise).map_err(|error| match error {
        ReplayError::Book(BookError::Input(error)) => files::book_input(error, &book),
        ReplayError::Book(BookError::Rules(error)) => anyhow!(error).context("the rules"),
        ReplayError::Add(error) => anyhow!(error).context("the scenarios"),
        error => anyhow!(error).context(book.clone()),
    })?;
    let text = text(&attestation, &replayed).context("a string takes all")?;
    let holds = replayed.clauses.iter().all(|clause| clause.holds);
    Ok(Report { text, json: document(&attestation, &replayed), holds })
}

/// The verdict, in one line.
fn verdict(replayed: &Replayed) -> String {
    let clauses = &replayed.clauses;
    let fails = failing(clauses);
    if fails.is_empty() {
        let but = if replayed.left_out.is_empty() { "" } else { ", with holdings left out" };
        let count = clauses.len();
        return format!("REPLAYED, NOT PROVED: all {count} clauses of the policy hold{but}");
    }
    let fails = some(&fails, clauses.len(), "of the policy");
    format!("DOES NOT HOLD: replayed, not proved: {fails}")
}

fn text(attestation: &Attestation, replayed: &Replayed) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let t = &mut text;
    writeln!(t, "{}", verdict(replayed))?;
    paragraph(t, "  ", LIMITS)?;
    let header = &attestation.header;
    let (number, as_of, digest) = (header.sequence, header.as_of, attestation.digest());
    writeln!(t)?;
    let text_of = format!("sequence number {number} of {as_of}, {}", shown(&header.venue));
    paragraph(t, "  the book of  ", &format!("{text_of}, {digest}"))?;
    if !replayed.added.is_empty() {
        paragraph(t, "  added        ", &replayed.added.join(", "))?;
    }
    if !replayed.idle.is_empty() {
        let idle = replayed.idle.join(", ");
        paragraph(t, "  not added    ", &format!("{idle}: they move nothing that others do not"))?;
    }
    if !replayed.ignored.is_empty() {
        let ignored =
            format!("moves of {}, which the rules do not have", replayed.ignored.join(", "));
        paragraph(t, "  ignored      ", &ignored)?;
    }
    disclosed(t, replayed)?;
    writeln!(t, "\nin {}, all of it W", replayed.compiled.quote)?;
    let rows = replayed.figures.scenarios.iter().map(|own| {
        let backed = replayed.backing.iter().find(|one| one.scenario == own.name);
        let stated = backed.filter(|_| replayed.has_reserves);
        let or = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        [
            own.name.clone(),
            brief(&own.owed, Toward::More),
            or(stated.map(|one| brief(&one.reserves, Toward::Less))),
            or(stated.and_then(|one| one.coverage.as_ref()).map(ratio)),
            brief(&own.bad_debt, Toward::More),
            own.accounts_with_shortfall.to_string(),
            or(backed.and_then(|one| one.fund.as_ref()).map(brief_signed)),
        ]
    });
    let head =
        ["scenario", "owed", "reserves", "coverage", "bad debt", "accounts with shortfall", "fund"];
    folded(t, &head, &rows.collect::<Vec<_>>())?;
    let assets = replayed.figures.assets.iter();
    let grouped = |amount: &Amount| sentence(&amount.to_string());
    let rows = assets.map(|one| [one.name.clone(), grouped(&one.deposits), grouped(&one.borrows)]);
    writeln!(t)?;
    folded(t, &["asset", "deposits", "borrows"], &rows.collect::<Vec<_>>())?;
    writeln!(t, "\nthe policy, on this book")?;
    for clause in &replayed.clauses {
        let outcome = if clause.holds { "holds" } else { "DOES NOT HOLD" };
        let text = format!("{}: {}", clause.name, sentence(&clause.detail));
        paragraph(t, &format!("  {outcome:<13}  "), &shown(&text))?;
    }
    Ok(text)
}

/// What is not in the book, or not exactly.
fn disclosed(t: &mut String, replayed: &Replayed) -> std::fmt::Result {
    if !replayed.left_out.is_empty() {
        let counts = left_out_counts(replayed.accounts_left_out, &replayed.left_out);
        writeln!(t, "  left out     {counts}")?;
        t.push_str(&left_out_amounts(&replayed.left_out));
    }
    let rounding = &replayed.rounding;
    if rounding.lines > 0 {
        let (lines, bound) = (plural(rounding.lines, "line"), grouped(&rounding.bound));
        let quote = &replayed.compiled.quote;
        writeln!(t, "  rounded      {lines}, by less than {bound} {quote} together")?;
    }
    Ok(())
}

fn document(attestation: &Attestation, replayed: &Replayed) -> Value {
    let header = &attestation.header;
    json!({
        "holds": replayed.clauses.iter().all(|clause| clause.holds),
        "verdict": verdict(replayed),
        "proved": false,
        "by": "W",
        "run": {
            "venue": header.venue,
            "sequence": header.sequence,
            "as_of": header.as_of.to_string(),
            "digest": attestation.digest(),
        },
        "rules_digest": pacioli_attestation::Digest::of(replayed.rules.text().as_bytes()),
        "added": replayed.added,
        "not_added": replayed.idle,
        "moves_ignored": replayed.ignored,
        "accounts_left_out": replayed.accounts_left_out,
        "left_out": replayed.left_out,
        "rounding": replayed.rounding,
        "quote": replayed.compiled.quote,
        "figures": replayed.figures,
        "backing": replayed.has_reserves.then_some(&replayed.backing),
        "policy": replayed.clauses,
        "limits": LIMITS,
    })
}
