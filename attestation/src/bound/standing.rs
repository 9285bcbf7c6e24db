//! What is certain of a policy at other prices, clause by clause.

use num_bigint::BigInt;
use pacioli_rules::{Amount, BadDebtLimit, Class, Compiled, Decimal, Policy, ScenarioKind};
use serde::Serialize;

use super::{Repriced, RepricedScenario};
use crate::{by::By, policy::Clause};

/// Whether a clause holds at other prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It holds, whatever the book is that was proved.
    Holds,
    /// It does not, whatever the book is.
    CannotHold,
    /// Nobody can tell without another proof, or at all.
    Unknown,
    /// It held in the proof, and has no figures at other prices: it is about margins.
    Held,
    /// It failed in the proof, likewise.
    Failed,
}

/// What a clause's standing rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RestsOn {
    /// Figures at the other prices.
    Repriced,
    /// What no price changes.
    AnyPrice,
    /// Figures of the proof, as of its prices; or nothing.
    Proof,
}

/// A clause at other prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RepricedClause {
    /// The clause's key in the rules, such as `coverage.2020-03-12`.
    pub name: String,
    /// Whether it holds.
    pub standing: Standing,
    /// What that rests on.
    pub rests_on: RestsOn,
    /// The reason, as text.
    pub detail: String,
    /// The worst that it rests on.
    pub by: By,
}

/// The standing of all clauses together: that of the worst. Where there is none, nothing holds. What
/// held in the proof is not known at other prices, unless a reader counts it as holding.
pub fn overall(clauses: &[RepricedClause], counts_held: bool) -> Standing {
    let is_there = |standing| clauses.iter().any(|clause| clause.standing == standing);
    if clauses.is_empty() || is_there(Standing::CannotHold) || is_there(Standing::Failed) {
        Standing::CannotHold
    } else if is_there(Standing::Unknown) || is_there(Standing::Held) && !counts_held {
        Standing::Unknown
    } else {
        Standing::Holds
    }
}

impl Repriced {
    /// The clauses of a policy at these prices, in their order. `proved` are the same clauses as the
    /// proof has them; a clause that is not of the policy stands as it does there.
    pub fn clauses(
        &self,
        policy: &Policy,
        compiled: &Compiled,
        proved: &[Clause],
    ) -> Vec<RepricedClause> {
        let book = Book { repriced: self, compiled };
        proved.iter().map(|clause| book.clause(policy, clause)).collect()
    }
}

/// What the figures of a clause say.
enum Priced {
    /// Bounds at the other prices, and the reason as text.
    At(Standing, String),
    /// They are those of the proof, because nothing has moved.
    AsProved,
    /// They are those of the proof, because no price changes them.
    AtAny,
    /// There are none but those of the proof.
    InTheProof,
}

struct Book<'a> {
    repriced: &'a Repriced,
    compiled: &'a Compiled,
}

