//! Stored accounts laid out in their pages again.

use pacioli_circuits::{Account, Shape, Volume, VolumeError};
use thiserror::Error;

use crate::store::StoredAccount;

/// Why stored accounts are no volume.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LayoutError {
    /// The accounts do not fit their pages.
    #[error(transparent)]
    Volume(#[from] VolumeError),
    /// An account does not start where the one before it ends.
    #[error("an account is not in its place")]
    Place,
}

/// The volume of stored accounts, which are in order of page and slot.
///
/// # Errors
/// If they are not, or do not fit.
pub(crate) fn lay_out(shape: &Shape, stored: &[StoredAccount]) -> Result<Volume, LayoutError> {
    let mut pages: Vec<Vec<&Account>> = vec![Vec::new(); shape.pages()];
    let mut ends = vec![0; shape.pages()];
    for StoredAccount { account, placement, .. } in stored {
        let page = pages.get_mut(placement.page).ok_or(LayoutError::Place)?;
        let end = &mut ends[placement.page];
        if placement.slot != *end {
            return Err(LayoutError::Place);
        }
        *end += account.lines.len();
        page.push(account);
    }
    Ok(Volume::new(shape, pages)?)
}
