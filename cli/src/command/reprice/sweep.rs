//! The bounds over moves, beside what was proved, as text.

use std::fmt::Write;

use pacioli_attestation::bound::{Sweep, SweepPoint};
use pacioli_rules::Decimal;

use super::super::report::percent;
use crate::{chart, format::cents_up, table::table};

/// The moves that the text shows besides those that were proved, in thousandths.
const SHOWN: [i128; 17] =
    [-500, -400, -300, -200, -150, -100, -50, -20, 0, 20, 50, 100, 150, 200, 300, 400, 500];

/// A table of the moves, with a bar for each.
pub fn text(t: &mut String, sweep: &Sweep, quote: &str) -> std::fmt::Result {
    let what = sweep.asset.as_deref().unwrap_or("all shocked assets");
    writeln!(t, "\nmoves of {what} from these prices, in {quote}")?;
    let shown = SHOWN.map(|by| Decimal::new(by, 3));
    let is_shown = |point: &&SweepPoint| point.proved.is_some() || shown.contains(&point.by);
    let points: Vec<&SweepPoint> = sweep.points.iter().filter(is_shown).collect();
    let rows = points.iter().map(|point| {
        let proved = point.proved.as_ref();
        [
            percent(&point.by),
            cents_up(&point.bound.owed_at_most),
            cents_up(&point.bound.bad_debt_at_most),
            proved.map_or_else(String::new, |proved| cents_up(&proved.bad_debt)),
            proved.map_or_else(String::new, |proved| proved.scenario.clone()),
        ]
    });
    let head = ["move", "owed, at most", "bad debt, at most", "proved bad debt", "in"];
    table(t, &head, &rows.collect::<Vec<_>>())?;
    if points.iter().any(|point| point.bound.bad_debt_at_most.units.bits() > 0) {
        writeln!(t, "\nbad debt at most #, proved |")?;
        chart::bound_bars(t, &points, percent)?;
    }
    Ok(())
}
