//! Openings of whole pages: the values of a committed polynomial on a page, and one group element
//! that shows they are its values.
//!
//! A page is a coset of roots of unity ([`Pages`]), so `Z(X) = X^P - c` vanishes on it, where `P`
//! is the page size and `c` the page's constant. With `I` the polynomial of degree below `P` that
//! takes the page's values, the opening of `f` is `pi = [(f - I)/Z]_1`, and whoever knows the
//! commitment `C = [f]_1` checks one pairing equation
//! `e(C - [I(tau)]_1 + c pi, G2) = e(pi, [tau^P]_2)`.
//!
//! [`OpeningKey`] checks; openings are made in `pacioli_prover::opening`.

mod check;
mod interpolation;
mod opened;
mod pages;

pub use check::OpeningKey;
pub use interpolation::Interpolation;
pub use opened::{ColumnOrder, Opened, OpenedError};
pub use pages::{MAX_PAGE_SIZE, Pages, root_of_unity};

use thiserror::Error;

use crate::encoding::EncodingError;

/// Why an opening cannot be made or does not hold.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OpeningError {
    /// Pages have one of a few sizes.
    #[error("a page has 2 to {MAX_PAGE_SIZE} slots, a power of two, not {0}")]
    PageSize(usize),
    /// The rows have to hold a page, and the field has roots of unity for `2^28` rows.
    #[error("2^{k} rows cannot be cut into pages of {page_size} slots")]
    Rows {
        /// The rows' logarithm.
        k: u32,
        /// Slots of a page.
        page_size: usize,
    },
    /// There is no such page.
    #[error("page {page} is not one of the {count} pages")]
    Page {
        /// The page asked for.
        page: usize,
        /// How many there are.
        count: usize,
    },
    /// A page has one value for each slot.
    #[error("a page of {expected} slots came with {got} values")]
    ValueCount {
        /// Slots of a page.
        expected: usize,
        /// Values found.
        got: usize,
    },
    /// A polynomial of the column has one coefficient for each row.
    #[error("a polynomial over {expected} rows came with {got} coefficients")]
    CoefficientCount {
        /// Rows of the column.
        expected: usize,
        /// Coefficients found.
        got: usize,
    },
    /// The setup is for another number of rows.
    #[error("the setup is for 2^{setup} rows, the pages for 2^{pages}")]
    SetupSize {
        /// The setup's logarithm.
        setup: u32,
        /// The pages' logarithm.
        pages: u32,
    },
    /// Interpolation needs the powers of tau up to the page size.
    #[error("a page of {page_size} slots needs {} powers of tau, not {got}", page_size + 1)]
    PowerCount {
        /// Slots of a page.
        page_size: usize,
        /// Powers found.
        got: usize,
    },
    /// A setup starts at the generator and consists of points of the prime-order groups.
    #[error("the powers of tau are not points that start at the generator")]
    Powers,
    /// `[tau^P]_2` and `[tau^P]_1` have to hide the same scalar.
    #[error("tau to the page size in G2 is not the one in G1")]
    PagePower,
    /// A point is not on the curve, or bytes encode no point or field element.
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    /// The pairing equation fails.
    #[error("page {0} does not hold these values under this commitment")]
    Mismatch(usize),
}
