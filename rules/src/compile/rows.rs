//! The rows of what accounts hold: assets, markets, options and quote currency.

use std::collections::BTreeMap;

use pacioli_circuits::{InstrumentId, Value, Values};
use rayon::prelude::*;

use super::{
    compiler::Compiler,
    rates::{MARGINS, Subject, less, more},
};
use crate::{
    decimal::Decimal,
    error::{Problem, RulesError, refuse},
    names::tier_name,
    rules::TableRules,
    schema::{AssetRule, Kind, Margin, MarketRule, OptionRule},
    table::{AssetRows, Factor, MarketRows, Role, Sign, Valuation},
    validate::{CappedTier, bounds, concave, convex},
    value::{Base, OptionWorth, Terms, mark_price, option_worth},
};

impl<'a> Compiler<'a> {
    pub(super) fn asset(
        &mut self,
        name: &str,
        index: u16,
        key: &str,
        rule: &AssetRule,
    ) -> Result<AssetRows, RulesError> {
        let decimals = rule.decimals;
        let base = &mark_price(self.rules, self.prices, key, [name, name], decimals)?;
        let shocked = rule.shocked && name != self.rules.quote;
        let terms = |side, sign, maintenance, initial| Terms {
            key,
            side,
            name,
            base,
            sign,
            maintenance,
            initial,
            underlying: name,
            shocked,
        };
        let tiers = rule.all_tiers();
        let subject = Subject { key, name, underlying: name, tiers: rule.tiers.is_some() };
        let rates = self.tier_rates(&subject, &tiers, less, convex)?;
        let value_decimals = self.rules.value_decimals;
        let capped = bounds(key, &tiers, decimals)?.at(&base.units, value_decimals);
        let deposits = self.tiers(
            &Tiers { side: "deposit", name, decimals, of: tiers.len(), capped: &capped },
            |tier| Role::Deposit { asset: index, tier },
            |tier| {
                let [maintenance, initial] =
                    [&rates[0], &rates[1]].map(|rates| rates[tier].map(Factor::of));
                terms("deposit", Sign::Asset, maintenance, initial)
            },
        )?;
        let (mut borrow, mut uncredited) = (None, None);
        if rule.borrow {
            let mut weights = [None, None];
            for ((margin, field), weight) in MARGINS.into_iter().zip(&mut weights) {
                let field = format!("borrow_{field}");
                let rate = self.rate(&subject, &field, rule.borrow_rate(margin), margin, more)?;
                *weight = Some(rate.map_or_else(Factor::one, Factor::of));
            }
            let [maintenance, initial] = weights;
            let terms = terms("borrow", Sign::Liability, maintenance, initial);
            let values = self.values(&terms)?;
            let (role, instrument) = (Role::Borrow { asset: index }, format!("borrow {name}"));
            borrow = Some(self.push(instrument, role, decimals, None, values.clone()));
            uncredited = self.uncredited(name, index, decimals, values);
        }
        Ok(AssetRows { decimals, deposits, borrow, uncredited })
    }

    /// A borrow that is not credited: worth what the borrow is but in the credit scenario, where it
    /// is worth 0. `None` if the rules have no such scenario.
    fn uncredited(
        &mut self,
        name: &str,
        asset: u16,
        decimals: u32,
        (mut worth, mut values): (Valuation, Values),
    ) -> Option<InstrumentId> {
        let mut scenarios = self.rules.scenarios_by_id();
        let (credit, _) = scenarios.find(|(_, one)| one.kind == Kind::Credit)?;
        worth.factors[credit.index()] = Factor::zero();
        values[credit] = Value::ZERO;
        let (role, name) = (Role::Uncredited { asset }, format!("uncredited borrow {name}"));
        Some(self.push(name, role, decimals, None, (worth, values)))
    }

