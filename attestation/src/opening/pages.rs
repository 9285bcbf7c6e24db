//! Which rows are a page, and the coset they stand for.

use ff::{Field, PrimeField};
use halo2_proofs::halo2curves::bn256::Fr;

use super::OpeningError;

/// Most slots a page can have.
pub const MAX_PAGE_SIZE: usize = 512;

/// The pages of a column of `2^k` rows.
///
/// Row `page + slot * count` is a slot, so that with `omega` the column's root of unity a page is
/// the coset `omega^page * <omega^count>` of the roots of unity of order `page_size`, on which
/// `x^page_size` is one constant, different for every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    k: u32,
    page_size: usize,
}

impl Pages {
    /// The pages of `page_size` slots in `2^k` rows.
    ///
    /// # Errors
    /// If `page_size` is not a power of two from 2 to [`MAX_PAGE_SIZE`], or if the rows are
    /// fewer than that, or more than the field has roots of unity.
    pub fn new(k: u32, page_size: usize) -> Result<Self, OpeningError> {
        if !page_size.is_power_of_two() || !(2..=MAX_PAGE_SIZE).contains(&page_size) {
            return Err(OpeningError::PageSize(page_size));
        }
        if k > Fr::S || k < page_size.ilog2() {
            return Err(OpeningError::Rows { k, page_size });
        }
        Ok(Self { k, page_size })
    }

    /// The rows' logarithm.
    pub fn k(&self) -> u32 {
        self.k
    }

    /// How many rows there are, `2^k`.
    pub fn rows(&self) -> usize {
        1 << self.k
    }

    /// Slots of a page.
    pub fn page_size(&self) -> usize {
        self.page_size
    }

    /// How many pages there are: also the stride from a slot to the next.
    pub fn count(&self) -> usize {
        self.rows() / self.page_size
    }

    /// The row of a page's slot; both have to be in range.
    pub fn row(&self, page: usize, slot: usize) -> usize {
        page + slot * self.count()
    }

    /// `omega`, the point of row 1.
    pub fn omega(&self) -> Fr {
        root_of_unity(self.k)
    }

    /// `x^page_size` on a page.
    pub fn constant(&self, page: usize) -> Fr {
        self.omega().pow_vartime([(page * self.page_size) as u64])
    }

    /// Fails if there is no such page.
    pub fn require(&self, page: usize) -> Result<(), OpeningError> {
        let count = self.count();
        if page < count { Ok(()) } else { Err(OpeningError::Page { page, count }) }
    }
}

/// The root of unity of order `2^log` that halo2 takes; `log` is at most 28.
pub fn root_of_unity(log: u32) -> Fr {
    (log..Fr::S).fold(Fr::ROOT_OF_UNITY, |root, _| root.square())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_size_is_a_power_of_two_that_fits() {
        for page_size in [0, 1, 3, 48, 65, 1024] {
            assert_eq!(Pages::new(17, page_size), Err(OpeningError::PageSize(page_size)));
        }
        for (k, page_size) in [(5, 64), (29, 64), (u32::MAX, 2)] {
            assert_eq!(Pages::new(k, page_size), Err(OpeningError::Rows { k, page_size }));
        }
        assert_eq!(Pages::new(6, 64).unwrap().count(), 1);
        assert_eq!(Pages::new(17, 512).unwrap().count(), 256);
    }

    #[test]
    fn the_slots_of_a_page_share_their_constant() {
        let pages = Pages::new(7, 8).unwrap();
        for page in 0..pages.count() {
            for slot in 0..8 {
                let x = pages.omega().pow([pages.row(page, slot) as u64]);
                assert_eq!(x.pow([8]), pages.constant(page));
            }
        }
    }
}
