//! What a header says of the book, held against what the totals prove of it.
//!
//! How many accounts there are, what was left out and what was rounded are the publisher's word.
//! What no honest publisher can say is refused.

use pacioli_circuits::Totals;
use pacioli_rules::{Compiled, NotLeftOut, Role, Rules};
use thiserror::Error;

use crate::attestation::Attestation;

/// Why a header cannot be that of a book with these totals.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DisclosedError {
    /// An account holds every row once at most, and at least one line.
    #[error("the header says {accounts} accounts, but the totals allow {least} to {most}")]
    Accounts {
        /// How many are stated.
        accounts: u64,
        /// Of no row are there more lines.
        least: u64,
        /// How many lines there are.
        most: u64,
    },
    /// What has a price is in the book.
    #[error("left out: {0}")]
    LeftOut(#[from] NotLeftOut),
    /// Each asset is listed once.
    #[error("left out: duplicate `{}`", .0.escape_debug())]
    DuplicateLeftOut(String),
    /// Only a line that is there can have been rounded.
    #[error("the header says {rounded} rounded lines, but the book has {lines} lines")]
    Rounding {
        /// How many are stated.
        rounded: u64,
        /// How many lines there are.
        lines: u64,
    },
    /// Nobody holds anything: closing rows alone are worth nothing to anybody.
    #[error("the book is empty: no line of it holds anything")]
    NoLine,
}

/// Checks an attestation's header against the totals of all volumes together.
///
/// # Errors
/// If no book can have such a header: the first reason.
pub fn check_disclosed(
    attestation: &Attestation,
    rules: &Rules,
    compiled: &Compiled,
    totals: &Totals,
) -> Result<(), DisclosedError> {
    let header = &attestation.header;
    let rows = || compiled.rows.iter().zip(&totals.0).filter(|(row, _)| row.role != Role::Empty);
    let held = || rows().filter(|(row, _)| row.role.is_held());
    if held().all(|(_, total)| total.quantity == 0) {
        return Err(DisclosedError::NoLine);
    }
    let most = rows().map(|(_, total)| total.count).sum();
    let least = rows().map(|(_, total)| total.count).max();
    let (accounts, least) = (header.accounts, least.unwrap_or_default().max(1));
    if !(least..=most).contains(&accounts) {
        return Err(DisclosedError::Accounts { accounts, least, most });
    }
    let (rounded, lines) = (header.rounding.lines, held().map(|(_, total)| total.count).sum());
    if rounded > lines {
        return Err(DisclosedError::Rounding { rounded, lines });
    }
    for (index, exclusion) in header.left_out.iter().enumerate() {
        let asset = &exclusion.asset;
        rules.check_left_out(asset, &attestation.prices)?;
        if header.left_out[..index].iter().any(|before| before.asset == *asset) {
            return Err(DisclosedError::DuplicateLeftOut(asset.clone()));
        }
    }
    Ok(())
}
