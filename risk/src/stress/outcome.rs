//! The outcome of a scenario: equity, shortfalls, margins and funds.

use num_bigint::BigUint;
use pacioli_rules::Amount;
use serde::Serialize;

/// The outcome of one scenario for a book. Amounts are exact, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The scenario.
    pub name: String,
    /// The sum of positive equity, owed to accounts.
    pub owed: Amount,
    /// The sum of shortfalls.
    pub bad_debt: Amount,
    /// The number of accounts with positive equity.
    pub accounts_with_equity: u64,
    /// The number of accounts with a shortfall.
    pub accounts_with_shortfall: u64,
    /// The number of own accounts among these: all but customers'.
    pub own_accounts_with_shortfall: u64,
    /// The accounts below each margin scenario of the rules: at the moved prices, or at the old ones
    /// if the oracle is stale.
    pub below_margin: Vec<BelowMargin>,
    /// The fewest accounts that make up half of the bad debt.
    pub half_of_bad_debt: u64,
    /// The fewest accounts that make up nine tenths of the bad debt.
    pub nine_tenths_of_bad_debt: u64,
    /// The worth of the customers' reserves, if they are known.
    pub customers: Option<Amount>,
    /// The worth of the insurance fund, if it is known.
    pub insurance: Option<Amount>,
    /// Whether the scenario has a stale oracle.
    pub stale_oracle: bool,
    /// The accounts that a venue with a stale oracle would not have liquidated, under rules with a
    /// maintenance requirement.
    pub unliquidated: Option<Unliquidated>,
    /// Moves ignored: assets of the scenario that the book does not have, and implied volatilities if
    /// the rules have no options.
    pub not_in_book: Vec<String>,
    /// The scenario has a move of the quote currency, which is ignored: everything is counted in it.
    pub quote_would_move: bool,
}

/// Accounts that hold their maintenance margin at the old prices and have a shortfall at the new
/// ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unliquidated {
    /// The number of accounts.
    pub accounts: u64,
    /// The sum of their shortfalls at the new prices.
    pub bad_debt: Amount,
}

impl Outcome {
    /// Whether the insurance fund covers the bad debt. An unknown fund is worth nothing.
    pub fn is_insured(&self) -> bool {
        insures(self.insurance.as_ref(), &self.bad_debt)
    }
}

/// Whether a fund covers the bad debt; both have the book's value decimals.
pub(super) fn insures(fund: Option<&Amount>, bad_debt: &Amount) -> bool {
    fund.map_or(&BigUint::ZERO, |fund| &fund.units) >= &bad_debt.units
}

/// The accounts below a margin requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BelowMargin {
    /// The margin scenario's name in the rules.
    pub scenario: String,
    /// The number of accounts below it.
    pub accounts: u64,
    /// The number of own accounts among these: all but customers'.
    pub house: u64,
}
