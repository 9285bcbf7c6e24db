//! The weights and margin rates of the day: those that are numbers, and those that follow a
//! volatility, at the volatilities of the prices.

use super::compiler::Compiler;
use crate::{
    closest::Closest,
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    schema::{Class, Margin, Rate, Tier, VolatilityRate},
    table::CompiledRate,
    validate::check_resolved,
    volatility::Volatility,
};

/// The two kinds of requirement, and how keys write them.
pub(super) const MARGINS: [(Margin, &str); 2] =
    [(Margin::Maintenance, "maintenance"), (Margin::Initial, "initial")];

/// Whose rates are looked at.
pub(super) struct Subject<'a> {
    /// The rule's key.
    pub(super) key: &'a str,
    /// The asset or market.
    pub(super) name: &'a str,
    /// The asset whose volatility counts where a rate names none.
    pub(super) underlying: &'a str,
    /// Whether tiers stand under the rule's key, and not in the rule itself.
    pub(super) tiers: bool,
}

impl Compiler<'_> {
    /// The rates of tiers, by requirement. `value` is what stands for a rate that follows a
    /// volatility.
    ///
    /// # Errors
    /// If the prices lack a volatility, or `order` finds a problem between a rate and the one
    /// before.
    pub(super) fn tier_rates(
        &mut self,
        subject: &Subject<'_>,
        tiers: &[Tier],
        value: fn(Decimal) -> Decimal,
        order: fn(Decimal, Decimal) -> Option<Problem>,
    ) -> Result<[Vec<Option<Decimal>>; 2], RulesError> {
        let path = |tier: usize| match subject.tiers {
            true => format!("{}.tiers[{tier}]", subject.key),
            false => subject.key.to_owned(),
        };
        let mut all = [Vec::new(), Vec::new()];
        for ((margin, field), list) in MARGINS.into_iter().zip(&mut all) {
            for (index, tier) in tiers.iter().enumerate() {
                let rate = tier.rate(margin);
                let rate = rate.map(|rate| match rate {
                    Rate::Fixed(rate) => Ok(Some(*rate)),
                    Rate::Following(rate) => {
                        let key = format!("{}.{field}", path(index));
                        self.following(key, subject, rate, margin, value)
                    }
                });
                list.push(rate.transpose()?.flatten());
            }
            check_resolved(path, field, list, order)?;
        }
        Ok(all)
    }

    /// One rate, whose key is that of the subject and `field`; `None` if there is none.
    ///
    /// # Errors
    /// As for [`Self::tier_rates`].
    pub(super) fn rate(
        &mut self,
        subject: &Subject<'_>,
        field: &str,
        rate: Option<&Rate>,
        margin: Margin,
        value: fn(Decimal) -> Decimal,
    ) -> Result<Option<Decimal>, RulesError> {
        match rate {
            None => Ok(None),
            Some(Rate::Fixed(rate)) => Ok(Some(*rate)),
            Some(Rate::Following(rate)) => {
                let key = format!("{}.{field}", subject.key);
                self.following(key, subject, rate, margin, value)
            }
        }
    }

    /// What stands for a rate that follows a volatility; `None` where no scenario asks for it, or
    /// the table has no room for its row.
    fn following(
        &mut self,
        key: String,
        subject: &Subject<'_>,
        rate: &VolatilityRate,
        margin: Margin,
        value: fn(Decimal) -> Decimal,
    ) -> Result<Option<Decimal>, RulesError> {
        if !self.rules.needs(margin) || self.is_full() {
            return Ok(None);
        }
        let asset = rate.volatility.as_deref().unwrap_or(subject.underlying);
        let stated = &self.prices.volatilities;
        let entries = stated.get(asset).into_iter().flatten().filter(|entry| rate.counts(entry));
        // The first of the largest.
        let larger = |most: &'_ Volatility, one: &'_ Volatility| one.annual > most.annual;
        let used = entries.reduce(|most, one| if larger(most, one) { one } else { most });
        let Some(used) = used else {
            let closest = match stated.contains_key(asset) {
                true => Closest::default(),
                false => Closest::of(asset, stated.keys().map(String::as_str)),
            };
            let (asset, which) = (asset.to_owned(), rate.which());
            let problem = Problem::NoVolatility { asset, which, closest };
            return refuse(format!("{key}: {}", subject.name), problem);
        };
        let (rule, rate) = (rate.clone(), rate.at(used.annual));
        let value = value(rate);
        // Other classes have a part of what customers have.
        if self.class == Class::Customer {
            let (name, asset) = (subject.name.to_owned(), asset.to_owned());
            let used = used.clone();
            self.rates.push(CompiledRate { key, name, asset, rule, used, rate, value });
        }
        Ok(Some(value))
    }
}

/// The weight of a deposit: 1 less the rate, which is at most 1.
pub(super) fn less(rate: Decimal) -> Decimal {
    Decimal::new(10i128.pow(rate.scale()) - rate.mantissa(), rate.scale())
}

/// The weight of a borrow: 1 and the rate, which is at most 1.
pub(super) fn more(rate: Decimal) -> Decimal {
    Decimal::new(10i128.pow(rate.scale()) + rate.mantissa(), rate.scale())
}
