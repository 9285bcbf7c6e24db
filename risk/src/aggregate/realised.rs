//! Realised volatility of each source's prices, exactly.
//!
//! The window that ends at the given time is cut into `n` intervals of one length. At each of the
//! `n + 1` ends a source has the latest of its prices, which must not be older than one interval:
//! else it has a gap, and no volatility. With `p[j]` in order of time,
//!
//! ```text
//! annual = sqrt( (365 days / window) * sum over j of (p[j] / p[j-1] - 1)^2 )
//! ```
//!
//! in integers: each square is rounded up to 24 decimals, and the root to 6. No mean is taken off,
//! which would only lower it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use num_bigint::BigUint;
use pacioli_rules::{Decimal, Span, strict};
use serde::Serialize;

use super::{error::AggregateError, feed::Feed, price::Aggregate};

/// Decimals of a squared return.
const SQUARE_DIGITS: u32 = 24;
/// Decimals of a volatility.
const DIGITS: u32 = 6;
/// The seconds of a year of 365 days.
const YEAR: u64 = 365 * 86_400;
/// The most intervals of a window: a year of quarter hours.
const MOST_INTERVALS: u64 = 35_040;

/// Over which time volatility is taken, and how often prices are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// The length of the window, which ends at the time of the prices.
    pub window: Span,
    /// The length of an interval, of which a window has at least two.
    pub every: Span,
}

/// The realised volatilities of one asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetVolatility {
    /// The asset.
    pub asset: String,
    /// Whether as many sources have one as an asset needs.
    pub enough: bool,
    /// The sources whose price counts, by name.
    pub sources: Vec<SourceVolatility>,
}

/// The realised volatility of one asset's prices from one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceVolatility {
    /// The source.
    pub source: String,
    /// The volatility; `None` if there is a gap.
    pub annual: Option<Decimal>,
    /// The first time at which there was no price, or too old a one.
    #[serde(serialize_with = "shortest")]
    pub gap: Option<Timestamp>,
}

fn shortest<S: serde::Serializer>(time: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => strict::utc_time::serialize(time, to),
        None => to.serialize_none(),
    }
}

impl Sampling {
    /// The number of intervals.
    fn intervals(&self) -> Result<u64, AggregateError> {
        let refuse = |limit, range| Err(AggregateError::Limit { limit, range });
        if self.every.0 == 0 || !self.window.0.is_multiple_of(self.every.0) {
            return refuse("the window of volatility", "a whole number of intervals");
        }
        match self.window.0 / self.every.0 {
            count @ 2..=MOST_INTERVALS => Ok(count),
            _ => refuse("the window of volatility", "2 to 35040 intervals long"),
        }
    }
}

impl Aggregate {
    /// The realised volatility of every asset that has a price, from each source that counts.
    ///
    /// # Errors
    /// If the window is not a whole number of intervals, 2 at least and 35,040 at most, or begins
    /// before there is a time.
    pub fn realised(
        &self,
        feeds: &[Feed],
        sampling: &Sampling,
    ) -> Result<Vec<AssetVolatility>, AggregateError> {
        let intervals = sampling.intervals()?;
        let limit = || AggregateError::Limit {
            limit: "the window of volatility",
            range: "shorter than time itself",
        };
        let ends = (0..=intervals).rev().map(|number| {
            let back = i64::try_from(number * sampling.every.0).map_err(|_| limit())?;
            let back = SignedDuration::from_secs(back);
            self.limits.at.checked_sub(back).map_err(|_| limit())
        });
        let ends = ends.collect::<Result<Vec<_>, _>>()?;
        let every = SignedDuration::from_secs(sampling.every.0 as i64);
        let priced = self.assets.iter().filter(|asset| asset.price.is_some());
        let asset = |asset: &super::AssetPrice| {
            let counting = asset.sources.iter().filter(|source| source.rejected.is_none());
            let sources: Vec<_> = counting
                .map(|source| {
                    let quotes = feeds.iter().flat_map(|feed| &feed.quotes);
                    let own = quotes.filter(|quote| {
                        quote.asset == asset.asset && quote.source == source.source
                    });
                    let series: BTreeMap<_, _> =
                        own.map(|quote| (quote.time, quote.price)).collect();
                    let (annual, gap) = match volatility(&series, &ends, every, sampling.window) {
                        Ok(annual) => (Some(annual), None),
                        Err(gap) => (None, Some(gap)),
                    };
                    SourceVolatility { source: source.source.clone(), annual, gap }
                })
                .collect();
            let got = sources.iter().filter(|source| source.annual.is_some()).count();
            let enough = got >= self.limits.min_sources;
            AssetVolatility { asset: asset.asset.clone(), enough, sources }
        };
        Ok(priced.map(asset).collect())
    }
}

