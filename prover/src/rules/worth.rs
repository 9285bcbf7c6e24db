//! What one unit of an instrument is worth in every scenario.
//!
//! With a price of `P` value units per unit of quantity, an instrument is worth
//!
//! | | mark | margin | stress |
//! |---|---|---|---|
//! | deposit | `P` | `P w` | `P (1 + move)` |
//! | borrow | `-P` | `-P b` | `-P (1 + move)` |
//! | long | `P` | `P (1 - m)` | `P (1 + move)` |
//! | short | `-P` | `-P (1 + m)` | `-P (1 + move)` |
//! | quote credit | `Q` | `Q` | `Q` |
//! | quote debit | `-Q` | `-Q` | `-Q` |
//!
//! where `w` and `b` are the asset's weights, `m` the market's margin rate, and `Q` the quote
//! currency's own unit, `10^(value decimals - quote decimals)`. `P` has to be a whole number, so
//! mark is exact. Every other value is rounded down, towards minus infinity: against the account,
//! so that neither margin health nor the bad debt of a stress is ever flattered. The error is
//! below one unit of value per unit of quantity.

use std::ops::Neg;

use num_bigint::BigInt;
use pacioli_circuits::Value;

use super::{
    error::{Problem, RulesError, refuse},
    file::{Margin, Rules, Scenario},
};
use crate::{
    decimal::{Decimal, div_floor},
    prices::Prices,
};

/// Which way an instrument counts.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    /// The venue owes it to the account.
    Asset,
    /// The account owes it to the venue.
    Liability,
}

impl Sign {
    /// A number that counts this way.
    pub(super) fn of<N: Neg<Output = N>>(self, number: N) -> N {
        match self {
            Self::Asset => number,
            Self::Liability => -number,
        }
    }
}

/// A factor of the price, `numerator / 10^scale`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Factor {
    /// Negative for what the account owes.
    pub numerator: BigInt,
    /// Digits behind the point.
    pub scale: u32,
}

impl Factor {
    pub(super) fn zero() -> Self {
        Self { numerator: 0.into(), scale: 0 }
    }

    pub(super) fn one() -> Self {
        Self { numerator: 1.into(), scale: 0 }
    }

    pub(super) fn of(number: Decimal) -> Self {
        Self { numerator: number.mantissa().into(), scale: number.scale() }
    }

    fn one_plus(number: Decimal) -> Self {
        let one = BigInt::from(10).pow(number.scale());
        Self { numerator: one + number.mantissa(), scale: number.scale() }
    }

    /// What is left of a position's notional after its margin: `1 - rate` of what is owned,
    /// `1 + rate` of what is owed.
    pub(super) fn after_margin(sign: Sign, rate: Decimal) -> Self {
        let one = BigInt::from(10).pow(rate.scale());
        let numerator = one - sign.of(BigInt::from(rate.mantissa()));
        Self { numerator, scale: rate.scale() }
    }

    pub(super) fn signed(self, sign: Sign) -> Self {
        Self { numerator: sign.of(self.numerator), scale: self.scale }
    }

    /// `units` times the factor, rounded down.
    fn times(&self, units: &BigInt) -> BigInt {
        div_floor(&(units * &self.numerator), &BigInt::from(10).pow(self.scale)).0
    }
}

/// How the values of a row follow from a price: in each scenario `price * 10^shift` times the
/// scenario's factor, rounded down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worth {
    /// Whose price; the number 1 where there is none.
    pub price: Option<String>,
    /// Digits of value in one unit of quantity.
    pub shift: u32,
    /// One per scenario.
    pub factors: Vec<Factor>,
}

/// What a price comes to.
#[derive(Clone, Debug)]
pub(super) struct Base {
    /// Whose price; the number 1 where there is none.
    pub(super) price: Option<String>,
    pub(super) shift: u32,
    /// The mark price of one unit of quantity, in units of value.
    pub(super) units: BigInt,
}

