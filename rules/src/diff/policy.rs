//! The policy: what must hold.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use super::{Changes, Effect, keys};
use crate::{
    decimal::Decimal,
    schema::{BadDebtLimit, DrawnTime, LeftOut, MaxDistance, PerAsset, Policy, VolatilityLimits},
    span::Span,
};

impl Changes {
    /// Every clause of the policy.
    pub(super) fn policy(&mut self, before: &Policy, after: &Policy) {
        let Policy {
            min_coverage,
            per_asset,
            per_asset_credit,
            bad_debt,
            open_interest_matched,
            coverage,
            max_distance,
            left_out,
            drawn,
            volatility,
        } = before;
        let policy = "policy";
        self.coverage("", *min_coverage, after.min_coverage);
        for scenario in keys(coverage, &after.coverage) {
            let [old, new] = [coverage, &after.coverage].map(|of| of.get(scenario).copied());
            self.coverage(&format!(" in {scenario}"), old, new);
        }
        self.per_asset(per_asset.as_ref(), after.per_asset.as_ref());
        let words = [
            "borrows are no longer credited against deposits",
            "borrows are now credited against deposits",
        ];
        let (old, new) = (*per_asset_credit, after.per_asset_credit);
        self.switch(policy, words, old, new, Effect::Looser);
        for scenario in keys(bad_debt, &after.bad_debt) {
            let pair = (bad_debt.get(scenario), after.bad_debt.get(scenario));
            let what = format!("the limit of bad debt in {scenario}");
            match pair {
                (Some(BadDebtLimit::Amount(old)), Some(BadDebtLimit::Amount(new))) => {
                    self.number(policy, &what, Some(*old), Some(*new), Effect::Looser);
                }
                (old, new) if old == new => {}
                (old, new) => {
                    let effect = match (old, new) {
                        (None, _) => Effect::Stricter,
                        (_, None) => Effect::Looser,
                        // Which is less depends on the fund.
                        _ => Effect::Neither,
                    };
                    let text = format!("{what} changes from {} to {}", limit(old), limit(new));
                    self.push(policy, text, effect);
                }
            }
        }
        let words = ["open interest need no longer match", "open interest now has to match"];
        let (old, new) = (*open_interest_matched, after.open_interest_matched);
        self.switch(policy, words, old, new, Effect::Stricter);
        let [old, new] = [max_distance, &after.max_distance].map(|most| most.unwrap_or_default());
        let (MaxDistance { prices, reserves }, new) = (old, new);
        self.distance("prices", prices, new.prices);
        self.distance("reserves", reserves, new.reserves);
        let [old, new] = [left_out, &after.left_out].map(|most| most.clone().unwrap_or_default());
        self.left_out(&old, &new);
        self.drawn(*drawn, after.drawn);
        let [old, new] = [volatility, &after.volatility].map(|limits| limits.unwrap_or_default());
        self.volatility(old, new);
    }

    fn drawn(&mut self, before: Option<DrawnTime>, after: Option<DrawnTime>) {
        let (text, effect) = match (before, after) {
            (None, None) => return,
            (None, Some(new)) => {
                let text = format!("the snapshot's time now has to be drawn from {}", new.from);
                (text, Effect::Stricter)
            }
            (Some(old), None) => {
                let text = format!("the snapshot's time need not be drawn from {} now", old.from);
                (text, Effect::Looser)
            }
            (Some(old), Some(new)) => {
                if old.from != new.from {
                    let text = format!(
                        "the snapshot's time is drawn from {} and no longer from {}",
                        new.from, old.from
                    );
                    self.push("policy", text, Effect::Neither);
                }
                let effect = match old.missed_days.cmp(&new.missed_days) {
                    Ordering::Less => Effect::Looser,
                    Ordering::Equal => return,
                    Ordering::Greater => Effect::Stricter,
                };
                let (old, new) = (old.missed_days, new.missed_days);
                (format!("the limit of missed days goes from {old} to {new}"), effect)
            }
        };
        self.push("policy", text, effect);
    }

    /// What must be true of the volatilities that rates follow.
    fn volatility(&mut self, before: VolatilityLimits, after: VolatilityLimits) {
        let VolatilityLimits { max_age, least_sources, band } = before;
        self.distance("volatilities", max_age, after.max_age);
        let number = |sources: Option<u32>| sources.map(Decimal::from);
        match (least_sources, after.least_sources) {
            (None, Some(new)) => {
                let text = format!("{new} sources or more have to state each volatility now");
                self.push("policy", text, Effect::Stricter);
            }
            (Some(old), None) => {
                let text = format!("{old} sources need no longer state each volatility");
                self.push("policy", text, Effect::Looser);
            }
            (old, new) => {
                let what = "the least number of sources of a volatility";
                self.number("policy", what, number(old), number(new), Effect::Stricter);
            }
        }
        self.most("how far a volatility may be below another source's", band, after.band);
    }

