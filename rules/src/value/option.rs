//! The value of options in every scenario.
//!
//! ```toml
//! [options."BTC-26DEC25-100000-C"]
//! underlying = "BTC"
//! strike = "100000"
//! expiry = "2026-12-25T08:00:00Z"
//! side = "call"
//! decimals = 4
//!
//! [option_margins.BTC.maintenance]
//! long = "0"
//! call = { base = "0.075", floor = "0.05" }
//! put = { base = "0.075", floor = "0.05", premium = "0.075" }
//! ```
//!
//! With a mark value `v`, the underlying's price `S` and what the option is out of the money by,
//! `otm`, an option is worth
//!
//! | | mark | margin | stress | constraint |
//! |---|---|---|---|---|
//! | long | `v` | `v long` | `u` | `(D u - v) weight` |
//! | short | `-v` | `-v - max(base S - otm, floor S, premium v)` | `-u` | `(v - D u) weight` |
//!
//! where `u` is its value at the scenario's forward and volatility, and `D` the discount of its
//! expiry there, 1 where there is none. A constraint with rates has `v rate`, or `S rate` with
//! rates of the underlying, and one with a delta what [`Delta::gains`] says of the option's.
//!
//! This is the standard margin of Deribit, Aevo and Paradex for short options, each with its own
//! numbers. `v` and the values in stresses are rounded down for both sides, so that the sides are
//! exactly opposite; in a margin scenario a long is rounded down and a short's margin up, and in a
//! constraint every gain is rounded down.

use std::{cell::RefCell, collections::BTreeMap};

use num_bigint::BigInt;
use num_rational::BigRational;
use pacioli_circuits::Values;

use super::terms::Base;
use crate::{
    black76::{Black, DELTA_DECIMALS, Greeks, Point, Side, fraction},
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    prices::Prices,
    rules::TableRules,
    schema::{Delta, ExpiryMoves, Form, Kind, Margin, OptionRule, Scenario},
    table::{CompiledOption, Factor, Valuation},
};

impl From<OptionWorth> for CompiledOption {
    fn from(OptionWorth { underlying, decimals, greeks, .. }: OptionWorth) -> Self {
        Self { underlying, decimals, greeks }
    }
}

/// The value of one option in every scenario.
pub(crate) struct OptionWorth {
    pub(crate) underlying: String,
    pub(crate) decimals: u32,
    pub(crate) long: (Valuation, Values),
    pub(crate) short: (Valuation, Values),
    pub(crate) greeks: Greeks,
}

/// The value of the option called `name`. `shocked` says whether a default move applies to its
/// underlying.
///
/// # Errors
/// If a price or volatility is missing, or a value is not below 2^64 in size.
pub(crate) fn option_worth(
    rules: &TableRules,
    prices: &Prices,
    name: &str,
    rule: &OptionRule,
    shocked: bool,
) -> Result<OptionWorth, RulesError> {
    let key = format!("options.{name}");
    if prices.prices.contains_key(name) {
        let problem = Problem::Misplaced("the prices have one of its name, but a model values it");
        return refuse(key, problem);
    }
    let Some(spot) = prices.get(&rule.underlying) else {
        return refuse(key, Problem::no_price(&rule.underlying, prices));
    };
    check_fine(rules, &key, rule, spot)?;
    let point = point(prices, &key, rule, spot)?;
    let (spot, seen) = (fraction(spot), RefCell::default());
    let valued = Valued { rules, rule, key: &key, name, spot, point, shocked, seen };
    let black = valued.black(&BigRational::from(BigInt::from(1)), &BigRational::default())?;
    let mark = valued.units(&black)?;
    let greeks = Greeks::of(&black, rule.side, &valued.point.time);
    let greeks = greeks.or_else(|error| refuse(&*key, error.into()))?;
    let mut sides = [Vec::new(), Vec::new()];
    for scenario in &rules.scenarios {
        let [long, short] = valued.values(scenario, &mark, &greeks)?;
        sides[0].push(long);
        sides[1].push(short);
    }
    let [long, short] = sides.map(|units| valued.row(units));
    let (underlying, decimals) = (rule.underlying.clone(), rule.decimals);
    Ok(OptionWorth { underlying, decimals, long: long?, short: short?, greeks })
}

