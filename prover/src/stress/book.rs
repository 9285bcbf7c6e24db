//! A private book, ready to be stressed.

use std::collections::BTreeSet;

use pacioli_circuits::Account;
use rayon::prelude::*;
use thiserror::Error;

use super::{
    evaluate::Outcome,
    scenarios::StressScenario,
    values::{moves, together, without_stresses},
};
use crate::{
    ledger::{Exclusion, LedgerError, Options, Rounding, balance_accounts},
    open_interest::{OpenInterestError, check_accounts},
    prices::Prices,
    progress::Progress,
    reserves::Reserves,
    rules::{Compiled, Kind, Role, Rules, RulesError, Scenario, compile},
    snapshot::Snapshot,
};

/// A book with nobody's name in it, the rules it is valued by, and what stands behind it.
#[derive(Clone, Debug)]
pub struct StressBook {
    pub(super) rules: Rules,
    pub(super) prices: Prices,
    pub(super) reserves: Option<Reserves>,
    /// What the rules compile to without their stresses.
    pub(super) compiled: Compiled,
    /// What every account holds, without what closes it.
    pub(super) accounts: Vec<Account>,
    accounts_left_out: usize,
    exclusions: Vec<Exclusion>,
    rounding: Rounding,
}

/// Why a book cannot be stressed.
#[derive(Debug, Error)]
pub enum StressError {
    /// The rules are refused, alone, with the prices or with a scenario.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// A holding or an account of the snapshot is refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// More is open in a market than the prices state.
    #[error(transparent)]
    OpenInterest(#[from] Box<OpenInterestError>),
    /// A scenario with the name of another, or of one of the rules that is no stress.
    #[error("there are two scenarios `{0}`")]
    Twice(String),
    /// A sweep of an asset that moves nothing in the book.
    #[error("the book has no asset and no market's underlying `{0}` to be swept")]
    NotInBook(String),
    /// A sweep of what everything is counted in.
    #[error("{0} is what everything is counted in: it does not move")]
    Quote(String),
}

/// How the book stands before anything moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// At the prices as they are.
    pub mark: Outcome,
    /// How many accounts lack margin, for each margin scenario of the rules.
    pub below: Vec<BelowMargin>,
}

/// Accounts that lack margin at the prices as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BelowMargin {
    /// The margin scenario's name in the rules.
    pub scenario: String,
    /// How many accounts are short in it.
    pub accounts: u64,
}

impl StressBook {
    /// Takes a snapshot under rules and prices, as a proof would.
    ///
    /// # Errors
    /// Where rules, prices or snapshot are refused.
    pub fn new(
        rules: &Rules,
        prices: Prices,
        reserves: Option<Reserves>,
        snapshot: Snapshot,
        round: bool,
        exclude_unpriced: bool,
    ) -> Result<Self, StressError> {
        rules.check()?;
        let rules = without_stresses(rules);
        let compiled = compile(&rules, &prices)?;
        // Nothing is laid out on pages here.
        let options = Options { round, exclude_unpriced, page_size: usize::MAX };
        let ledger = balance_accounts(snapshot, &compiled, options)?;
        check_accounts(&compiled, ledger.accounts.iter().map(|(_, account)| account))?;
        let is_held = |role| !matches!(role, Role::Equity { .. } | Role::Shortfall { .. });
        let accounts = ledger.accounts.into_par_iter().map(|(_, mut account)| {
            account.lines.retain(|line| is_held(compiled.rows[line.instrument.row()].role));
            account.lines.shrink_to_fit();
            account
        });
        Ok(Self {
            accounts: accounts.collect(),
            accounts_left_out: ledger.dropped_accounts.len(),
            exclusions: ledger.exclusions,
            rounding: ledger.rounding,
            rules,
            prices,
            reserves,
            compiled,
        })
    }

    /// How many accounts there are.
    pub fn accounts(&self) -> usize {
        self.accounts.len()
    }

    /// How many accounts are not in the book, because every line of theirs was left out.
    pub fn accounts_left_out(&self) -> usize {
        self.accounts_left_out
    }

    /// What was left out, by asset.
    pub fn exclusions(&self) -> &[Exclusion] {
        &self.exclusions
    }

    /// What was rounded.
    pub fn rounding(&self) -> &Rounding {
        &self.rounding
    }

    /// The currency that everything is counted in.
    pub fn quote(&self) -> &str {
        &self.compiled.quote
    }

    /// Whether it is known what stands behind the book.
    pub fn has_reserves(&self) -> bool {
        self.reserves.is_some()
    }

    /// How the book stands at the prices as they are.
    pub fn standing(&self) -> Standing {
        let mark = self.values_at_mark(Kind::Mark);
        let mut outcomes = self.outcomes(&mark, &[false]);
        let margins = self.values_at_mark(Kind::Margin);
        let below = self.tally(&margins, false).into_iter().zip(&margins.asked);
        let below = below.map(|(tally, &index)| BelowMargin {
            scenario: self.rules.scenarios[index].name.clone(),
            accounts: tally.short,
        });
        Standing { mark: outcomes.remove(0), below: below.collect() }
    }

    /// What becomes of the book in each scenario, in their order.
    ///
    /// # Errors
    /// Where two scenarios bear one name, or a moved value is too large for a table.
    pub fn evaluate(
        &self,
        scenarios: &[StressScenario],
        progress: &dyn Progress,
    ) -> Result<Vec<Outcome>, StressError> {
        let own = self.rules.scenarios.iter().map(|scenario| scenario.name.as_str());
        let mut names: BTreeSet<&str> = own.collect();
        for scenario in scenarios {
            if !names.insert(&scenario.name) {
                return Err(StressError::Twice(scenario.name.clone()));
            }
        }
        let phase = format!("stressing {} accounts", self.accounts.len());
        progress.begin(&phase, scenarios.len() as u64);
        let mut outcomes = Vec::with_capacity(scenarios.len());
        for chunk in scenarios.chunks(together(&self.compiled)) {
            let stresses: Vec<_> = chunk.iter().map(|scenario| self.stress(scenario)).collect();
            let values = self.values_in(&stresses)?;
            let stale: Vec<_> = chunk.iter().map(|scenario| scenario.stale_oracle).collect();
            let found = self.outcomes(&values, &stale).into_iter().zip(chunk);
            outcomes.extend(found.map(|(outcome, scenario)| Outcome {
                name: scenario.name.clone(),
                not_in_book: self.not_in_book(scenario),
                quote_would_move: scenario.moves.contains_key(self.quote()),
                ..outcome
            }));
            progress.reach(outcomes.len() as u64);
        }
        Ok(outcomes)
    }

    /// A scenario as the rules have it, with the moves alone that move something.
    fn stress(&self, scenario: &StressScenario) -> Scenario {
        let moves = scenario.moves.iter().filter(|(asset, _)| self.moves(asset));
        Scenario {
            name: scenario.name.clone(),
            kind: Kind::Stress,
            default_move: Some(scenario.default_move),
            moves: moves.map(|(asset, by)| (asset.clone(), *by)).collect(),
            ..self.rules.scenarios[0].clone()
        }
    }

    /// Whether a move of `asset` moves anything.
    pub(super) fn moves(&self, asset: &str) -> bool {
        moves(&self.rules, &self.compiled, asset)
    }

    fn not_in_book(&self, scenario: &StressScenario) -> Vec<String> {
        let left = scenario.moves.keys();
        left.filter(|asset| !self.moves(asset) && *asset != self.quote()).cloned().collect()
    }
}