    /// A coverage that is required `place`.
    fn coverage(&mut self, place: &str, before: Option<Decimal>, after: Option<Decimal>) {
        match (before, after) {
            (None, Some(new)) => {
                let text = format!("a coverage of {new} is now required{place}");
                self.push("policy", text, Effect::Stricter);
            }
            (Some(old), None) => {
                let text = format!("a coverage of {old} is no longer required{place}");
                self.push("policy", text, Effect::Looser);
            }
            (old, new) => {
                self.number("policy", &format!("the coverage{place}"), old, new, Effect::Stricter);
            }
        }
    }

    fn distance(&mut self, what: &str, before: Option<Span>, after: Option<Span>) {
        let policy = "policy";
        match (before, after) {
            (None, None) => {}
            (None, Some(new)) => {
                let text = format!("{what} have to be at most {new} away from the snapshot now");
                self.push(policy, text, Effect::Stricter);
            }
            (Some(old), None) => {
                let text = format!("{what} need no longer be at most {old} away from the snapshot");
                self.push(policy, text, Effect::Looser);
            }
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => {
                let text =
                    format!("how far {what} may be from the snapshot goes from {old} to {new}");
                let effect = if new < old { Effect::Stricter } else { Effect::Looser };
                self.push(policy, text, effect);
            }
        }
    }

    fn left_out(&mut self, before: &LeftOut, after: &LeftOut) {
        let LeftOut { accounts, assets, rounding } = before;
        let whole = |accounts: Option<u64>| accounts.map(|number| Decimal::new(number.into(), 0));
        self.most("accounts left out", whole(*accounts), whole(after.accounts));
        self.assets_left_out(assets.as_ref(), after.assets.as_ref());
        self.most("rounding", *rounding, after.rounding);
    }

    /// A limit that is none where it is missing.
    fn most(&mut self, what: &str, before: Option<Decimal>, after: Option<Decimal>) {
        let what = format!("the limit of {what}");
        match (before, after) {
            (None, Some(new)) => {
                self.push("policy", format!("{what} is now {new}"), Effect::Stricter);
            }
            (Some(old), None) => {
                let text = format!("{what}, which was {old}, is gone");
                self.push("policy", text, Effect::Looser);
            }
            (old, new) => self.number("policy", &what, old, new, Effect::Looser),
        }
    }

    fn assets_left_out(
        &mut self,
        before: Option<&BTreeMap<String, Decimal>>,
        after: Option<&BTreeMap<String, Decimal>>,
    ) {
        let (old, new) = match (before, after) {
            (None, None) => return,
            (Some(_), None) => {
                let text = "any amount of any asset may be left out now";
                return self.push("policy", text, Effect::Looser);
            }
            (None, Some(new)) => {
                let listed = new.iter().map(|(asset, most)| format!("up to {most} {asset}"));
                let text = match new.is_empty() {
                    true => "no asset may be left out now".to_owned(),
                    false => {
                        let listed = listed.collect::<Vec<_>>().join(", ");
                        format!("no asset but {listed} may be left out now")
                    }
                };
                return self.push("policy", text, Effect::Stricter);
            }
            (Some(old), Some(new)) => (old, new),
        };
        for asset in keys(old, new) {
            match (old.get(asset), new.get(asset)) {
                (None, Some(most)) => {
                    let text = format!("up to {most} {asset} may be left out now");
                    self.push("policy", text, Effect::Looser);
                }
                (Some(_), None) => {
                    let text = format!("{asset} may no longer be left out");
                    self.push("policy", text, Effect::Stricter);
                }
                (old, new) => {
                    self.most(&format!("{asset} left out"), old.copied(), new.copied());
                }
            }
        }
    }

    fn per_asset(&mut self, before: Option<&PerAsset>, after: Option<&PerAsset>) {
        let [old, new] = [before, after].map(assets);
        let effect = match (&old, &new) {
            (None, None) => return,
            (None, Some(_)) => Effect::Looser,
            (Some(_), None) => Effect::Stricter,
            (Some(old), Some(new)) if old == new => return,
            (Some(old), Some(new)) if new.is_superset(old) => Effect::Stricter,
            (Some(old), Some(new)) if old.is_superset(new) => Effect::Looser,
            _ => Effect::Neither,
        };
        let said = |assets: Option<BTreeSet<&str>>| match assets {
            None => "every asset".to_owned(),
            Some(assets) if assets.is_empty() => "no asset".to_owned(),
            Some(assets) => assets.into_iter().collect::<Vec<_>>().join(", "),
        };
        let text = format!(
            "reserves asset by asset change from those of {} to those of {}",
            said(old),
            said(new)
        );
        self.push("policy", text, effect);
    }
}

/// The assets that are asked for: `None` is every one.
fn assets(per_asset: Option<&PerAsset>) -> Option<BTreeSet<&str>> {
    match per_asset {
        None => Some(BTreeSet::new()),
        Some(PerAsset::All) => None,
        Some(PerAsset::Only(assets)) => Some(assets.iter().map(String::as_str).collect()),
    }
}

fn limit(limit: Option<&BadDebtLimit>) -> String {
    match limit {
        None => "none".to_owned(),
        Some(BadDebtLimit::Amount(limit)) => limit.to_string(),
        Some(BadDebtLimit::Insurance) => "the insurance fund".to_owned(),
    }
}