/// The least units of value that the underlying of one unit of an option is worth. Of an option's
/// own value, at mark as in a stress, less than one unit is rounded off what its holder is owed: a
/// millionth part of the underlying at most.
const FINE: u32 = 1_000_000;

fn check_fine(
    rules: &TableRules,
    key: &str,
    rule: &OptionRule,
    spot: Decimal,
) -> Result<(), RulesError> {
    let (units, _) = spot.floor_units(rules.value_decimals - rule.decimals);
    // Of what is worth nothing, a call is worth nothing and a put its strike.
    match spot.mantissa() == 0 || units >= FINE.into() {
        true => Ok(()),
        false => {
            let scenario = "mark".to_owned();
            refuse(format!("{key}: {}", rule.underlying), Problem::Coarse { scenario, least: FINE })
        }
    }
}

/// The point of the surface that the option is valued at, at mark. An expired option has its
/// underlying's price as its forward.
fn point(
    prices: &Prices,
    key: &str,
    rule: &OptionRule,
    spot: Decimal,
) -> Result<Point, RulesError> {
    if rule.expiry <= prices.as_of {
        let zero = BigRational::default;
        let forward = fraction(spot);
        return Ok(Point { forward, variance: zero(), rate_time: zero(), time: zero() });
    }
    let Some(surface) = prices.vols.get(&rule.underlying) else {
        return refuse(key, Problem::NoVols(rule.underlying.clone()));
    };
    let point = surface.at(prices.as_of, rule.expiry, rule.strike, spot);
    point.or_else(|error| {
        let key = format!("{key}: vols.{}", rule.underlying);
        refuse(key, Problem::Vols(error))
    })
}

struct Valued<'a> {
    rules: &'a TableRules,
    rule: &'a OptionRule,
    key: &'a str,
    name: &'a str,
    spot: BigRational,
    point: Point,
    shocked: bool,
    /// Its values by moves of the forward and of the volatility, once computed. A scan asks for
    /// each as often as there are choices of discounts.
    seen: RefCell<BTreeMap<[BigRational; 2], BigInt>>,
}

