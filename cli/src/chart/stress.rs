//! Bad debt against the insurance fund, drawn.

use std::fmt::Write;

use pacioli_risk::stress::{Crossing, Outcome, Sweep, SweepPoint};
use pacioli_rules::{Amount, Decimal};

use super::{
    DEBT, FAINT, FIELD, FUND, INK, LEFT, ROW, WIDTH, bar, drawing, heading, largest, part, percent,
    rect, text,
};
use crate::format::cents_up;

/// One bar a scenario. All amounts have the same decimals.
pub fn bars(t: &mut String, outcomes: &[&Outcome]) -> std::fmt::Result {
    let most =
        largest(outcomes.iter().flat_map(|one| [Some(&one.bad_debt), one.insurance.as_ref()]));
    let width = outcomes.iter().map(|one| one.name.len()).max().unwrap_or_default();
    outcomes.iter().try_for_each(|one| {
        let bar = bar(&one.bad_debt, one.insurance.as_ref(), &most);
        writeln!(t, "  {:<width$}  {bar}", one.name)
    })
}

/// One bar a move.
pub fn sweep_bars(t: &mut String, points: &[&SweepPoint]) -> std::fmt::Result {
    let most = largest(points.iter().flat_map(|one| [Some(&one.bad_debt), one.insurance.as_ref()]));
    points.iter().try_for_each(|one| {
        let bar = bar(&one.bad_debt, one.insurance.as_ref(), &most);
        writeln!(t, "  {:>6} %  {bar}", percent(&one.by))
    })
}

/// The drawing of a table of outcomes and of a sweep. Names have no character that means something
/// in SVG: they are those of [`pacioli_rules::check_name`].
pub fn svg(quote: &str, mark: &Outcome, outcomes: &[Outcome], sweep: Option<&Sweep>) -> String {
    let all: Vec<&Outcome> = [mark].into_iter().chain(outcomes).collect();
    let bars_end = 76 + ROW * all.len() as u64;
    let height = bars_end + if sweep.is_some() { 400 } else { 24 };
    drawing(height, |d| {
        draw_bars(d, quote, &all)?;
        sweep.map_or(Ok(()), |sweep| draw_sweep(d, quote, sweep, bars_end + 30))
    })
}

fn draw_bars(d: &mut String, quote: &str, all: &[&Outcome]) -> std::fmt::Result {
    let most = largest(all.iter().flat_map(|one| [Some(&one.bad_debt), one.insurance.as_ref()]));
    heading(d, 32, &format!("Bad debt by scenario, in {quote}"))?;
    legend(d, 52)?;
    text(d, WIDTH - 24, 52, "end", "bad debt")?;
    for (index, one) in all.iter().enumerate() {
        let y = 68 + ROW * index as u64;
        let (middle, length) = (y + 15, part(&one.bad_debt, &most, FIELD));
        text(d, LEFT - 10, middle, "end", &one.name)?;
        rect(d, [LEFT, y + 4, length, ROW - 8], DEBT)?;
        if let Some(fund) = &one.insurance {
            let mark = part(fund, &most, FIELD);
            rect(d, [LEFT + mark, y + 1, 2, ROW - 2], FUND)?;
        }
        text(d, WIDTH - 24, middle, "end", &cents_up(&one.bad_debt))?;
    }
    Ok(())
}

/// The lowest and the highest move, in thousandths, and the height of the field.
const MOVES: [i64; 2] = [-900, 2000];
const TALL: u64 = 260;

fn draw_sweep(d: &mut String, quote: &str, sweep: &Sweep, top: u64) -> std::fmt::Result {
    let what = sweep.asset.as_deref().unwrap_or("all shocked assets");
    heading(d, top + 18, &format!("Bad debt by move of {what}, in {quote}"))?;
    let points = &sweep.points;
    let debt = largest(points.iter().map(|point| Some(&point.bad_debt)));
    let fund = largest(points.iter().map(|point| point.insurance.as_ref()));
    // A far end that dwarfs the fund would hide where it is used up.
    let ceiling = Amount::new(&fund.units * 8u32, debt.decimals);
    let cut = fund.units.bits() > 0 && debt.units > ceiling.units;
    let most = if cut { ceiling } else { largest([Some(&debt), Some(&fund)].into_iter()) };
    let (floor, field_top) = (top + 54 + TALL, top + 54);
    // Lines are drawn in tenths of a pixel, or they have stairs.
    let tenths = |by: &Decimal| {
        let by = i64::try_from(by.floor_units(3).0).unwrap_or_default();
        let along = by.clamp(MOVES[0], MOVES[1]) - MOVES[0];
        LEFT * 10 + along.unsigned_abs() * FIELD * 10 / MOVES[1].abs_diff(MOVES[0])
    };
    let x = |by: &Decimal| tenths(by) / 10;
    let y = |amount: &Amount| floor - part(amount, &most, TALL);
    for by in [-900, -500, 0, 500, 1000, 1500, 2000] {
        let by = Decimal::new(by, 3);
        rect(d, [x(&by), field_top, 1, TALL], FAINT)?;
        text(d, x(&by), floor + 20, "middle", &format!("{} %", percent(&by)))?;
    }
    for quarter in 0..=4u32 {
        let amount = Amount::new(&most.units * quarter / 4u32, most.decimals);
        rect(d, [LEFT, y(&amount), FIELD, 1], FAINT)?;
        text(d, LEFT - 10, y(&amount) + 4, "end", &cents_up(&amount))?;
    }
    let line = |d: &mut String, colour: &str, value: &dyn Fn(&SweepPoint) -> Option<Amount>| {
        let height = |amount: &Amount| floor * 10 - part(amount, &most, TALL * 10);
        let places = points.iter().filter_map(|point| {
            let (x, y) = (tenths(&point.by), height(&value(point)?));
            Some(format!("{}.{},{}.{}", x / 10, x % 10, y / 10, y % 10))
        });
        let places = places.collect::<Vec<_>>().join(" ");
        writeln!(
            d,
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{places}\"/>"
        )
    };
    line(d, FUND, &|point| point.insurance.clone())?;
    line(d, DEBT, &|point| Some(point.bad_debt.clone()))?;
    for crossing in [&sweep.down, &sweep.up] {
        if let Crossing::At(point) = crossing {
            let place = x(&point.by);
            rect(d, [place, field_top, 1, TALL], INK)?;
            text(d, place, field_top - 8, "middle", &format!("{} %", percent(&point.by)))?;
        }
    }
    if cut {
        let note = "bad debt beyond eight times the largest fund is cut off";
        text(d, LEFT, floor + 44, "start", note)?;
    }
    Ok(())
}

fn legend(d: &mut String, y: u64) -> std::fmt::Result {
    rect(d, [LEFT, y - 9, 14, 10], DEBT)?;
    text(d, LEFT + 20, y, "start", "bad debt")?;
    rect(d, [LEFT + 100, y - 11, 2, 14], FUND)?;
    text(d, LEFT + 110, y, "start", "insurance fund")
}
