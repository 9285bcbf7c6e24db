//! The figures by market, option, asset and class.

use std::{collections::BTreeMap, fmt::Write};

use pacioli_attestation::{AssetCoverage, Coverage, Findings, OptionFigures, Purpose, per_asset};
use pacioli_rules::{Amount, SignedAmount};
use serde_json::{Value, json};

use crate::{
    format::{self, grouped, grouped_signed, sentence},
    table::folded,
};

/// All of them, each where there is any.
pub fn text(t: &mut String, verified: &Findings) -> std::fmt::Result {
    contingencies(t, verified)?;
    markets(t, verified)?;
    options(t, verified)?;
    assets(t, verified)?;
    classes(t, verified)
}

fn contingencies(t: &mut String, verified: &Findings) -> std::fmt::Result {
    let contingencies = &verified.figures.contingencies;
    if contingencies.is_empty() {
        return Ok(());
    }
    writeln!(t)?;
    let rows = contingencies.iter().map(|contingency| {
        let required = grouped(&contingency.required);
        let accounts = contingency.accounts.map_or_else(|| "-".to_owned(), |one| one.to_string());
        [contingency.name.clone(), required, accounts]
    });
    folded(t, &["contingency", "at most P", "accounts P"], &rows.collect::<Vec<_>>())
}

fn markets(t: &mut String, verified: &Findings) -> std::fmt::Result {
    let (markets, stated) = (&verified.figures.markets, &verified.compiled.open_interest);
    if markets.is_empty() {
        return Ok(());
    }
    writeln!(t)?;
    // The open interest that the prices state, if they state any.
    let columns = if stated.is_empty() { 3 } else { 4 };
    let head = ["market", "long P", "short P", "stated open W"];
    let rows = markets.iter().map(|market| {
        let stated = stated
            .get(&market.name)
            .map_or_else(|| "-".to_owned(), |open| sentence(&open.to_string()));
        let mut row =
            vec![market.name.clone(), grouped(&market.long), grouped(&market.short), stated];
        row.truncate(columns);
        row
    });
    folded(t, &head[..columns], &rows.collect::<Vec<_>>())
}

fn options(t: &mut String, verified: &Findings) -> std::fmt::Result {
    let mut rows = Vec::new();
    for OptionFigures { underlying, long, short, net } in &verified.figures.options {
        for (side, exposure) in [("long", long), ("short", short), ("net", net)] {
            let gamma = exposure.gamma.as_ref();
            rows.push([
                format!("{underlying} {side}"),
                exposure.delta.to_string(),
                gamma.map_or_else(|| "without bound".to_owned(), SignedAmount::to_string),
                exposure.vega.to_string(),
            ]);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(t)?;
    folded(t, &["options on", "delta R", "gamma R", "vega R"], &rows)
}

/// Deposits, borrows and reserves of each asset. Reserves of assets
/// without a row are listed too: only those of the quote currency count.
fn assets(t: &mut String, verified: &Findings) -> std::fmt::Result {
    let is_held = |amount: &Amount| amount.units.bits() > 0;
    let coverage = coverage(verified);
    let ratio = |coverage: &Coverage| {
        coverage.ratio.as_ref().map_or_else(|| "nothing owed".to_owned(), format::ratio)
    };
    let mut rows = Vec::new();
    for asset in &verified.figures.assets {
        let own = coverage.iter().flatten().find(|own| own.asset == asset.name);
        let is_reserved = own.is_some_and(|own| is_held(&own.reserves));
        if !is_held(&asset.deposits) && !is_held(&asset.borrows) && !is_reserved {
            continue;
        }
        let mut row = vec![asset.name.clone(), grouped(&asset.deposits), grouped(&asset.borrows)];
        if let Some(own) = own {
            row.extend([grouped(&own.reserves), ratio(&own.without_credit)]);
            row.extend(own.with_credit.as_ref().map(&ratio));
        }
        rows.push(row);
    }
    let columns = rows.first().map_or(5, Vec::len);
    for (asset, amount) in outside_of_the_table(verified) {
        let counts = if asset == verified.compiled.quote { "counts as 1" } else { "no value here" };
        let mut row = [asset, "-".into(), "-".into(), grouped(&amount), counts.into()].to_vec();
        row.resize(columns, "-".to_owned());
        rows.push(row);
    }
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(t)?;
    let head = ["asset", "deposited P", "borrowed P", "reserves W", "coverage W", "with credit W"];
    folded(t, &head[..columns], &rows)?;
    let Some(credit) = &verified.figures.credit else { return Ok(()) };
    let quote = &verified.compiled.quote;
    writeln!(t, "  credited borrows of each asset count less {} {quote}:", grouped(&credit.taken))?;
    let (shortfalls, unmatched) = (grouped(&credit.shortfalls), grouped(&credit.unmatched));
    writeln!(
        t,
        "  the accounts' shortfalls are {shortfalls}, and gains of {unmatched} are not a loss of any account"
    )
}

/// The customers' reserves of assets without a row in the table, without what is pledged.
fn outside_of_the_table(verified: &Findings) -> BTreeMap<String, Amount> {
    let mut outside: BTreeMap<String, Amount> = BTreeMap::new();
    let entries = verified.attestation.reserves.iter().flat_map(|reserves| &reserves.reserves);
    let known = &verified.compiled.assets;
    let counted =
        entries.filter(|entry| entry.purpose == Purpose::Customers && !entry.is_pledged());
    for entry in counted {
        if !known.contains_key(&entry.asset) {
            outside.entry(entry.asset.clone()).or_default().add(&entry.amount);
        }
    }
    outside
}

/// The coverage of each asset, if reserves are stated.
fn coverage(verified: &Findings) -> Option<Vec<AssetCoverage>> {
    let reserves = verified.attestation.reserves.as_ref()?;
    Some(per_asset(&verified.figures, reserves))
}

/// The equity of each class of accounts, if there are others than customers.
fn classes(t: &mut String, verified: &Findings) -> std::fmt::Result {
    let classes = &verified.figures.classes;
    let Some(first) = classes.first() else { return Ok(()) };
    let scenarios = first.worth.iter().map(|worth| worth.scenario.as_str());
    let head: Vec<&str> = ["worth of the class R, in"].into_iter().chain(scenarios).collect();
    let rows = classes.iter().map(|class| {
        let worth = class.worth.iter().map(|one| grouped_signed(&one.worth));
        [class.class.to_string()].into_iter().chain(worth).collect()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    writeln!(t)?;
    folded(t, &head, &rows)
}

/// The figures with their letters, as the totals prove them.
pub fn json(verified: &Findings) -> Value {
    let mut figures = json!(verified.figures);
    for (name, list) in figures.as_object_mut().into_iter().flatten() {
        // Greeks follow from the publisher's volatilities, a class's worth from its labels.
        let by = if matches!(name.as_str(), "options" | "classes") { "R" } else { "P" };
        for one in list.as_array_mut().into_iter().flatten() {
            one["by"] = by.into();
        }
    }
    figures["by"] = "P".into();
    figures
}

/// The coverage of each asset, and reserves of assets without a row.
pub fn coverage_json(verified: &Findings) -> [Value; 2] {
    let Some(coverage) = coverage(verified) else { return [Value::Null, Value::Null] };
    let coverage = coverage.into_iter().map(|one| {
        let mut one = json!(one);
        one["by"] = "W".into();
        one
    });
    [coverage.collect(), json!(outside_of_the_table(verified))]
}
