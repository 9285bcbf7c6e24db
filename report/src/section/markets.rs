//! Open interest of each market.

use pacioli_rules::Amount;

use super::{Section, scenarios::told};
use crate::{
    chart::{Row, Track, bars},
    format::grouped,
    parts::{Cell, Chart, Ink, P, Table, W},
    subject::Subject,
    worth::{drawn, short, worth_at_mark},
};

/// Markets that are drawn; the table has all.
const DRAWN: usize = 12;

/// The section; `None` without markets.
pub(crate) fn markets(subject: &Subject<'_>) -> Option<Section> {
    let (figures, compiled) = (&subject.findings.figures, &subject.findings.compiled);
    if figures.markets.is_empty() {
        return None;
    }
    let stated = |name: &str| compiled.open_interest.get(name).map(ToString::to_string);
    let rows = figures.markets.iter().map(|market| {
        let matched = market.long.units == market.short.units;
        let mut row = vec![
            Cell::new(&market.name),
            Cell::number(grouped(&market.long), P),
            Cell::number(grouped(&market.short), P),
            Cell::new(if matched { "matched" } else { "NOT MATCHED" }).tone(if matched {
                ""
            } else {
                "bad"
            }),
        ];
        if !compiled.open_interest.is_empty() {
            row.push(Cell::number(stated(&market.name).unwrap_or_else(|| "-".into()), W));
        }
        row
    });
    let mut head = vec!["market", "longs#", "shorts#", "longs against shorts"];
    if !compiled.open_interest.is_empty() {
        head.push("stated open interest#");
    }
    let table = Table::new("Open interest, in whole units", &head, rows.collect());
    let worth =
        |held: &Amount, rows| worth_at_mark(compiled, rows, held).as_ref().map_or(0.0, drawn);
    let mut drawn: Vec<Row> = Vec::new();
    let mut sizes = Vec::new();
    for market in &figures.markets {
        let Some(rows) = compiled.markets.get(&market.name) else { continue };
        let long = worth(&market.long, &rows.longs);
        let reach = long.max(worth(&market.short, &rows.shorts));
        let short_side = worth(&market.short, &rows.shorts);
        sizes.push(reach);
        drawn.push(Row {
            name: market.name.clone(),
            says: format!("longs {}, shorts {}", short(long), short(short_side)),
            tracks: vec![
                Track { bars: vec![(Ink::Known, long)], mark: None },
                Track { bars: vec![(Ink::Debt, short_side)], mark: None },
            ],
        });
    }
    let mut order: Vec<usize> = (0..drawn.len()).collect();
    order.sort_by(|a, b| sizes[*b].total_cmp(&sizes[*a]));
    let largest: Vec<Row> = order.into_iter().take(DRAWN).map(|at| drawn[at].clone()).collect();
    let [wide, narrow] = bars(&largest);
    let which =
        if drawn.len() > DRAWN { format!(", the {DRAWN} largest markets") } else { String::new() };
    let chart = Chart {
        title: format!("Open interest at mark in {}{which}", compiled.quote),
        alternative: told(&largest),
        legend: vec![(Ink::Known, "upper bar: longs (P)"), (Ink::Debt, "lower bar: shorts (P)")],
        wide,
        narrow,
    };
    Some(Section {
        id: "markets",
        title: "Open interest".to_owned(),
        notes: vec![
            "Of all accounts, the venue’s own included. Where longs and shorts differ, somebody outside \
             of the book has the other side."
                .to_owned(),
        ],
        charts: vec![chart],
        tables: vec![table],
        ..Section::default()
    })
}
