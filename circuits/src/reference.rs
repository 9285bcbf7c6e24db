//! The rules over plain integers, written apart from the circuit and its witness: the
//! specification, and the oracle that the tests compare the circuit with.

use thiserror::Error;

use crate::{
    book::{Account, InstrumentTable},
    scenario::ScenarioId,
    totals::{Total, Totals},
};

/// What an account does not keep to.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AccountError {
    /// A line holds an instrument that the table does not have.
    #[error("line {line} holds an instrument that is not in the table")]
    Unknown {
        /// The line.
        line: usize,
    },
    /// An instrument does not come after the one of the line before.
    #[error("line {line} must come after the one before it")]
    Order {
        /// The later of the two lines.
        line: usize,
    },
    /// More is held of a capped instrument than the cap.
    #[error("the quantity of line {line} is above its instrument's cap")]
    Cap {
        /// The line.
        line: usize,
    },
    /// The line after a capped one does not hold what is left of the cap.
    #[error("line {line} is capped, but its headroom does not follow")]
    Headroom {
        /// The capped line.
        line: usize,
    },
    /// The lines are worth something together.
    #[error("the account does not balance in scenario {scenario}")]
    Balance {
        /// The scenario.
        scenario: ScenarioId,
    },
}

/// Checks one account: its instruments strictly increase, capped lines hold no more than the cap
/// and have their headroom next, and its lines are worth nothing together in every scenario.
///
/// # Errors
/// If it breaks a rule: the first one.
pub fn check_account(table: &InstrumentTable, account: &Account) -> Result<(), AccountError> {
    let mut sums = vec![Sum::default(); table.scenarios()];
    for (line, held) in account.lines.iter().enumerate() {
        let Some(instrument) = table.get(held.instrument) else {
            return Err(AccountError::Unknown { line });
        };
        if line > 0 && account.lines[line - 1].instrument >= held.instrument {
            return Err(AccountError::Order { line });
        }
        if let Some(cap) = instrument.cap {
            let Some(headroom) = cap.units().checked_sub(held.quantity.units()) else {
                return Err(AccountError::Cap { line });
            };
            let next = account.lines.get(line + 1).map(|next| next.quantity.units());
            if next != Some(headroom) {
                return Err(AccountError::Headroom { line });
            }
        }
        for (sum, value) in sums.iter_mut().zip(&instrument.values) {
            sum.add(held.quantity.units(), value.units());
        }
    }
    match table.scenario_ids().zip(sums).find(|(_, sum)| !sum.is_zero()) {
        Some((scenario, _)) => Err(AccountError::Balance { scenario }),
        None => Ok(()),
    }
}

/// Counts the lines and adds up the quantities of every instrument over all accounts.
pub fn count_totals(table: &InstrumentTable, accounts: &[Account]) -> Totals {
    let of_row = |row: usize| {
        let lines = accounts.iter().flat_map(|account| &account.lines);
        let lines = lines.filter(move |line| line.instrument.row() == row);
        lines.fold(Total::default(), |total, line| Total {
            count: total.count + 1,
            quantity: total.quantity + line.quantity.units(),
        })
    };
    Totals((0..table.instruments().len()).map(of_row).collect())
}

const LOW: u128 = (1 << 45) - 1;

/// A sum of up to 512 products of up to 154 bits, in base 2^45.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    high: i128,
    low: i128,
}

impl Sum {
    fn add(&mut self, quantity: u128, value: i128) {
        // |value| < 2^64 and each part of the quantity is below 2^45: 512 products stay below 2^118.
        self.high += (quantity >> 45) as i128 * value;
        self.low += (quantity & LOW) as i128 * value;
        self.high += self.low >> 45;
        self.low &= LOW as i128;
    }

    fn is_zero(&self) -> bool {
        self.high == 0 && self.low == 0
    }
}
