//! What is owed, and what bad debt is, at any prices, at most: from the totals of one proof.
//!
//! A proof says both at the prices of its scenarios. Prices move a minute later. From the same totals
//! everyone can bound both at any values `V` of the rows, without the publisher and without a proof:
//! those of `mark` at other prices, of each stress that begins there, and of its twin.
//!
//! **The bound.** Let `T[j]` be the total of row j, over all rows but the closing ones; `V_s[j]` its
//! value in scenario s; `G_s` the proved shortfall of scenario s, and 0 where it closes by slack. For
//! any numbers `lambda_s >= 0`, a [`Certificate`],
//!
//! ```text
//! bad debt(V)  <=  B  =  sum_s lambda_s G_s + sum_j T[j] max(0, sum_s lambda_s V_s[j] - V[j])
//! owed(V)      <=  sum_j T[j] V[j] + B
//! ```
//!
//! **Why.** Every account balances in every scenario: the lines that close s are worth there what all
//! its other lines are worth, with the opposite sign. They are at most its equity, or its slack, which
//! is not negative, less its shortfall. So its other lines are worth at least minus its shortfall,
//!
//! ```text
//! sum_j q[j] V_s[j]  >=  -shortfall_s      for every s, of whatever kind
//! ```
//!
//! and if E is what the account is worth at V,
//!
//! ```text
//! -E = sum_j q[j] (sum_s lambda_s V_s[j] - V[j]) - sum_s lambda_s sum_j q[j] V_s[j]
//!   <= sum_j q[j] max(0, sum_s lambda_s V_s[j] - V[j]) + sum_s lambda_s shortfall_s
//! ```
//!
//! which is the account's own part of B, and not negative. So max(0, -E) is at most that part; the
//! parts of all accounts sum to B; and what is owed is what accounts are worth together and bad debt.
//!
//! Nothing was said of forms. A plain row is worth nothing in any scenario but `cover`, and a covered
//! one its cover there: the table says which scenarios a row meets, and the same line of arithmetic is
//! right for all, margins, constraints, twins and the credit scenario included. At V a row of a form is
//! worth what the row is worth that it stands for, contingencies and headroom nothing.
//!
//! Any certificate is valid, so whoever finds a good one ([`Repricing::find`]) need not be trusted. A
//! poor one says nothing but more: it never shows that a policy does not hold, which takes the lower
//! bounds, and these need no certificate. Margin figures have no bound: they are those of the proof.

mod certificate;
mod find;
mod repriced;
mod repricing;
mod simplex;
mod standing;
mod sweep;
mod values;

pub use certificate::{Certificate, CertificateError, Certificates};
pub use repriced::{OwedToOthers, Repriced, RepricedScenario};
pub use repricing::Repricing;
pub use standing::{RepricedClause, RestsOn, Standing, overall};
pub use sweep::{ProvedPoint, Sweep, SweepPoint};
pub use values::RepriceError;

use pacioli_rules::Amount;
use serde::Serialize;

/// What is owed and what bad debt is at other prices, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// What is owed, at most.
    pub owed_at_most: Amount,
    /// What is owed, at least: what all accounts are worth together.
    pub owed_at_least: Amount,
    /// The bad debt, at most.
    pub bad_debt_at_most: Amount,
    /// The bad debt, at least: as much as all accounts together are worth less than nothing.
    pub bad_debt_at_least: Amount,
}
