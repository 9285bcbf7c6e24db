#![doc = include_str!("../README.md")]

mod book;
mod challenges;
mod chip;
mod circuit;
mod columns;
mod fixed;
mod fractions;
mod phase1;
pub mod reference;
mod scenario;
mod seal;
mod shape;
#[cfg(feature = "test-dependencies")]
pub mod testing;
mod totals;
mod volume;
mod witness;

pub use book::{
    Account, Instrument, InstrumentId, InstrumentTable, Line, MAX_INSTRUMENTS, QUANTITY_BITS,
    Quantity, TableError, VALUE_BITS, Value, Values,
};
pub use challenges::Challenges;
pub use circuit::Circuit;
pub use columns::Columns;
pub use fixed::{FIXED_COLUMNS, fixed_columns, fixed_row};
pub use fractions::range_fractions;
pub use phase1::{LineColumns, Phase1, slot_column, small};
pub use scenario::{MAX_SCENARIOS, ScenarioId};
pub use seal::{Nonce, Owner, seal};
pub use shape::{
    BALANCE_BITS, FIELD_BITS, MAX_K, MAX_PAGE_SIZE, MIN_K, MIN_PAGE_SIZE, Shape, ShapeError,
    TOTAL_BITS, UNUSABLE_ROWS,
};
pub use totals::{PublicInputs, PublicInputsError, Total, Totals, VALUE_OFFSET};
pub use volume::{Slot, Volume, VolumeError};
pub use witness::{BookWitness, Phase2, Witness};
