//! `pacioli rules calibrate`: weights and margins proposed from price history.

use std::fmt::Write;

use anyhow::{Context, Result, anyhow, ensure};
use pacioli_attestation::Progress;
use pacioli_prover::Strictness;
use pacioli_risk::calibrate::{BookEffect, History, Proposal, Settings, effect, propose};
use pacioli_rules::{
    Amount, Rules, compile,
    diff::{Change, Effect, diff},
};
use serde_json::json;

use super::super::{book::BookSource, files};
use crate::{
    args::CalibrateArgs,
    format::{cents_up, counted, grouped},
    output::Report,
    progress::Shown,
    shown::shown,
    table::table,
};

/// Runs the command.
pub fn run(args: &CalibrateArgs, progress: &Shown) -> Result<Report> {
    // A proposal takes the place of nothing, least of all of the rules it is about.
    ensure!(!args.out.exists(), "{} is there already", args.out.display());
    let text = files::read_rules_text(&args.rules)?;
    let rules = Rules::parse(&text).with_context(|| args.rules.display().to_string())?;
    progress.begin("reading the price history", 1);
    let mut history = History::default();
    for path in &args.history {
        let file = path.display().to_string();
        let more = History::parse(&files::read(path)?, &file)?;
        history.join(more).with_context(|| file)?;
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
        "last": proposal.last.to_string(),
        "measured": proposal.measured,
        "items": proposal.items,
        "kept": proposal.kept,
        "changes": changes,
        "book": effects,
    });
    let text = words(&out, &rules, &proposal, &changes, effects.as_ref());
    Ok(Report { text: text.expect("a string takes all"), json, holds: true })
}

/// The proposal's effect on the book, if one was given.
fn on_the_book(
    args: &CalibrateArgs,
    rules: &Rules,
    proposal: &Proposal,
    progress: &Shown,
) -> Result<Option<BookEffect>> {
    let (Some(book), Some(prices)) = (&args.snapshot, &args.prices) else { return Ok(None) };
    let prices = files::read_prices(prices)?;
    let compiled = |rules: &Rules, file: &std::path::Path| {
        compile(&rules.without_cover(), &prices)
            .map_err(|error| anyhow!(error).context(file.display().to_string()))
    };
    let [old, new] = [compiled(rules, &args.rules)?, compiled(&proposal.rules, &args.out)?];
    let source = BookSource {
        snapshot: book,
        query: args.query.as_deref(),
        classes: args.classes.as_deref(),
    };
    let (snapshot, _) = source.read(progress)?;
    progress.begin("balancing the accounts, twice", 1);
    for rules in [rules, &proposal.rules] {
        rules.check_all_left_out(&args.leave_out, &prices).context(files::LEAVE_OUT)?;
    }
    let strictness = Strictness { round: args.round, leave_out: args.leave_out.clone() };
    let effects = effect([&old, &new], proposal, &snapshot, &strictness);
    let effects =
        effects.map_err(|error| files::in_the_book(error.under(rules, &prices), &source.name()));
    Ok(Some(effects?))
}

fn words(
    out: &str,
    rules: &Rules,
    proposal: &Proposal,
    changes: &[Change],
    effects: Option<&BookEffect>,
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let t = &mut text;
    writeln!(
        t,
        "{out}\n  A PROPOSAL from price history to {}. Nothing is changed by it.",
        proposal.last
    )?;
    let earlier = proposal.measured.iter().filter(|(_, one)| one.last < proposal.last);
    let earlier: Vec<_> =
        earlier.map(|(asset, one)| format!("{} on {}", shown(asset), one.last)).collect();
    if !earlier.is_empty() {
        writeln!(t, "  Not all of it goes that far; it ends for {}.", earlier.join(", "))?;
    }
    let count = |effect| changes.iter().filter(|change| change.effect == effect).count();
    let [stricter, looser] = [Effect::Stricter, Effect::Looser].map(count);
    writeln!(t, "  Beside the rules in force {stricter} changes are stricter, {looser} looser.\n")?;
    let rows = proposal.items.iter().flat_map(|item| {
        item.figures.iter().map(|figure| {
            let old = figure.old.map_or_else(|| "-".to_owned(), |old| old.to_string());
            let from = match figure.from.mantissa() {
                0 => String::new(),
                _ if figure.in_value => format!(" above {} {}", figure.from, rules.quote),
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
    reasons.iter().try_for_each(|reason| writeln!(t, "  - {}", shown(reason)))?;
    if !proposal.kept.is_empty() {
        writeln!(t, "\nnothing proposed for")?;
        for kept in &proposal.kept {
            writeln!(t, "  - {}: {}", shown(&kept.key), shown(kept.why))?;
        }
    }
    if let Some(effects) = effects {
        on_the_book_in_words(t, &rules.quote, effects)?;
    }
    Ok(text)
}

fn on_the_book_in_words(t: &mut String, quote: &str, effects: &BookEffect) -> std::fmt::Result {
    writeln!(t, "\non the book, in {quote}, old -> proposed")?;
    let rows = effects.margins.iter().map(|effect| {
        let below =
            |side: usize| counted(effect.accounts_below[side], effect.own_accounts_below[side]);
        let both = |[old, new]: &[Amount; 2]| format!("{} -> {}", cents_up(old), cents_up(new));
        [
            effect.scenario.clone(),
            format!("{} -> {}", below(0), below(1)),
            effect.newly_below.to_string(),
            both(&effect.required),
            both(&effect.shortfalls),
        ]
    });
    let head = ["margin", "accounts below", "newly", "required", "shortfall"];
    table(t, &head, &rows.collect::<Vec<_>>())?;
    if effects.margins.iter().any(|effect| effect.own_accounts_below != [0, 0]) {
        writeln!(t, "  after a +: the venue's own accounts, which no other column counts")?;
    }
    if effects.liquidity.is_empty() {
        return Ok(());
    }
    writeln!(t, "\ndays to close what customers hold, at the volume of the history")?;
    let rows = effects.liquidity.iter().map(|side| {
        [
            side.held.clone(),
            brief(&side.a_day),
            brief(&side.largest),
            side.largest_days.to_string(),
            brief(&side.total),
            side.total_days.to_string(),
            side.measured_to.as_ref().map_or_else(|| "-".to_owned(), brief),
        ]
    });
    let head = ["held", "a day takes", "largest", "days", "in all", "days", "measured to"];
    table(t, &head, &rows.collect::<Vec<_>>())?;
    for side in effects.liquidity.iter().filter(|side| side.past_measure) {
        let held = &side.held;
        writeln!(t, "  {held}: the largest is past the size that the proposal is measured to")?;
    }
    Ok(())
}

/// An amount with at most two decimals, if it is 1 or more.
fn brief(amount: &Amount) -> String {
    let text = grouped(amount);
    match text.split_once('.') {
        Some((whole, fraction)) if whole != "0" => {
            format!("{whole}.{}", &fraction[..fraction.len().min(2)])
        }
        _ => text,
    }
}
