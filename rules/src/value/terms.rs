//! The value of one unit of an instrument in every scenario.
//!
//! With a price of `P` units of value per unit of quantity, an instrument is worth
//!
//! | | mark | margin | stress | constraint |
//! |---|---|---|---|---|
//! | deposit | `P` | `P w` | `P (1 + move)` | `P move weight` |
//! | borrow | `-P` | `-P b` | `-P (1 + move)` | `-P move weight` |
//! | long | `P` | `P (1 - m)` | `P (1 + move)` | `P move weight` |
//! | short | `-P` | `-P (1 + m)` | `-P (1 + move)` | `-P move weight` |
//! | quote credit | `Q` | `Q` | `Q` | 0 |
//! | quote debit | `-Q` | `-Q` | `-Q` | 0 |
//! | contingency | 0 | `-U f` | 0 | `U` in its own |
//!
//! where `w` and `b` are the asset's weights, `m` the market's margin rate, `Q` the quote
//! currency's own unit, `10^(value decimals - quote decimals)`, `f` how many times the contingency
//! counts, and `U` the contingency's own unit, so large that every `U f` is whole. Credit is as
//! margin, but that an uncredited borrow, elsewhere worth what a borrow is, is worth 0 there. A
//! constraint that has rates has `P rate` for every instrument with a rate, and 0 for the others;
//! one with rates of the underlying has `S rate`, `S` being the underlying's price as `P` is the
//! instrument's own. One with a delta has `S (net - gross)` for what is owned and `S (-net -
//! gross)` for what is owed, of what follows its underlying. `P` has to be a whole number, so mark
//! is exact. Every other value is rounded down, towards minus infinity: against the account, so
//! that neither margin health nor the bad debt of a stress is ever flattered. The error is below
//! one unit of value per unit of quantity.
//!
//! What is rounded off a deposit in a stress is rounded off what is owed there. With coarse units
//! that would be anything: at a price of 1 unit, a move of -1 % would leave nothing owed at all. So
//! where a clause rests on what is owed in a stress, a value there that is not exact has to be at
//! least [`FINE`] units, and is then off by less than one part in so many.

use num_bigint::BigInt;
use pacioli_circuits::{Value, Values};

use crate::{
    decimal::{Decimal, div_floor},
    error::{Problem, RulesError, refuse},
    prices::Prices,
    rules::TableRules,
    schema::{Form, Kind, Margin, Scenario},
    table::{Factor, Sign, Valuation},
};

/// The least size of a stress's value that may be rounded.
const FINE: u32 = 1000;

impl Factor {
    pub(crate) fn zero() -> Self {
        Self { numerator: 0.into(), scale: 0 }
    }

    pub(crate) fn one() -> Self {
        Self { numerator: 1.into(), scale: 0 }
    }

    pub(crate) fn of(number: Decimal) -> Self {
        Self { numerator: number.mantissa().into(), scale: number.scale() }
    }

    fn one_plus(number: Decimal) -> Self {
        let one = BigInt::from(10).pow(number.scale());
        Self { numerator: one + number.mantissa(), scale: number.scale() }
    }

    /// The rest of a position's notional after its margin: `1 - rate` of what is owned,
    /// `1 + rate` of what is owed.
    pub(crate) fn after_margin(sign: Sign, rate: Decimal) -> Self {
        let one = BigInt::from(10).pow(rate.scale());
        let numerator = one - sign.of(BigInt::from(rate.mantissa()));
        Self { numerator, scale: rate.scale() }
    }

    fn product(a: Decimal, b: Decimal) -> Self {
        Self { numerator: BigInt::from(a.mantissa()) * b.mantissa(), scale: a.scale() + b.scale() }
    }

    pub(crate) fn signed(self, sign: Sign) -> Self {
        Self { numerator: sign.of(self.numerator), scale: self.scale }
    }

    fn less(&self, number: Decimal) -> Self {
        let scale = self.scale.max(number.scale());
        let numerator = &self.numerator * BigInt::from(10).pow(scale - self.scale);
        Self { numerator: numerator - number.floor_units(scale).0, scale }
    }

