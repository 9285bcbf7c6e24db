//! Tiers of weights and margins: bounds that grow, and rates that never reward size.

use num_bigint::BigInt;
use pacioli_circuits::Quantity;

use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    schema::{Margin, Tier},
};

/// The ends of the tiers of one list but for the last, which has none: all quantities, or all
/// values.
#[derive(Debug)]
pub(crate) enum Bounds {
    /// The size of each tier.
    Quantities(Vec<Quantity>),
    /// The value of a size at the end of each tier.
    Values(Vec<Decimal>),
}

/// One tier of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CappedTier {
    /// Its number in the rules, from 0.
    pub(crate) tier: usize,
    /// Its size; the last has no end.
    pub(crate) cap: Option<Quantity>,
}

/// The ends of tiers: bounds grow, the last tier alone has none, and in units of `10^-decimals`
/// each bound in quantities is a whole number, each tier between two below 2^90.
pub(crate) fn bounds(key: &str, tiers: &[Tier], decimals: u32) -> Result<Bounds, RulesError> {
    let Some((last, capped)) = tiers.split_last() else {
        return refuse(format!("{key}.tiers"), Problem::Missing("at least one tier"));
    };
    let in_values = tiers.iter().any(|tier| tier.up_to_value.is_some());
    if let Some(index) = tiers.iter().position(|tier| in_values && tier.up_to.is_some()) {
        let problem = "tiers of one list end all at quantities or all at values";
        return refuse(format!("{key}.tiers[{index}].up_to"), Problem::Misplaced(problem));
    }
    let field = if in_values { "up_to_value" } else { "up_to" };
    let mut before = Decimal::from(0);
    let (mut caps, mut values) = (Vec::new(), Vec::new());
    for (index, tier) in capped.iter().enumerate() {
        let key = format!("{key}.tiers[{index}].{field}");
        let Some(value) = tier.end() else {
            return refuse(key, Problem::Missing("only the last tier has no end"));
        };
        if value <= before {
            return refuse(key, Problem::Bounds { value, before });
        }
        match in_values {
            true => values.push(value),
            false => caps.push(cap(key, value, before, decimals)?),
        }
        before = value;
    }
    if last.end().is_some() {
        let key = format!("{key}.tiers[{}].{field}", capped.len());
        return refuse(key, Problem::Misplaced("the last tier has no end"));
    }
    Ok(if in_values { Bounds::Values(values) } else { Bounds::Quantities(caps) })
}

/// The size of a tier between two bounds in quantities.
fn cap(
    key: String,
    value: Decimal,
    before: Decimal,
    decimals: u32,
) -> Result<Quantity, RulesError> {
    let Some(units) = value.exact_units(decimals) else {
        return refuse(key, Problem::BoundDigits { value, decimals });
    };
    let size = units - before.floor_units(decimals).0;
    u128::try_from(&size)
        .ok()
        .and_then(Quantity::new)
        .map_or_else(|| refuse(key, Problem::CapBound { units: size.to_string(), decimals }), Ok)
}

impl Bounds {
    /// The tiers at a price: `unit` is what one unit of quantity is worth, in units of value.
    ///
    /// A bound in values is divided by the price and rounded down to a unit, so that
    ///
    /// - it is never too generous: with a bound further down, more of a holding is in the tier
    ///   above, whose weight is no larger and whose margin is no smaller. That holds bound by
    ///   bound, since weights fall and margins rise over the whole list;
    /// - it is off by less than one unit, so a holding counts for less, or is asked for more, than
    ///   with the bound in real numbers by less than `unit` times the difference of the two rates
    ///   at it. All bounds of a list together: less than `unit` times the difference of its first
    ///   and its last rate.
    ///
    /// A tier in which no unit fits is left out, for a cap of 0 would mean none. No account has
    /// more than [`MOST`] units, so a bound stops there, and at a price of 0 the first tier holds
    /// it all.
    pub(crate) fn at(&self, unit: &BigInt, value_decimals: u32) -> Vec<CappedTier> {
        self.at_amounts(unit, value_decimals, Decimal::from(1))
    }

