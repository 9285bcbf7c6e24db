//! Making a proposal: for every rule with a history, old and new figures.

use std::collections::{BTreeMap, BTreeSet};

use pacioli_rules::{AssetRule, Decimal, Margin, MarketRule, Rate, Rules, Tier};

use super::{
    error::CalibrateError,
    fixed::Fixed,
    history::History,
    proposal::{Figure, Item, Kept, Proposal},
    risk::{Moves, Risk, Way},
    settings::Settings,
    write::{Edit, NewTier},
};

/// Decimals of a proposed figure.
const DECIMALS: u32 = 3;

/// Proposes weights and margins for the rules in `text`.
///
/// # Errors
/// If the rules or a setting are refused, a history is too short, or no rule applies to its assets.
pub fn propose(
    text: &str,
    history: &History,
    settings: &Settings,
) -> Result<Proposal, CalibrateError> {
    settings.check()?;
    let rules = Rules::parse(text)?;
    let mut risks = BTreeMap::new();
    for (asset, days) in &history.assets {
        risks.insert(asset.as_str(), Risk::of(asset, days, settings)?);
    }
    let needs = |margin| rules.scenarios.iter().any(|scenario| scenario.margin == Some(margin));
    let margins = [Margin::Maintenance, Margin::Initial].into_iter().filter(|one| needs(*one));
    let margins: Vec<Margin> = margins.collect();
    if margins.is_empty() {
        return Err(CalibrateError::NoMargin);
    }
    let mut proposer = Proposer {
        settings,
        risks: &risks,
        margins,
        used: BTreeSet::new(),
        edit: Edit::new(text)?,
        items: Vec::new(),
        kept: Vec::new(),
    };
    if rules.asset_default.is_some() {
        proposer.keep("asset_default", "not calibrated: it is for assets that are not listed");
    }
    for (name, rule) in &rules.assets {
        proposer.asset(name, rule)?;
    }
    for (name, rule) in &rules.markets {
        proposer.market(name, rule)?;
    }
    for underlying in rules.option_margins.keys() {
        proposer
            .keep(&format!("option_margins.{underlying}"), "margins of options are not proposed");
    }
    for contingency in rules.contingencies.keys() {
        let why = "its scenarios are the rules' own choice";
        proposer.keep(&format!("contingencies.{contingency}"), why);
    }
    let why = match rules.asset_default {
        Some(_) => "no rule of its own, and asset_default is not calibrated",
        None => "no rule of its own",
    };
    for asset in risks.keys() {
        if !proposer.used.contains(*asset) {
            proposer.keep(asset, why);
        }
    }
    let last = risks.values().map(|risk| risk.last).max();
    let Some(last) = last.filter(|_| !proposer.items.is_empty()) else {
        return Err(CalibrateError::Nothing);
    };
    let Proposer { edit, items, kept, .. } = proposer;
    let measured = risks
        .iter()
        .map(|(asset, risk)| ((*asset).to_owned(), risk.measured(&settings.participation)));
    let measured = measured.collect();
    let text = edit.finish(&rules, last);
    // Parsing checks that weights fall and margins rise, like everything else.
    let rules = Rules::parse(&text)?;
    Ok(Proposal { text, rules, last, items, kept, measured })
}

/// Why rates that follow a volatility stay.
const FOLLOWS: &str = "its rates follow volatility day by day";

fn follows(rate: &Rate) -> bool {
    rate.following().is_some()
}

fn follow(tiers: &[Tier]) -> bool {
    let rates = |tier: &Tier| [&tier.maintenance, &tier.initial].into_iter().flatten().any(follows);
    tiers.iter().any(rates)
}

struct Proposer<'a> {
    settings: &'a Settings,
    risks: &'a BTreeMap<&'a str, Risk>,
    margins: Vec<Margin>,
    used: BTreeSet<String>,
    edit: Edit,
    items: Vec<Item>,
    kept: Vec<Kept>,
}

/// The size tiers of one rule, before and after.
struct Tiers {
    old: Vec<Tier>,
    bounds: Vec<Decimal>,
    /// Bounds are values, in the quote currency.
    in_values: bool,
}

impl<'a> Proposer<'a> {
    fn keep(&mut self, key: &str, why: &'static str) {
        self.kept.push(Kept { key: key.to_owned(), why });
    }

