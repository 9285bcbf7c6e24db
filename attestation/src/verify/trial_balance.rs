//! The trial balance: in every volume and scenario, totals times values come to nothing.
//!
//! It follows from what is proved, since every account balances to zero, so no honest verifier
//! needs it. It is the one check that a reader can do by hand, and a false proof that was made
//! under a known tau fails it unless its author balanced the book too. A check of consistency,
//! never a reason for trust.

use num_bigint::BigInt;
use pacioli_circuits::{InstrumentTable, ScenarioId, Total, Totals};
use thiserror::Error;

/// Why totals are not those of accounts that balance.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TrialBalanceError {
    /// Totals times values do not come to nothing.
    #[error("the trial balance of scenario {scenario} is off by {by} units of value")]
    Unbalanced {
        /// The scenario.
        scenario: ScenarioId,
        /// What is left over.
        by: BigInt,
    },
    /// More than its lines can hold.
    #[error("{count} lines of at most {cap} cannot hold {quantity} of instrument {instrument}")]
    Cap {
        /// Row of the table.
        instrument: usize,
        /// How many lines hold it.
        count: u64,
        /// The most that one may hold.
        cap: u128,
        /// What they are said to hold.
        quantity: u128,
    },
}

/// Checks the totals of one volume. A total for each row of the table, each within the bounds of
/// [`pacioli_circuits::PublicInputs::check`].
///
/// # Errors
/// If a row holds more than its lines can, or a scenario does not balance: the first one.
pub fn check_trial_balance(
    table: &InstrumentTable,
    totals: &Totals,
) -> Result<(), TrialBalanceError> {
    let rows = || table.instruments().iter().zip(&totals.0);
    for (instrument, (row, &Total { count, quantity })) in rows().enumerate() {
        let Some(cap) = row.cap.map(|cap| cap.units()) else { continue };
        // Below 2^24 lines of less than 2^90 each.
        if quantity > u128::from(count) * cap {
            return Err(TrialBalanceError::Cap { instrument, count, cap, quantity });
        }
    }
    for scenario in table.scenario_ids() {
        let held = rows().filter(|(_, total)| total.quantity != 0);
        let by: BigInt = held
            .map(|(row, total)| BigInt::from(row.values[scenario].units()) * total.quantity)
            .sum();
        if by != BigInt::ZERO {
            return Err(TrialBalanceError::Unbalanced { scenario, by });
        }
    }
    Ok(())
}