impl Book<'_> {
    fn clause(&self, policy: &Policy, proved: &Clause) -> RepricedClause {
        let name = proved.name.as_str();
        let as_proved = |holds, fails| if proved.holds { holds } else { fails };
        let priced = match name.split_once('.') {
            None if name == "min_coverage" => {
                policy.min_coverage.and_then(|required| self.coverage("mark", required))
            }
            Some(("coverage", scenario)) => policy
                .coverage
                .get(scenario)
                .and_then(|required| self.coverage(scenario, *required)),
            Some(("bad_debt", scenario)) => {
                policy.bad_debt.get(scenario).and_then(|limit| self.bad_debt(scenario, limit))
            }
            Some(("per_asset", asset)) => self.asset(policy, asset),
            // In the quote currency, at mark.
            Some(("left_out", "rounding")) => Some(Priced::InTheProof),
            // Other prices state others, which margins there would follow.
            Some(("volatility", _)) => Some(Priced::InTheProof),
            _ => Some(Priced::AtAny),
        };
        let (standing, rests_on, detail) = match priced {
            Some(Priced::At(standing, detail)) => (standing, RestsOn::Repriced, detail),
            Some(Priced::AsProved) => {
                let standing = as_proved(Standing::Holds, Standing::CannotHold);
                (standing, RestsOn::Repriced, proved.detail.clone())
            }
            Some(Priced::AtAny) => {
                let standing = as_proved(Standing::Holds, Standing::CannotHold);
                (standing, RestsOn::AnyPrice, proved.detail.clone())
            }
            Some(Priced::InTheProof) if self.repriced.own_prices => {
                let standing = as_proved(Standing::Holds, Standing::CannotHold);
                (standing, RestsOn::Proof, proved.detail.clone())
            }
            Some(Priced::InTheProof) => {
                let standing = as_proved(Standing::Held, Standing::Failed);
                (standing, RestsOn::Proof, proved.detail.clone())
            }
            None => (Standing::Unknown, RestsOn::Proof, proved.detail.clone()),
        };
        RepricedClause { name: name.to_owned(), standing, rests_on, detail, by: proved.by }
    }

    /// That units are too coarse for figures of a stress: as in the proof, where nothing has moved.
    fn coarse(&self, scenario: &str) -> Option<Priced> {
        if !self.repriced.coarse.iter().any(|name| name == scenario) {
            return None;
        }
        if self.repriced.scenario("mark").is_some_and(|mark| mark.as_proved) {
            return Some(Priced::AsProved);
        }
        let why =
            "units of value are too coarse at these prices: rounding would change what is owed";
        Some(Priced::At(Standing::Unknown, why.to_owned()))
    }

    /// The reserves of an asset are compared with amounts of it; credited borrows are a figure of margins.
    fn asset(&self, policy: &Policy, asset: &str) -> Option<Priced> {
        self.compiled.assets.get(asset)?;
        let credit = self.compiled.credit_scenario();
        match policy.per_asset_credit {
            false => Some(Priced::AtAny),
            true => credit.map(|_| Priced::InTheProof),
        }
    }

    fn coverage(&self, scenario: &str, required: Decimal) -> Option<Priced> {
        let Some(one) = self.repriced.scenario(scenario) else { return self.coarse(scenario) };
        if one.as_proved {
            return Some(Priced::AsProved);
        }
        let RepricedScenario { reserves, bound, coverage_at_least, coverage_at_most, .. } = one;
        let held = BigInt::from(reserves.units.clone()) * BigInt::from(10).pow(required.scale());
        let covers = |owed: &Amount| {
            held >= BigInt::from(required.mantissa()) * BigInt::from(owed.units.clone())
        };
        let standing = between(covers(&bound.owed_at_most), covers(&bound.owed_at_least));
        let coverage = match (coverage_at_least, coverage_at_most) {
            (Some(least), Some(most)) => format!("coverage from {least} to {most}"),
            (Some(least), None) => format!("coverage at least {least}"),
            (None, _) => "nothing is owed".to_owned(),
        };
        let required = Amount::new(required.mantissa().unsigned_abs(), required.scale());
        let (quote, owed) =
            (&self.compiled.quote, range(&bound.owed_at_least, &bound.owed_at_most));
        let detail = format!(
            "reserves for customers are worth {reserves} {quote} and {owed} {quote} is owed: \
             {coverage}, at least {required} required"
        );
        Some(Priced::At(standing, detail))
    }

    fn bad_debt(&self, scenario: &str, limit: &BadDebtLimit) -> Option<Priced> {
        match (self.repriced.scenario(scenario), limit) {
            (Some(one), _) if one.as_proved => Some(Priced::AsProved),
            (Some(one), BadDebtLimit::Amount(limit)) => Some(self.amount(one, limit)),
            (Some(one), BadDebtLimit::Insurance) => self.insurance(one),
            (None, BadDebtLimit::Amount(limit)) => {
                self.coarse(scenario).or_else(|| self.margin(scenario, limit))
            }
            (None, BadDebtLimit::Insurance) => self.coarse(scenario),
        }
    }

    /// What accounts lack of a margin. Nothing counts for more there than at mark, so it is at least the
    /// bad debt at mark; but in a credit scenario, where some debts count for nothing.
    fn margin(&self, scenario: &str, limit: &Decimal) -> Option<Priced> {
        let mut scenarios = self.compiled.scenarios.iter();
        let one = scenarios.find(|one| one.name == scenario && one.balance().is_some())?;
        let least = &self.repriced.scenario("mark")?.bound.bad_debt_at_least;
        let is_margin = matches!(one.kind, ScenarioKind::Margin(_));
        let is_kept = BigInt::from(least.units.clone()) <= limit.floor_units(least.decimals).0;
        if is_kept || !is_margin {
            return Some(Priced::InTheProof);
        }
        let quote = &self.compiled.quote;
        let detail = format!(
            "bad debt at mark is {least} {quote} at least, no less is lacking here, and the limit is \
             {limit} {quote}"
        );
        Some(Priced::At(Standing::CannotHold, detail))
    }

    fn amount(&self, one: &RepricedScenario, limit: &Decimal) -> Priced {
        let (least, most) = (&one.bound.bad_debt_at_least, &one.bound.bad_debt_at_most);
        let allowed = limit.floor_units(most.decimals).0;
        let is_within = |bad_debt: &Amount| BigInt::from(bad_debt.units.clone()) <= allowed;
        let (quote, bad_debt) = (&self.compiled.quote, range(least, most));
        let detail = format!("bad debt is {bad_debt} {quote}, and the limit is {limit} {quote}");
        Priced::At(between(is_within(most), is_within(least)), detail)
    }

    fn insurance(&self, one: &RepricedScenario) -> Option<Priced> {
        let (others, reserves) = (one.owed_to_others.as_ref()?, one.all_reserves());
        let covers = |owed: &Amount| reserves.units >= owed.units;
        let (quote, owed) = (&self.compiled.quote, range(&others.at_least, &others.at_most));
        let owed = match self.compiled.classes.contains_key(&Class::Insurance) {
            true => format!("all but the insurance fund are owed {owed} {quote}"),
            false => format!("{owed} {quote} is owed"),
        };
        let detail = format!("all reserves are worth {reserves} {quote} and {owed}");
        Some(Priced::At(between(covers(&others.at_most), covers(&others.at_least)), detail))
    }
}

/// Of two answers for the worst and for the best that a book may be.
fn between(at_worst: bool, at_best: bool) -> Standing {
    match (at_worst, at_best) {
        (true, _) => Standing::Holds,
        (false, true) => Standing::Unknown,
        (false, false) => Standing::CannotHold,
    }
}

fn range(least: &Amount, most: &Amount) -> String {
    if least == most { least.to_string() } else { format!("from {least} to {most}") }
}
