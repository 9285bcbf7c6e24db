//! A private book, ready to be stressed.

use std::collections::{BTreeMap, BTreeSet};

use pacioli_attestation::{
    AssetLeftOut, FundTwice, InsuranceFund, Progress, Purpose, Reserves, Rounding, class_fund,
    open_interest::{OpenInterestError, check_accounts},
};
use pacioli_circuits::{Account, Line, Quantity, Totals};
use pacioli_prover::{LedgerError, Strictness, balance_accounts, snapshot::Snapshot};
use pacioli_rules::{
    Amount, Class, Compiled, Kind, NotLeftOut, Prices, Role, RulesError, Scenario, TableRules,
    compile,
};
use rayon::prelude::*;
use thiserror::Error;

use super::{
    columns::holding,
    evaluate::Outcome,
    scenarios::StressScenario,
    values::{moves, together, without_stresses},
    wide_int::WideInt,
};

/// A book with nobody's name in it, the rules it is valued by, and what stands behind it.
#[derive(Clone, Debug)]
pub struct StressBook {
    pub(super) rules: TableRules,
    pub(super) prices: Prices,
    pub(super) reserves: Option<Reserves>,
    fund: Option<InsuranceFund>,
    /// What the rules compile to without their stresses.
    pub(super) compiled: Compiled,
    /// What every account holds, each thing in one line. Customers' come first.
    pub(super) accounts: Vec<Account>,
    /// How many accounts there are of each class that has any.
    classes: BTreeMap<Class, usize>,
    /// What accounts hold together, by row of the table.
    totals: Totals,
    accounts_left_out: usize,
    left_out: Vec<AssetLeftOut>,
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
    /// An asset may not be left out.
    #[error(transparent)]
    LeftOut(#[from] NotLeftOut),
    /// More is open in a market than the prices state.
    #[error(transparent)]
    OpenInterest(#[from] Box<OpenInterestError>),
    /// The rules do not compile at the prices after a scenario's moves.
    #[error("at the prices of `{scenario}`: {error}")]
    AtMovedPrices {
        /// The scenario.
        scenario: String,
        /// What is wrong there.
        error: RulesError,
    },
    /// A price that no prices file can hold.
    #[error("the price of {asset} in `{scenario}` has too many digits")]
    MovedPrice {
        /// What it is the price of.
        asset: String,
        /// The scenario that moves it.
        scenario: String,
    },
    /// One price for an asset and a market that follow different moves.
    #[error("`{name}` is an asset and a market, and they move apart in `{scenario}`")]
    Apart {
        /// The name of both.
        name: String,
        /// The scenario that moves them.
        scenario: String,
    },
    /// Two insurance funds.
    #[error(transparent)]
    Fund(#[from] FundTwice),
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

/// What a volatility move is of; no asset's name, which has no blanks.
const VOLATILITIES: &str = "implied volatilities";

impl StressBook {
    /// Takes a snapshot under rules and prices, as a proof would.
    ///
    /// # Errors
    /// Where rules, prices or snapshot are refused.
    pub fn new(
        rules: &TableRules,
        prices: Prices,
        reserves: Option<Reserves>,
        snapshot: Snapshot,
        round: bool,
        leave_out: &[String],
    ) -> Result<Self, StressError> {
        let rules = without_stresses(rules)?;
        let compiled = compile(&rules, &prices)?;
        let fund = InsuranceFund::find(&compiled, reserves.as_ref())?;
        // Nothing is laid out on pages here.
        let options = Strictness { round, leave_out, page_size: usize::MAX };
        rules.check_all_left_out(leave_out, &prices)?;
        let known = snapshot.classes.clone();
        let ledger = balance_accounts(snapshot, &compiled, options)
            .map_err(|error| error.under(&rules, &prices))?;
        check_accounts(&compiled, ledger.accounts.iter().map(|(_, account)| account))?;
        let rows = compiled.rows.iter();
        let of: Vec<_> = rows.map(|row| holding(row.class, row.role)).collect();
        let accounts = ledger.accounts.into_par_iter().map(|(id, account)| {
            let account = Account { lines: holdings(&account.lines, &of) };
            (known.get(&id).copied().unwrap_or_default(), account)
        });
        let mut accounts: Vec<(Class, Account)> = accounts.collect();
        accounts.sort_by_key(|(class, _)| *class);
        let mut classes = BTreeMap::new();
        for (class, _) in &accounts {
            *classes.entry(*class).or_default() += 1;
        }
        let lines = accounts.iter().flat_map(|(_, account)| &account.lines);
        let totals = Totals::of_lines(lines, compiled.rows.len());
        Ok(Self {
            accounts: accounts.into_iter().map(|(_, account)| account).collect(),
            accounts_left_out: ledger.accounts_left_out.len(),
            left_out: ledger.left_out,
            rounding: ledger.rounding,
            totals,
            rules,
            prices,
            reserves,
            fund,
            compiled,
            classes,
        })
    }

    /// How many accounts there are.
    pub fn accounts(&self) -> usize {
        self.accounts.len()
    }

    /// How many accounts there are of each class that has any.
    pub fn classes(&self) -> &BTreeMap<Class, usize> {
        &self.classes
    }

    /// How many accounts are customers'.
    pub(super) fn customers(&self) -> usize {
        self.classes.get(&Class::Customer).copied().unwrap_or_default()
    }

    /// How many accounts are not in the book, because every line of theirs was left out.
    pub fn accounts_left_out(&self) -> usize {
        self.accounts_left_out
    }

    /// What was left out, by asset.
    pub fn exclusions(&self) -> &[AssetLeftOut] {
        &self.left_out
    }

    /// What was rounded.
    pub fn rounding(&self) -> &Rounding {
        &self.rounding
    }

    /// The currency that everything is counted in.
    pub fn quote(&self) -> &str {
        &self.compiled.quote
    }

    /// Where the insurance fund is, if it is known.
    pub fn fund(&self) -> Option<InsuranceFund> {
        self.fund
    }

    /// What the insurance fund is worth in a scenario of a table with the book's instruments.
    pub(super) fn insurance(&self, compiled: &Compiled, scenario: usize) -> Option<Amount> {
        match self.fund? {
            InsuranceFund::Reserves => self.reserves_for(Purpose::Insurance, compiled, scenario),
            InsuranceFund::Accounts => {
                // What is held stands first in every table, in one order.
                class_fund(compiled, &self.totals, Class::Insurance, scenario)
            }
        }
    }

    /// What the reserves for one purpose are worth, likewise.
    pub(super) fn reserves_for(
        &self,
        purpose: Purpose,
        compiled: &Compiled,
        scenario: usize,
    ) -> Option<Amount> {
        Some(self.reserves.as_ref()?.worth(compiled, purpose, scenario))
    }

    /// An amount of the quote currency.
    pub(super) fn amount(&self, worth: WideInt) -> Amount {
        Amount::new(worth.units(), self.compiled.value_decimals)
    }

    /// How the book stands at the prices as they are.
    pub fn at_mark(&self) -> Outcome {
        let mut outcomes = self.outcomes(&self.values_at_mark());
        outcomes.remove(0)
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
            let found = self.outcomes(&self.values_in(chunk)?).into_iter().zip(chunk);
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
    pub(super) fn stress(&self, scenario: &StressScenario) -> Scenario {
        let moves = scenario.moves.iter().filter(|(asset, _)| self.moves(asset));
        Scenario {
            name: scenario.name.clone(),
            kind: Kind::Stress,
            default_move: Some(scenario.default_move),
            moves: moves.map(|(asset, by)| (asset.clone(), *by)).collect(),
            vol_move: scenario.vol_move.filter(|_| !self.rules.options.is_empty()),
            ..self.rules.scenarios[0].clone()
        }
    }

    /// Whether a move of `asset` moves anything.
    pub(super) fn moves(&self, asset: &str) -> bool {
        moves(&self.rules, &self.compiled, asset)
    }

    fn not_in_book(&self, scenario: &StressScenario) -> Vec<String> {
        let assets = scenario.moves.keys();
        let assets = assets.filter(|asset| !self.moves(asset) && *asset != self.quote()).cloned();
        let vols = scenario.vol_move.filter(|_| self.rules.options.is_empty());
        assets.chain(vols.map(|_| VOLATILITIES.to_owned())).collect()
    }
}

/// What is held, each thing in one line of its first tier, which the ledger fills first.
fn holdings(lines: &[Line], of: &[Option<(Class, Role)>]) -> Vec<Line> {
    let mut held: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines.iter().filter(|line| of[line.instrument.row()].is_some()) {
        let of = |line: &Line| of[line.instrument.row()];
        match held.last_mut() {
            Some(last) if of(last) == of(line) => {
                let whole = Quantity::new(last.quantity.units() + line.quantity.units());
                last.quantity = whole.expect("the ledger splits one quantity into tiers");
            }
            _ => held.push(*line),
        }
    }
    held.shrink_to_fit();
    held
}
