//! Errors of stressing a book.

use pacioli_attestation::FundTwice;
use pacioli_prover::BookInputError;
use pacioli_rules::{Closest, RulesError};
use thiserror::Error;

/// Why a book cannot be stressed.
#[derive(Debug, Error)]
pub enum StressError {
    /// The rules are refused, alone, with the prices or with a scenario.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The snapshot does not make a book.
    #[error(transparent)]
    Input(#[from] BookInputError),
    /// The rules do not compile at the prices after a scenario's moves.
    #[error("at the prices of `{scenario}`: {error}")]
    AtMovedPrices {
        /// The scenario.
        scenario: String,
        /// The error.
        error: RulesError,
    },
    /// A moved price does not fit a prices file.
    #[error("the price of {asset} in `{scenario}` has too many digits")]
    MovedPrice {
        /// The asset or market.
        asset: String,
        /// The scenario that moves it.
        scenario: String,
    },
    /// Two insurance funds.
    #[error(transparent)]
    Fund(#[from] FundTwice),
    /// Two scenarios have the same name, or one has the name of a scenario of the rules that is not a
    /// stress.
    #[error("duplicate scenario `{0}`")]
    DuplicateScenario(String),
    /// A sweep of an asset whose move changes nothing in the book.
    #[error("cannot sweep `{name}`{closest}: the book has no such asset or underlying")]
    NotInBook {
        /// The name.
        name: String,
        /// The asset that was meant.
        closest: Closest,
    },
    /// A sweep of the quote currency.
    #[error("cannot sweep {0}: it is the quote currency, in which everything is counted")]
    Quote(String),
}
