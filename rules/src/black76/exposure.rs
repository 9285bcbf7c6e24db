//! The change in value of a position or a book: delta, gamma and vega.

use num_bigint::BigInt;
use num_rational::BigRational;
use serde::Serialize;

use super::black::{Black, BlackError, Side};
use crate::signed_amount::SignedAmount;

/// Decimals of a delta, per unit of the underlying.
pub const DELTA_DECIMALS: u32 = 12;
/// Decimals of a gamma.
pub const GAMMA_DECIMALS: u32 = 18;
/// Decimals of a vega, in the quote currency.
pub const VEGA_DECIMALS: u32 = 8;

/// The greeks of one unit of an option, to the nearest unit of their last decimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeks {
    /// In units of `10^-12`.
    pub delta: BigInt,
    /// In units of `10^-18`; `None` if it has no bound.
    pub gamma: Option<BigInt>,
    /// In units of `10^-8`.
    pub vega: BigInt,
}

impl Greeks {
    /// The greeks of an option, `time` years before its expiry.
    ///
    /// # Errors
    /// If a greek cannot be decided at any precision: [`BlackError::Undecided`].
    pub fn of(black: &Black, side: Side, time: &BigRational) -> Result<Self, BlackError> {
        Ok(Self {
            delta: black.delta(side, DELTA_DECIMALS)?,
            gamma: black.gamma(GAMMA_DECIMALS)?,
            vega: black.vega(time, VEGA_DECIMALS)?,
        })
    }
}

/// The gains of options together, in the quote currency but for delta: for every 1 that the forward
/// rises `delta`, which itself rises by `gamma`, and for every 100 % of volatility `vega`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exposure {
    /// In whole units of the underlying.
    pub delta: SignedAmount,
    /// In whole units of the underlying per 1 of its price; `null` if an option that expires at
    /// its strike has no bound.
    pub gamma: Option<SignedAmount>,
    /// In the quote currency.
    pub vega: SignedAmount,
}

impl Default for Exposure {
    fn default() -> Self {
        let nothing = |decimals| SignedAmount::new(&BigInt::ZERO, decimals);
        Self {
            delta: nothing(DELTA_DECIMALS),
            gamma: Some(nothing(GAMMA_DECIMALS)),
            vega: nothing(VEGA_DECIMALS),
        }
    }
}

impl Exposure {
    /// Adds so many units of `10^-decimals` of an option, fewer than none for a short.
    pub fn add(&mut self, greeks: &Greeks, quantity: &BigInt, decimals: u32) {
        let add = |sum: &mut SignedAmount, greek: &BigInt, digits: u32| {
            let before = sum.size.decimals;
            let fine = before.max(decimals + digits);
            let power = |from: u32| BigInt::from(10).pow(fine - from);
            let units = sum.units() * power(before) + greek * quantity * power(decimals + digits);
            *sum = SignedAmount::new(&units, fine);
        };
        add(&mut self.delta, &greeks.delta, DELTA_DECIMALS);
        add(&mut self.vega, &greeks.vega, VEGA_DECIMALS);
        match (&mut self.gamma, &greeks.gamma) {
            (Some(sum), Some(gamma)) => add(sum, gamma, GAMMA_DECIMALS),
            (gamma, None) if *quantity != BigInt::ZERO => *gamma = None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exposure_is_the_sum_of_its_options() {
        let greeks = |delta: i64, gamma: Option<i64>, vega: i64| Greeks {
            delta: delta.into(),
            gamma: gamma.map(BigInt::from),
            vega: vega.into(),
        };
        let half = greeks(500_000_000_000, Some(20_000_000_000_000_000), 2_000_000_000);
        let put = greeks(-250_000_000_000, Some(1), -1);
        let mut sum = Exposure::default();
        sum.add(&half, &300.into(), 2);
        sum.add(&put, &(-10).into(), 0);
        let text = |sum: &Exposure| {
            let gamma = sum.gamma.as_ref().map(SignedAmount::to_string);
            (sum.delta.to_string(), gamma, sum.vega.to_string())
        };
        let gamma = Some("0.05999999999999999".to_owned());
        assert_eq!(text(&sum), ("4".to_owned(), gamma.clone(), "60.0000001".to_owned()));
        sum.add(&greeks(0, None, 0), &0.into(), 0);
        assert_eq!(text(&sum).1, gamma);
        sum.add(&greeks(-4_000_000_000_001, None, 0), &1.into(), 0);
        assert_eq!(text(&sum).0, "-0.000000000001");
        assert_eq!(text(&sum).1, None);
        sum.add(&half, &1.into(), 0);
        assert_eq!(text(&sum).1, None, "without bound whatever is added");
    }
}
