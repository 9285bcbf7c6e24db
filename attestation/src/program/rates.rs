//! Rates that follow volatilities, in a program and as a contract computes them.
//!
//! A program has the functions, and none of a day's rates: one program serves all volatilities. Numbers
//! are in `10^-18`, as fine as a volatility can be.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use pacioli_rules::{
    Compiled, Decimal, Prices, Role, Rules, ScenarioKind, Span, Volatility, VolatilityKind,
    VolatilityRate,
};

use super::{
    error::ProgramError,
    evaluate::Fault,
    layout::{ASSET_BYTES, LESS, ORDER_BYTES, OWED, RATE_BYTES, TAIL_BYTES},
};
use crate::digest::Digest;

const DECIMALS: u32 = Volatility::DECIMALS;
const ONE: u64 = 10u64.pow(DECIMALS);

/// What is packed behind the clauses.
#[derive(Default)]
pub(super) struct Following {
    /// The assets whose volatilities are followed, in order.
    assets: Vec<Digest>,
    /// The rates as packed, each once.
    rates: Vec<Vec<u8>>,
    /// The factors that a later tier's may not exceed, and the later tier's.
    orders: BTreeSet<(u16, u16)>,
}

impl Following {
    pub(super) fn new(compiled: &Compiled) -> Self {
        let assets = compiled.volatilities.keys().map(|asset| Digest::of(asset.as_bytes()));
        Self { assets: assets.collect(), ..Self::default() }
    }

    /// The factor of a row in a scenario as the program has it, if it follows a volatility.
    pub(super) fn factor(
        &mut self,
        rules: &Rules,
        compiled: &Compiled,
        role: Role,
        scenario: ScenarioKind,
    ) -> Result<Option<[u8; 17]>, ProgramError> {
        let ScenarioKind::Margin(margin) = scenario else { return Ok(None) };
        let Some((rate, asset)) = compiled.followed(rules, role, margin) else { return Ok(None) };
        let number = compiled.volatilities.keys().position(|name| name == asset);
        // Compiled rules have the volatility of each rate that some scenario asks for.
        let number = number.ok_or_else(|| ProgramError::Rate(asset.to_owned()))?;
        let packed =
            pack(rate, number as u16).ok_or_else(|| ProgramError::Rate(asset.to_owned()))?;
        let known = self.rates.iter().position(|one| *one == packed);
        let index = known.unwrap_or_else(|| {
            self.rates.push(packed);
            self.rates.len() - 1
        });
        let is_owed = matches!(role, Role::Borrow { .. } | Role::Short { .. });
        let mut factor = [if is_owed { OWED } else { LESS }; 17];
        factor[..16].copy_from_slice(&(index as u128).to_be_bytes());
        Ok(Some(factor))
    }

    /// A later tier has to be treated no better, whatever the volatilities.
    pub(super) fn order(&mut self, before: u16, after: u16) {
        if before != after {
            self.orders.insert((before, after));
        }
    }

    /// The bytes behind the clauses; none if no rate follows a volatility.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, ProgramError> {
        if self.rates.is_empty() {
            return Ok(Vec::new());
        }
        let mut bytes = Vec::new();
        for (what, count) in [
            ("followed assets", self.assets.len()),
            ("rates that follow a volatility", self.rates.len()),
            ("orders of tiers", self.orders.len()),
        ] {
            let limit = usize::from(u16::MAX);
            let count =
                u16::try_from(count).map_err(|_| ProgramError::TooMany { what, count, limit })?;
            bytes.extend(count.to_be_bytes());
        }
        bytes.extend(self.assets.iter().flat_map(|asset| asset.0));
        bytes.extend(self.rates.iter().flatten());
        for (before, after) in &self.orders {
            bytes.extend(before.to_be_bytes());
            bytes.extend(after.to_be_bytes());
        }
        Ok(bytes)
    }
}

/// A rate; `None` if one of its numbers is finer than 18 decimals.
fn pack(rate: &VolatilityRate, asset: u16) -> Option<Vec<u8>> {
    let kind = match rate.kind {
        None => 0,
        Some(VolatilityKind::Realised) => 1,
        Some(VolatilityKind::Implied) => 2,
    };
    let exact = |number: Decimal| number.exact_units(DECIMALS);
    let small = |number: Decimal| u64::try_from(exact(number)?).ok();
    let span = |span: Option<Span>| span.map_or(0, |span| span.0);
    let mut bytes = asset.to_be_bytes().to_vec();
    bytes.push(kind);
    bytes.extend(span(rate.window).to_be_bytes());
    bytes.extend(span(rate.tenor).to_be_bytes());
    bytes.extend(rate.source.as_ref().map_or([0; 32], |source| Digest::of(source.as_bytes()).0));
    bytes.extend(u128::try_from(exact(rate.multiple)?).ok()?.to_be_bytes());
    bytes.extend(rate.horizon.0.to_be_bytes());
    for number in [rate.floor, rate.ceiling, rate.step] {
        bytes.extend(small(number)?.to_be_bytes());
    }
    Some(bytes)
}

/// The lists behind the clauses of a program.
#[derive(Clone, Debug, Default)]
pub(super) struct Tail {
    pub(super) assets: Vec<[u8; 32]>,
    rates: Vec<Rate>,
    orders: Vec<(u16, u16)>,
}

#[derive(Clone, Debug)]
struct Rate {
    asset: usize,
    source: [u8; 32],
    rule: VolatilityRate,
}

