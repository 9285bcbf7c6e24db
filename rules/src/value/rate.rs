//! What a rate that follows a volatility comes to, exactly.
//!
//! With `r = multiple * annual * sqrt(horizon / 365 days)`, the smallest multiple of the step that
//! is at least `r` is `k` steps, where
//!
//! ```text
//! k >= 0 is the least whole number with
//! k^2 step^2 * 365 days  >=  (multiple * annual)^2 * horizon
//! ```
//!
//! so that squares of whole numbers are compared and no root is rounded. Then the ceiling, then the
//! floor. A larger volatility never has a smaller rate.

use num_bigint::{BigInt, BigUint};

use crate::{decimal::Decimal, schema::VolatilityRate};

/// The seconds of the year that a volatility is for: 365 days.
pub(crate) const YEAR: u64 = 365 * 86_400;

impl VolatilityRate {
    /// The rate at a volatility of `annual`: what a position is margined with, or what is taken off
    /// a weight. Both have to be checked.
    pub fn at(&self, annual: Decimal) -> Decimal {
        let units = BigInt::from(self.steps_for(annual) * size(self.step));
        // Below the ceiling it has 18 decimals and is at most 1.
        let ceiling = self.ceiling.floor_units(self.step.scale()).0;
        let rate = match i128::try_from(&units) {
            Ok(units) if BigInt::from(units) <= ceiling => Decimal::new(units, self.step.scale()),
            _ => self.ceiling,
        };
        rate.max(self.floor)
    }

    /// How many steps the rate has at a volatility of `annual`: the fewest that are enough, or the
    /// fewest beyond the ceiling where that is fewer. At most `10^18 + 1`.
    pub fn steps(&self, annual: Decimal) -> u64 {
        let scale = self.step.scale().max(self.ceiling.scale());
        let units =
            |number: Decimal| BigUint::try_from(number.floor_units(scale).0).unwrap_or_default();
        let beyond = units(self.ceiling) / units(self.step) + 1u32;
        u64::try_from(self.steps_for(annual).min(beyond)).unwrap_or(u64::MAX)
    }

    /// The fewest steps that are enough, whatever the ceiling.
    fn steps_for(&self, annual: Decimal) -> BigUint {
        let ten = |digits: u32| BigUint::from(10u32).pow(digits);
        let moved = size(self.multiple) * size(annual);
        let scale = self.multiple.scale() + annual.scale();
        let above = moved.pow(2) * self.horizon.0 * ten(2 * self.step.scale());
        let below = size(self.step).pow(2) * YEAR * ten(2 * scale);
        let square = above.div_ceil(&below);
        let root = square.sqrt();
        if root.pow(2) < square { root + 1u32 } else { root }
    }
}

/// The size of a number without its scale.
fn size(number: Decimal) -> BigUint {
    BigUint::from(number.mantissa().unsigned_abs())
}

trait DivCeil {
    fn div_ceil(self, divisor: &Self) -> Self;
}

impl DivCeil for BigUint {
    fn div_ceil(self, divisor: &Self) -> Self {
        (self + divisor - 1u32) / divisor
    }
}

#[cfg(test)]
mod tests {
    use num_rational::BigRational;
    use proptest::prelude::*;

    use super::*;
    use crate::span::Span;

    fn rate(multiple: &str, horizon: u64, [floor, ceiling, step]: [&str; 3]) -> VolatilityRate {
        let number = |text: &str| text.parse().unwrap();
        VolatilityRate {
            volatility: None,
            kind: None,
            window: None,
            tenor: None,
            source: None,
            multiple: number(multiple),
            horizon: Span(horizon),
            floor: number(floor),
            ceiling: number(ceiling),
            step: number(step),
        }
    }

    fn at(rate: &VolatilityRate, annual: &str) -> String {
        rate.at(annual.parse().unwrap()).to_string()
    }

