//! Drawings: as bars of text, and as SVG. Names in them have no character that means something in SVG:
//! they are those of [`pacioli_rules::check_name`].

mod bounds;
mod stress;

pub use bounds::{bars as bound_bars, svg as bounds};
pub use stress::{bars, svg, sweep_bars};

use std::fmt::Write;

use pacioli_rules::{Amount, Decimal};

/// Characters of the longest bar.
const BAR: u64 = 48;

const INK: &str = "#1d1d1f";
const FAINT: &str = "#c9ccd1";
const DEBT: &str = "#b3261e";
const FUND: &str = "#1f5f8b";
const WIDTH: u64 = 960;
/// Where bars and the sweep's field begin, and how wide they are.
const LEFT: u64 = 240;
const FIELD: u64 = 520;
const ROW: u64 = 24;

/// A drawing of this height on white.
fn drawing(height: u64, draw: impl FnOnce(&mut String) -> std::fmt::Result) -> String {
    let mut drawing = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"13\" \
         fill=\"{INK}\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    let drawn = draw(&mut drawing).and_then(|()| drawing.write_str("</svg>\n"));
    drawn.expect("a string takes all");
    drawing
}

/// A move in percent, with its sign.
pub fn percent(by: &Decimal) -> String {
    let sign = if by.mantissa() > 0 { "+" } else { "" };
    let thousandths = by.floor_units(3).0;
    let thousandths = i64::try_from(thousandths).unwrap_or_default();
    format!("{sign}{}", Decimal::new(thousandths.into(), 1))
}

fn bar(bad_debt: &Amount, fund: Option<&Amount>, most: &Amount) -> String {
    let length = part(bad_debt, most, BAR) as usize;
    let mut bar = "#".repeat(length);
    if let Some(fund) = fund {
        let mark = part(fund, most, BAR) as usize;
        match bar.get(mark..=mark) {
            Some(_) => bar.replace_range(mark..=mark, "|"),
            None => bar = format!("{bar:<mark$}|"),
        }
    }
    bar
}

fn largest<'a>(amounts: impl Iterator<Item = Option<&'a Amount>>) -> Amount {
    let largest = amounts.flatten().max_by(|a, b| a.units.cmp(&b.units));
    largest.cloned().unwrap_or_default()
}

/// How many of `whole` an amount is of the largest, rounded down; at most `whole`.
fn part(amount: &Amount, most: &Amount, whole: u64) -> u64 {
    if most.units.bits() == 0 {
        return 0;
    }
    u64::try_from(&amount.units * whole / &most.units).map_or(whole, |part| part.min(whole))
}

fn heading(d: &mut String, y: u64, words: &str) -> std::fmt::Result {
    writeln!(d, "<text x=\"24\" y=\"{y}\" font-size=\"17\" font-weight=\"600\">{words}</text>")
}

fn text(d: &mut String, x: u64, y: u64, anchor: &str, words: &str) -> std::fmt::Result {
    writeln!(d, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{words}</text>")
}

fn rect(d: &mut String, [x, y, width, height]: [u64; 4], colour: &str) -> std::fmt::Result {
    writeln!(
        d,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{colour}\"/>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_part_and_shows_the_fund() {
        let amount = |units: u64| Amount::new(units, 2);
        let bar = |debt, fund: Option<u64>| {
            super::bar(&amount(debt), fund.map(amount).as_ref(), &amount(48))
        };
        assert_eq!(bar(4, None), "####");
        assert_eq!(bar(4, Some(2)), "##|#");
        assert_eq!(bar(4, Some(6)), "####  |");
        assert_eq!(bar(0, Some(0)), "|");
        assert_eq!(bar(48, Some(48)), format!("{}|", "#".repeat(48)));
        assert_eq!(super::bar(&amount(0), None, &amount(0)), "");
    }

    #[test]
    fn a_move_is_shown_in_percent() {
        let percent = |thousandths| super::percent(&Decimal::new(thousandths, 3));
        assert_eq!(percent(-588), "-58.8");
        assert_eq!(percent(2000), "+200.0");
        assert_eq!(percent(0), "0.0");
    }
}
