//! Medians and spreads of prices, exactly.

use num_bigint::{BigInt, BigUint};
use pacioli_rules::{Amount, Decimal, div_floor};

/// Decimals of a spread.
const SPREAD_DECIMALS: u32 = 6;

/// The price in the middle, or the lower one of the two there.
pub(super) fn lower_median(prices: &[Decimal]) -> Option<Decimal> {
    let mut sorted = prices.to_vec();
    sorted.sort();
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}

/// The largest price less the smallest, and the median, in one unit.
fn units(prices: &[Decimal], median: &Decimal) -> (BigInt, BigInt) {
    let scale = prices.iter().chain([median]).map(Decimal::scale).max().unwrap_or_default();
    let units = |price: &Decimal| price.floor_units(scale).0;
    let largest = prices.iter().map(units).max().unwrap_or_default();
    let smallest = prices.iter().map(units).min().unwrap_or_default();
    (largest - smallest, units(median))
}

/// (largest - smallest) / median, rounded up; the median is above zero.
pub(super) fn spread(prices: &[Decimal], median: &Decimal) -> Amount {
    let (apart, median) = units(prices, median);
    let scaled = apart * BigInt::from(10).pow(SPREAD_DECIMALS);
    // A price of a feed is above zero, and so is the average of such, unless it is rounded to it.
    let divisor = median.max(1.into());
    let (quotient, rest) = div_floor(&scaled, &divisor);
    let up = BigUint::from(u32::from(rest > BigInt::ZERO));
    Amount::new(quotient.magnitude() + up, SPREAD_DECIMALS)
}

/// Whether largest - smallest is at most `limit` times the median.
pub(super) fn within(prices: &[Decimal], median: &Decimal, limit: &Decimal) -> bool {
    let (apart, median) = units(prices, median);
    apart * BigInt::from(10).pow(limit.scale()) <= median * limit.mantissa()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn the_median_of_an_even_number_is_the_lower_of_two() {
        let median = |texts: &[&str]| lower_median(&prices(texts)).map(|median| median.to_string());
        assert_eq!(median(&[]), None);
        assert_eq!(median(&["2"]).unwrap(), "2");
        assert_eq!(median(&["3", "1.50"]).unwrap(), "1.50");
        assert_eq!(median(&["10", "9", "100"]).unwrap(), "10");
        assert_eq!(median(&["4", "1", "3", "2.0"]).unwrap(), "2.0");
    }

    #[test]
    fn a_spread_is_exact_where_it_is_compared_and_rounded_up_where_it_is_shown() {
        let three = prices(&["99", "100", "101.000000000001"]);
        let median = three[1];
        assert_eq!(spread(&three, &median).to_string(), "0.020001");
        assert!(!within(&three, &median, &"0.02".parse().unwrap()));
        assert!(within(&three, &median, &"0.02000000000001".parse().unwrap()));
        assert!(within(&three[..2], &median, &"0.01".parse().unwrap()));
    }
}
