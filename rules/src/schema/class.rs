//! Classes of accounts: customers, and the venue's own accounts.
//!
//! An own account holds instruments of its class, `insurance deposit USDC` where a
//! customer holds `deposit USDC`, worth the same in every scenario. So the totals of a class are
//! public, and with them what it is worth in every scenario.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The class of an account.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// A customer's.
    #[default]
    Customer,
    /// The venue's own, for its own account.
    House,
    /// The insurance fund's, which bad debt is paid from.
    Insurance,
    /// A pool's, that trades against customers.
    Pool,
}

/// A text that is not the name of a class.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "unknown class `{}`: expected `customer`, `house`, `insurance` or `pool`",
    .0.escape_debug()
)]
pub struct ClassError(pub String);

impl Class {
    /// Every class, customers first.
    pub const ALL: [Self; 4] = [Self::Customer, Self::House, Self::Insurance, Self::Pool];

    /// The name of the class, in one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::House => "house",
            Self::Insurance => "insurance",
            Self::Pool => "pool",
        }
    }

    /// The prefix of its instruments' names.
    pub(crate) fn prefix(self) -> String {
        match self {
            Self::Customer => String::new(),
            _ => format!("{} ", self.name()),
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Class {
    type Err = ClassError;

    fn from_str(text: &str) -> Result<Self, ClassError> {
        let class = Self::ALL.into_iter().find(|class| class.name() == text);
        class.ok_or_else(|| ClassError(text.chars().take(32).collect()))
    }
}

/// The assets and markets that accounts of a class may hold, beside the quote currency.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ClassRule {
    /// The assets; all if left out.
    pub assets: Option<Vec<String>>,
    /// The markets; all if left out.
    pub markets: Option<Vec<String>>,
}
