//! The bound of bad debt over moves, beside what was proved, drawn.

use std::fmt::Write;

use pacioli_attestation::bound::{Sweep, SweepPoint};
use pacioli_rules::{Amount, Decimal};

use super::{
    DEBT, FAINT, FIELD, FUND, INK, LEFT, WIDTH, bar, drawing, heading, largest, part, percent,
    rect, text,
};
use crate::format::cents_up;

/// One bar a move.
pub fn bars(
    t: &mut String,
    points: &[&SweepPoint],
    name: impl Fn(&Decimal) -> String,
) -> std::fmt::Result {
    let names: Vec<String> = points.iter().map(|point| name(&point.by)).collect();
    let width = names.iter().map(String::len).max().unwrap_or_default();
    let most = largest(points.iter().map(|point| Some(&point.bound.bad_debt_at_most)));
    points.iter().zip(names).try_for_each(|(point, name)| {
        let proved = point.proved.as_ref().map(|proved| &proved.bad_debt);
        let bar = bar(&point.bound.bad_debt_at_most, proved, &most);
        writeln!(t, "  {name:>width$}  {bar}")
    })
}

/// The lowest and the highest move, in thousandths, and the height of the field.
const MOVES: [i64; 2] = [-500, 500];
const TALL: u64 = 260;
const TOP: u64 = 76;

/// The drawing of a sweep: a line for the bound, and a point for each scenario that was proved.
pub fn svg(quote: &str, sweep: &Sweep) -> String {
    drawing(TOP + TALL + 64, |d| draw(d, quote, sweep))
}

fn draw(d: &mut String, quote: &str, sweep: &Sweep) -> std::fmt::Result {
    let what = sweep.asset.as_deref().unwrap_or("all shocked assets");
    heading(d, 32, &format!("Bad debt by move of {what}, at most, in {quote}"))?;
    rect(d, [LEFT, 43, 14, 10], DEBT)?;
    text(d, LEFT + 20, 52, "start", "bound")?;
    dot(d, (LEFT + 107) * 10, 480)?;
    text(d, LEFT + 118, 52, "start", "proved")?;
    let most = largest(sweep.points.iter().map(|point| Some(&point.bound.bad_debt_at_most)));
    let floor = TOP + TALL;
    // In tenths of a pixel, or lines have stairs.
    let x = |by: &Decimal| {
        let by = i64::try_from(by.floor_units(3).0).unwrap_or_default();
        let along = by.clamp(MOVES[0], MOVES[1]) - MOVES[0];
        LEFT * 10 + along.unsigned_abs() * FIELD * 10 / MOVES[1].abs_diff(MOVES[0])
    };
    let y = |amount: &Amount| floor * 10 - part(amount, &most, TALL * 10);
    for by in [-500, -250, -100, 0, 100, 250, 500] {
        let by = Decimal::new(by, 3);
        rect(d, [x(&by) / 10, TOP, 1, TALL], FAINT)?;
        text(d, x(&by) / 10, floor + 20, "middle", &format!("{} %", percent(&by)))?;
    }
    for quarter in 0..=4u32 {
        let amount = Amount::new(&most.units * quarter / 4u32, most.decimals);
        rect(d, [LEFT, y(&amount) / 10, FIELD, 1], FAINT)?;
        text(d, LEFT - 10, y(&amount) / 10 + 4, "end", &cents_up(&amount))?;
    }
    let places = sweep.points.iter().map(|point| {
        let (x, y) = (x(&point.by), y(&point.bound.bad_debt_at_most));
        format!("{}.{},{}.{}", x / 10, x % 10, y / 10, y % 10)
    });
    let places = places.collect::<Vec<_>>().join(" ");
    writeln!(
        d,
        "<polyline fill=\"none\" stroke=\"{DEBT}\" stroke-width=\"2\" points=\"{places}\"/>"
    )?;
    for point in &sweep.points {
        if let Some(proved) = &point.proved {
            dot(d, x(&point.by), y(&proved.bad_debt))?;
        }
    }
    text(d, WIDTH - 24, floor + 48, "end", "at other prices by the proof's totals alone")?;
    rect(d, [LEFT, floor, FIELD, 1], INK)
}

/// A point at a place in tenths of a pixel.
fn dot(d: &mut String, x: u64, y: u64) -> std::fmt::Result {
    let (x, y) = (format!("{}.{}", x / 10, x % 10), format!("{}.{}", y / 10, y % 10));
    writeln!(d, "<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"{FUND}\"/>")
}
