//! From what accounts hold to accounts that balance: holdings are split over tiers, and every
//! scenario is closed, or the account held in the form that needs no closing.
//!
//! Nothing is left out unless it is named, and nothing is rounded unless asked for; both are counted
//! for disclosure. Rounding favours the customer: deposits and quote credits up, borrows and quote
//! debits down. A position has no favourable side, since its entry value is in another line, and is
//! never rounded. A quantity of zero is a line like any other.

mod accounts;
mod balance;
mod bind;
mod choose;
mod disclosure;
mod entry;
mod error;
mod form;
mod input;
mod strictness;

pub use accounts::BalancedAccounts;
pub use balance::{Ledger, balance_accounts};
pub use disclosure::Disclosure;
pub use error::{LedgerError, LedgerProblem, Unpriced};
pub use form::FormCounts;
pub use input::{BookInputError, balance_book};
pub use strictness::Strictness;
