//! The publisher's prices beside a reader's own, and what the book comes to at these.

use std::{cell::OnceCell, collections::BTreeSet};

use jiff::SignedDuration;
use num_bigint::{BigInt, BigUint};
use pacioli_attestation::{
    Backing, Findings, Reserves,
    bound::{Certificates, Repriced, RepricedScenario, Repricing},
};
use pacioli_rules::{Amount, Decimal, Prices};

use crate::{headline, held::Held};

/// How far a price may be from the reader's, in hundredths of a percent.
const BAND: u32 = 100;

/// How far the times of the two may be apart.
const APART: SignedDuration = SignedDuration::from_hours(1);

/// A reader's own prices.
#[derive(Clone, Debug)]
pub struct Second {
    /// What the reader calls them, such as their file.
    pub name: String,
    /// The prices.
    pub prices: Prices,
    /// What bounds the book at these prices, once it was looked for: that is the slow part.
    bounds: OnceCell<Result<Certificates, String>>,
}

/// How far a price is from the reader's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The asset or market.
    pub name: String,
    /// The publisher's price less the reader's, in hundredths of a percent of the reader's, rounded away
    /// from zero; `None` where the reader's is 0.
    pub basis_points: Option<BigInt>,
}

impl Second {
    /// Prices under a name.
    pub fn new(name: String, prices: Prices) -> Self {
        Self { name, prices, bounds: OnceCell::new() }
    }

    /// What backs the book of an attestation at these prices, in `mark` and every stress, where these are
    /// all the reserves: what is owed there is a bound, which nobody can be owed more than.
    ///
    /// What the second source has no price of has the publisher's. Scenarios whose moves are too small
    /// beside the units of value are left out.
    ///
    /// # Errors
    /// If there are no figures at these prices, and why.
    pub fn backing(
        &self,
        findings: &Findings,
        reserves: Option<&Reserves>,
    ) -> Result<Vec<Backing>, String> {
        let own = &findings.attestation.prices;
        let mut prices = self.prices.clone();
        if own.quote != prices.quote {
            return Err(format!("the second source is in {}, not in {}", prices.quote, own.quote));
        }
        for (name, price) in &own.prices {
            prices.prices.entry(name.clone()).or_insert(*price);
        }
        for (underlying, surface) in &own.vols {
            prices.vols.entry(underlying.clone()).or_insert_with(|| surface.clone());
        }
        let mut counted = findings.clone();
        counted.attestation.reserves = reserves.cloned();
        let repricing = Repricing::new(&counted, &prices).map_err(|error| error.to_string())?;
        let found = self.bounds.get_or_init(|| {
            let all = Repricing::new(findings, &prices).map_err(|error| error.to_string())?;
            Ok(Repriced::find(&all, &()).certificates)
        });
        let certificates = found.as_ref().map_err(Clone::clone)?;
        let repriced = Repriced::check(&repricing, certificates);
        let repriced = repriced.map_err(|error| error.to_string())?;
        Ok(repriced.scenarios.into_iter().map(backing).collect())
    }

    /// Why the book has no figures at these prices, in all of it or in some scenarios.
    pub(crate) fn is_silent(&self, findings: &Findings) -> Option<String> {
        let found = match self.backing(findings, findings.attestation.reserves.as_ref()) {
            Err(why) => return Some(format!("what the second source's prices would say: {why}")),
            Ok(found) => found,
        };
        let own = pacioli_attestation::backing(&findings.compiled, &findings.figures, None);
        let is_missing = |one: &&Backing| found.iter().all(|other| other.scenario != one.scenario);
        let missing: Vec<_> =
            own.iter().filter(is_missing).map(|one| one.scenario.as_str()).collect();
        let names = headline::named(&missing);
        (!missing.is_empty()).then(|| {
            format!("units of value are too coarse for the second source's prices in {names}")
        })
    }

    /// The differences of all prices that both have, by name; nothing where the currencies differ.
    pub fn differences(&self, findings: &Findings) -> Vec<Difference> {
        let own = &findings.attestation.prices;
        if own.quote != self.prices.quote {
            return Vec::new();
        }
        let both = own.prices.iter().filter_map(|(name, price)| {
            let second = self.prices.prices.get(name)?;
            Some(Difference { name: name.clone(), basis_points: basis_points(price, second) })
        });
        both.collect()
    }

