//! The value of an option by Black's model of 1976, to the unit.
//!
//! With a forward `F`, a strike `K`, a total variance `w = sigma^2 T` and a discount `D = e^(-r
//! T)`,
//!
//! ```text
//! call = D (F N(d1) - K N(d2))       d1 = ln(F / K) / sqrt(w) + sqrt(w) / 2
//! put  = D (K N(-d2) - F N(-d1))     d2 = d1 - sqrt(w)
//! ```
//!
//! and where `w`, `F` or `K` is 0, what exercise brings: `D max(F - K, 0)` and `D max(K - F, 0)`.
//! The value published is the real number rounded down to a unit. It is computed in intervals, with
//! more and more bits until both ends round to one integer (Ziv's strategy), so it is the same on
//! every machine and by every method.
//!
//! Only the side that is out of the money is computed so; the other follows from
//! `call - put = D (F - K)`. Its difference is a whole number of units in most books, and a small
//! time value on top of it is then rounded down by its sign alone, however small it is.

use std::sync::LazyLock;

use num_bigint::BigInt;
use num_rational::BigRational;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    functions::{Normal, Precision},
    interval::Interval,
};

/// The right that an option gives.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// To buy at the strike.
    Call,
    /// To sell at the strike.
    Put,
}

/// The largest total variance: a volatility of 500 % for ten years has 250.
pub const MAX_VARIANCE: u32 = 256;

/// The largest size of the rate times the time.
pub const MAX_RATE_TIME: u32 = 32;

/// The precisions that are tried, in bits behind the point. The first suffices for values below
/// 2^100 units but for one in billions.
const BITS: [u32; 6] = [128, 256, 512, 1024, 2048, 4096];

static PRECISIONS: [LazyLock<Precision>; 6] = [
    LazyLock::new(|| Precision::new(BITS[0])),
    LazyLock::new(|| Precision::new(BITS[1])),
    LazyLock::new(|| Precision::new(BITS[2])),
    LazyLock::new(|| Precision::new(BITS[3])),
    LazyLock::new(|| Precision::new(BITS[4])),
    LazyLock::new(|| Precision::new(BITS[5])),
];

/// The numbers that one option is valued from, per unit of its underlying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Black {
    forward: BigRational,
    strike: BigRational,
    variance: BigRational,
    rate_time: BigRational,
}

/// Why an option has no value.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BlackError {
    /// A number below zero, or above what the model is computed for.
    #[error("the {what}, {value}, is not {range}")]
    Range {
        /// The number.
        what: &'static str,
        /// The number, as a fraction.
        value: String,
        /// The range in words.
        range: &'static str,
    },
    /// The value lies so near a whole number of units that the last precision does not tell on
    /// which side. No value is known that does.
    #[error("the value is not decided by {} bits", BITS[BITS.len() - 1])]
    Undecided,
}

impl Black {
    /// An option with this forward and strike in the quote currency, total variance `sigma^2 T`,
    /// and rate times time `r T`.
    ///
    /// # Errors
    /// If a number is out of its range.
    pub fn new(
        forward: BigRational,
        strike: BigRational,
        variance: BigRational,
        rate_time: BigRational,
    ) -> Result<Self, BlackError> {
        let zero = BigRational::default();
        let refuse = |what, value: &BigRational, range| {
            Err(BlackError::Range { what, value: value.to_string(), range })
        };
        for (what, value) in [("forward", &forward), ("strike", &strike)] {
            if *value < zero {
                return refuse(what, value, "at least 0");
            }
        }
        if variance < zero || variance > whole(MAX_VARIANCE) {
            return refuse("total variance", &variance, "from 0 to 256");
        }
        if rate_time > whole(MAX_RATE_TIME) || -&rate_time > whole(MAX_RATE_TIME) {
            return refuse("rate times time", &rate_time, "from -32 to 32");
        }
        Ok(Self { forward, strike, variance, rate_time })
    }

    /// The value in units of `10^-decimals`, rounded down. Never negative.
    ///
    /// # Errors
    /// If the number cannot be decided at any precision: [`BlackError::Undecided`].
    pub fn value(&self, side: Side, decimals: u32) -> Result<BigInt, BlackError> {
        decide(|precision| {
            Some(self.worth(side, decimals, precision)?.times(&self.discount(precision)))
        })
    }

    /// The change of the value with the forward, in units of `10^-decimals`, to the nearest.
    /// Without variance it is the limit: a half, discounted, where forward and strike are equal.
    ///
    /// # Errors
    /// If the number cannot be decided at any precision: [`BlackError::Undecided`].
    pub fn delta(&self, side: Side, decimals: u32) -> Result<BigInt, BlackError> {
        nearest(decimals, |precision| {
            let one = Interval::whole(&1.into(), precision.bits());
            let call = if self.is_certain() {
                match self.forward.cmp(&self.strike) {
                    std::cmp::Ordering::Less => one.scaled(&BigInt::ZERO),
                    std::cmp::Ordering::Equal => one.shifted(-1),
                    std::cmp::Ordering::Greater => one.clone(),
                }
            } else {
                precision.normal(&self.d1(precision)?).below
            };
            let delta = if side == Side::Call { call } else { call.minus(&one) };
            Some(delta.times(&self.discount(precision)))
        })
    }

