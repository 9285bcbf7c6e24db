//! The effect of other margins on a book.

use std::collections::BTreeMap;

use num_bigint::{BigInt, BigUint};
use pacioli_circuits::{Account, InstrumentId, MAX_PAGE_SIZE};
use pacioli_prover::{Ledger, LedgerError, Strictness, balance_accounts, snapshot::Snapshot};
use pacioli_rules::{Amount, Class, Compiled, CompiledScenario, ScenarioKind};
use serde::Serialize;

use super::{
    liquidity::{Liquidity, liquidity},
    proposal::Proposal,
};

/// A book under the rules in force and under the proposed ones. No account is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BookEffect {
    /// Every margin scenario.
    pub margins: Vec<MarginEffect>,
    /// The holdings of customers whose volume is known.
    pub liquidity: Vec<Liquidity>,
}

/// One margin scenario under both rules, before and after. All fields but `own_accounts_below` are
/// about customers' accounts alone. Amounts are in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarginEffect {
    /// The scenario.
    pub scenario: String,
    /// Accounts below the requirement.
    pub accounts_below: [u64; 2],
    /// Accounts below the requirement after and not before.
    pub newly_below: u64,
    /// Own accounts below the requirement.
    pub own_accounts_below: [u64; 2],
    /// The requirements: reductions by weights and margins together.
    pub required: [Amount; 2],
    /// The sum of shortfalls.
    pub shortfalls: [Amount; 2],
}

/// The effect of a proposal on a book. `rules` are those in force and those proposed, compiled with
/// the same prices and [without cover](pacioli_rules::TableRules::without_cover): margins are read
/// in the closing lines of accounts, and a plain or covered account has none.
///
/// # Errors
/// If the book does not balance under one of the two.
pub fn effect(
    rules: [&Compiled; 2],
    proposal: &Proposal,
    snapshot: &Snapshot,
    strictness: &Strictness,
) -> Result<BookEffect, LedgerError> {
    let enter = |rules| balance_accounts(snapshot.clone(), rules, strictness, MAX_PAGE_SIZE);
    let [before, after] = rules;
    let ledgers = [enter(before)?, enter(after)?];
    let is_customer =
        |id: &str| snapshot.classes.get(id).copied().unwrap_or_default() == Class::Customer;
    let margins = before.scenarios.iter().filter_map(|scenario| {
        let same = after.scenarios.iter().find(|other| other.name == scenario.name)?;
        let [old, new] = [(before, &ledgers[0], scenario), (after, &ledgers[1], same)]
            .map(|(rules, ledger, scenario)| Standing::of(rules, ledger, scenario, is_customer));
        let (old, new) = (old?, new?);
        let newly = new.shortfalls.keys().filter(|id| !old.shortfalls.contains_key(*id));
        Some(MarginEffect {
            scenario: scenario.name.clone(),
            newly_below: newly.count() as u64,
            accounts_below: [&old, &new].map(|one| one.shortfalls.len() as u64),
            own_accounts_below: [&old, &new].map(|one| one.own_accounts_below),
            shortfalls: [&old, &new].map(|one| {
                let units: BigUint =
                    one.shortfalls.values().map(|&units| BigUint::from(units)).sum();
                Amount::new(units, one.decimals)
            }),
            required: [&old, &new].map(|one| Amount::new(one.required.clone(), one.decimals)),
        })
    });
    let margins = margins.collect();
    let customers = ledgers[1].accounts.iter().filter(|(id, _)| is_customer(id));
    let liquidity = liquidity(after, proposal, customers.map(|(_, account)| account));
    Ok(BookEffect { margins, liquidity })
}

/// One margin scenario under one of the two.
struct Standing<'a> {
    /// The shortfall of each customer's account that has one.
    shortfalls: BTreeMap<&'a str, u128>,
    own_accounts_below: u64,
    required: BigUint,
    decimals: u32,
}

impl<'a> Standing<'a> {
    /// `None` unless the scenario is a margin scenario.
    fn of(
        rules: &Compiled,
        ledger: &'a Ledger,
        scenario: &CompiledScenario,
        is_customer: impl Fn(&str) -> bool,
    ) -> Option<Self> {
        let ScenarioKind::Margin(_) = scenario.kind else { return None };
        let [equity, shortfall] = scenario.balance()?;
        let [mark_equity, mark_shortfall] = rules.scenarios.first()?.balance()?;
        let decimals = rules.value_decimals;
        let mut standing = Self {
            shortfalls: BTreeMap::new(),
            own_accounts_below: 0,
            required: BigUint::ZERO,
            decimals,
        };
        let mut required = BigInt::ZERO;
        for (id, account) in ledger.accounts.iter() {
            let account = &account;
            let shortfall_units = closing(account, shortfall);
            if !is_customer(id) {
                standing.own_accounts_below += u64::from(shortfall_units > 0);
                continue;
            }
            if shortfall_units > 0 {
                standing.shortfalls.insert(id, shortfall_units);
            }
            required += closing(account, mark_equity) + shortfall_units;
            required -= closing(account, mark_shortfall) + closing(account, equity);
        }
        // Nothing counts for more than it is worth.
        standing.required = required.to_biguint().unwrap_or_default();
        Some(standing)
    }
}

/// The quantity of a closing line, below 2^90; 0 if there is none.
fn closing(account: &Account, row: InstrumentId) -> u128 {
    let line = account.lines.iter().find(|line| line.instrument == row);
    line.map_or(0, |line| line.quantity.units())
}
