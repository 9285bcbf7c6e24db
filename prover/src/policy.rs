//! Whether a book keeps its policy, clause by clause.
//!
//! Reserves are compared with all that is owed, never with what is owed less bad debt: an invented
//! bankrupt borrower would lower the difference. Customers' reserves count for coverage and the
//! insurance fund for bad debt; nothing counts for both. Where the rules have the class `insurance`,
//! the fund is what its accounts are worth, and reserves of that purpose would count it twice.

use jiff::Timestamp;
use num_bigint::{BigInt, BigUint};
use serde::Serialize;

use crate::{
    amount::Amount,
    attestation::{Attestation, Header},
    figures::{AssetCredit, Figures},
    fund::InsuranceFund,
    reserves::{Purpose, Reserves},
    rules::{BadDebtLimit, Class, Compiled, PerAsset, Policy},
};

/// One thing that must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// The clause's key in the rules, such as `bad_debt.2020-03-12`.
    pub name: String,
    /// Whether it holds.
    pub holds: bool,
    /// Why, in words and numbers.
    pub detail: String,
}

/// All that clauses look at.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The table.
    pub compiled: &'a Compiled,
    /// The figures of totals over this table.
    pub figures: &'a Figures,
    /// The reserves, where any were given.
    pub reserves: Option<&'a Reserves>,
    /// What the publisher says of the book.
    pub header: &'a Header,
    /// When the prices were taken.
    pub prices_as_of: Timestamp,
}

impl<'a> Evidence<'a> {
    /// What an attestation holds besides the table and figures that follow from it.
    pub fn new(attestation: &'a Attestation, compiled: &'a Compiled, figures: &'a Figures) -> Self {
        let (header, reserves) = (&attestation.header, attestation.reserves.as_ref());
        Self { compiled, figures, reserves, header, prices_as_of: attestation.prices.as_of }
    }
}

/// Evaluates every clause of `policy`.
pub fn evaluate(policy: &Policy, evidence: &Evidence<'_>) -> Vec<Clause> {
    let &Evidence { compiled, figures, header, .. } = evidence;
    let nothing = Reserves { as_of: header.as_of, reserves: Vec::new() };
    let book = Book { compiled, figures, reserves: evidence.reserves.unwrap_or(&nothing) };
    let mut clauses = Vec::new();
    if let Some(required) = policy.min_coverage {
        clauses.push(book.coverage(required.mantissa().into(), required.scale()));
    }
    let credit = policy.per_asset_credit;
    match &policy.per_asset {
        None => {}
        Some(PerAsset::All) => {
            clauses.extend(compiled.assets.keys().map(|asset| book.asset(asset, credit)));
        }
        Some(PerAsset::Only(assets)) => {
            clauses.extend(assets.iter().map(|asset| book.asset(asset, credit)));
        }
    }
    for (scenario, limit) in &policy.bad_debt {
        clauses.push(book.bad_debt(scenario, *limit));
    }
    if policy.open_interest_matched {
        clauses.extend(book.open_interest());
    }
    clauses
}

struct Book<'a> {
    compiled: &'a Compiled,
    figures: &'a Figures,
    reserves: &'a Reserves,
}