    /// The change of the delta with the forward, in units of `10^-decimals`, to the nearest: the
    /// same for a call and a put. `None` at the strike without variance, where it has no bound.
    ///
    /// # Errors
    /// If the number cannot be decided at any precision: [`BlackError::Undecided`].
    pub fn gamma(&self, decimals: u32) -> Result<Option<BigInt>, BlackError> {
        if self.is_certain() {
            return Ok((self.forward != self.strike).then_some(BigInt::ZERO));
        }
        let gamma = nearest(decimals, |precision| {
            let Normal { density, .. } = precision.normal(&self.d1(precision)?);
            let root = Interval::around(&self.variance, precision.bits()).root();
            let forward = Interval::around(&self.forward, precision.bits());
            density.over(&root)?.over(&forward).map(|gamma| gamma.times(&self.discount(precision)))
        });
        gamma.map(Some)
    }

    /// The change of the value with the volatility (1 is 100 %), `time` years before expiry, in
    /// units of `10^-decimals`, to the nearest: the same for a call and a put.
    ///
    /// # Errors
    /// If the number cannot be decided at any precision: [`BlackError::Undecided`].
    pub fn vega(&self, time: &BigRational, decimals: u32) -> Result<BigInt, BlackError> {
        nearest(decimals, |precision| {
            let bits = precision.bits();
            let density = if !self.is_certain() {
                precision.normal(&self.d1(precision)?).density
            } else if self.forward == self.strike {
                precision.normal(&Interval::whole(&BigInt::ZERO, bits)).density
            } else {
                Interval::whole(&BigInt::ZERO, bits)
            };
            let forward = Interval::around(&self.forward, bits);
            let root = Interval::around(time, bits).root();
            Some(density.times(&forward).times(&root).times(&self.discount(precision)))
        })
    }

    /// The outcome does not depend on the normal distribution.
    fn is_certain(&self) -> bool {
        let zero = BigRational::default();
        [&self.variance, &self.forward, &self.strike].contains(&&zero)
    }

    fn discount(&self, precision: &Precision) -> Interval {
        precision.exp(&Interval::around(&-&self.rate_time, precision.bits()))
    }

    fn d1(&self, precision: &Precision) -> Option<Interval> {
        let root = Interval::around(&self.variance, precision.bits()).root();
        let moneyness = precision.ln(&(&self.forward / &self.strike));
        Some(moneyness.over(&root)?.plus(&root.shifted(-1)))
    }

    /// The undiscounted value in units of `10^-decimals`.
    fn worth(&self, side: Side, decimals: u32, precision: &Precision) -> Option<Interval> {
        let bits = precision.bits();
        let unit = BigRational::from(BigInt::from(10).pow(decimals));
        let intrinsic = match side {
            Side::Call => (&self.forward - &self.strike) * &unit,
            Side::Put => (&self.strike - &self.forward) * &unit,
        };
        let intrinsic = Interval::around(&intrinsic, bits).known_non_negative();
        if self.is_certain() {
            return Some(intrinsic);
        }
        let [forward, strike] =
            [&self.forward, &self.strike].map(|price| Interval::around(&(price * &unit), bits));
        let root = Interval::around(&self.variance, bits).root();
        let d1 = self.d1(precision)?;
        let d2 = d1.minus(&root);
        let below = |d: &Interval| precision.normal(d).below;
        let out_of_the_money = if self.forward < self.strike {
            forward.times(&below(&d1)).minus(&strike.times(&below(&d2)))
        } else {
            strike.times(&below(&d2.negated())).minus(&forward.times(&below(&d1.negated())))
        };
        Some(intrinsic.plus(&out_of_the_money.known_non_negative()))
    }
}

fn whole(number: u32) -> BigRational {
    BigRational::from(BigInt::from(number))
}

/// The whole number next below what `compute` gives, with as many bits as it takes.
fn decide(compute: impl Fn(&Precision) -> Option<Interval>) -> Result<BigInt, BlackError> {
    let mut floors = PRECISIONS.iter().map(|precision| compute(precision)?.floor());
    floors.find_map(|floor| floor).ok_or(BlackError::Undecided)
}

