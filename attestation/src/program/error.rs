//! Why rules have no program.

use pacioli_rules::Decimal;
use thiserror::Error;

use super::evaluate::Fault;

/// Why rules that compile do not make a program. A key is given only if one is at fault.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ProgramError {
    /// More of something than the layout has room for.
    #[error("{count} {what}: a contract takes at most {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// The most there may be.
        limit: usize,
    },
    /// A factor of a row is finer or larger than the layout has room for.
    #[error(
        "`{instrument}`: the factor {numerator} / 10^{scale} of `{scenario}` is finer or larger \
         than a contract takes; write the rate or the move with fewer digits"
    )]
    Factor {
        /// The instrument.
        instrument: String,
        /// The scenario.
        scenario: String,
        /// The factor's numerator.
        numerator: String,
        /// Its decimals.
        scale: u32,
    },
    /// The table has a row whose price is not among the prices.
    #[error("`{instrument}` is valued from the price of `{price}`, which is not in the prices")]
    NoPrice {
        /// The instrument.
        instrument: String,
        /// The name of the price.
        price: String,
    },
    /// The row's value is not a product of a price and a factor, so a contract cannot recompute it.
    #[error(
        "`{instrument}` is worth something else in `{scenario}` than a price times a factor: a \
         contract cannot recompute such an instrument; leave it out of rules that are registered"
    )]
    Worth {
        /// The instrument.
        instrument: String,
        /// The scenario.
        scenario: String,
    },
    /// A row has one price, and this one's worth follows from two.
    #[error(
        "`{instrument}` is valued from the price of its underlying in `{scenario}`, and elsewhere \
         from its own: a contract knows one price a row; leave one of the two out of rules that are \
         registered"
    )]
    TwoPrices {
        /// The instrument.
        instrument: String,
        /// The first such scenario.
        scenario: String,
    },
    /// A contract would take a scenario of this kind for a margin scenario, and give no credit or
    /// too much of it.
    #[error(
        "`{0}` is a credit scenario, which a contract does not know yet; leave it out of rules that \
         are registered"
    )]
    Credit(String),
    /// The table has options, whose values follow from volatilities.
    #[error(
        "options: the values of `{0}` and of every option follow from volatilities, which a contract \
         cannot recompute; leave options out of rules that are registered"
    )]
    Options(String),
    /// Tiers end at values. A program has quantities, which would be those of one day's prices.
    #[error(
        "{0}: the tiers end at values, so that how much is in each follows from the price, and a \
         contract has fixed quantities; write `up_to` in rules that are registered"
    )]
    Values(String),
    /// Initial rates follow open interest, which is not part of the prices that a contract takes.
    #[error(
        "markets.{0}.open_interest: a contract takes no open interest, by which initial rates would \
         rise; leave it out of rules that are registered"
    )]
    OpenInterest(String),
    /// A rate that follows a volatility has a number finer than a contract computes with.
    #[error(
        "a rate follows the volatility of `{0}` with a floor or a ceiling of more than 18 decimals: a \
         contract computes with 18; write it with fewer in rules that are registered"
    )]
    Rate(String),
    /// A policy without a clause would hold whatever is owed.
    #[error("policy: no clause applies to this table, so the policy would hold whatever is owed")]
    NoClause,
    /// A clause is about an asset or scenario that the table has not.
    #[error(
        "policy.{0}: the table has no such asset or scenario; price it, or leave it out of the policy"
    )]
    Subject(String),
    /// A contract compares no amounts of what was left out.
    #[error(
        "policy.left_out.{0}: a contract sees how many accounts were left out and whether any asset \
         was, and no more; leave it out of rules that are registered"
    )]
    LeftOut(&'static str),
    /// A number of the policy has no place in the layout.
    #[error("policy.{clause}: {number} is finer or larger than a contract takes")]
    Number {
        /// The clause.
        clause: String,
        /// The number.
        number: Decimal,
    },
    /// The contract would refuse the program, or these prices.
    #[error(transparent)]
    Fault(#[from] Fault),
}
