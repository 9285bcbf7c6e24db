//! What is certain of a policy at other prices, clause by clause.

use num_bigint::BigInt;
use pacioli_rules::{Amount, BadDebtLimit, Class, Compiled, Decimal, PerAsset, Policy};
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
    /// The bounds do not tell.
    Unknown,
}

/// What a clause's standing rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RestsOn {
    /// Figures at the other prices.
    Repriced,
    /// Figures of the proof that no price changes.
    AnyPrice,
    /// Figures of the proof, as of its prices and its time.
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

/// The standing of all clauses together: that of the worst. Where there is none, nothing holds.
pub fn overall(clauses: &[RepricedClause]) -> Standing {
    let is_there = |standing| clauses.iter().any(|clause| clause.standing == standing);
    match clauses.is_empty() || is_there(Standing::CannotHold) {
        true => Standing::CannotHold,
        false if is_there(Standing::Unknown) => Standing::Unknown,
        false => Standing::Holds,
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
    /// They are those of the proof.
    AsProved,
    /// Bounds at the other prices, and the reason as text.
    At(Standing, String),
}

struct Book<'a> {
    repriced: &'a Repriced,
    compiled: &'a Compiled,
}

impl Book<'_> {
    fn clause(&self, policy: &Policy, proved: &Clause) -> RepricedClause {
        let name = proved.name.as_str();
        let repriced = match name.split_once('.') {
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
            _ => None,
        };
        let as_proved = match proved.holds {
            true => Standing::Holds,
            false => Standing::CannotHold,
        };
        let (standing, rests_on, detail) = match repriced {
            Some(Priced::At(standing, detail)) => (standing, RestsOn::Repriced, detail),
            Some(Priced::AsProved) => (as_proved, RestsOn::Repriced, proved.detail.clone()),
            None => (as_proved, rests_on(policy, name), proved.detail.clone()),
        };
        RepricedClause { name: name.to_owned(), standing, rests_on, detail, by: proved.by }
    }

    fn coverage(&self, scenario: &str, required: Decimal) -> Option<Priced> {
        let one = self.repriced.scenario(scenario)?;
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
            (Some(least), Some(most)) => format!("coverage from {least} to {most} rounded down"),
            (Some(least), None) => format!("coverage at least {least} rounded down"),
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
        let one = self.repriced.scenario(scenario)?;
        match limit {
            _ if one.as_proved => Some(Priced::AsProved),
            BadDebtLimit::Amount(limit) => Some(self.amount(one, limit)),
            BadDebtLimit::Insurance => self.insurance(one),
        }
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

/// What a clause that has no figures at other prices rests on.
fn rests_on(policy: &Policy, name: &str) -> RestsOn {
    let is_asset = name.starts_with("per_asset.")
        && !policy.per_asset_credit
        && matches!(policy.per_asset, Some(PerAsset::All | PerAsset::Only(_)));
    match is_asset || name.starts_with("open_interest_matched") {
        true => RestsOn::AnyPrice,
        false => RestsOn::Proof,
    }
}