    /// The same with bounds that are amounts of an asset at this price: each bound is its amount
    /// times the price, rounded once, as above. Where the asset is worth nothing, nothing fits in
    /// any tier but the last.
    pub(crate) fn at_amounts(
        &self,
        unit: &BigInt,
        value_decimals: u32,
        price: Decimal,
    ) -> Vec<CappedTier> {
        let mut tiers = Vec::new();
        let last = match self {
            Self::Quantities(caps) => {
                let caps = caps.iter().enumerate();
                tiers.extend(caps.map(|(tier, &cap)| CappedTier { tier, cap: Some(cap) }));
                tiers.len()
            }
            Self::Values(values) => {
                let mut before = 0;
                for (tier, value) in values.iter().enumerate() {
                    let bound = match *unit == BigInt::ZERO {
                        true => MOST,
                        false => largest(worth(*value, price, value_decimals) / unit),
                    };
                    // Values grow, so bounds do not fall.
                    if let Some(cap) = Quantity::new(bound - before).filter(|cap| cap.units() > 0) {
                        tiers.push(CappedTier { tier, cap: Some(cap) });
                        before = bound;
                    }
                }
                values.len()
            }
        };
        tiers.push(CappedTier { tier: last, cap: None });
        tiers
    }
}

/// What an amount is worth at a price, in units of value, rounded down.
fn worth(amount: Decimal, price: Decimal, value_decimals: u32) -> BigInt {
    let product = BigInt::from(amount.mantissa()) * price.mantissa();
    let scaled = product * BigInt::from(10).pow(value_decimals);
    scaled / BigInt::from(10).pow(amount.scale() + price.scale())
}

/// The most units that an account or a tier can hold.
const MOST: u128 = Quantity::MAX.units();

/// The units, but at most [`MOST`].
fn largest(units: BigInt) -> u128 {
    u128::try_from(units).map_or(MOST, |units| units.min(MOST))
}

/// Rates exist if `needed`, those that are numbers are in `[0, 1]`, and `order` finds no problem
/// between one of these and the one before. `path` gives the key of a tier. What others come to is
/// looked at when they are known, by [`check_resolved`].
pub(crate) fn check_rates(
    path: impl Fn(usize) -> String,
    tiers: &[Tier],
    margin: Margin,
    needed: bool,
    order: impl Fn(Decimal, Decimal) -> Option<Problem>,
) -> Result<(), RulesError> {
    let field = match margin {
        Margin::Maintenance => "maintenance",
        Margin::Initial => "initial",
    };
    let mut before = None;
    for (index, tier) in tiers.iter().enumerate() {
        let key = format!("{}.{field}", path(index));
        let Some(rate) = tier.rate(margin) else {
            if needed {
                return refuse(key, Problem::Missing("a margin scenario needs it"));
            }
            continue;
        };
        let Some(value) = rate.fixed() else { continue };
        if value.is_negative() || value > Decimal::from(1) {
            return refuse(key, Problem::Range { value, range: "between 0 and 1" });
        }
        if let Some(problem) = before.and_then(|before| order(value, before)) {
            return refuse(key, problem);
        }
        before = Some(value);
    }
    Ok(())
}