impl Valued<'_> {
    /// The option after its forward is multiplied by one number and its volatility by 1 plus the
    /// other.
    fn black(&self, factor: &BigRational, vol_move: &BigRational) -> Result<Black, RulesError> {
        let Point { forward, variance, rate_time, .. } = &self.point;
        let vol = vol_move + BigInt::from(1);
        let black = Black::new(
            forward * factor,
            fraction(self.rule.strike),
            variance * &vol * &vol,
            rate_time.clone(),
        );
        black.or_else(|error| refuse(self.key, error.into()))
    }

    /// The value of one unit of quantity in units of value, rounded down.
    fn units(&self, black: &Black) -> Result<BigInt, RulesError> {
        let value = black.value(self.rule.side, self.rules.value_decimals - self.rule.decimals);
        value.or_else(|error| refuse(self.key, error.into()))
    }

    /// The values of a long and a short in one scenario.
    fn values(
        &self,
        scenario: &Scenario,
        mark: &BigInt,
        greeks: &Greeks,
    ) -> Result<[BigInt; 2], RulesError> {
        let both = |units: BigInt| [units.clone(), -units];
        match (scenario.kind, scenario.margin) {
            (Kind::Margin | Kind::Credit, Some(margin)) => self.margined(margin, mark),
            (Kind::Mark | Kind::Margin | Kind::Credit, _) => Ok(both(mark.clone())),
            (Kind::Stress, _) => self.moved(scenario).map(both),
            (Kind::Constraint, _) => self.gains(scenario, mark, greeks),
        }
    }

    /// The value at the scenario's moves.
    fn moved(&self, scenario: &Scenario) -> Result<BigInt, RulesError> {
        let own = self.own_moves(scenario);
        let default = scenario.default_move.filter(|_| self.shocked);
        let of_underlying = scenario.moves.get(&self.rule.underlying).copied().or(default);
        let moved = own.forward.or(of_underlying).map_or_else(BigRational::default, fraction);
        let vol_move = own.vol_move.or(scenario.vol_move);
        let vol_move = vol_move.map_or_else(BigRational::default, fraction);
        let at = [moved + BigInt::from(1), vol_move];
        if let Some(units) = self.seen.borrow().get(&at) {
            return Ok(units.clone());
        }
        let units = self.units(&self.black(&at[0], &at[1])?)?;
        self.seen.borrow_mut().insert(at, units.clone());
        Ok(units)
    }

    fn own_moves(&self, scenario: &Scenario) -> ExpiryMoves {
        scenario.expiries.get(&self.rule.expiry).copied().unwrap_or_default()
    }

    /// The gains of a long and a short in a constraint scenario, both rounded down.
    fn gains(
        &self,
        scenario: &Scenario,
        mark: &BigInt,
        greeks: &Greeks,
    ) -> Result<[BigInt; 2], RulesError> {
        let floor = |gain: BigRational| gain.floor().to_integer();
        let spot = &self.spot * self.unit();
        match scenario.form() {
            Form::Rates(rates) => {
                let price = if scenario.is_of_underlying() { spot } else { mark.clone().into() };
                Ok(["long", "short"].map(|side| {
                    let rate = rates.get(&format!("{side} {}", self.name));
                    floor(rate.map_or_else(BigRational::default, |rate| fraction(*rate)) * &price)
                }))
            }
            _ if !scenario.is_about(self.name) => Ok([BigInt::ZERO, BigInt::ZERO]),
            Form::Delta(delta) if delta.underlying == self.rule.underlying => {
                // The greek is to the forward, which moves as the underlying's price does.
                let one = BigInt::from(10).pow(DELTA_DECIMALS);
                let forward = &self.point.forward * self.unit();
                Ok(delta.gains(&BigRational::new(greeks.delta.clone(), one), &forward))
            }
            Form::Delta(_) => Ok([BigInt::ZERO, BigInt::ZERO]),
            Form::Moves => {
                let own = self.own_moves(scenario);
                let [discount, weight] = [own.discount, own.weight.or(scenario.weight)]
                    .map(|part| fraction(part.unwrap_or(Decimal::from(1))));
                let gain = weight * (discount * self.moved(scenario)? - mark);
                Ok([floor(gain.clone()), floor(-gain)])
            }
        }
    }

    /// Units of value in the price 1, for one unit of quantity.
    fn unit(&self) -> BigInt {
        BigInt::from(10).pow(self.rules.value_decimals - self.rule.decimals)
    }

    fn margined(&self, margin: Margin, mark: &BigInt) -> Result<[BigInt; 2], RulesError> {
        let margins = self.rules.option_margins.get(&self.rule.underlying);
        let (Some(rates), _) = margins.map_or((None, ""), |margins| margins.of(margin)) else {
            return refuse(self.key, Problem::Missing("a margin scenario needs it"));
        };
        let zero = BigRational::default();
        let (short, otm) = match self.rule.side {
            Side::Call => (rates.call, fraction(self.rule.strike) - &self.spot),
            Side::Put => (rates.put, &self.spot - fraction(self.rule.strike)),
        };
        let otm = otm.max(zero);
        let unit = self.unit();
        let value = BigRational::from(mark.clone());
        let kept = ((fraction(short.base) * &self.spot - otm) * &unit)
            .max(fraction(short.floor) * &self.spot * &unit)
            .max(fraction(short.premium) * &value);
        let long = (fraction(rates.long) * value).floor().to_integer();
        Ok([long, -mark - kept.ceil().to_integer()])
    }

    /// A row with these values, which do not follow from one price.
    fn row(&self, units: Vec<BigInt>) -> Result<(Valuation, Values), RulesError> {
        let factors = units.into_iter().map(|numerator| Factor { numerator, scale: 0 }).collect();
        Base::one(0).values(factors, &self.rules.scenarios, self.key)
    }
}

impl Delta {
    /// The gains of a long and a short of one unit of quantity, both rounded down: `delta` is the
    /// delta of one unit, and `price` the price it is to, of one unit of quantity in units of
    /// value.
    pub(crate) fn gains(&self, delta: &BigRational, price: &BigRational) -> [BigInt; 2] {
        let size = delta.max(&-delta).clone();
        let (net, gross) = (fraction(self.net) * delta, fraction(self.gross) * size);
        [&net - &gross, -net - gross].map(|part| (part * price).floor().to_integer())
    }
}
