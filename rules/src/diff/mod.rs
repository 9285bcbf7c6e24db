//! The differences of two rules files, in text.
//!
//! Stricter asks more of accounts or of the venue: more margin, a smaller weight, a larger shock, a
//! tighter policy, less that may be held. Every field of the rules is looked at, each struct taken
//! apart in full, so that a new field does not compile before it is told of here. Numbers are
//! compared by value: `0.90` is `0.9`. What is compared is what the rules mean: an asset that moves
//! from one list of assets to another is compared with the rule that it had before.

mod assets;
mod classes;
mod options;
mod policy;
mod rates;
mod scenarios;
mod tokens;

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::{
    decimal::Decimal,
    rules::{Rules, TableRules},
    schema::{Rate, TableSchema, VolatilityRate},
};

/// Whether a change asks more or less than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// More is asked.
    Stricter,
    /// Less is asked.
    Looser,
    /// Neither, or it depends.
    Neither,
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its subject: an asset, a market, an option, a scenario, the policy, the rules as a
    /// whole.
    pub subject: String,
    /// The change, in text.
    pub text: String,
    /// Its effect.
    pub effect: Effect,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.text)?;
        match self.effect {
            Effect::Stricter => f.write_str(" (stricter)"),
            Effect::Looser => f.write_str(" (looser)"),
            Effect::Neither => Ok(()),
        }
    }
}

/// Every change from one set of rules to another, in the order of the rules file.
pub fn diff(before: &Rules, after: &Rules) -> Vec<Change> {
    let Rules { text: _, name, source, date, exactness, table, policy, tokens: _ } = before;
    let TableRules { schema, obligations: _ } = table; // which follow from the policy
    let TableSchema {
        quote,
        value_decimals,
        quote_decimals: _, // compared below, with its default
        scenarios: _,      // each in scenarios.rs
        asset_default: _,  // each in assets.rs
        assets: _,
        markets: _,
        options: _, // each in options.rs
        option_margins: _,
        classes: _,       // each in classes.rs
        contingencies: _, // each in scenarios.rs
        cover,
    } = schema;
    let mut changes = Changes::default();
    let whole = "rules";
    for (what, before, after) in [
        ("name", name, &after.name),
        ("source", source, &after.source),
        ("date", date, &after.date),
        ("exactness", exactness, &after.exactness),
        ("quote currency", quote, &after.quote),
    ] {
        if before != after {
            changes.neither(whole, format!("the {what} changes from `{before}` to `{after}`"));
        }
    }
    for (what, before, after) in [
        ("value decimals", *value_decimals, after.value_decimals),
        ("quote decimals", before.quote_decimals(), after.quote_decimals()),
    ] {
        if before != after {
            changes.neither(whole, format!("the {what} change from {before} to {after}"));
        }
    }
    let words = ["every account is now closed in every scenario", "accounts may now be covered"];
    match (*cover, after.cover) {
        (true, false) => changes.neither(whole, words[0]),
        (false, true) => changes.neither(whole, words[1]),
        _ => {}
    }
    changes.scenarios(before, after);
    changes.assets(before, after);
    changes.markets(before, after);
    changes.options(before, after);
    changes.option_margins(before, after);
    changes.classes(before, after);
    changes.contingencies(before, after);
    changes.policy(policy, &after.policy);
    changes.tokens(before, after);
    changes.0
}

/// Changes being gathered.
#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn push(&mut self, subject: &str, text: impl Into<String>, effect: Effect) {
        self.0.push(Change { subject: subject.to_owned(), text: text.into(), effect });
    }

    fn neither(&mut self, subject: &str, text: impl Into<String>) {
        self.push(subject, text, Effect::Neither);
    }

    /// A number of which `more` says what it means when it rises.
    fn number(
        &mut self,
        subject: &str,
        what: &str,
        before: Option<Decimal>,
        after: Option<Decimal>,
        more: Effect,
    ) {
        match (before, after) {
            (None, None) => {}
            (None, Some(after)) => self.neither(subject, format!("{what} is now {after}")),
            (Some(before), None) => {
                self.neither(subject, format!("{what}, which was {before}, is gone"));
            }
            (Some(before), Some(after)) => match before.cmp(&after) {
                std::cmp::Ordering::Equal => {}
                std::cmp::Ordering::Less => {
                    self.push(subject, format!("{what} rises from {before} to {after}"), more);
                }
                std::cmp::Ordering::Greater => {
                    let text = format!("{what} falls from {before} to {after}");
                    self.push(subject, text, more.opposite());
                }
            },
        }
    }

    /// A weight or margin of which `more` says what it means when it rises, and `stricter` when a
    /// function of volatility does: whatever takes more off is stricter.
    fn rate(
        &mut self,
        subject: &str,
        what: &str,
        before: Option<&Rate>,
        after: Option<&Rate>,
        more: Effect,
    ) {
        let fixed = |rate: Option<&Rate>| rate.is_none_or(|rate| rate.fixed().is_some());
        if fixed(before) && fixed(after) {
            let [before, after] = [before, after].map(|rate| rate.and_then(Rate::fixed));
            return self.number(subject, what, before, after, more);
        }
        match (before, after) {
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => {
                let text = format!("{what} changes from {} to {}", written(old), written(new));
                let effect = match (old.following(), new.following()) {
                    (Some(old), Some(new)) => of_functions(old, new),
                    _ => Effect::Neither,
                };
                self.push(subject, text, effect);
            }
            (None, Some(new)) => self.neither(subject, format!("{what} is now {}", written(new))),
            (Some(old), None) => {
                self.neither(subject, format!("{what}, which was {}, is gone", written(old)));
            }
            (None, None) => {}
        }
    }

    /// A switch of which `on` says what it means when it is turned on.
    fn switch(&mut self, subject: &str, words: [&str; 2], before: bool, after: bool, on: Effect) {
        match (before, after) {
            (false, true) => self.push(subject, words[1], on),
            (true, false) => self.push(subject, words[0], on.opposite()),
            _ => {}
        }
    }
}

/// A rate in words.
fn written(rate: &Rate) -> String {
    match rate {
        Rate::Fixed(rate) => rate.to_string(),
        Rate::Following(rate) => format!("what follows volatility ({rate})"),
    }
}

/// What it means that one function of a volatility takes the place of another: more is stricter, if
/// it is more at any volatility.
fn of_functions(old: &VolatilityRate, new: &VolatilityRate) -> Effect {
    let VolatilityRate { multiple, horizon, floor, ceiling, .. } = new;
    let same = VolatilityRate {
        multiple: *multiple,
        horizon: *horizon,
        floor: *floor,
        ceiling: *ceiling,
        ..old.clone()
    };
    if same != *new {
        return Effect::Neither;
    }
    let orders = [
        multiple.cmp(&old.multiple),
        horizon.cmp(&old.horizon),
        floor.cmp(&old.floor),
        ceiling.cmp(&old.ceiling),
    ];
    match (orders.iter().any(|one| one.is_gt()), orders.iter().any(|one| one.is_lt())) {
        (true, false) => Effect::Stricter,
        (false, true) => Effect::Looser,
        _ => Effect::Neither,
    }
}

impl Effect {
    fn opposite(self) -> Self {
        match self {
            Self::Stricter => Self::Looser,
            Self::Looser => Self::Stricter,
            Self::Neither => Self::Neither,
        }
    }
}

/// The keys of both, in order.
fn keys<'a, K: Ord, V>(
    before: &'a BTreeMap<K, V>,
    after: &'a BTreeMap<K, V>,
) -> impl Iterator<Item = &'a K> {
    let keys: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
}

#[cfg(test)]
mod tests;
