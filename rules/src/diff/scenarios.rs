//! Scenarios: what is shocked, and how far; and the contingencies that constraints bound.

use std::collections::BTreeSet;

use super::{Changes, Effect, assets::rule_of, keys};
use crate::{
    decimal::Decimal,
    rules::Rules,
    schema::{Contingency, Delta, ExpiryMoves, Kind, Margin, RatesOf, Scenario},
};

impl Changes {
    /// Scenarios by name, and their order.
    pub(super) fn scenarios(&mut self, before: &Rules, after: &Rules) {
        let find = |rules: &'_ Rules, name: &str| -> Option<usize> {
            rules.scenarios.iter().position(|scenario| scenario.name == name)
        };
        for old in &before.scenarios {
            let subject = format!("scenario {}", old.name);
            match find(after, &old.name) {
                None => self.push(&subject, "is gone", asks(old).opposite()),
                Some(index) => {
                    self.scenario(&subject, [before, after], old, &after.scenarios[index]);
                }
            }
        }
        for new in &after.scenarios {
            if find(before, &new.name).is_none() {
                let text = format!("is new, {}", kind(new));
                self.push(&format!("scenario {}", new.name), text, asks(new));
            }
        }
        let common = |rules: &Rules, other: &Rules| -> Vec<String> {
            let names = rules.scenarios.iter().map(|scenario| scenario.name.clone());
            names.filter(|name| find(other, name).is_some()).collect()
        };
        if common(before, after) != common(after, before) {
            self.neither("rules", "the scenarios stand in another order");
        }
    }

    fn scenario(&mut self, subject: &str, rules: [&Rules; 2], before: &Scenario, after: &Scenario) {
        let Scenario {
            name: _,
            kind: _, // with the margin and the contingency, in its words
            margin: _,
            contingency: _,
            default_move,
            moves,
            vol_move,
            expiries,
            weight,
            only,
            rates,
            rates_of,
            delta,
        } = before;
        let [old, new] = [kind(before), kind(after)];
        if old != new {
            self.neither(subject, format!("changes from {old} to {new}"));
        }
        let (from, to) = (form(before), form(after));
        if from != to {
            // Nothing of the one has its like in the other.
            return self.neither(subject, format!("takes {to} instead of {from}"));
        }
        if !rates.is_empty() {
            self.rates(subject, before, after);
            let of = |of: Option<RatesOf>| of.unwrap_or(RatesOf::Price);
            match (of(*rates_of), of(after.rates_of)) {
                (RatesOf::Price, RatesOf::Underlying) => {
                    self.neither(subject, "rates are of the underlying's price instead of the own");
                }
                (RatesOf::Underlying, RatesOf::Price) => {
                    self.neither(subject, "rates are of the own price instead of the underlying's");
                }
                _ => {}
            }
        }
        if let (Some(delta), Some(after)) = (delta, &after.delta) {
            self.delta(subject, delta, after);
        }
        let all = |weight: Option<Decimal>| Some(weight.unwrap_or(Decimal::new(1, 0)));
        self.number(subject, "the weight", all(*weight), all(after.weight), Effect::Stricter);
        self.only(subject, only.as_deref(), after.only.as_deref());
        self.shock(subject, "the move of volatilities", *vol_move, after.vol_move);
        self.shock(subject, "the default move", *default_move, after.default_move);
        let assets: BTreeSet<&String> = moves.keys().chain(after.moves.keys()).collect();
        for asset in assets {
            let [old, new] = [(rules[0], before), (rules[1], after)]
                .map(|(rules, scenario)| effective(rules, scenario, asset));
            let what = match (moves.contains_key(asset), after.moves.contains_key(asset)) {
                (false, true) => format!("the move of {asset}, now its own,"),
                (true, false) => format!("the move of {asset}, no longer its own,"),
                _ => format!("the move of {asset}"),
            };
            let said = self.0.len();
            self.shock(subject, &what, old, new);
            if said == self.0.len() && moves.contains_key(asset) != after.moves.contains_key(asset)
            {
                self.neither(subject, format!("{what} stays {}", shown(old)));
            }
        }
        for expiry in keys(expiries, &after.expiries) {
            let [old, new] = [before, after].map(|one| one.expiries.get(expiry));
            self.expiry(&format!("{subject}, expiry {expiry}"), old, new);
        }
    }

    /// What differs for an expiry, where no entry is one in which nothing does.
    fn expiry(&mut self, subject: &str, before: Option<&ExpiryMoves>, after: Option<&ExpiryMoves>) {
        match (before, after) {
            (None, Some(_)) => self.neither(subject, "now has an entry of its own"),
            (Some(_), None) => self.neither(subject, "no longer has an entry of its own"),
            _ => {}
        }
        let [old, new] = [before, after].map(|one| one.copied().unwrap_or_default());
        let ExpiryMoves { forward, vol_move, discount, weight } = old;
        for (what, old, new) in [
            ("the move", forward, new.forward),
            ("the move of volatilities", vol_move, new.vol_move),
            ("the discount", discount, new.discount),
            ("the weight", weight, new.weight),
        ] {
            // What the scenario has where an entry has none is told with the scenario.
            self.number(subject, what, old, new, Effect::Neither);
        }
    }

    /// Gains by delta: a larger gross loss is stricter. What a net one costs depends on its side.
    fn delta(&mut self, subject: &str, before: &Delta, after: &Delta) {
        let Delta { underlying, net, gross } = before;
        if *underlying != after.underlying {
            let text = format!("is of the delta of {} instead of {underlying}", after.underlying);
            self.neither(subject, text);
        }
        self.shock(subject, "the net rate of a delta", Some(*net), Some(after.net));
        let gross = Some(*gross);
        let what = "the gross rate of a delta";
        self.number(subject, what, gross, Some(after.gross), Effect::Stricter);
    }

    /// Gains by instrument: a larger loss is stricter. What is not named gains nothing.
    fn rates(&mut self, subject: &str, before: &Scenario, after: &Scenario) {
        for instrument in keys(&before.rates, &after.rates) {
            let [old, new] = [before, after].map(|scenario| {
                let rate = scenario.rates.get(instrument).copied();
                Some(rate.unwrap_or(Decimal::new(0, 0)))
            });
            let what = format!("the rate of {instrument}");
            self.number(subject, &what, old, new, Effect::Looser);
        }
    }

    /// What gains or loses: more of it is more loss for one account and more gain for another.
    fn only(&mut self, subject: &str, before: Option<&[String]>, after: Option<&[String]>) {
        let [old, new] =
            [before, after].map(|names| names.map(|names| names.iter().collect::<BTreeSet<_>>()));
        if old == new {
            return;
        }
        let said = |names: Option<BTreeSet<&String>>| match names {
            None => "everything".to_owned(),
            Some(names) if names.is_empty() => "nothing".to_owned(),
            Some(names) => names.into_iter().cloned().collect::<Vec<_>>().join(", "),
        };
        self.neither(subject, format!("is about {} instead of {}", said(new), said(old)));
    }

    /// Contingencies by name.
    pub(super) fn contingencies(&mut self, before: &Rules, after: &Rules) {
        for name in keys(&before.contingencies, &after.contingencies) {
            let subject = format!("contingency {name}");
            match (before.contingencies.get(name), after.contingencies.get(name)) {
                (Some(Contingency { maintenance, initial }), Some(new)) => {
                    for (what, old, new) in [
                        ("the count in maintenance margin", *maintenance, new.maintenance),
                        ("the count in initial margin", *initial, new.initial),
                    ] {
                        self.number(&subject, what, old, new, Effect::Stricter);
                    }
                }
                (None, _) => self.push(&subject, "is new", Effect::Stricter),
                (_, None) => self.push(&subject, "is gone", Effect::Looser),
            }
        }
    }

    /// A move: further from zero on the same side is stricter. A change of side is neither, since
    /// what hurts longs helps shorts.
    fn shock(
        &mut self,
        subject: &str,
        what: &str,
        before: Option<Decimal>,
        after: Option<Decimal>,
    ) {
        let zero = Decimal::new(0, 0);
        let (old, new) = (before.unwrap_or(zero), after.unwrap_or(zero));
        let order = new.cmp(&old);
        if order.is_eq() {
            return;
        }
        let sides = (old.cmp(&zero), new.cmp(&zero));
        let effect = match sides {
            (a, b) if a.is_le() && b.is_le() && order.is_lt() => Effect::Stricter,
            (a, b) if a.is_ge() && b.is_ge() && order.is_gt() => Effect::Stricter,
            (a, b) if (a.is_le() && b.is_le()) || (a.is_ge() && b.is_ge()) => Effect::Looser,
            _ => Effect::Neither,
        };
        let text = format!("{what} goes from {} to {}", shown(before), shown(after));
        self.push(subject, text, effect);
    }
}

