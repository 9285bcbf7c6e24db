//! `pacioli rules`: check, compare and calibrate rules, and add scenarios to them.

mod add;
mod calibrate;

use std::fmt::Write;

use anyhow::{Result, anyhow};
use pacioli_attestation::Digest;
use pacioli_rules::{
    COVER, Compiled, CompiledRate, Kind, Role, Rules, compile,
    diff::{Effect, diff},
};
use serde_json::{Value, json};

use super::{files, lines::SLACK};
use crate::{
    args::{RulesCheckArgs, RulesCommand, RulesDiffArgs, RulesShowArgs},
    format::plural,
    output::Report,
    progress::Shown,
    shown::shown,
    table::table,
};

/// Runs the command.
pub fn run(command: &RulesCommand, progress: &Shown) -> Result<Report> {
    match command {
        RulesCommand::Check(args) => check(args),
        RulesCommand::Show(args) => show(args),
        RulesCommand::Diff(args) => compare(args),
        RulesCommand::Add(args) => add::run(args),
        RulesCommand::Calibrate(args) => calibrate::run(args, progress),
    }
}

/// The text of rules, byte by byte as an attestation would hold it.
fn show(args: &RulesShowArgs) -> Result<Report> {
    let rules = files::read_rules(&args.rules)?;
    let json = json!({
        "holds": true,
        "name": rules.name(),
        "source": rules.source(),
        "date": rules.date(),
        "exactness": rules.exactness(),
        "digest": Digest::of(rules.text().as_bytes()),
        "text": rules.text(),
    });
    Ok(Report { text: rules.text().to_owned(), json, holds: true })
}

fn check(args: &RulesCheckArgs) -> Result<Report> {
    let rules = files::read_rules(&args.rules)?;
    let scenarios = rules.scenarios.len();
    // A twin for each stress that the insurance fund is to meet, and `cover`.
    let in_table = match scenarios + rules.twins().len() + usize::from(rules.cover) {
        all if all == scenarios => String::new(),
        all => format!(", {all} in the table"),
    };
    let mut text = format!(
        "{}: {}, of {}, {}{in_table}\n",
        args.rules.display(),
        shown(rules.name()),
        rules.date(),
        plural(scenarios, "scenario")
    );
    let compiled = args.prices.as_deref().map(|path| {
        let prices = files::read_prices(path)?;
        compile(&rules, &prices)
            .map_err(|error| anyhow!(error).context(args.rules.display().to_string()))
    });
    let compiled = compiled.transpose()?;
    let rows = compiled.as_ref().map(|compiled| rows(&rules, compiled)).unwrap_or_default();
    if !rows.is_empty() {
        writeln!(
            text,
            "\n{}, values in 1e-{} {}",
            plural(rows.len(), "row"),
            rules.value_decimals,
            rules.quote
        )?;
        without_constraints(&mut text, &rules, &rows)?;
    }
    let rates = compiled.as_ref().map(|compiled| &compiled.rates[..]).unwrap_or_default();
    if !rates.is_empty() {
        the_days_rates(&mut text, rates)?;
    }
    let listed = rows.iter().map(|row| {
        json!({ "instrument": row[0], "decimals": row[1], "cap": row[2], "values": row[3..] })
    });
    let json = json!({
        "holds": true,
        "name": rules.name(),
        "date": rules.date(),
        "scenarios": scenario_names(&rules),
        "rows": compiled.is_some().then(|| listed.collect::<Vec<_>>()),
        "rates": compiled.is_some().then(|| rates.iter().map(rate_json).collect::<Vec<_>>()),
    });
    Ok(Report { text, json, holds: true })
}

/// The weights and margins that follow a volatility, at those of the prices.
fn the_days_rates(text: &mut String, rates: &[CompiledRate]) -> Result<()> {
    let follow = if rates.len() == 1 { "follows" } else { "follow" };
    writeln!(text, "\n{} that {follow} volatility", plural(rates.len(), "rate"))?;
    let rows: Vec<[String; 4]> = rates
        .iter()
        .map(|CompiledRate { key, name, asset, used, value, .. }| {
            let used = format!("{asset} {}, {used}, {}", used.annual, used.as_of);
            [key.clone(), name.clone(), value.to_string(), used]
        })
        .collect();
    table(text, &["rate", "of", "is", "volatility"], &rows)?;
    Ok(())
}

