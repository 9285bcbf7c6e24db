//! What other margins would do to a book.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use pacioli_circuits::{Account, InstrumentId, MAX_PAGE_SIZE};
use serde::Serialize;

use crate::{
    amount::Amount,
    ledger::{LedgerError, Options, balance_accounts},
    rules::{Closing, Compiled, CompiledScenario, ScenarioKind},
    snapshot::Snapshot,
};

/// One margin scenario under the rules in force and under the proposed ones. No account is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarginEffect {
    /// The scenario.
    pub scenario: String,
    /// Accounts that have less than they need, before and after.
    pub accounts_below: [u64; 2],
    /// Of those after, the ones that had enough before.
    pub newly_below: u64,
    /// What they lack together in the quote currency, before and after.
    pub lacking: [Amount; 2],
}

/// Every margin scenario that both have, on one book.
///
/// # Errors
/// Where the book cannot be entered under one of the two.
pub fn effect(
    rules: [&Compiled; 2],
    snapshot: &Snapshot,
    round: bool,
    exclude_unpriced: bool,
) -> Result<Vec<MarginEffect>, LedgerError> {
    let options = Options { round, exclude_unpriced, page_size: MAX_PAGE_SIZE };
    let [before, after] = rules;
    let [old, new] = [
        balance_accounts(snapshot.clone(), before, options)?,
        balance_accounts(snapshot.clone(), after, options)?,
    ];
    let mut effects = Vec::new();
    for scenario in &before.scenarios {
        let same = after.scenarios.iter().find(|other| other.name == scenario.name);
        let rows = (shortfall(scenario), same.and_then(shortfall));
        let (Some(old_row), Some(new_row)) = rows else { continue };
        let lack = |accounts: &[(String, Account)], row| -> BTreeMap<String, u128> {
            let lines = accounts.iter().filter_map(|(id, account)| {
                let line = account.lines.iter().find(|line| line.instrument == row)?;
                Some((id.clone(), line.quantity.units()))
            });
            lines.collect()
        };
        let [old, new] = [lack(&old.accounts, old_row), lack(&new.accounts, new_row)];
        let sum = |lack: &BTreeMap<String, u128>, decimals| {
            let units: BigUint = lack.values().map(|&units| BigUint::from(units)).sum();
            Amount::new(units, decimals)
        };
        effects.push(MarginEffect {
            scenario: scenario.name.clone(),
            accounts_below: [old.len() as u64, new.len() as u64],
            newly_below: new.keys().filter(|id| !old.contains_key(*id)).count() as u64,
            lacking: [sum(&old, before.value_decimals), sum(&new, after.value_decimals)],
        });
    }
    Ok(effects)
}

/// The row of what a margin scenario finds missing; none of other scenarios.
fn shortfall(scenario: &CompiledScenario) -> Option<InstrumentId> {
    match (scenario.kind, scenario.closing) {
        (ScenarioKind::Margin(_), Closing::Balance { shortfall, .. }) => Some(shortfall),
        _ => None,
    }
}
