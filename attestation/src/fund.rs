//! Where a venue that stresses its own book finds the insurance fund: in the accounts of its class
//! where the rules have that class, else in the reserves of that purpose. Never in both.
//!
//! This is a view of a book that is known to be true. What the accounts of a class come to can be
//! made of nothing in a proved one, so policies ask otherwise, and need not tell the two apart:
//! [`crate::policy`].

use pacioli_rules::{Class, Compiled};
use thiserror::Error;

use crate::reserves::{Purpose, Reserves};

/// Where the insurance fund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsuranceFund {
    /// In the accounts of the class `insurance`.
    Accounts,
    /// In the reserves of the purpose `insurance`.
    Reserves,
}

/// One fund that would count twice.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "the insurance fund is a class of accounts here, and reserves of the purpose `insurance` would \
     count it twice"
)]
pub struct FundTwice;

impl InsuranceFund {
    /// Finds the fund. `None` where neither accounts nor reserves could hold it.
    ///
    /// # Errors
    /// If both do.
    pub fn find(
        compiled: &Compiled,
        reserves: Option<&Reserves>,
    ) -> Result<Option<Self>, FundTwice> {
        let entries = reserves.map(|reserves| &reserves.reserves[..]).unwrap_or_default();
        let is_reserved = entries.iter().any(|entry| entry.purpose == Purpose::Insurance);
        match (compiled.classes.contains_key(&Class::Insurance), reserves) {
            (true, _) if is_reserved => Err(FundTwice),
            (true, _) => Ok(Some(Self::Accounts)),
            (false, Some(_)) => Ok(Some(Self::Reserves)),
            (false, None) => Ok(None),
        }
    }
}