fn rate_json(
    CompiledRate { key, name, asset, rule: _, used, rate, value }: &CompiledRate,
) -> Value {
    json!({
        "key": key, "name": name, "asset": asset, "volatility": used, "rate": rate, "value": value
    })
}

/// The scenarios that rows have a value for: those of the rules, and `cover`.
fn scenario_names(rules: &Rules) -> Vec<&str> {
    let own = rules.scenarios.iter().map(|one| one.name.as_str());
    own.chain(rules.cover.then_some(COVER)).collect()
}

/// The table's rows, the empty slot left out.
fn rows(rules: &Rules, compiled: &Compiled) -> Vec<Vec<String>> {
    let rows = compiled.rows.iter().zip(compiled.table.instruments());
    let rows = rows.filter(|(row, _)| row.role != Role::Empty).map(|(row, instrument)| {
        let cap = instrument.cap.map_or_else(|| "-".to_owned(), |cap| cap.units().to_string());
        let own = instrument.values.iter().take(rules.scenarios.len());
        // What a plain or covered row is worth, which is nothing but in `cover`.
        let cover = compiled.cover_scenario().and_then(|cover| instrument.values.get(cover));
        let values = own.copied().chain(cover).map(|value| value.units().to_string());
        [row.name.clone(), row.decimals.to_string(), cap].into_iter().chain(values).collect()
    });
    rows.collect()
}

/// The rows as a table, but for constraints: portfolio margin has a hundred of them, and as many rows
/// that close them.
fn without_constraints(text: &mut String, rules: &Rules, rows: &[Vec<String>]) -> Result<()> {
    let own = rules.scenarios.iter().map(|s| (s.name.as_str(), s.kind != Kind::Constraint));
    let all: Vec<_> = own.chain(rules.cover.then_some((COVER, true))).collect();
    let names = all.iter().filter(|(_, shown)| *shown).map(|(name, _)| *name);
    let head = ["instrument", "decimals", "cap"].into_iter();
    let head: Vec<&str> = head.chain(names).collect();
    let closes = |row: &&Vec<String>| row[0].starts_with(SLACK);
    let shown = rows.iter().filter(|row| !closes(row)).map(|row| {
        let values = row[3..].iter().zip(&all).filter(|(_, (_, shown))| *shown);
        row[..3].iter().chain(values.map(|(value, _)| value)).cloned().collect()
    });
    table(text, &head, &shown.collect::<Vec<Vec<String>>>())?;
    let left_out = all.len() - (head.len() - 3);
    if left_out > 0 {
        writeln!(
            text,
            "  ({left_out} constraints and their slack are not shown; --json has them)"
        )?;
    }
    Ok(())
}

fn compare(args: &RulesDiffArgs) -> Result<Report> {
    let [before, after] = [files::read_rules(&args.before)?, files::read_rules(&args.after)?];
    let changes = diff(&before, &after);
    let count = |effect| changes.iter().filter(|change| change.effect == effect).count();
    let [stricter, looser, neither] =
        [Effect::Stricter, Effect::Looser, Effect::Neither].map(count);
    let mut text = if changes.is_empty() {
        "THE SAME: both rules mean the same\n".to_owned()
    } else {
        format!("DIFFERENT: {stricter} stricter, {looser} looser, {neither} neither\n\n")
    };
    for change in &changes {
        writeln!(text, "  - {}", shown(&change.to_string()))?;
    }
    let json = json!({
        "holds": changes.is_empty(),
        "stricter": stricter,
        "looser": looser,
        "neither": neither,
        "changes": changes,
    });
    Ok(Report { text, json, holds: changes.is_empty() })
}
