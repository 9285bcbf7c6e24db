//! Making openings of pages: one page by division ([`open_page`]), all pages of a column at once by
//! the method of Feist and Khovratovich ([`PageOpener`], <https://eprint.iacr.org/2023/033>). They
//! are checked with [`OpeningKey`](pacioli_attestation::opening::OpeningKey).

mod affine;
mod batch;
mod butterfly;
mod cache;
mod digits;
mod fk20;
mod page;
mod transform;

pub use cache::OpenerFileError;
pub use fk20::{PageOpener, open_all};
pub use page::{open_page, page_values};