    fn asset(&mut self, name: &str, rule: &AssetRule) -> Result<(), CalibrateError> {
        let assets: Vec<&str> =
            [name].into_iter().chain(rule.also.iter().map(String::as_str)).collect();
        let known = self.known(&assets);
        if known.is_empty() {
            self.keep(&format!("assets.{name}"), "no history");
            return Ok(());
        }
        let borrows = [&rule.borrow_maintenance, &rule.borrow_initial];
        if follow(&rule.all_tiers()) || borrows.into_iter().flatten().any(follows) {
            self.keep(&format!("assets.{name}"), FOLLOWS);
            return Ok(());
        }
        let tiers = self.tiers(rule.all_tiers(), &assets, &known, rule.decimals);
        let subject = format!("deposit {name}");
        let weights = self.rates(&subject, &tiers, &known, Way::Down)?;
        let weight = |asked: Decimal| Decimal::new(1000 - asked.mantissa(), DECIMALS);
        let weights: Vec<NewTier> = weights.into_iter().map(|tier| tier.map(weight)).collect();
        let reasons = self.reasons(&assets);
        self.item(subject, &tiers, &weights, reasons.clone());
        self.edit.asset_tiers(name, rule.tiers.is_some(), &weights)?;
        if rule.borrow {
            self.borrow(name, rule, &known, reasons)?;
        }
        Ok(())
    }

    fn borrow(
        &mut self,
        name: &str,
        rule: &AssetRule,
        known: &[&Risk],
        reasons: Vec<String>,
    ) -> Result<(), CalibrateError> {
        let subject = format!("borrow {name}");
        let mut figures = Vec::new();
        for margin in self.margins.clone() {
            let asked = self.slopes(known, margin, Way::Up, &[]);
            let asked = asked.first().cloned().unwrap_or_default();
            let bounds = || CalibrateError::Bounds { subject: subject.clone() };
            let new = (&Fixed::whole(1) + &asked).ceil(DECIMALS).ok_or_else(bounds)?;
            let (key, old) = match margin {
                Margin::Maintenance => ("borrow_maintenance", &rule.borrow_maintenance),
                Margin::Initial => ("borrow_initial", &rule.borrow_initial),
            };
            let old = old.as_ref().and_then(Rate::fixed);
            self.edit.borrow_weight(name, key, &new)?;
            let old = old.or(Some(Decimal::new(1, 0)));
            let (margin, from) = (word(margin), Decimal::new(0, 0));
            figures.push(Figure { margin, from, in_value: false, old, new });
        }
        self.items.push(Item { subject, figures, reasons });
        Ok(())
    }

    fn market(&mut self, name: &str, rule: &MarketRule) -> Result<(), CalibrateError> {
        if rule.tiers_in.is_some() {
            self.keep(&format!("markets.{name}"), "tiers that end at amounts of an asset");
            return Ok(());
        }
        let rates = rule.tiers.iter().flat_map(|tier| [&tier.maintenance, &tier.initial]);
        let mut rates = rates.flatten().map(Rate::fixed).peekable();
        let has_rates = rates.peek().is_some();
        if has_rates && rates.all(|rate| rate.is_some_and(|rate| rate.mantissa() == 0)) {
            self.keep(&format!("markets.{name}"), "no margin of its own");
            return Ok(());
        }
        let own = self.risks.contains_key(name);
        let followed = if own { name } else { rule.underlying.as_str() };
        let known = self.known(&[followed]);
        if known.is_empty() {
            self.keep(&format!("markets.{name}"), "no history");
            return Ok(());
        }
        if follow(&rule.tiers) {
            self.keep(&format!("markets.{name}"), FOLLOWS);
            return Ok(());
        }
        let tiers = self.tiers(rule.tiers.clone(), &[followed], &known, rule.decimals);
        let rates = self.rates(name, &tiers, &known, Way::Either)?;
        let reasons = self.reasons(&[followed]);
        self.item(name.to_owned(), &tiers, &rates, reasons);
        self.edit.market_tiers(name, &rates)
    }