/// The volatility of a series, or the first of the ends at which there is no price that is young
/// enough.
fn volatility(
    series: &BTreeMap<Timestamp, Decimal>,
    ends: &[Timestamp],
    every: SignedDuration,
    window: Span,
) -> Result<Decimal, Timestamp> {
    let price = |end: &Timestamp| {
        let latest = series.range(..=*end).next_back();
        let (_, price) =
            latest.filter(|(time, _)| end.duration_since(**time) < every).ok_or(*end)?;
        Ok(*price)
    };
    let prices = ends.iter().map(price).collect::<Result<Vec<Decimal>, Timestamp>>()?;
    let sum: BigUint = prices.windows(2).map(|pair| squared_return(pair[0], pair[1])).sum();
    let ten = |digits: u32| BigUint::from(10u32).pow(digits);
    let square = up(sum * YEAR, &(ten(SQUARE_DIGITS - 2 * DIGITS) * window.0));
    let root = square.sqrt();
    let units = if root.pow(2) < square { root + 1u32 } else { root };
    // A larger one is no volatility, and refused with the file: prices have 38 digits at most.
    Ok(Decimal::new(i128::try_from(units).unwrap_or(i128::MAX), DIGITS))
}

/// `(after / before - 1)^2`, rounded up to 24 decimals. `before` is above zero.
fn squared_return(before: Decimal, after: Decimal) -> BigUint {
    let scale = before.scale().max(after.scale());
    let [before, after] = [before, after].map(|price| price.floor_units(scale).0);
    let moved = (&after - &before).pow(2) * num_bigint::BigInt::from(10).pow(SQUARE_DIGITS);
    up(moved.magnitude().clone(), before.pow(2).magnitude())
}

/// The quotient, rounded up.
fn up(number: BigUint, divisor: &BigUint) -> BigUint {
    (number + divisor - 1u32) / divisor
}

#[cfg(test)]
mod tests {
    use super::*;

    fn realised(prices: &[&str], window: u64) -> String {
        let ends: Vec<Timestamp> = (0..prices.len() as i64)
            .map(|day| Timestamp::from_second(day * 86_400).unwrap())
            .collect();
        let prices = prices.iter().map(|price| price.parse().unwrap());
        let series = ends.iter().copied().zip(prices).collect();
        let day = SignedDuration::from_hours(24);
        volatility(&series, &ends, day, Span(window * 86_400)).unwrap().to_string()
    }

    #[test]
    fn it_is_the_root_of_the_sum_of_squares_a_year_rounded_up() {
        // Up 10 % and down 10 % in a year of two intervals: the root of 0.02.
        assert_eq!(realised(&["100", "110", "99"], 365), "0.141422");
        assert_eq!(realised(&["100", "100.00", "100"], 2), "0.000000");
        // 1 % a day, exactly: 0.01 * sqrt(365) = 0.1910497...
        assert_eq!(realised(&["100", "101", "102.01"], 2), "0.191050");
        // A move that no decimal is: (1/3)^2, twice.
        assert_eq!(realised(&["3", "4", "3", "4"], 365), "0.533594");
        assert_eq!(realised(&["1", "1.000000000001"], 365), "0.000001");
    }

    #[test]
    fn a_source_with_a_gap_has_none() {
        let at = |hour: i64| Timestamp::from_second(hour * 3_600).unwrap();
        let price: Decimal = "1".parse().unwrap();
        let of = |hours: &[i64]| {
            let series = hours.iter().map(|hour| (at(*hour), price)).collect();
            let ends = [0, 2, 4].map(at);
            volatility(&series, &ends, SignedDuration::from_hours(2), Span(14_400))
        };
        assert!(of(&[0, 2, 4]).is_ok() && of(&[-1, 1, 3]).is_ok());
        assert_eq!(of(&[-2, 2, 4]), Err(at(0)), "as old as an interval");
        assert_eq!(of(&[0, 4]), Err(at(2)));
        assert_eq!(of(&[0, 1, 2]), Err(at(4)));
        assert_eq!(of(&[]), Err(at(0)));
    }
}