    pub(super) fn market(
        &mut self,
        name: &str,
        index: u16,
        rule: &MarketRule,
    ) -> Result<MarketRows, RulesError> {
        let (underlying, decimals) = (rule.underlying.as_str(), rule.decimals);
        let key = &format!("markets.{name}");
        let base = &mark_price(self.rules, self.prices, key, [name, underlying], decimals)?;
        let shocked = self.is_shocked(underlying);
        let value_decimals = self.rules.value_decimals;
        let price = rule.tiers_in.as_ref().map_or(Ok(Decimal::from(1)), |asset| {
            let missing = || Problem::no_price(asset, self.prices);
            self.prices.get(asset).map_or_else(|| refuse(format!("{key}.tiers_in"), missing()), Ok)
        })?;
        let ends = bounds(key, &rule.tiers, decimals)?;
        let capped = ends.at_amounts(&base.units, value_decimals, price);
        let scaling = rule.open_interest.map(|caps| {
            let digits = [decimals, value_decimals];
            caps.scaling(name, self.prices, base, digits)
        });
        let scaling = scaling.transpose()?;
        let subject = Subject { key, name, underlying, tiers: true };
        let rates = self.tier_rates(&subject, &rule.tiers, |rate| rate, concave)?;
        let rate = |tier: usize, margin| match (&scaling, margin) {
            (Some(scaling), Margin::Initial) => rates[1][tier].map(|rate| scaling.rate(rate)),
            (_, Margin::Initial) => rates[1][tier],
            (_, Margin::Maintenance) => rates[0][tier],
        };
        let terms = |side, sign, tier: usize| {
            let factor = |rate| Factor::after_margin(sign, rate);
            let [maintenance, initial] =
                [Margin::Maintenance, Margin::Initial].map(|margin| rate(tier, margin).map(factor));
            Terms { key, side, name, base, sign, maintenance, initial, underlying, shocked }
        };
        let longs = self.tiers(
            &Tiers { side: "long", name, decimals, of: rule.tiers.len(), capped: &capped },
            |tier| Role::Long { market: index, tier },
            |tier| terms("long", Sign::Asset, tier),
        )?;
        let shorts = self.tiers(
            &Tiers { side: "short", name, decimals, of: rule.tiers.len(), capped: &capped },
            |tier| Role::Short { market: index, tier },
            |tier| terms("short", Sign::Liability, tier),
        )?;
        Ok(MarketRows { decimals, longs, shorts })
    }

    /// The values of every option, in order. Each takes some thousand multiplications.
    pub(super) fn option_worths(&self) -> Result<BTreeMap<&'a String, OptionWorth>, RulesError> {
        let rules: &'a TableRules = self.rules;
        let options: Vec<_> = rules.options.iter().collect();
        let worth = |&(name, rule): &(&'a String, &OptionRule)| {
            let shocked = self.is_shocked(&rule.underlying);
            (name, option_worth(self.rules, self.prices, name, rule, shocked))
        };
        // In order, so that the first error is always the same.
        let worths: Vec<_> = options.par_iter().map(worth).collect();
        worths.into_iter().map(|(name, worth)| Ok((name, worth?))).collect()
    }

    /// An option is a market of one tier with values of its own.
    pub(super) fn option(&mut self, name: &str, market: u16, worth: &OptionWorth) -> MarketRows {
        let mut side = |side: &str, role, values: &(Valuation, Values)| {
            vec![self.push(tier_name(side, name, 1, 1), role, worth.decimals, None, values.clone())]
        };
        let longs = side("long", Role::Long { market, tier: 0 }, &worth.long);
        let shorts = side("short", Role::Short { market, tier: 0 }, &worth.short);
        MarketRows { decimals: worth.decimals, longs, shorts }
    }

    pub(super) fn quote(&mut self) -> Result<[InstrumentId; 2], RulesError> {
        let (quote, decimals) = (self.rules.quote.as_str(), self.rules.quote_decimals());
        let base = &Base::one(self.rules.value_decimals - decimals);
        let values = |sign| {
            let terms = Terms {
                key: "quote_decimals",
                side: "quote",
                name: quote,
                base,
                sign,
                maintenance: Some(Factor::one()),
                initial: Some(Factor::one()),
                underlying: quote,
                shocked: false,
            };
            self.values(&terms)
        };
        let [credit, debit] = [values(Sign::Asset)?, values(Sign::Liability)?];
        Ok([
            self.push("quote credit".to_owned(), Role::QuoteCredit, decimals, None, credit),
            self.push("quote debit".to_owned(), Role::QuoteDebit, decimals, None, debit),
        ])
    }

    /// The tiers of one side of an asset or market, each capped one with its headroom.
    fn tiers<'t>(
        &mut self,
        tiers: &Tiers<'_>,
        role: impl Fn(u16) -> Role,
        terms: impl Fn(usize) -> Terms<'t>,
    ) -> Result<Vec<InstrumentId>, RulesError> {
        let mut ids = Vec::with_capacity(tiers.capped.len());
        // A tier is named by its number in the rules, whichever are left out at these prices; roles
        // count those of the table.
        for (place, &CappedTier { tier, cap }) in tiers.capped.iter().enumerate() {
            let name = tier_name(tiers.side, tiers.name, tier + 1, tiers.of);
            let headroom = format!("headroom {name}");
            let values = self.values(&terms(tier))?;
            ids.push(self.push(name, role(place as u16), tiers.decimals, cap, values));
            if cap.is_some() {
                let nothing = self.nothing();
                self.push(headroom, Role::Headroom, tiers.decimals, None, nothing);
            }
        }
        Ok(ids)
    }
}

/// One side of an asset or a market.
struct Tiers<'a> {
    side: &'static str,
    name: &'a str,
    decimals: u32,
    /// The number of tiers in the rules.
    of: usize,
    /// Those of the table.
    capped: &'a [CappedTier],
}
