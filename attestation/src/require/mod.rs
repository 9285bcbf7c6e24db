//! What a reader asks of an attestation, beside what its publisher asks of itself.
//!
//! ```text
//! min_coverage=1, coverage.crash=0.95, per_asset, bad_debt=insurance, max_age=25h, setup=known
//! ```
//!
//! The clauses are those of a rules file's policy, evaluated by the same code. A reader can ask in
//! addition how old the snapshot may be, whose setup it must be, and which rules. A scenario left
//! out of `coverage` and `bad_debt` means every one. What cannot be evaluated does not hold.

mod parse;

pub use parse::{Problem, RequireError};

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use pacioli_rules::{
    BadDebtLimit, Class, Closest, Compiled, Decimal, PerAsset, Policy, ScenarioKind, Span, compile,
};

use crate::{
    bound::{Repriced, RepricedClause, RestsOn, Standing},
    by::By,
    digest::Digest,
    policy::{Clause, Evidence, evaluate_policy},
    reserves::Reserves,
    setup::Origin,
    verify::Verified,
};

/// The setups that are good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupRequired {
    /// A public ceremony's.
    Known,
    /// That, or one that the reader vouched for.
    Vouched,
}

/// What a reader asks for. [`str::parse`] reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    policy: Policy,
    every_coverage: Option<Decimal>,
    every_bad_debt: Option<BadDebtLimit>,
    max_age: Option<Span>,
    setup: Option<SetupRequired>,
    rules: Option<Digest>,
}

impl Requirements {
    /// Evaluates every clause, at the reader's time.
    pub fn evaluate(&self, verified: &Verified, now: Timestamp) -> Vec<Clause> {
        let mut clauses = self.of_book(verified);
        if let Some(most) = self.max_age {
            clauses.push(max_age(most, verified.attestation.header.as_of, now));
        }
        self.of_origin(verified, &mut clauses);
        clauses
    }

    /// The same where these are all the reserves there are: what is left of the clauses when only what a
    /// reader knows counts.
    pub fn evaluate_counting(
        &self,
        verified: &Verified,
        reserves: &Reserves,
        now: Timestamp,
    ) -> Vec<Clause> {
        let mut clauses = self.of_book_with(verified, Some(reserves));
        if let Some(most) = self.max_age {
            clauses.push(max_age(most, verified.attestation.header.as_of, now));
        }
        self.of_origin(verified, &mut clauses);
        clauses
    }

    /// How old the snapshot may be, where anything is asked of that.
    pub fn max_age(&self) -> Option<Span> {
        self.max_age
    }

    /// All but the age: of an attestation that is read as one of a history, and is old.
    pub fn evaluate_but_age(&self, verified: &Verified) -> Vec<Clause> {
        let mut clauses = self.of_book(verified);
        self.of_origin(verified, &mut clauses);
        clauses
    }

    /// Every clause at other prices, at the reader's time.
    pub fn reprice(
        &self,
        verified: &Verified,
        repriced: &Repriced,
        now: Timestamp,
    ) -> Vec<RepricedClause> {
        let (policy, refused) = self.for_table(&verified.compiled);
        let mut proved = self.evaluate(verified, now);
        let is_refused = |clause: &Clause| refused.iter().any(|one| one.name == clause.name);
        proved.retain(|clause| !is_refused(clause));
        let mut clauses = repriced.clauses(&policy, &verified.compiled, &proved);
        // What cannot be evaluated is not known.
        clauses.extend(refused.into_iter().map(|Clause { name, detail, by, .. }| RepricedClause {
            name,
            standing: Standing::Unknown,
            rests_on: RestsOn::Proof,
            detail,
            by,
        }));
        clauses
    }

    /// The clauses that a policy of the rules could have.
    fn of_book(&self, verified: &Verified) -> Vec<Clause> {
        self.of_book_with(verified, verified.attestation.reserves.as_ref())
    }

    fn of_book_with(&self, verified: &Verified, reserves: Option<&Reserves>) -> Vec<Clause> {
        let (policy, refused) = self.for_table(&verified.compiled);
        let attestation = &verified.attestation;
        let mut evidence = Evidence::new(attestation, &verified.compiled, &verified.figures);
        evidence.reserves = reserves;
        evidence.block_hashes = &verified.block_hashes;
        let mut clauses = evaluate_policy(&policy, &evidence);
        refuse_coarse(verified, &policy, &mut clauses);
        let names: Vec<_> = clauses.iter().map(|clause| clause.name.clone()).collect();
        let is_there = |family: &str| names.iter().any(|name| name.starts_with(family));
        if policy.open_interest_matched && !is_there("open_interest_matched") {
            clauses.push(failing("open_interest_matched", "there is no market or option"));
        }
        if policy.per_asset.is_some() && !is_there("per_asset") {
            clauses.push(failing("per_asset", "there is no asset"));
        }
        if policy.volatility.is_some() && !is_there("volatility") {
            clauses.push(failing("volatility", "no weight or margin follows a volatility"));
        }
        clauses.extend(refused);
        clauses
    }