    fn is_zero(&self) -> bool {
        self.numerator == BigInt::ZERO
    }

    /// `units` times the factor, rounded down.
    fn times(&self, units: &BigInt) -> BigInt {
        self.divided(units).0
    }

    /// Whether `units` times the factor is exact, or so much that its rounding is a small part of
    /// it.
    fn is_fine(&self, units: &BigInt) -> bool {
        let (product, rest) = self.divided(units);
        rest == BigInt::ZERO || *product.magnitude() >= FINE.into()
    }

    /// `units` times the factor, rounded down, and what is left over.
    fn divided(&self, units: &BigInt) -> (BigInt, BigInt) {
        div_floor(&(units * &self.numerator), &BigInt::from(10).pow(self.scale))
    }
}

/// The price of one unit of quantity.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    /// The asset or market whose price it is; `None` means a constant price of 1.
    pub(crate) price: Option<String>,
    pub(crate) shift: u32,
    /// The mark price of one unit of quantity, in units of value.
    pub(crate) units: BigInt,
}

impl Base {
    /// The number 1, so many digits up.
    pub(crate) fn one(shift: u32) -> Self {
        Self { price: None, shift, units: BigInt::from(10).pow(shift) }
    }

    /// The row's valuation, and its value in each scenario.
    ///
    /// # Errors
    /// If a value is not below 2^64 in size; `place` names the row.
    pub(crate) fn values(
        &self,
        factors: Vec<Factor>,
        scenarios: &[Scenario],
        place: &str,
    ) -> Result<(Valuation, Values), RulesError> {
        let values = scenarios.iter().zip(&factors);
        let values = values.map(|(one, factor)| bounded(factor.times(&self.units), one, place));
        let values = values.collect::<Result<_, _>>()?;
        Ok((self.worth(factors), values))
    }

    fn worth(&self, factors: Vec<Factor>) -> Valuation {
        let Self { price, shift, .. } = self.clone();
        Valuation { price, shift, factors, of_underlying: Vec::new() }
    }
}

/// The value of a row in a scenario, which must be below 2^64 in size; `place` names the row.
fn bounded(units: BigInt, scenario: &Scenario, place: &str) -> Result<Value, RulesError> {
    match i128::try_from(&units).ok().and_then(Value::new) {
        Some(value) => Ok(value),
        None => {
            let (units, scenario) = (units.to_string(), scenario.name.clone());
            refuse(place, Problem::ValueBound { units, scenario })
        }
    }
}

/// The terms that the valuation of one instrument follows from.
pub(crate) struct Terms<'a> {
    /// The rule's key, for errors.
    pub(crate) key: &'a str,
    /// Its side, as an instrument's name begins.
    pub(crate) side: &'static str,
    /// The asset or market.
    pub(crate) name: &'a str,
    pub(crate) base: &'a Base,
    pub(crate) sign: Sign,
    /// The factor in maintenance scenarios.
    pub(crate) maintenance: Option<Factor>,
    /// The factor in initial scenarios.
    pub(crate) initial: Option<Factor>,
    /// The asset whose moves it follows.
    pub(crate) underlying: &'a str,
    /// Whether a default move applies.
    pub(crate) shocked: bool,
}

