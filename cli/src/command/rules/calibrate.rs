//! `pacioli rules calibrate`: haircuts and margins proposed from price history.

use std::fmt::Write;

use anyhow::{Context, Result, anyhow, ensure};
use pacioli_prover::{
    calibrate::{History, MarginEffect, Proposal, Settings, effect, propose},
    progress::Progress,
    rules::{Rules, compile},
    rules_diff::{Change, Effect, diff},
    snapshot,
};
use serde_json::json;

use super::super::{
    files,
    report::{grouped, table},
};
use crate::{args::CalibrateArgs, output::Report, progress::Shown};

/// Runs the command.
pub fn run(args: &CalibrateArgs, progress: &Shown) -> Result<Report> {
    // A proposal takes the place of nothing, least of all of the rules it is about.
    ensure!(!args.out.exists(), "{} is there already", args.out.display());
    let text = files::read_text(&args.rules)?;
    let rules = Rules::parse(&text).with_context(|| args.rules.display().to_string())?;
    progress.begin("reading the price history", 1);
    let mut history = History::default();
    for path in &args.history {
        let file = path.display().to_string();
        history.join(History::parse(&files::read(path)?, &file)?)?;
    }
    let settings = Settings {
        horizon: args.horizon,
        initial_horizon: args.initial_horizon,
        window: args.window,
        lambda: args.lambda,
        participation: args.participation,
    };
    let proposal = propose(&text, &history, &settings)?;
    let effects = on_the_book(args, &rules, &proposal, progress)?;
    let changes = diff(&rules, &proposal.rules);
    files::write(&args.out, proposal.text.as_bytes())?;
    let out = args.out.display().to_string();
    let json = json!({
        "proposal": out,
        "items": proposal.items,
        "kept": proposal.kept,
        "changes": changes,
        "book": effects,
    });
    let text = words(&out, &rules, &proposal, &changes, effects.as_deref());
    Ok(Report { text: text.expect("a string takes all"), json, holds: true })
}

/// What the proposal does to the book, where one was given.
fn on_the_book(
    args: &CalibrateArgs,
    rules: &Rules,
    proposal: &Proposal,
    progress: &Shown,
) -> Result<Option<Vec<MarginEffect>>> {
    let (Some(book), Some(prices)) = (&args.snapshot, &args.prices) else { return Ok(None) };
    let prices = files::read_prices(prices)?;
    let compiled = |rules: &Rules, file: &std::path::Path| {
        compile(rules, &prices).map_err(|error| anyhow!(error).context(file.display().to_string()))
    };
    let [old, new] = [compiled(rules, &args.rules)?, compiled(&proposal.rules, &args.out)?];
    progress.begin("reading the snapshot", 1);
    let snapshot = snapshot::read(book)?;
    progress.begin("balancing the accounts, twice", 1);
    let effects = effect([&old, &new], &snapshot, args.round, args.exclude_unpriced);
    Ok(Some(effects.with_context(|| book.display().to_string())?))
}

fn words(
    out: &str,
    rules: &Rules,
    proposal: &Proposal,
    changes: &[Change],
    effects: Option<&[MarginEffect]>,
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let t = &mut text;
    writeln!(
        t,
        "{out}\n  A PROPOSAL from price history to {}. Nothing is changed by it.",
        proposal.last
    )?;
    let count = |effect| changes.iter().filter(|change| change.effect == effect).count();
    let [stricter, looser] = [Effect::Stricter, Effect::Looser].map(count);
    writeln!(t, "  Beside the rules in force {stricter} changes are stricter, {looser} looser.\n")?;
    let rows = proposal.items.iter().flat_map(|item| {
        item.figures.iter().map(|figure| {
            let old = figure.old.map_or_else(|| "-".to_owned(), |old| old.to_string());
            let from = match figure.from.mantissa() {
                0 => String::new(),
                _ => format!(" above {}", figure.from),
            };
            let subject = format!("{}{from}", item.subject);
            [subject, figure.margin.to_owned(), old, figure.new.to_string()]
        })
    });
    table(t, &["figure", "margin", "old", "proposed"], &rows.collect::<Vec<_>>())?;
    writeln!(t, "\nwhy")?;
    let mut reasons: Vec<&str> = Vec::new();
    for reason in proposal.items.iter().flat_map(|item| &item.reasons) {
        if !reasons.contains(&reason.as_str()) {
            reasons.push(reason);
        }
    }
    reasons.iter().try_for_each(|reason| writeln!(t, "  - {reason}"))?;
    if !proposal.kept.is_empty() {
        writeln!(t, "\nnothing proposed for")?;
        proposal.kept.iter().try_for_each(|kept| writeln!(t, "  - {}: {}", kept.key, kept.why))?;
    }
    let Some(effects) = effects else { return Ok(text) };
    writeln!(t, "\non the book, in {}", rules.quote)?;
    let rows = effects.iter().map(|effect| {
        let ([old, new], [lacked, lacking]) = (&effect.accounts_below, &effect.lacking);
        let newly = effect.newly_below.to_string();
        let [old, new] = [old, new].map(ToString::to_string);
        [effect.scenario.clone(), old, new, newly, grouped(lacked), grouped(lacking)]
    });
    let head = ["margin", "accounts below, old", "proposed", "newly", "lacking, old", "proposed"];
    table(t, &head, &rows.collect::<Vec<_>>())?;
    Ok(text)
}
