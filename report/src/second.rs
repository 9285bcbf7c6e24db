//! The publisher's prices beside a reader's own.

use std::collections::BTreeSet;

use num_bigint::{BigInt, BigUint};
use pacioli_attestation::Findings;
use pacioli_rules::{Decimal, Prices};

use crate::{headline, held::Held};

/// How far a price may be from the reader's, in hundredths of a percent.
const BAND: u32 = 100;

/// A reader's own prices.
#[derive(Clone, Debug)]
pub struct Second {
    /// What the reader calls them, such as their file.
    pub name: String,
    /// The prices.
    pub prices: Prices,
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
        let assets: BTreeSet<_> = counted.map(|one| one.reserve.asset.as_str()).collect();
        let is_alone = |asset: &&str| {
            own.prices.contains_key(*asset) && !self.prices.prices.contains_key(*asset)
        };
        let alone: Vec<_> = assets.into_iter().filter(is_alone).collect();
        let mut told = Vec::new();
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
            told.push(format!("the second source has no price of what is held: {names}"));
        }
        told
    }

    /// The largest difference, if there is any price to compare.
    pub fn largest(&self, findings: &Findings) -> Option<Difference> {
        let size = |one: &Difference| one.basis_points.as_ref().map(|own| own.magnitude().clone());
        self.differences(findings).into_iter().max_by_key(|one| (size(one).is_none(), size(one)))
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