    /// The policy with a clause for every scenario that is meant, and a failing clause for each
    /// that cannot be asked about.
    fn for_table(&self, compiled: &Compiled) -> (Policy, Vec<Clause>) {
        let mut policy = self.policy.clone();
        let mut refused = Vec::new();
        let is_stress = |name: &str| {
            let mut own = compiled.scenarios.iter().filter(|scenario| scenario.name == name);
            own.any(|scenario| scenario.kind == ScenarioKind::Stress)
        };
        policy.coverage.retain(|name, _| {
            let asked = is_stress(name);
            if !asked {
                refused.push(failing(&format!("coverage.{name}"), &no_stress(compiled, name)));
            }
            asked
        });
        let has_fund = compiled.classes.contains_key(&Class::Insurance);
        policy.bad_debt.retain(|name, limit| {
            let is_mark = name == "mark";
            let asked = match limit {
                BadDebtLimit::Insurance => is_stress(name) || (is_mark && !has_fund),
                BadDebtLimit::Amount(_) => has_balance(compiled, name),
            };
            if !asked {
                let reason = match is_mark {
                    true => {
                        "the fund is a class of accounts: at mark, min_coverage says it".to_owned()
                    }
                    false => no_stress(compiled, name),
                };
                refused.push(failing(&format!("bad_debt.{name}"), &reason));
            }
            asked
        });
        let stresses = || {
            let all = compiled.scenarios.iter();
            all.filter(|one| one.kind == ScenarioKind::Stress).map(|one| one.name.clone())
        };
        if let Some(least) = self.every_coverage {
            for name in stresses() {
                policy.coverage.entry(name).or_insert(least);
            }
            if stresses().next().is_none() {
                refused.push(failing("coverage", "there is no stress"));
            }
        }
        if let Some(limit) = self.every_bad_debt {
            let mark = !(has_fund && limit == BadDebtLimit::Insurance);
            let mark = mark.then(|| "mark".to_owned());
            for name in mark.into_iter().chain(stresses()) {
                policy.bad_debt.entry(name).or_insert(limit);
            }
            if stresses().next().is_none() {
                refused.push(failing("bad_debt", "there is no stress"));
            }
        }
        if let Some(PerAsset::Only(assets)) = &mut policy.per_asset {
            assets.sort();
        }
        (policy, refused)
    }

    /// The clauses about the setup and the rules.
    fn of_origin(&self, verified: &Verified, clauses: &mut Vec<Clause>) {
        if let Some(required) = self.setup {
            let origin = verified.origin();
            let (name, holds) = match required {
                SetupRequired::Known => ("setup=known", is_known(origin)),
                SetupRequired::Vouched => ("setup=vouched", is_known(origin) || is_vouched(origin)),
            };
            clauses.push(clause(name, holds, format!("the setup is {origin}"), By::Recomputed));
        }
        if let Some(expected) = self.rules {
            let own = Digest::of(verified.attestation.rules.as_bytes());
            let detail = match own == expected {
                true => format!("the rules have digest {own}"),
                false => format!("the rules have digest {own}, not {expected}"),
            };
            clauses.push(clause("rules", own == expected, detail, By::Recomputed));
        }
    }
}

/// Where units are so coarse that rounding changes what a stress owes, no clause about it holds:
/// the rules are compiled again with a policy that rests on it, which is refused then.
fn refuse_coarse(verified: &Verified, policy: &Policy, clauses: &mut [Clause]) {
    let insured = policy.bad_debt.iter().filter(|(_, limit)| **limit == BadDebtLimit::Insurance);
    let asked: BTreeSet<&String> =
        policy.coverage.keys().chain(insured.map(|(name, _)| name)).collect();
    for name in asked.into_iter().filter(|name| *name != "mark") {
        let coverage = BTreeMap::from([(name.clone(), Decimal::new(1, 0))]);
        let policy = Policy { coverage, ..Policy::default() };
        let rules = verified.rules.under(&policy);
        let compiled = rules.and_then(|rules| compile(&rules, &verified.attestation.prices));
        let Err(error) = compiled else { continue };
        let about = [format!("coverage.{name}"), format!("bad_debt.{name}")];
        for clause in clauses.iter_mut().filter(|clause| about.contains(&clause.name)) {
            (clause.holds, clause.detail) = (false, error.to_string());
        }
    }
}

/// A public ceremony, recognised by its tau.
fn is_known(origin: Origin) -> bool {
    matches!(origin, Origin::Ceremony(_))
}

/// A setup that the reader vouched for.
fn is_vouched(origin: Origin) -> bool {
    matches!(origin, Origin::Vouched(_))
}

/// The snapshot is at most so old.
fn max_age(most: Span, as_of: Timestamp, now: Timestamp) -> Clause {
    let age = now.duration_since(as_of).as_secs().max(0).unsigned_abs();
    let detail =
        format!("the snapshot is of {as_of} and it is {now}: {age} s, at most {most} allowed");
    clause("max_age", age <= most.0, detail, By::Publisher)
}

/// Why a scenario is not one to ask about.
fn no_stress(compiled: &Compiled, name: &str) -> String {
    match compiled.scenarios.iter().find(|scenario| scenario.name == name) {
        None => {
            let names = compiled.scenarios.iter().map(|scenario| scenario.name.as_str());
            format!("there is no scenario `{name}`{}", Closest::of(name, names))
        }
        Some(scenario) if scenario.kind == ScenarioKind::Mark => {
            "`mark` is not a stress: min_coverage asks about it".to_owned()
        }
        Some(_) => format!("the scenario `{name}` is not a stress"),
    }
}

/// Whether a scenario of the rules has equity and shortfall.
fn has_balance(compiled: &Compiled, name: &str) -> bool {
    let mut own = compiled.scenarios.iter().filter(|scenario| scenario.name == name);
    own.any(|one| one.balance().is_some() && !matches!(one.kind, ScenarioKind::Twin { .. }))
}

fn clause(name: &str, holds: bool, detail: String, by: By) -> Clause {
    Clause { name: name.to_owned(), holds, detail, by }
}

/// A clause that cannot be evaluated.
fn failing(name: &str, why: &str) -> Clause {
    clause(name, false, why.to_owned(), By::Recomputed)
}