/// What the gains of a scenario follow from.
fn form(scenario: &Scenario) -> &'static str {
    match (&scenario.delta, scenario.rates.is_empty()) {
        (Some(_), _) => "a delta",
        (None, true) => "moves",
        (None, false) => "rates",
    }
}

fn shown(number: Option<Decimal>) -> String {
    number.map_or_else(|| "none".to_owned(), |number| number.to_string())
}

/// What a scenario asks for by being there: a credit only says which borrows count.
fn asks(scenario: &Scenario) -> Effect {
    match scenario.kind {
        Kind::Credit => Effect::Neither,
        Kind::Mark | Kind::Margin | Kind::Stress | Kind::Constraint => Effect::Stricter,
    }
}

fn kind(scenario: &Scenario) -> String {
    if let (Kind::Constraint, Some(name)) = (scenario.kind, &scenario.contingency) {
        return format!("a constraint of {name}");
    }
    let words = match (scenario.kind, scenario.margin) {
        (Kind::Mark, _) => "the mark",
        (Kind::Margin, Some(Margin::Initial)) => "an initial margin",
        (Kind::Margin, Some(Margin::Maintenance) | None) => "a maintenance margin",
        (Kind::Stress, _) => "a stress",
        (Kind::Constraint, _) => "a constraint",
        (Kind::Credit, Some(Margin::Initial)) => "a credit by initial margin",
        (Kind::Credit, Some(Margin::Maintenance) | None) => "a credit by maintenance margin",
    };
    words.to_owned()
}

/// How far an asset moves: by its own move, else by the default one where that applies.
fn effective(rules: &Rules, scenario: &Scenario, asset: &str) -> Option<Decimal> {
    let shocked = rule_of(rules, asset).is_none_or(|rule| rule.shocked) && asset != rules.quote;
    let default = scenario.default_move.filter(|_| shocked);
    scenario.moves.get(asset).copied().or(default)
}
