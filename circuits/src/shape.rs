//! The sizes of a circuit, and every bound the theorem leans on.

use thiserror::Error;

use crate::book::{MAX_INSTRUMENTS, QUANTITY_BITS, VALUE_BITS};

/// Rows halo2 fills with random values to hide a column, and the row before them that it keeps for
/// itself. The constraint system's own count; asserted equal to it when a circuit is configured.
pub const UNUSABLE_ROWS: usize = 6;

/// Smallest circuit: 2^11 rows hold the table of the smallest limbs.
pub const MIN_K: u32 = 11;
/// Largest circuit: sums over its rows stay within [`TOTAL_BITS`].
pub const MAX_K: u32 = 24;
/// Smallest page.
pub const MIN_PAGE_SIZE: usize = 2;
/// Largest page: the most lines an account can have.
pub const MAX_PAGE_SIZE: usize = 512;

/// Bits of the field, rounded down: integers of fewer bits are equal where their residues are.
pub const FIELD_BITS: u32 = 253;
/// Bits of a total quantity: fewer than 2^24 lines of fewer than 2^90 each.
pub const TOTAL_BITS: u32 = QUANTITY_BITS + MAX_K;
/// Bits of the size of a running balance: at most 2^9 lines of fewer than 2^90 at fewer than 2^64.
pub const BALANCE_BITS: u32 = QUANTITY_BITS + VALUE_BITS + MAX_PAGE_SIZE.ilog2();

// A total that is right mod p is right: it is below p.
const _: () = assert!(TOTAL_BITS < FIELD_BITS && TOTAL_BITS <= u128::BITS);
// A balance that is zero mod p is zero: its size is below p, sign included.
const _: () = assert!(BALANCE_BITS + 1 < FIELD_BITS);
// A capped line and its headroom do not wrap around the field.
const _: () = assert!(QUANTITY_BITS + 1 < FIELD_BITS);

/// The sizes of a circuit. Everything else follows from them, the verifying key included: how many
/// scenarios the instruments are valued in is no size of a circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    k: u32,
    page_size: usize,
}

/// Invalid circuit sizes.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ShapeError {
    /// Too few rows for the table or too many for the bounds.
    #[error("k must be from {MIN_K} to {MAX_K}, got {0}")]
    K(u32),
    /// Pages are cosets of roots of unity.
    #[error(
        "the slots of a page must be a power of two from {MIN_PAGE_SIZE} to {MAX_PAGE_SIZE}, got {0}"
    )]
    PageSize(usize),
    /// Every page would be switched off.
    #[error("2^{k} rows have no page of {page_size} slots clear of the blinding rows")]
    NoPage {
        /// Rows, as a power of two.
        k: u32,
        /// Slots of a page.
        page_size: usize,
    },
}

impl Shape {
    /// A circuit of `2^k` rows in pages of `page_size` slots.
    ///
    /// # Errors
    /// If a size is out of its bounds, or no page is left beside the blinding rows.
    pub fn new(k: u32, page_size: usize) -> Result<Self, ShapeError> {
        if !(MIN_K..=MAX_K).contains(&k) {
            return Err(ShapeError::K(k));
        }
        if !page_size.is_power_of_two() || !(MIN_PAGE_SIZE..=MAX_PAGE_SIZE).contains(&page_size) {
            return Err(ShapeError::PageSize(page_size));
        }
        let shape = Self { k, page_size };
        if shape.stride() <= shape.pages_off() {
            return Err(ShapeError::NoPage { k, page_size });
        }
        Ok(shape)
    }

    /// Rows, as a power of two.
    pub fn k(&self) -> u32 {
        self.k
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        1 << self.k
    }

    /// Slots of a page.
    pub fn page_size(&self) -> usize {
        self.page_size
    }

    /// Rows between two slots of a page.
    pub fn stride(&self) -> usize {
        self.rows() / self.page_size
    }

    /// Bits of a limb: the widest whose table fits beside the instruments. Each divides
    /// [`QUANTITY_BITS`], so that a quantity is exactly its limbs.
    pub fn limb_bits(&self) -> u32 {
        match self.k {
            ..16 => 10,
            16..19 => 15,
            19.. => 18,
        }
    }

    /// Limbs of a quantity.
    pub fn limbs(&self) -> usize {
        (QUANTITY_BITS / self.limb_bits()) as usize
    }

    /// Table rows reserved for instruments: 2,048, or 512 where limbs have 10 bits.
    /// The step from one instrument to any other, forwards or back, then fits one limb.
    pub fn instruments(&self) -> usize {
        MAX_INSTRUMENTS.min(1 << (self.limb_bits() - 1))
    }

    /// Table rows in use: the instruments, then one for each value of a limb.
    pub fn table_rows(&self) -> usize {
        self.instruments() + (1 << self.limb_bits())
    }

    /// The last row a circuit may use, where the running sum of the lookup is back at zero.
    pub fn last_row(&self) -> usize {
        self.rows() - UNUSABLE_ROWS - 1
    }

    /// Pages that touch the last usable row or the rows behind it. They are switched off: nothing
    /// in them is looked up, counted or balanced.
    pub fn pages_off(&self) -> usize {
        UNUSABLE_ROWS + 1
    }

    /// Pages that hold accounts. A verifier refuses the opening of any other.
    pub fn pages(&self) -> usize {
        self.stride() - self.pages_off()
    }

    /// Lines a volume holds, empty slots included.
    pub fn lines(&self) -> usize {
        self.pages() * self.page_size
    }

    /// The row of a slot.
    pub fn row(&self, page: usize, slot: usize) -> usize {
        page + slot * self.stride()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_holds_its_table_and_a_step_between_any_two_instruments() {
        for k in MIN_K..=MAX_K {
            let shape = Shape::new(k, 2).unwrap();
            assert!(shape.table_rows() <= shape.last_row(), "k = {k}");
            assert_eq!(shape.limbs() as u32 * shape.limb_bits(), QUANTITY_BITS);
            // The step is next - this - 1 + instruments * last, between 0 and 2 * instruments - 2.
            assert!(2 * shape.instruments() - 2 < 1 << shape.limb_bits());
        }
    }

    #[test]
    fn switched_on_pages_are_clear_of_the_last_usable_row() {
        for (k, page_size) in [(11, 64), (12, 2), (12, 256), (20, 512)] {
            let shape = Shape::new(k, page_size).unwrap();
            let last = shape.row(shape.pages() - 1, page_size - 1);
            assert_eq!(last + 1, shape.last_row());
        }
    }

    #[test]
    fn sizes_out_of_bounds_are_refused() {
        assert_eq!(Shape::new(10, 64), Err(ShapeError::K(10)));
        assert_eq!(Shape::new(25, 64), Err(ShapeError::K(25)));
        for size in [0, 1, 63, 1024] {
            assert_eq!(Shape::new(12, size), Err(ShapeError::PageSize(size)));
        }
        let no_page = ShapeError::NoPage { k: 11, page_size: 512 };
        assert_eq!(Shape::new(11, 512), Err(no_page));
    }
}