    /// Why the publisher's prices do not stand beside these; nothing where they do.
    pub(crate) fn contradicts(&self, findings: &Findings, held: &[Held<'_>]) -> Vec<String> {
        let own = &findings.attestation.prices;
        if own.quote != self.prices.quote {
            return vec![format!(
                "the second source is in {}, not in {}",
                self.prices.quote, own.quote
            )];
        }
        let is_apart = |one: &Difference| {
            one.basis_points.as_ref().is_none_or(|own| *own.magnitude() > BigUint::from(BAND))
        };
        let apart = self.differences(findings).into_iter().filter(is_apart);
        let apart: Vec<_> = apart.map(|one| one.name).collect();
        let counted = held.iter().filter(|one| one.uncounted.is_none());
        let counted = counted.map(|one| one.reserve.asset.as_str());
        let names: BTreeSet<_> = counted.chain(in_book(findings)).collect();
        let is_alone =
            |name: &&str| own.prices.contains_key(*name) && !self.prices.prices.contains_key(*name);
        let alone: Vec<_> = names.into_iter().filter(is_alone).collect();
        let mut told = Vec::new();
        let distance = own.as_of.duration_since(self.prices.as_of).abs();
        if distance > APART {
            told.push(format!(
                "the second source's prices are of {}, and the venue's of {}",
                self.prices.as_of, own.as_of
            ));
        }
        if !apart.is_empty() {
            let names: Vec<_> = apart.iter().map(String::as_str).collect();
            let most = percent(&BigInt::from(BAND));
            let most = most.trim_start_matches('+');
            told.push(format!(
                "prices are more than {most} from the second source: {}",
                headline::named(&names)
            ));
        }
        if !alone.is_empty() {
            let names = headline::named(&alone);
            told.push(format!("the second source has no price of what is held or owed: {names}"));
        }
        told
    }

    /// The largest difference, if there is any price to compare.
    pub fn largest(&self, findings: &Findings) -> Option<Difference> {
        let size = |one: &Difference| one.basis_points.as_ref().map(|own| own.magnitude().clone());
        self.differences(findings).into_iter().max_by_key(|one| (size(one).is_none(), size(one)))
    }
}

/// The assets and markets that anything in the book is of.
fn in_book(findings: &Findings) -> impl Iterator<Item = &str> {
    let is_some = |amount: &Amount| amount.units != BigUint::ZERO;
    let figures = &findings.figures;
    let assets = figures.assets.iter();
    let assets = assets.filter(move |one| is_some(&one.deposits) || is_some(&one.borrows));
    let markets = figures.markets.iter();
    let markets = markets.filter(move |one| is_some(&one.long) || is_some(&one.short));
    assets.map(|one| one.name.as_str()).chain(markets.map(|one| one.name.as_str()))
}

/// The worst that a scenario at other prices may be.
fn backing(one: RepricedScenario) -> Backing {
    let RepricedScenario { scenario, bound, reserves, insurance_reserves, .. } = one;
    Backing {
        scenario,
        reserves,
        insurance_reserves,
        owed: bound.owed_at_most,
        coverage: one.coverage_at_least,
        bad_debt: bound.bad_debt_at_most,
        owed_to_others: one.owed_to_others.map(|others| others.at_most),
        fund: one.fund_at_least,
    }
}

fn basis_points(price: &Decimal, second: &Decimal) -> Option<BigInt> {
    let scale = price.scale().max(second.scale());
    let units = |number: &Decimal| {
        BigInt::from(number.mantissa()) * BigInt::from(10u32).pow(scale - number.scale())
    };
    let (own, other) = (units(price), units(second));
    if other == BigInt::ZERO {
        return None;
    }
    let parts = (own - &other) * 10_000;
    let (whole, rest) = (&parts / &other, &parts % &other);
    let away = if rest == BigInt::ZERO { 0 } else { 1 };
    Some(if parts < BigInt::ZERO { whole - away } else { whole + away })
}

/// As a percentage with its sign: `-0.25 %`.
pub fn percent(basis_points: &BigInt) -> String {
    let hundredths = basis_points.magnitude();
    let (whole, rest) = (hundredths / 100u32, hundredths % 100u32);
    let sign = match basis_points.sign() {
        num_bigint::Sign::Minus => "-",
        num_bigint::Sign::NoSign => "",
        num_bigint::Sign::Plus => "+",
    };
    format!("{sign}{whole}.{rest:0>2} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_never_shown_smaller_than_it_is() {
        for (own, second, told) in [
            ("100", "100", "0.00 %"),
            ("101", "100", "+1.00 %"),
            ("100.001", "100", "+0.01 %"),
            ("99.999", "100", "-0.01 %"),
            ("0.5", "1", "-50.00 %"),
            ("20000.50", "19000", "+5.27 %"),
        ] {
            let told_here = basis_points(&own.parse().unwrap(), &second.parse().unwrap());
            assert_eq!(percent(&told_here.unwrap()), told);
        }
        assert_eq!(basis_points(&"1".parse().unwrap(), &"0".parse().unwrap()), None);
    }
}