/// The whole number of units of `10^-decimals` nearest to what `compute` gives; a half goes up.
fn nearest(
    decimals: u32,
    compute: impl Fn(&Precision) -> Option<Interval>,
) -> Result<BigInt, BlackError> {
    let unit = BigInt::from(10).pow(decimals);
    decide(|precision| {
        let half = Interval::whole(&1.into(), precision.bits()).shifted(-1);
        Some(compute(precision)?.scaled(&unit).plus(&half))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(text: &str) -> BigRational {
        let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
        BigRational::new(numerator.parse().unwrap(), denominator.parse().unwrap())
    }

    fn black(forward: &str, strike: &str, variance: &str) -> Black {
        let [forward, strike, variance] = [forward, strike, variance].map(fraction);
        Black::new(forward, strike, variance, BigRational::default()).unwrap()
    }

    #[track_caller]
    fn values(black: &Black, decimals: u32, call: i128, put: i128) {
        assert_eq!(black.value(Side::Call, decimals), Ok(call.into()));
        assert_eq!(black.value(Side::Put, decimals), Ok(put.into()));
    }

    #[test]
    fn a_textbook_option_has_its_value() {
        // 100 (2 N(0.1) - 1) = 7.9655674554057962...
        values(&black("100", "100", "4/100"), 12, 7_965_567_455_405, 7_965_567_455_405);
    }

    #[test]
    fn without_variance_it_is_worth_what_exercise_brings() {
        values(&black("110", "100", "0"), 2, 1_000, 0);
        values(&black("100", "110", "0"), 2, 0, 1_000);
        values(&black("100", "100", "0"), 2, 0, 0);
        values(&black("0", "100", "1"), 2, 0, 10_000);
        values(&black("100", "0", "1"), 2, 10_000, 0);
        values(&black("0", "0", "1"), 2, 0, 0);
        let [forward, strike, one] = ["110", "100", "1"].map(fraction);
        let later = Black::new(forward, strike, BigRational::default(), one).unwrap();
        values(&later, 8, 367_879_441, 0);
    }

    #[test]
    fn a_vanishing_time_value_does_not_stop_the_floor() {
        // d1 is about 1e7, and the put's value below 10^-10^13.
        values(&black("110", "100", "1/100000000000000000"), 16, 100_000_000_000_000_000, 0);
        values(&black("100", "110", "1/100000000000000000"), 16, 0, 100_000_000_000_000_000);
    }

    #[test]
    fn a_tiny_variance_takes_more_bits() {
        let tiny = format!("1/1{}", "0".repeat(80));
        values(&black("1", "1", &tiny), 44, 3_989, 3_989);
    }

    #[test]
    fn a_large_variance_leaves_little_below_the_forward() {
        // 100 - value = 1.24e-13.
        values(&black("100", "100", "256"), 12, 99_999_999_999_999, 99_999_999_999_999);
        values(&black("100", "100", "256"), 14, 9_999_999_999_999_987, 9_999_999_999_999_987);
    }

    #[test]
    fn a_number_out_of_range_is_refused() {
        let refused = |numbers: [&str; 4]| {
            let [forward, strike, variance, rate_time] = numbers.map(fraction);
            Black::new(forward, strike, variance, rate_time).unwrap_err().to_string()
        };
        assert_eq!(refused(["-1/2", "1", "1", "0"]), "the forward, -1/2, is not at least 0");
        assert_eq!(refused(["1", "-1", "1", "0"]), "the strike, -1, is not at least 0");
        assert_eq!(refused(["1", "1", "-1", "0"]), "the total variance, -1, is not from 0 to 256");
        assert_eq!(
            refused(["1", "1", "257", "0"]),
            "the total variance, 257, is not from 0 to 256"
        );
        assert_eq!(
            refused(["1", "1", "1", "33"]),
            "the rate times time, 33, is not from -32 to 32"
        );
        assert_eq!(
            refused(["1", "1", "1", "-33"]),
            "the rate times time, -33, is not from -32 to 32"
        );
    }

    #[test]
    fn what_no_precision_decides_is_an_error() {
        let always = |precision: &Precision| {
            Some(Interval::whole(&1.into(), precision.bits()).widened(&1.into()))
        };
        assert_eq!(decide(always), Err(BlackError::Undecided));
        assert_eq!(decide(|_| None), Err(BlackError::Undecided));
        let last = |precision: &Precision| {
            (precision.bits() == 4096).then(|| always(precision).unwrap().shifted(-1))
        };
        assert_eq!(decide(last), Ok(BigInt::ZERO));
    }

    #[test]
    fn greeks_without_variance_are_the_limits() {
        let time = fraction("1/4");
        let at = |forward: &str, variance: &str| {
            let black = black(forward, "100", variance);
            let delta = |side| i64::try_from(black.delta(side, 3).unwrap()).unwrap();
            let vega = black.vega(&time, 3).unwrap();
            (
                delta(Side::Call),
                delta(Side::Put),
                black.gamma(3).unwrap(),
                i64::try_from(vega).unwrap(),
            )
        };
        assert_eq!(at("90", "0"), (0, -1_000, Some(0.into()), 0));
        assert_eq!(at("110", "0"), (1_000, 0, Some(0.into()), 0));
        assert_eq!(at("100", "0"), (500, -500, None, 19_947));
        assert_eq!(at("0", "1"), (0, -1_000, Some(0.into()), 0));
        // N(0.1) = 0.5398, density 0.39695; / (100 * 0.2); * 100 / 2.
        assert_eq!(at("100", "4/100"), (540, -460, Some(20.into()), 19_848));
    }

    #[test]
    fn a_delta_next_to_one_is_rounded_to_it() {
        let deep = black("100000", "1", "1/1000000");
        assert_eq!(deep.delta(Side::Call, 12), Ok(1_000_000_000_000i64.into()));
        assert_eq!(deep.delta(Side::Put, 12), Ok(0.into()));
        assert_eq!(deep.gamma(18), Ok(Some(0.into())));
    }
}