/// The rates of one list at the prices of the day: `order` finds no problem between one and the one
/// before. `field` is their key in each tier of `key`.
pub(crate) fn check_resolved(
    path: impl Fn(usize) -> String,
    field: &str,
    rates: &[Option<Decimal>],
    order: impl Fn(Decimal, Decimal) -> Option<Problem>,
) -> Result<(), RulesError> {
    let mut before = None;
    for (index, rate) in rates.iter().enumerate() {
        let Some(value) = *rate else { continue };
        if let Some(problem) = before.and_then(|before| order(value, before)) {
            return refuse(format!("{}.{field}", path(index)), problem);
        }
        before = Some(value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        rules::Rules,
        testing::{self, RULES, changed},
    };

    /// The small book's rules with one text replaced by another are refused.
    #[track_caller]
    fn refuses(from: &str, to: &str, expected: &str) {
        testing::refuses(Rules::parse(&changed(RULES, &[(from, to)])), expected);
    }

    #[test]
    fn weights_fall_with_size() {
        let tier = "assets.BTC.tiers[1].maintenance: ";
        let convex = format!("{tier}weight 0.91 after 0.9: a larger deposit cannot");
        refuses("\"0.8\"", "\"0.91\"", &convex);
        refuses("\"0.8\"", "\"-0.1\"", &format!("{tier}-0.1 is not between 0 and 1"));
        refuses("{ maintenance = \"0.8\" }", "{}", &format!("{tier}is missing"));
    }

    #[test]
    fn margins_rise_with_size() {
        let tier = "markets.ETH-PERP.tiers[1].maintenance: ";
        let concave = format!("{tier}margin 0.04 after 0.05: a larger position cannot");
        refuses("\"0.1\"", "\"0.04\"", &concave);
        refuses("\"0.1\"", "\"1.1\"", &format!("{tier}1.1 is not between 0 and 1"));
        refuses("{ maintenance = \"0.1\" }", "{}", &format!("{tier}is missing"));
    }

    #[test]
    fn tiers_have_growing_bounds_below_the_largest_quantity() {
        let key = "assets.BTC.tiers[0].up_to: ";
        let cap = |to: &str, problem: &str| {
            refuses("up_to = \"2\"", &format!("up_to = \"{to}\""), &format!("{key}{problem}"));
        };
        cap("0", "a tier up to 0 cannot follow one up to 0");
        cap("-1", "a tier up to -1 cannot follow one up to 0");
        cap("0.0001", "0.0001 has more decimals than a quantity, which has 3");
        cap("1237940039285380274899124.224", "a tier of 1237940039285380274899124224 units");
        let largest = RULES.replacen("\"2\"", "\"1237940039285380274899124.223\"", 1);
        assert!(Rules::parse(&largest).is_ok());
        refuses("up_to = \"2\", ", "", &format!("{key}is missing"));
        let end = "{ up_to = \"3\", maintenance = \"0.8\" }";
        let problem = "assets.BTC.tiers[1].up_to: does not belong here";
        refuses("{ maintenance = \"0.8\" }", end, problem);
        let order = "{ up_to = \"1\", maintenance = \"0.8\" }, { maintenance = \"0.8\" }";
        let problem = "assets.BTC.tiers[1].up_to: a tier up to 1 cannot follow one up to 2";
        refuses("{ maintenance = \"0.8\" }", order, problem);
        let tiers = "[{ up_to = \"2\", maintenance = \"0.9\" }, { maintenance = \"0.8\" }]";
        refuses(tiers, "[]", "assets.BTC.tiers: is missing");
    }

    #[test]
    fn tiers_of_one_list_end_all_at_quantities_or_all_at_values() {
        let tiers = "[{ up_to = \"2\", maintenance = \"0.9\" }, { maintenance = \"0.8\" }]";
        let with = |ends: &[&str]| {
            let ends = ends.iter().map(|end| format!("{{ {end}, maintenance = \"0.9\" }}"));
            format!("[{}, {{ maintenance = \"0.8\" }}]", ends.collect::<Vec<_>>().join(", "))
        };
        let mixed =
            "does not belong here: tiers of one list end all at quantities or all at values";
        for (ends, index) in [
            (&["up_to = \"2\"", "up_to_value = \"3\""][..], 0),
            (&["up_to_value = \"2\"", "up_to = \"3\""], 1),
            (&["up_to_value = \"2\", up_to = \"2\""], 0),
        ] {
            let expected = format!("assets.BTC.tiers[{index}].up_to: {mixed}");
            refuses(tiers, &with(ends), &expected);
        }
        let key = "assets.BTC.tiers[1].up_to_value: ";
        for (value, before) in [("2", "2"), ("1.5", "2.0")] {
            let ends =
                [format!("up_to_value = \"{before}\""), format!("up_to_value = \"{value}\"")];
            let expected = format!("{key}a tier up to {value} cannot follow one up to {before}");
            refuses(tiers, &with(&[&ends[0], &ends[1]]), &expected);
        }
        refuses(
            tiers,
            &with(&["up_to_value = \"0\""]),
            "assets.BTC.tiers[0].up_to_value: a tier up",
        );
        let gap = "[{ maintenance = \"0.9\" }, { up_to_value = \"2\", maintenance = \"0.8\" }]";
        let problem = "assets.BTC.tiers[0].up_to_value: is missing: only the last tier has no end";
        refuses(tiers, gap, problem);
        let end = "[{ up_to_value = \"1\", maintenance = \"0.9\" }, \
                   { up_to_value = \"2\", maintenance = \"0.8\" }]";
        let problem =
            "assets.BTC.tiers[1].up_to_value: does not belong here: the last tier has no end";
        refuses(tiers, end, problem);
        // A value may be finer than any quantity, and larger.
        let fine = with(&["up_to_value = \"0.00000000000000000001\"", "up_to_value = \"1\""]);
        assert!(Rules::parse(&RULES.replacen(tiers, &fine, 1)).is_ok());
        let large = with(&[&format!("up_to_value = \"{}\"", "9".repeat(38))]);
        assert!(Rules::parse(&RULES.replacen(tiers, &large, 1)).is_ok());
    }

    /// Numbers (from 0) and caps of tiers that end at `values`, where a unit is worth `unit`
    /// millionths.
    fn at(values: &[&str], unit: u128) -> Vec<(usize, Option<u128>)> {
        let values = values.iter().map(|value| value.parse().unwrap()).collect();
        let tiers = Bounds::Values(values).at(&unit.into(), 6);
        tiers.iter().map(|one| (one.tier, one.cap.map(Quantity::units))).collect()
    }

    #[test]
    fn a_bound_in_values_is_divided_by_the_price_and_rounded_down() {
        assert_eq!(at(&["2", "5"], 1_000_000), [(0, Some(2)), (1, Some(3)), (2, None)]);
        assert_eq!(at(&["2", "5"], 1_000_001), [(0, Some(1)), (1, Some(3)), (2, None)]);
        assert_eq!(at(&["2", "5"], 999_999), [(0, Some(2)), (1, Some(3)), (2, None)]);
        assert_eq!(at(&["2", "5"], 300_000), [(0, Some(6)), (1, Some(10)), (2, None)]);
        assert_eq!(
            at(&["2.0000009", "5"], 1),
            [(0, Some(2_000_000)), (1, Some(3_000_000)), (2, None)]
        );
        assert_eq!(at(&[], 5), [(0, None)]);
    }

    #[test]
    fn a_tier_in_which_no_unit_fits_is_left_out() {
        assert_eq!(at(&["2", "5"], 2_000_001), [(1, Some(2)), (2, None)]);
        assert_eq!(at(&["2", "3", "5"], 2_000_000), [(0, Some(1)), (2, Some(1)), (3, None)]);
        assert_eq!(at(&["2", "5"], 5_000_001), [(2, None)]);
        assert_eq!(at(&["0.0000001"], 1), [(1, None)]);
    }

    #[test]
    fn a_bound_stops_at_the_most_that_an_account_can_hold() {
        let most = (1 << 90) - 1;
        assert_eq!(at(&["2", "5"], 0), [(0, Some(most)), (2, None)]);
        let large = "9".repeat(38);
        assert_eq!(at(&[&large], 1), [(0, Some(most)), (1, None)]);
        assert_eq!(
            at(&["1", &large], 1),
            [(0, Some(1_000_000)), (1, Some(most - 1_000_000)), (2, None)]
        );
        assert_eq!(at(&["1", "99999999999999999999999999", &large], 1).len(), 3);
    }

    /// What a holding counts for in millionths of a unit of value: the weight of a tier is in
    /// thousandths, and `sizes` says how much of the holding is in each.
    fn counted(sizes: impl Iterator<Item = (usize, BigInt)>, weights: &[i64]) -> BigInt {
        sizes.map(|(tier, size)| size * weights[tier]).sum()
    }

    proptest! {
        #[test]
        fn a_bound_in_values_is_never_too_generous_and_less_than_a_unit_off(
            mut ends in prop::collection::vec(1u64..2_000_000_000, 1..6),
            weights in prop::collection::vec(-1_000i64..=1_000, 7),
            unit in prop_oneof![Just(0), 1u64..50, 1u64..5_000_000_000],
            units in prop_oneof![0u128..40, 0u128..2_000_000_000, Just(MOST)],
        ) {
            ends.sort_unstable();
            ends.dedup();
            // Weights of deposits fall; what is left of a position after its margin does too.
            let mut weights = weights[..=ends.len()].to_vec();
            weights.sort_unstable_by(|a, b| b.cmp(a));
            let value = BigInt::from(unit) * units;
            let mut from = BigInt::ZERO;
            let exact = ends.iter().map(|&end| BigInt::from(end)).chain([value.clone()]);
            let exact = exact.enumerate().map(|(tier, end)| {
                let to = end.min(value.clone()).max(from.clone());
                let size = &to - &from;
                from = to;
                (tier, size)
            });
            let exact = counted(exact, &weights);
            let decimals = ends.iter().map(|&end| Decimal::new(end.into(), 6)).collect();
            let mut rest = units;
            let ours = Bounds::Values(decimals).at(&unit.into(), 6).into_iter().map(|one| {
                let here = one.cap.map_or(rest, |cap| rest.min(cap.units()));
                rest -= here;
                (one.tier, BigInt::from(unit) * here)
            });
            let ours = counted(ours, &weights);
            let most = BigInt::from(unit) * (weights[0] - weights[ends.len()]);
            prop_assert!(ours <= exact);
            prop_assert!(ours == exact || &exact - &ours < most, "{} {} {}", exact, ours, most);
        }
    }
}