    /// The risks of the assets that have a history.
    fn known(&mut self, assets: &[&str]) -> Vec<&'a Risk> {
        let all = self.risks;
        let known: Vec<&str> =
            assets.iter().copied().filter(|asset| all.contains_key(asset)).collect();
        self.used.extend(known.iter().map(|&asset| asset.to_owned()));
        known.into_iter().filter_map(|asset| all.get(asset)).collect()
    }

    /// The rule's own bounds, or those that volume suggests where it has none and is about one
    /// asset: sizes of several have no common unit.
    fn tiers(&self, old: Vec<Tier>, assets: &[&str], known: &[&Risk], decimals: u32) -> Tiers {
        let mut bounds: Vec<Decimal> = old.iter().filter_map(Tier::end).collect();
        let in_values = old.iter().any(|tier| tier.up_to_value.is_some());
        if let ([_], [risk], []) = (assets, known, &bounds[..]) {
            bounds = risk.bounds(&self.settings.participation, decimals);
        }
        Tiers { old, bounds, in_values }
    }

    /// The worst slopes of several assets, tier by tier; for initial margins no less than for
    /// maintenance, whose shorter horizon weighs size more.
    fn slopes(&self, known: &[&Risk], margin: Margin, way: Way, bounds: &[Decimal]) -> Vec<Fixed> {
        let all = known.iter().map(|risk| {
            risk.slopes(moves(risk, margin), way, bounds, &self.settings.participation)
        });
        let worst =
            |a: Vec<Fixed>, b: Vec<Fixed>| a.into_iter().zip(b).map(|(a, b)| a.max(b)).collect();
        let slopes = all.reduce(worst).unwrap_or_default();
        match margin {
            Margin::Initial if self.margins.contains(&Margin::Maintenance) => {
                worst(slopes, self.slopes(known, Margin::Maintenance, way, bounds))
            }
            _ => slopes,
        }
    }

    /// The rate of every tier, rounded up and at most 1.
    fn rates(
        &self,
        subject: &str,
        tiers: &Tiers,
        known: &[&Risk],
        way: Way,
    ) -> Result<Vec<NewTier>, CalibrateError> {
        let ends = tiers.bounds.iter().copied().map(Some).chain([None]);
        let mut new: Vec<NewTier> =
            ends.map(|up_to| NewTier { up_to, maintenance: None, initial: None }).collect();
        let all = Fixed::whole(1);
        let valued: Vec<Risk> = known.iter().map(|risk| risk.in_value()).collect();
        let valued: Vec<&Risk> = valued.iter().collect();
        let known = if tiers.in_values { &valued } else { known };
        for &margin in &self.margins {
            let slopes = self.slopes(known, margin, way, &tiers.bounds);
            // Rounding may let a slope fall by the last of 18 digits; a tier asks for no less than
            // the one before.
            let mut least = Fixed::default();
            for (tier, slope) in new.iter_mut().zip(slopes) {
                least = slope.min(all.clone()).max(least);
                let bounds = || CalibrateError::Bounds { subject: subject.to_owned() };
                let rate = least.ceil(DECIMALS).ok_or_else(bounds)?;
                match margin {
                    Margin::Maintenance => tier.maintenance = Some(rate),
                    Margin::Initial => tier.initial = Some(rate),
                }
            }
        }
        Ok(new)
    }

    fn item(&mut self, subject: String, tiers: &Tiers, new: &[NewTier], reasons: Vec<String>) {
        let mut from = Decimal::new(0, 0);
        let mut figures = Vec::new();
        for tier in new {
            let reaches = |old: &&Tier| old.end().is_none_or(|end| end > from);
            let old = tiers.old.iter().find(reaches);
            for &margin in &self.margins {
                let (old, new) = match margin {
                    Margin::Maintenance => {
                        (old.and_then(|old| old.maintenance.as_ref()), tier.maintenance)
                    }
                    Margin::Initial => (old.and_then(|old| old.initial.as_ref()), tier.initial),
                };
                let old = old.and_then(Rate::fixed);
                let Some(new) = new else { continue };
                let (margin, in_value) = (word(margin), tiers.in_values);
                figures.push(Figure { margin, from, in_value, old, new });
            }
            from = tier.up_to.unwrap_or(from);
        }
        self.items.push(Item { subject, figures, reasons });
    }

    fn reasons(&self, assets: &[&str]) -> Vec<String> {
        let reasons = assets.iter().map(|asset| match self.risks.get(asset) {
            Some(risk) => format!("{asset}: {}", risk.reason()),
            None => format!("{asset}: no history"),
        });
        reasons.collect()
    }
}

fn word(margin: Margin) -> &'static str {
    match margin {
        Margin::Maintenance => "maintenance",
        Margin::Initial => "initial",
    }
}

fn moves(risk: &Risk, margin: Margin) -> &Moves {
    match margin {
        Margin::Maintenance => &risk.maintenance,
        Margin::Initial => &risk.initial,
    }
}

#[cfg(test)]
mod tests;