impl Base {
    /// The number 1, so many digits up.
    pub(super) fn one(shift: u32) -> Self {
        Self { price: None, shift, units: BigInt::from(10).pow(shift) }
    }
}

/// What the worth of one instrument follows from.
pub(super) struct Terms<'a> {
    /// The rule's key, for errors.
    pub(super) key: &'a str,
    /// The asset or market.
    pub(super) name: &'a str,
    pub(super) base: &'a Base,
    pub(super) sign: Sign,
    /// The factor in maintenance scenarios.
    pub(super) maintenance: Option<Factor>,
    /// The factor in initial scenarios.
    pub(super) initial: Option<Factor>,
    /// The asset whose moves it follows.
    pub(super) underlying: &'a str,
    /// Whether a default move applies.
    pub(super) shocked: bool,
}

impl Terms<'_> {
    /// The row's worth, and the value it comes to in each scenario.
    ///
    /// # Errors
    /// Where one is not below 2^64 in size, or a margin scenario has no factor.
    pub(super) fn values(&self, scenarios: &[Scenario]) -> Result<(Worth, Vec<Value>), RulesError> {
        let factors = scenarios.iter().map(|scenario| self.factor(scenario));
        let factors = factors.collect::<Result<Vec<_>, _>>()?;
        let values = scenarios.iter().zip(&factors);
        let values = values.map(|(scenario, factor)| self.value(scenario, factor));
        let values = values.collect::<Result<_, _>>()?;
        let Base { price, shift, .. } = self.base.clone();
        Ok((Worth { price, shift, factors }, values))
    }

    fn factor(&self, scenario: &Scenario) -> Result<Factor, RulesError> {
        let factor = match scenario.margin {
            None => Some(self.moved(scenario)),
            Some(Margin::Maintenance) => self.maintenance.clone(),
            Some(Margin::Initial) => self.initial.clone(),
        };
        match factor {
            Some(factor) => Ok(factor.signed(self.sign)),
            None => refuse(self.place(), Problem::Missing("a margin scenario needs it")),
        }
    }

    fn value(&self, scenario: &Scenario, factor: &Factor) -> Result<Value, RulesError> {
        let units = factor.times(&self.base.units);
        match i128::try_from(&units).ok().and_then(Value::new) {
            Some(value) => Ok(value),
            None => {
                let (units, scenario) = (units.to_string(), scenario.name.clone());
                refuse(self.place(), Problem::ValueBound { units, scenario })
            }
        }
    }

    fn place(&self) -> String {
        format!("{}: {}", self.key, self.name)
    }

    /// The factor in `mark` or a stress.
    fn moved(&self, scenario: &Scenario) -> Factor {
        let default = scenario.default_move.filter(|_| self.shocked);
        let relative = scenario.moves.get(self.underlying).copied().or(default);
        relative.map_or_else(Factor::one, Factor::one_plus)
    }
}

/// The mark price of `10^-decimals` of `name`, or of its underlying, in units of value.
///
/// # Errors
/// Where there is no price, or it is no whole number of units.
pub(super) fn mark_price(
    rules: &Rules,
    prices: &Prices,
    key: &str,
    [name, underlying]: [&str; 2],
    decimals: u32,
) -> Result<Base, RulesError> {
    let named = |name| prices.get(name).map(|price| (name, price));
    let Some((name_of_price, price)) = named(name).or_else(|| named(underlying)) else {
        return refuse(key, Problem::NoPrice(underlying.to_owned()));
    };
    let value_decimals = rules.value_decimals;
    let left = value_decimals - decimals;
    if let Some(units) = price.exact_units(left) {
        return Ok(Base { price: Some(name_of_price.to_owned()), shift: left, units });
    }
    let is_exact = |&digits: &u32| price.exact_units(digits).is_some();
    let needed = (left..price.scale()).find(is_exact).unwrap_or(price.scale());
    let most = value_decimals.saturating_sub(needed);
    let problem = Problem::PriceDigits { price, needed, decimals, value_decimals, left, most };
    refuse(format!("{key}: {name}"), problem)
}
