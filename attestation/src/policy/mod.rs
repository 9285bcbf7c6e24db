//! Whether a book keeps its policy, clause by clause.
//!
//! Reserves are compared with all that is owed, never with what is owed less bad debt: an invented
//! bankrupt borrower would lower the difference. For the insurance fund they are compared with all
//! that everyone else is owed, of both purposes together: whether the fund is accounts of the book
//! or reserves of that purpose, or both, nothing then counts twice, because the fund itself is on
//! neither side. What is left is the fund. No clause looks at the sum of a class's lines, which an
//! account of two classes moves at will: [`pacioli_rules::Rules::twins`] says what takes its place.

mod backed;
mod said;
mod unasked;
mod volatility;

pub use unasked::unasked;

use std::collections::BTreeMap;

use jiff::Timestamp;
use pacioli_rules::{BadDebtLimit, Compiled, PerAsset, Policy};
use serde::Serialize;

use crate::{
    attestation::{Attestation, Header},
    backing::{Backing, backing},
    by::By,
    drawn::BlockHash,
    figures::Figures,
    reserves::Reserves,
};

/// One thing that must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// The clause's key in the rules, such as `bad_debt.2020-03-12`.
    pub name: String,
    /// Whether it holds.
    pub holds: bool,
    /// The reason, as text.
    pub detail: String,
    /// The worst that it rests on.
    pub by: By,
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
    /// The blocks that the reader knows to be the chain's; none, where they look at no chain.
    pub block_hashes: &'a [BlockHash],
    /// The assets that were refused a price, each with the reason.
    pub refused: &'a BTreeMap<String, String>,
}

impl<'a> Evidence<'a> {
    /// What an attestation holds besides the table and figures that follow from it.
    pub fn new(attestation: &'a Attestation, compiled: &'a Compiled, figures: &'a Figures) -> Self {
        let (header, reserves) = (&attestation.header, attestation.reserves.as_ref());
        let (prices_as_of, refused) = (attestation.prices.as_of, &attestation.prices.refused);
        let block_hashes = &[];
        Self { compiled, figures, reserves, header, prices_as_of, block_hashes, refused }
    }
}

/// Evaluates every clause of `policy`, which may be a reader's own. They stand in one order: the
/// coverage at mark, that of each stress by name, the assets, the bad debt of each scenario by
/// name, the markets, the distances of prices and reserves, what was left out: accounts, assets,
/// rounding, the drawn time with the time of the reserves, and the volatilities that rates follow:
/// their ages, sources and bands, each by asset. Last, whatever the policy says, what was left out
/// because sources did not agree on its price: that a venue's assets are none that nobody can price is
/// not for its rules to waive.
pub fn evaluate_policy(policy: &Policy, evidence: &Evidence<'_>) -> Vec<Clause> {
    let &Evidence { compiled, figures, reserves, .. } = evidence;
    let book = Book { evidence, backing: backing(compiled, figures, reserves) };
    let mut clauses = Vec::new();
    if let Some(required) = policy.min_coverage {
        clauses.push(book.coverage("min_coverage".to_owned(), "mark", required));
    }
    for (scenario, required) in &policy.coverage {
        clauses.push(book.coverage(format!("coverage.{scenario}"), scenario, *required));
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
        clauses.push(match limit {
            BadDebtLimit::Amount(limit) => book.bad_debt(scenario, limit),
            BadDebtLimit::Insurance => book.insurance(scenario),
        });
    }
    if policy.open_interest_matched {
        clauses.extend(book.open_interest());
    }
    clauses.extend(policy.max_distance.iter().flat_map(|distance| book.distances(distance)));
    clauses.extend(policy.left_out.iter().flat_map(|left_out| book.left_out(left_out)));
    clauses.extend(policy.drawn.iter().flat_map(|drawn| book.drawn(drawn)));
    clauses.extend(policy.volatility.iter().flat_map(|limits| book.volatility(limits)));
    clauses.extend(book.refused());
    clauses
}

struct Book<'a> {
    evidence: &'a Evidence<'a>,
    backing: Vec<Backing>,
}

impl Book<'_> {
    /// In every market the longs equal the shorts.
    fn open_interest(&self) -> impl Iterator<Item = Clause> {
        self.evidence.figures.markets.iter().map(|market| Clause {
            name: format!("open_interest_matched.{}", market.name),
            holds: market.long == market.short,
            detail: format!("long {}, short {}", market.long, market.short),
            by: By::Proved,
        })
    }
}

/// What cannot be evaluated does not hold.
fn unknown(name: String, what: &str, by: By) -> Clause {
    Clause { name, holds: false, detail: format!("there is no {what}"), by }
}
