//! The policy: what must hold.

use std::collections::BTreeSet;

use super::{Changes, Effect, keys};
use crate::rules::{BadDebtLimit, PerAsset, Policy};

impl Changes {
    /// Every clause of the policy.
    pub(super) fn policy(&mut self, before: &Policy, after: &Policy) {
        let Policy {
            min_coverage,
            per_asset,
            per_asset_credit,
            bad_debt,
            open_interest_matched,
            ..
        } = before;
        let policy = "policy";
        match (*min_coverage, after.min_coverage) {
            (None, Some(new)) => {
                let text = format!("a coverage of {new} is now required");
                self.push(policy, text, Effect::Stricter);
            }
            (Some(old), None) => {
                let text = format!("a coverage of {old} is no longer required");
                self.push(policy, text, Effect::Looser);
            }
            (old, new) => self.number(policy, "the coverage", old, new, Effect::Stricter),
        }
        self.per_asset(per_asset.as_ref(), after.per_asset.as_ref());
        let words = [
            "loans are no longer credited against deposits",
            "loans are now credited against deposits",
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
