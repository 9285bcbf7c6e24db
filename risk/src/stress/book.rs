//! A private book, ready to be stressed.

use std::collections::BTreeMap;

use pacioli_attestation::{AssetLeftOut, InsuranceFund, Purpose, Reserves, Rounding, class_fund};
use pacioli_circuits::{Account, Line, Quantity, ScenarioId, Totals};
use pacioli_prover::{Ledger, Strictness, balance_book, snapshot::Snapshot};
use pacioli_rules::{Amount, Class, Compiled, Kind, Prices, Role, RulesError, TableRules, compile};
use rayon::prelude::*;

use super::{columns::holding, error::StressError, wide_int::WideInt};

/// A book without account ids, its rules and prices, and its reserves.
#[derive(Clone, Debug)]
pub struct StressBook {
    pub(super) rules: TableRules,
    pub(super) prices: Prices,
    pub(super) reserves: Option<Reserves>,
    fund: Option<InsuranceFund>,
    /// The compiled rules without their stresses.
    pub(super) compiled: Compiled,
    /// The holdings of every account, one line each. Customers' accounts come first.
    pub(super) accounts: Vec<Account>,
    /// The number of accounts of each class that has any.
    classes: BTreeMap<Class, usize>,
    /// The total holdings of all accounts, by row of the table.
    totals: Totals,
    accounts_left_out: usize,
    left_out: Vec<AssetLeftOut>,
    rounding: Rounding,
}

impl StressBook {
    /// Takes a snapshot under rules and prices, as a proof would.
    ///
    /// # Errors
    /// If rules, prices or snapshot are refused, or there are two insurance funds.
    pub fn new(
        rules: &TableRules,
        prices: Prices,
        reserves: Option<Reserves>,
        snapshot: Snapshot,
        strictness: &Strictness,
    ) -> Result<Self, StressError> {
        let rules = without_stresses(rules)?;
        let compiled = compile(&rules, &prices)?;
        let fund = InsuranceFund::find(&compiled, reserves.as_ref())?;
        let known = snapshot.classes.clone();
        // Accounts are not laid out on pages here.
        let Ledger { accounts, disclosure, .. } =
            balance_book(snapshot, &rules, &prices, &compiled, strictness, usize::MAX)?;
        let rows = compiled.rows.iter();
        let of: Vec<_> = rows.map(|row| holding(row.class, row.role)).collect();
        let accounts = (0..accounts.len()).into_par_iter().filter_map(|number| {
            let (id, account) = accounts.get(number)?;
            let account = Account { lines: holdings(&account.lines, &of) };
            Some((known.get(id).copied().unwrap_or_default(), account))
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
            accounts_left_out: disclosure.accounts_left_out.len(),
            left_out: disclosure.left_out,
            rounding: disclosure.rounding,
            totals,
            rules,
            prices,
            reserves,
            fund,
            compiled,
            classes,
        })
    }

    /// The number of accounts.
    pub fn accounts(&self) -> usize {
        self.accounts.len()
    }

    /// The number of accounts of each class that has any.
    pub fn classes(&self) -> &BTreeMap<Class, usize> {
        &self.classes
    }

    /// The number of customers' accounts.
    pub(super) fn customers(&self) -> usize {
        self.classes.get(&Class::Customer).copied().unwrap_or_default()
    }

    /// The number of accounts that are not in the book, because every line of theirs was left out.
    pub fn accounts_left_out(&self) -> usize {
        self.accounts_left_out
    }

    /// What was left out, by asset.
    pub fn left_out(&self) -> &[AssetLeftOut] {
        &self.left_out
    }

    /// What was rounded.
    pub fn rounding(&self) -> &Rounding {
        &self.rounding
    }

    /// The quote currency, in which everything is counted.
    pub fn quote(&self) -> &str {
        &self.compiled.quote
    }

    /// The insurance fund's location, if it is known.
    pub fn fund(&self) -> Option<InsuranceFund> {
        self.fund
    }

    /// The worth of the insurance fund in a scenario of a table with the book's instruments.
    pub(super) fn insurance(&self, compiled: &Compiled, scenario: ScenarioId) -> Option<Amount> {
        match self.fund? {
            InsuranceFund::Reserves => self.reserves_for(Purpose::Insurance, compiled, scenario),
            InsuranceFund::Accounts => {
                // Instruments that are held come first in every table, in one order.
                class_fund(compiled, &self.totals, Class::Insurance, scenario)
            }
        }
    }

    /// The worth of the reserves for one purpose, likewise.
    pub(super) fn reserves_for(
        &self,
        purpose: Purpose,
        compiled: &Compiled,
        scenario: ScenarioId,
    ) -> Option<Amount> {
        Some(self.reserves.as_ref()?.worth(compiled, purpose, scenario))
    }

    /// An amount of the quote currency.
    pub(super) fn amount(&self, worth: WideInt) -> Amount {
        Amount::new(worth.units(), self.compiled.value_decimals)
    }

    /// Whether a move of `asset` changes anything in the book.
    pub(super) fn moves(&self, asset: &str) -> bool {
        let markets = self.rules.markets.values().map(|market| &market.underlying);
        let options = self.rules.options.values().map(|option| &option.underlying);
        let is_underlying = markets.chain(options).any(|underlying| underlying == asset);
        asset != self.rules.quote && (self.compiled.assets.contains_key(asset) || is_underlying)
    }
}

/// The holdings among an account's lines, one line each, in the first tier, which the ledger fills
/// first.
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

/// The rules without their stress scenarios. No policy asks about those that are added, and none has
/// a twin.
///
/// # Errors
/// If the rest makes no sense.
fn without_stresses(rules: &TableRules) -> Result<TableRules, RulesError> {
    let mut scenarios = rules.scenarios.clone();
    scenarios.retain(|scenario| scenario.kind != Kind::Stress);
    rules.with_scenarios(scenarios)
}
