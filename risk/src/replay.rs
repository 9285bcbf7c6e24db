//! The private book of a finished run under other rules, scenarios, prices or reserves, for a
//! post-mortem: what would have been attested.
//!
//! The book is balanced as for a proof, and its figures and clauses come from its totals as every reader
//! computes them. They are therefore those that a proof of it would say, to the unit, but nothing is
//! proved: they are the venue's word. What the run left out, or rounded, stays so.

use std::collections::BTreeSet;

use pacioli_attestation::{
    Attestation, Backing, Clause, Evidence, Figures, FiguresError, Header, Reserves, backing,
    evaluate_policy, figures,
};
use pacioli_circuits::Totals;
use pacioli_prover::{
    Book, BookError, Inputs, PrivateBookError, RunStore, Strictness, book_of_run,
};
use pacioli_rules::{Compiled, Prices, Rules, RulesError, compile};
use thiserror::Error;

use crate::stress::{AddError, StressScenario, add_scenarios};

/// What is to be otherwise. By default, nothing is.
#[derive(Clone, Debug, Default)]
pub struct Otherwise {
    /// Other rules than the run's.
    pub rules: Option<Rules>,
    /// Scenarios that are added to the rules, as stresses. Their moves of assets that the rules do not
    /// have are left out: nobody can hold these.
    pub scenarios: Vec<StressScenario>,
    /// Other prices.
    pub prices: Option<Prices>,
    /// Other reserves.
    pub reserves: Option<Reserves>,
    /// How strictly holdings are taken.
    pub strictness: Strictness,
}

/// A book that was taken otherwise, and what a proof of it would say.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The rules, with the scenarios added.
    pub rules: Rules,
    /// The instrument table.
    pub compiled: Compiled,
    /// The totals of all accounts, without empty slots.
    pub totals: Totals,
    /// The figures.
    pub figures: Figures,
    /// What backs the book in each scenario.
    pub backing: Vec<Backing>,
    /// The clauses of the rules' policy.
    pub clauses: Vec<Clause>,
    /// Whether reserves are stated.
    pub has_reserves: bool,
    /// The scenarios that were added, by name.
    pub added: Vec<String>,
    /// Scenarios that were not, because they move nothing that others do not.
    pub idle: Vec<String>,
    /// The assets whose moves were left out, by name.
    pub ignored: Vec<String>,
}

/// Why a run is not replayed.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// The run's own rules are refused: it is of another version of the program.
    #[error("the run's own rules: {0}")]
    Own(RulesError),
    /// The run's private file gives no book.
    #[error(transparent)]
    Private(#[from] PrivateBookError),
    /// Scenarios do not fit the rules.
    #[error(transparent)]
    Add(#[from] AddError),
    /// The book cannot be taken so.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The totals are of another table.
    #[error(transparent)]
    Figures(#[from] FiguresError),
}

/// Takes the book of a run otherwise.
///
/// # Errors
/// If the private file is of another run or damaged, or the rules do not take the book.
pub fn replay(
    attestation: &Attestation,
    store: &RunStore,
    otherwise: Otherwise,
) -> Result<Replayed, ReplayError> {
    let own = Rules::parse(&attestation.rules).map_err(ReplayError::Own)?;
    let compiled = compile(&own, &attestation.prices).map_err(ReplayError::Own)?;
    let snapshot = book_of_run(store, attestation, &compiled)?;
    let Otherwise { rules, scenarios, prices, reserves, strictness } = otherwise;
    let (mut rules, mut added, mut idle) = (rules.unwrap_or(own), Vec::new(), Vec::new());
    let moved = scenarios.iter().flat_map(|one| one.moves.keys());
    let ignored: BTreeSet<String> = moved.filter(|asset| !rules.can_move(asset)).cloned().collect();
    let ignored: Vec<String> = ignored.into_iter().collect();
    if !scenarios.is_empty() {
        let with = add_scenarios(rules.text(), &scenarios, &ignored)?;
        (rules, added, idle) = (with.rules, with.names, with.idle);
    }
    let prices = prices.unwrap_or_else(|| attestation.prices.clone());
    let reserves = reserves.or_else(|| attestation.reserves.clone());
    let header = &attestation.header;
    let book = Book::new(Inputs {
        venue: header.venue.clone(),
        as_of: header.as_of,
        drawn: header.drawn.clone(),
        previous: None,
        rules: rules.clone(),
        prices: prices.clone(),
        reserves: reserves.clone(),
        snapshot,
        strictness,
    })?;
    let compiled = book.compiled().clone();
    let totals = Totals::of_lines(book.accounts().lines(), compiled.rows.len());
    let figures = figures(&compiled, &totals)?;
    let evidence = Evidence {
        compiled: &compiled,
        figures: &figures,
        reserves: reserves.as_ref(),
        header: &Header { scenarios: compiled.scenarios.len(), ..header.clone() },
        prices_as_of: prices.as_of,
        block_hashes: &[],
        refused: &prices.refused,
    };
    let clauses = evaluate_policy(rules.policy(), &evidence);
    let backing = backing(&compiled, &figures, reserves.as_ref());
    let has_reserves = reserves.is_some();
    Ok(Replayed {
        rules,
        compiled,
        totals,
        figures,
        backing,
        clauses,
        has_reserves,
        added,
        idle,
        ignored,
    })
}
