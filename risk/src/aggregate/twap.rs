//! The time-weighted average of one source's prices.

use jiff::Timestamp;
use num_bigint::BigInt;
use pacioli_rules::{Decimal, div_floor};

use super::limits::Limits;

/// The average over the window that ends at the given time: a price holds from its time to that of
/// the next. `None` if no price is as old as the window's beginning. Rounded down to the decimals of
/// the finest price in the window. `series` is in order of time.
pub(super) fn twap(
    series: impl Iterator<Item = (Timestamp, Decimal)>,
    limits: &Limits,
) -> Option<Decimal> {
    let end = limits.at.as_nanosecond();
    let begin = end.checked_sub(limits.window.as_nanos())?;
    let series = series.map(|(time, price)| (time.as_nanosecond(), price));
    let (before, inside): (Vec<_>, Vec<_>) =
        series.filter(|(time, _)| *time <= end).partition(|(time, _)| *time <= begin);
    let (_, first) = *before.last()?;
    let steps: Vec<(i128, Decimal)> = [(begin, first)].into_iter().chain(inside).collect();
    let ends = steps.iter().skip(1).map(|(time, _)| *time).chain([end]);
    let scale = steps.iter().map(|(_, price)| price.scale()).max()?;
    let sum: BigInt = steps
        .iter()
        .zip(ends)
        .map(|((from, price), to)| price.floor_units(scale).0 * (to - from))
        .sum();
    let average = div_floor(&sum, &(end - begin).into()).0;
    // Between the smallest and the largest price in one unit, which may be past an i128.
    Some(Decimal::new(i128::try_from(average).ok()?, scale))
}