/// The length of what is behind the clauses, by its first bytes; `None` if that is no such thing.
pub(super) fn tail_bytes(rest: &[u8]) -> Option<usize> {
    let counts = rest.first_chunk::<TAIL_BYTES>()?.chunks(2);
    let counts: Vec<usize> =
        counts.map(|bytes| usize::from(u16::from_be_bytes([bytes[0], bytes[1]]))).collect();
    let lists = ASSET_BYTES * counts[0] + RATE_BYTES * counts[1] + ORDER_BYTES * counts[2];
    (counts[0] > 0 && counts[1] > 0).then_some(TAIL_BYTES + lists)
}

impl Tail {
    /// Reads what is behind the clauses, whose length was checked.
    pub(super) fn read(rest: &[u8]) -> Self {
        let Some((counts, rest)) = rest.split_first_chunk::<TAIL_BYTES>() else {
            return Self::default();
        };
        let [assets, rates] =
            [0, 2].map(|at| usize::from(u16::from_be_bytes([counts[at], counts[at + 1]])));
        let (names, rest) = rest.split_at(ASSET_BYTES * assets);
        let (functions, orders) = rest.split_at(RATE_BYTES * rates);
        let number = |bytes: &[u8]| u16::from_be_bytes([bytes[0], bytes[1]]);
        Self {
            assets: names
                .chunks(ASSET_BYTES)
                .map(|name| name.try_into().unwrap_or([0; 32]))
                .collect(),
            rates: functions.chunks(RATE_BYTES).map(Rate::read).collect(),
            orders: orders
                .chunks(ORDER_BYTES)
                .map(|pair| (number(pair), number(&pair[2..])))
                .collect(),
        }
    }

    /// Each rate at the volatilities of the prices, in `10^-18`, and its number of steps.
    pub(super) fn values(&self, prices: &Prices) -> Result<Vec<(u64, u64)>, Fault> {
        let value = |(index, rate): (usize, &Rate)| {
            let is_sound = rate.asset < self.assets.len() && rate.is_sound();
            if !is_sound {
                return Err(Fault::RateForm(index));
            }
            let asset = self.assets[rate.asset];
            let mut stated = prices.volatilities.iter();
            let stated = stated.find(|(name, _)| Digest::of(name.as_bytes()).0 == asset);
            let counts = |one: &&Volatility| {
                let is_source = || Digest::of(one.source.as_bytes()).0 == rate.source;
                rate.rule.counts(one) && (rate.source == [0; 32] || is_source())
            };
            let stated = stated.into_iter().flat_map(|(_, all)| all).filter(counts);
            let largest = stated.map(|one| one.annual).max().ok_or(Fault::NoVolatility(index))?;
            let at = rate.rule.at(largest).exact_units(DECIMALS);
            let at = at.and_then(|units| u64::try_from(units).ok()).unwrap_or(ONE);
            Ok((at, rate.rule.steps(largest)))
        };
        self.rates.iter().enumerate().map(value).collect()
    }

    /// The numerator of a factor over `10^18`, if the rate is there: 1 less the rate, or -1 less it.
    pub(super) fn factor(rates: &[(u64, u64)], rate: u128, how: u8) -> Option<BigInt> {
        let (rate, _) = rates.get(usize::try_from(rate).ok()?)?;
        let one = match how {
            LESS => i128::from(ONE),
            OWED => -i128::from(ONE),
            _ => return None,
        };
        Some((one - i128::from(*rate)).into())
    }

    /// Later tiers are treated no better.
    pub(super) fn check_orders(&self, factors: &[(BigInt, BigInt)]) -> Result<(), Fault> {
        for (index, &(before, after)) in self.orders.iter().enumerate() {
            let of = |number: u16| factors.get(usize::from(number));
            let holds = of(before)
                .zip(of(after))
                .is_some_and(|(before, after)| &after.0 * &before.1 <= &before.0 * &after.1);
            if !holds {
                return Err(Fault::TierOrder(index));
            }
        }
        Ok(())
    }
}

impl Rate {
    fn read(bytes: &[u8]) -> Self {
        let long = |at: usize| {
            let eight = bytes.get(at..at + 8).and_then(|part| part.try_into().ok());
            u64::from_be_bytes(eight.unwrap_or_default())
        };
        let span = |at: usize| Some(long(at)).filter(|&span| span != 0).map(Span);
        let small = |at: usize| Decimal::new(long(at).into(), DECIMALS);
        let kind = match bytes[2] {
            1 => Some(VolatilityKind::Realised),
            2 => Some(VolatilityKind::Implied),
            _ => None,
        };
        let multiple = i128::from(long(51)) << 64 | i128::from(long(59));
        let rule = VolatilityRate {
            volatility: None,
            kind,
            window: span(3),
            tenor: span(11),
            source: None,
            multiple: Decimal::new(multiple, DECIMALS),
            horizon: Span(long(67)),
            floor: small(75),
            ceiling: small(83),
            step: small(91),
        };
        let asset = match bytes[2] {
            0..=2 => usize::from(u16::from_be_bytes([bytes[0], bytes[1]])),
            // No kind: no asset has this number.
            _ => usize::MAX,
        };
        Self { asset, source: bytes[19..51].try_into().unwrap_or_default(), rule }
    }

    fn is_sound(&self) -> bool {
        let VolatilityRate { multiple, horizon, floor, ceiling, step, .. } = &self.rule;
        let one = Decimal::from(1);
        multiple.mantissa() > 0
            && *multiple <= Decimal::from(1_000)
            && horizon.0 > 0
            && floor <= ceiling
            && *ceiling <= one
            && step.mantissa() > 0
            && *step <= one
    }
}
