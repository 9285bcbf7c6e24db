//! Every price, and a second source beside it where there is one.

use super::Section;
use crate::{
    format::{grouped, sentence},
    parts::{Cell, R, Table, W},
    second::percent,
    shown::shown,
    subject::Subject,
};

/// The section.
pub(crate) fn prices(subject: &Subject<'_>) -> Section {
    let prices = &subject.findings.attestation.prices;
    let differences = subject.second.as_ref().map(|second| second.differences(subject.findings));
    let rows = prices.prices.iter().map(|(name, price)| {
        let mut row = vec![Cell::new(name), Cell::number(sentence(&price.to_string()), W)];
        let Some(differences) = &differences else { return row };
        let second = subject.second.as_ref().and_then(|second| second.prices.prices.get(name));
        let second = second.map_or_else(|| "none".to_owned(), |one| sentence(&one.to_string()));
        let own = differences.iter().find(|one| one.name == *name);
        let apart = match own.map(|one| &one.basis_points) {
            Some(Some(points)) => percent(points),
            Some(None) => "from nothing".to_owned(),
            None => "not compared".to_owned(),
        };
        row.extend([Cell::number(second, None), Cell::number(apart, R)]);
        row
    });
    let mut head = vec!["asset or market", "price#"];
    if differences.is_some() {
        head.extend(["second source#", "difference#"]);
    }
    let source = prices.source.as_deref().unwrap_or("not stated");
    let mut notes = vec![
        format!(
            "In {}, at {}. Method, in the venue’s words: {}",
            prices.quote,
            prices.as_of,
            shown(&prices.method)
        ),
        format!("Source, in the venue’s words: {}", shown(source)),
    ];
    notes.push(match &subject.second {
        Some(second) if second.prices.quote != prices.quote => format!(
            "The second source, {}, is in {} and was not compared.",
            shown(&second.name),
            second.prices.quote
        ),
        Some(second) => format!(
            "Second source: {}, of {}; method: {}",
            shown(&second.name),
            second.prices.as_of,
            shown(&second.prices.method)
        ),
        None => "Nothing was compared: give a second source with --second-prices.".to_owned(),
    });
    let mut list: Vec<String> = prices
        .refused
        .iter()
        .map(|(asset, why)| shown(&format!("no price of {asset}: {why}")).into_owned())
        .collect();
    for (underlying, surface) in &prices.vols {
        let strikes: usize = surface.expiries.values().map(|smile| smile.strikes.len()).sum();
        list.push(format!(
            "volatilities of {}: {} strikes in {} expiries, which `pacioli verify --json` lists (W)",
            shown(underlying),
            grouped(&pacioli_rules::Amount::new(strikes as u64, 0)),
            surface.expiries.len()
        ));
    }
    for (asset, stated) in &prices.volatilities {
        for one in stated {
            let text = format!("volatility of {asset}: {}, {one}, {} (W)", one.annual, one.as_of);
            list.push(shown(&text).into_owned());
        }
    }
    Section {
        id: "prices",
        title: "Prices".to_owned(),
        notes,
        tables: vec![Table::new("Every price", &head, rows.collect())],
        list,
        ..Section::default()
    }
}
