//! Over time: coverage, owed against reserves, open interest.

use super::Section;
use crate::{
    chart::{Series, lines},
    format::{Toward, brief, ratio},
    moment::{Moment, Past},
    parts::{CO, Cell, Chart, Ink, P, Table, W},
    shown::shown,
    worth::drawn,
};

/// Rows of the table; a long history is in `pacioli verify --history`.
const TOLD: usize = 60;

/// The section.
pub(crate) fn past(past: &Past) -> Section {
    let moments = &past.moments;
    let mut section = Section {
        id: "history",
        title: "Over time".to_owned(),
        charts: charts(moments),
        ..Section::default()
    };
    let broken = past.broken();
    section.notes.push(match (broken.is_empty(), past.findings.is_empty()) {
        (true, true) => "Each verifies, and each follows the one before it.".to_owned(),
        (true, false) => "Each verifies.".to_owned(),
        (false, _) => format!("THIS IS NOT A WHOLE CHAIN: {}", shown(&broken.join("; "))),
    });
    let silent = moments.iter().filter(|one| one.known_coverage.is_none()).count();
    if silent > 0 {
        section.notes.push(format!(
            "For {silent} of {} no evidence of reserves was looked at: of these nothing is known but the \
             venue’s word.",
            moments.len()
        ));
    }
    let rest = past.findings.iter().filter(|(_, breaks)| !breaks);
    section.notes.extend(rest.map(|(text, _)| shown(text).into_owned()));
    let newest = moments.iter().rev().take(TOLD);
    section.tables.push(table(newest));
    if moments.len() > TOLD {
        section.notes.push(format!("The table has the newest {TOLD} of {}.", moments.len()));
    }
    for (sequence, changes) in past.changes.iter().rev() {
        let changes = changes.iter().map(|change| format!("with number {sequence}: {change}"));
        section.list.extend(changes.map(|change| shown(&change).into_owned()));
    }
    section
}

/// The moments as rows.
fn table<'a>(moments: impl Iterator<Item = &'a Moment>) -> Table {
    let rows = moments.map(|one| {
        let worst = one
            .worst
            .as_ref()
            .map(|(scenario, debt)| format!("{} in {scenario}", brief(debt, Toward::More)));
        let or = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let keeps = if one.keeps_policy { "kept" } else { "NOT KEPT" };
        vec![
            Cell::new(one.sequence.to_string()),
            Cell::new(one.as_of.to_string()).by(W),
            Cell::number(brief(&one.owed, Toward::More), P),
            Cell::number(or(one.reserves.as_ref().map(|own| brief(own, Toward::Less))), W),
            Cell::number(or(one.known_coverage.as_ref().map(ratio)), CO),
            Cell::number(or(one.coverage.as_ref().map(ratio)), W),
            Cell::number(or(worst), P),
            Cell::number(brief(&one.open_interest, Toward::Less), P),
            Cell::new(keeps).tone(if one.keeps_policy { "" } else { "bad" }),
        ]
    });
    let head = [
        "number",
        "as of",
        "owed#",
        "reserves#",
        "coverage, read or signed#",
        "with the venue’s word#",
        "worst bad debt#",
        "open interest#",
        "own policy",
    ];
    Table::new("Every attestation, newest first", &head, rows.collect())
}

/// The charts, where there are two moments or more.
pub(crate) fn charts(moments: &[Moment]) -> Vec<Chart> {
    let series = |ink, value: &dyn Fn(&Moment) -> Option<f64>| {
        let points = moments.iter().filter_map(|one| Some((one.as_of, value(one)?)));
        Series { ink, points: points.collect() }
    };
    let quote = moments.last().map_or("", |one| one.quote.as_str());
    let known = series(Ink::Line, &|one| one.known_coverage.as_ref().map(drawn));
    let word = series(Ink::Dashes, &|one| one.coverage.as_ref().map(drawn));
    let owed = series(Ink::Line, &|one| Some(drawn(&one.owed)));
    let reserves = series(Ink::Dashes, &|one| one.reserves.as_ref().map(drawn));
    let open = series(Ink::Line, &|one| Some(drawn(&one.open_interest)));
    let has_markets = open.points.iter().any(|(_, value)| *value > 0.0);
    let has_known = !known.points.is_empty();
    let mut legend = vec![
        (Ink::Dashes, "dashes: with the venue’s word (W)"),
        (Ink::Guide, "thin line: 1, as much as is owed"),
    ];
    let title = match has_known {
        true => {
            legend.insert(0, (Ink::Line, "whole line: by what was read or signed (C, O)"));
            "Coverage at mark"
        }
        false => "Coverage at mark, by the venue’s word alone: nothing of it was read or signed",
    };
    let both: Vec<_> = [known, word].into_iter().filter(|one| !one.points.is_empty()).collect();
    let coverage = chart(title, &both, Some(1.0), legend);
    let owed = chart(
        &format!("Owed against customers’ reserves, in {quote}"),
        &[owed, reserves],
        None,
        vec![(Ink::Line, "whole line: owed (P)"), (Ink::Dashes, "dashes: customers’ reserves (W)")],
    );
    let title = format!("Open interest at mark, longs of all markets, in {quote}");
    let open = chart(&title, &[open], Some(0.0), vec![]).filter(|_| has_markets);
    [coverage, owed, open].into_iter().flatten().collect()
}

fn chart(
    title: &str,
    series: &[Series],
    with: Option<f64>,
    legend: Vec<(Ink, &'static str)>,
) -> Option<Chart> {
    let [wide, narrow] = lines(series, with)?;
    let ends = series.iter().filter_map(|one| {
        let (first, last) = (one.points.first()?, one.points.last()?);
        Some(format!("from {:.4} on {} to {:.4} on {}", first.1, first.0, last.1, last.0))
    });
    let ends = ends.collect::<Vec<_>>().join("; ");
    Some(Chart {
        title: title.to_owned(),
        alternative: format!("Line chart, {ends}. The table has the figures."),
        legend,
        wide,
        narrow,
    })
}