impl Book<'_> {
    /// Customers' reserves at mark are at least `mantissa / 10^scale` times what is owed.
    fn coverage(&self, mantissa: BigInt, scale: u32) -> Clause {
        let quote = &self.compiled.quote;
        let held = self.reserves.worth(self.compiled, Purpose::Customers, 0);
        let Some(mark) = self.figures.scenarios.first() else {
            return unknown("min_coverage".to_owned(), "scenario `mark`");
        };
        let owed = &mark.owed;
        let left = BigInt::from(held.units.clone()) * BigInt::from(10).pow(scale);
        let right = mantissa.clone() * BigInt::from(owed.units.clone());
        let required = Amount::new(mantissa.magnitude().clone(), scale);
        let coverage = if owed.units == BigUint::ZERO {
            "nothing is owed".to_owned()
        } else {
            let ratio = &held.units * 10_000u32 / &owed.units;
            format!("coverage {} rounded down", Amount::new(ratio, 4))
        };
        Clause {
            name: "min_coverage".to_owned(),
            holds: left >= right,
            detail: format!(
                "reserves for customers are worth {held} {quote} and {owed} {quote} is owed: \
                 {coverage}, at least {required} required"
            ),
        }
    }

    /// Customers' reserves of one asset are at least its deposits, or those less the loans of it
    /// that count.
    fn asset(&self, asset: &str, credit: bool) -> Clause {
        let name = format!("per_asset.{asset}");
        let figures = self.figures.assets.iter().find(|figures| figures.name == asset);
        let Some(figures) = figures else { return unknown(name, "price of the asset") };
        let deposits = &figures.deposits;
        let held = self.reserves.held(asset, Purpose::Customers, deposits.decimals);
        let detail = format!("reserves of {held} {asset} for deposits of {deposits} {asset}");
        if !credit {
            return Clause { name, holds: held.units >= deposits.units, detail };
        }
        let Some(AssetCredit { counted, .. }) = &figures.credit else {
            return unknown(name, "credit scenario");
        };
        let holds = &held.units + &counted.units >= deposits.units;
        Clause { name, holds, detail: format!("{detail} less credited loans of {counted} {asset}") }
    }

    /// The bad debt of one scenario is within its limit.
    fn bad_debt(&self, scenario: &str, limit: BadDebtLimit) -> Clause {
        let name = format!("bad_debt.{scenario}");
        let quote = &self.compiled.quote;
        let scenarios = &self.compiled.scenarios;
        let index = scenarios.iter().position(|compiled| compiled.name == scenario);
        let figures = self.figures.scenarios.iter().find(|figures| figures.name == scenario);
        let (Some(index), Some(figures)) = (index, figures) else {
            return unknown(name, "such scenario");
        };
        let (bad_debt, accounts) = (&figures.bad_debt, figures.accounts_short);
        let (holds, limit) = match limit {
            BadDebtLimit::Amount(limit) => {
                let most = limit.floor_units(bad_debt.decimals).0;
                (BigInt::from(bad_debt.units.clone()) <= most, format!("the limit is {limit}"))
            }
            BadDebtLimit::Insurance => {
                let reserves = Some(self.reserves);
                let (whose, fund) = match InsuranceFund::find(self.compiled, reserves) {
                    Err(twice) => return Clause { name, holds: false, detail: twice.to_string() },
                    Ok(Some(InsuranceFund::Accounts)) => (
                        "the accounts of the insurance fund are",
                        self.figures.fund(Class::Insurance, scenario),
                    ),
                    Ok(Some(InsuranceFund::Reserves) | None) => (
                        "the insurance fund is",
                        Some(self.reserves.worth(self.compiled, Purpose::Insurance, index)),
                    ),
                };
                let Some(fund) = fund else {
                    return unknown(name, "worth of the insurance fund in this scenario");
                };
                (bad_debt.units <= fund.units, format!("{whose} worth {fund}"))
            }
        };
        let plural = if accounts == 1 { "" } else { "s" };
        Clause {
            name,
            holds,
            detail: format!(
                "bad debt is {bad_debt} {quote} in {accounts} account{plural}, and {limit} {quote}"
            ),
        }
    }

    /// In every market the longs equal the shorts.
    fn open_interest(&self) -> impl Iterator<Item = Clause> {
        self.figures.markets.iter().map(|market| Clause {
            name: format!("open_interest_matched.{}", market.name),
            holds: market.long == market.short,
            detail: format!("long {}, short {}", market.long, market.short),
        })
    }
}

/// What cannot be evaluated does not hold.
fn unknown(name: String, what: &str) -> Clause {
    Clause { name, holds: false, detail: format!("there is no {what}") }
}