    #[test]
    fn a_rate_is_rounded_up_to_a_step_and_no_further() {
        // A year's own volatility, so that nothing is rooted.
        let whole = rate("1", YEAR, ["0", "1", "0.01"]);
        for (annual, expected) in [
            ("0", "0"),
            ("0.000000000000000001", "0.01"),
            ("0.01", "0.01"),
            ("0.010000000000000001", "0.02"),
            ("0.62", "0.62"),
            ("0.6200", "0.62"),
            ("0.990000000000000001", "1.00"),
            ("1", "1.00"),
            ("1.000000000000000001", "1"),
            ("1000", "1"),
        ] {
            assert_eq!(at(&whole, annual), expected, "{annual}");
        }
        // 2.5 * 0.62 * sqrt(1 / 365) = 0.08113...
        let day = rate("2.5", 86_400, ["0.02", "0.5", "0.001"]);
        assert_eq!(at(&day, "0.62"), "0.082");
        // A quarter of a year doubles in four: sqrt(1/4) is 1/2 exactly.
        let quarter = rate("2", YEAR / 4, ["0", "1", "0.001"]);
        assert_eq!(at(&quarter, "0.5"), "0.500");
        assert_eq!(at(&quarter, "0.500000000000000001"), "0.501");
    }

    #[test]
    fn floor_and_ceiling_hold_whatever_the_volatility() {
        let day = rate("2.5", 86_400, ["0.0205", "0.4999", "0.001"]);
        assert_eq!(at(&day, "0"), "0.0205");
        assert_eq!(at(&day, "0.15"), "0.0205");
        assert_eq!(at(&day, "0.158"), "0.021");
        assert_eq!(at(&day, "1000"), "0.4999");
        // 0.500 is above the ceiling, which is not a multiple of the step.
        assert_eq!(at(&day, "3.82"), "0.4999");
        let one = rate("1000", u64::MAX, ["0.1", "0.1", "1"]);
        assert_eq!(at(&one, "0"), "0.1");
        assert_eq!(at(&one, "999.999999999999999999"), "0.1");
    }

    proptest! {
        /// Against rationals of any size: no smaller multiple of the step is enough; the rate is.
        #[test]
        fn the_rate_is_the_least_multiple_that_is_enough(
            multiple in 1i128..1_000_000_000,
            multiple_scale in 0u32..7,
            annual in prop_oneof![Just(0i128), 1i128..2_000, 1i128..1_000_000_000_000],
            annual_scale in 0u32..13,
            horizon in 1u64..400 * 86_400,
            step in 1i128..5_000,
            step_scale in 4u32..9,
            more in 0i128..1_000_000,
        ) {
            let rate = VolatilityRate {
                multiple: Decimal::new(multiple, multiple_scale),
                horizon: Span(horizon),
                floor: Decimal::from(0),
                ceiling: Decimal::from(1),
                step: Decimal::new(step, step_scale),
                ..rate("1", 1, ["0", "1", "1"])
            };
            let annual = Decimal::new(annual, annual_scale);
            let got = rate.at(annual);
            let rational = |one: Decimal| {
                BigRational::new(one.mantissa().into(), BigInt::from(10).pow(one.scale()))
            };
            let (part, year) = (BigInt::from(horizon), BigInt::from(YEAR));
            let moved = rational(rate.multiple) * rational(annual);
            let square = &moved * &moved * BigRational::new(part, year);
            let enough = |rate: &BigRational| rate * rate >= square;
            let [got_exact, step] = [rational(got), rational(rate.step)];
            let one = BigRational::from(BigInt::from(1));
            if got_exact == one {
                // The last multiple within the ceiling, unless it is the ceiling, is too little.
                let last = (&one / &step).ceil() - &one;
                prop_assert!(!enough(&(last * &step)));
            } else {
                prop_assert!(got_exact < one && enough(&got_exact));
                prop_assert!((&got_exact / &step).is_integer());
                let before = &got_exact - &step;
                prop_assert!(before < BigRational::from(BigInt::ZERO) || !enough(&before));
            }
            // Monotone in the volatility.
            let larger = Decimal::new(annual.mantissa() + more, annual_scale);
            prop_assert!(rate.at(larger) >= got);
        }
    }
}