impl Terms<'_> {
    /// The row's valuation, and its value in each scenario.
    ///
    /// # Errors
    /// If a value is not below 2^64 in size, a margin scenario has no factor, or the price of the
    /// underlying is needed and missing.
    pub(crate) fn values(
        &self,
        rules: &TableRules,
        prices: &Prices,
    ) -> Result<(Valuation, Values), RulesError> {
        let has_own_price = self.base.price.as_deref() != Some(self.underlying);
        let (mut factors, mut of_underlying) = (Vec::new(), Vec::new());
        let mut values = Values::default();
        for (id, scenario) in rules.scenarios_by_id() {
            let factor = self.factor(scenario)?;
            let is_of_underlying = scenario.is_of_underlying() && !factor.is_zero();
            if rules.obligations.fine.contains(&id) && !factor.is_fine(&self.base.units) {
                let scenario = scenario.name.clone();
                return refuse(self.place(), Problem::Coarse { scenario, least: FINE });
            }
            let units = if has_own_price && is_of_underlying {
                of_underlying.push(id);
                self.of_underlying(&factor, prices)?
            } else {
                factor.times(&self.base.units)
            };
            values.push(bounded(units, scenario, &self.place())?);
            factors.push(factor);
        }
        Ok((Valuation { of_underlying, ..self.base.worth(factors) }, values))
    }

    /// A part of the underlying's price, rounded down. The price may be finer than a unit of value.
    fn of_underlying(&self, factor: &Factor, prices: &Prices) -> Result<BigInt, RulesError> {
        let Some(price) = prices.get(self.underlying) else {
            return refuse(self.place(), Problem::no_price(self.underlying, prices));
        };
        let numerator = &factor.numerator * price.mantissa();
        let part = Factor { numerator, scale: factor.scale + price.scale() };
        Ok(part.times(&BigInt::from(10).pow(self.base.shift)))
    }

    fn factor(&self, scenario: &Scenario) -> Result<Factor, RulesError> {
        let margin = match scenario.margin {
            Some(Margin::Maintenance) => &self.maintenance,
            Some(Margin::Initial) => &self.initial,
            None => &None,
        };
        match (scenario.kind, margin) {
            (Kind::Mark, _) => Ok(Factor::one().signed(self.sign)),
            (Kind::Stress, _) => Ok(self.moved(scenario).signed(self.sign)),
            (Kind::Constraint, _) => Ok(self.gain(scenario)),
            (Kind::Margin | Kind::Credit, Some(factor)) => Ok(factor.clone().signed(self.sign)),
            (Kind::Margin | Kind::Credit, None) => {
                refuse(self.place(), Problem::Missing("a margin scenario needs it"))
            }
        }
    }

    fn place(&self) -> String {
        format!("{}: {}", self.key, self.name)
    }

    fn relative_move(&self, scenario: &Scenario) -> Option<Decimal> {
        let default = scenario.default_move.filter(|_| self.shocked);
        scenario.moves.get(self.underlying).copied().or(default)
    }

    /// The factor in a stress.
    fn moved(&self, scenario: &Scenario) -> Factor {
        self.relative_move(scenario).map_or_else(Factor::one, Factor::one_plus)
    }

    /// The factor in a constraint.
    fn gain(&self, scenario: &Scenario) -> Factor {
        let form = scenario.form();
        if let Form::Rates(rates) = form {
            let rate = rates.get(&format!("{} {}", self.side, self.name));
            return rate.map_or_else(Factor::zero, |rate| Factor::of(*rate));
        }
        if !scenario.is_about(self.name) {
            return Factor::zero();
        }
        match (form, self.relative_move(scenario)) {
            (Form::Delta(delta), _) if delta.underlying == self.underlying => {
                // One unit has a delta of 1.
                Factor::of(delta.net).signed(self.sign).less(delta.gross)
            }
            (Form::Moves, Some(relative)) => {
                let weight = scenario.weight.unwrap_or(Decimal::new(1, 0));
                Factor::product(relative, weight).signed(self.sign)
            }
            _ => Factor::zero(),
        }
    }
}

/// The mark price of `10^-decimals` of `name`, or of its underlying, in units of value.
///
/// # Errors
/// If there is no price, or it is not a whole number of units.
pub(crate) fn mark_price(
    rules: &TableRules,
    prices: &Prices,
    key: &str,
    [name, underlying]: [&str; 2],
    decimals: u32,
) -> Result<Base, RulesError> {
    let named = |name| prices.get(name).map(|price| (name, price));
    let Some((name_of_price, price)) = named(name).or_else(|| named(underlying)) else {
        return refuse(key, Problem::no_price(underlying, prices));
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
