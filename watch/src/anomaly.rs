//! Unusual figures: how far a value is from the median of those before it, in units of the median
//! absolute deviation. In whole numbers: two machines never differ.
//!
//! The median of an even number of values is the lower one: a value that was seen. The deviation has a
//! floor, a part of the median, so that a figure that never moved is not unusual once it moves by a
//! unit. There is no scale to a normal distribution (1.4826): `deviations` counts plain deviations.

use num_bigint::{BigInt, BigUint};

use crate::config::Anomalies;

/// How a value compares with those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The median of those before it.
    pub median: BigUint,
    /// The median absolute deviation from it, or the floor.
    pub deviation: BigUint,
    /// Whether the value is farther from the median than so many deviations.
    pub is_unusual: bool,
    /// Whether it is above the median.
    pub is_above: bool,
}

/// Compares a value with those before it, the oldest first; `None` where these are too few. The floor of
/// the deviation is a part of the median, or of what the value stands beside, such as the deposits that a
/// withdrawal is of.
pub fn compare(
    before: &[BigUint],
    value: &BigUint,
    beside: &BigUint,
    rule: &Anomalies,
) -> Option<Compared> {
    let window = &before[before.len().saturating_sub(rule.window)..];
    if window.len() < rule.least.max(1) {
        return None;
    }
    let median = median(window.to_vec());
    let deviations = window.iter().map(|one| distance(one, &median)).collect();
    let floor = (&median).max(beside) * BigUint::from(rule.floor_bps) / BigUint::from(10_000u32);
    let deviation = self::median(deviations).max(floor);
    let is_unusual = distance(value, &median) > &deviation * BigUint::from(rule.deviations);
    Some(Compared { is_above: *value > median, median, deviation, is_unusual })
}

fn median(mut values: Vec<BigUint>) -> BigUint {
    values.sort();
    let middle = values.len().saturating_sub(1) / 2;
    values.swap_remove(middle)
}

fn distance(a: &BigUint, b: &BigUint) -> BigUint {
    (BigInt::from(a.clone()) - BigInt::from(b.clone())).magnitude().clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Anomalies = Anomalies { window: 9, least: 5, deviations: 5, floor_bps: 100 };

    fn values(values: &[u64]) -> Vec<BigUint> {
        values.iter().map(|&value| BigUint::from(value)).collect()
    }

    fn is_unusual(before: &[u64], value: u64) -> bool {
        compare(&values(before), &value.into(), &BigUint::ZERO, &RULE)
            .is_some_and(|compared| compared.is_unusual)
    }

    #[test]
    fn a_value_is_compared_with_the_median_of_the_window() {
        let before = [1, 1, 1000, 1010, 990, 1020, 980, 1000, 1005, 995, 1000];
        let compared = compare(&values(&before), &1_100u32.into(), &BigUint::ZERO, &RULE).unwrap();
        // The first two are out of the window.
        assert_eq!((compared.median, compared.deviation), (1_000u32.into(), 10u32.into()));
        assert!(compared.is_unusual && compared.is_above);
        assert!(!is_unusual(&before, 1_050) && is_unusual(&before, 1_051));
        assert!(!is_unusual(&before, 950) && is_unusual(&before, 949));
    }

    #[test]
    fn one_wild_value_moves_neither_median_nor_deviation() {
        assert!(is_unusual(&[1000, 1010, 990, 1_000_000_000, 1000], 1_500));
    }

    #[test]
    fn what_never_moved_may_move_by_the_floor_and_too_few_say_nothing() {
        assert!(!is_unusual(&[1000; 6], 1_050) && is_unusual(&[1000; 6], 1_051));
        assert!(is_unusual(&[0; 6], 1), "what was nothing is unusual with its first unit");
        assert_eq!(compare(&values(&[1; 4]), &9u32.into(), &BigUint::ZERO, &RULE), None);
        assert_eq!(compare(&[], &9u32.into(), &BigUint::ZERO, &RULE), None);
    }
}
