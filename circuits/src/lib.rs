#![doc = include_str!("../README.md")]

mod book;
mod chip;
mod circuit;
mod columns;
mod fractions;
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
pub use circuit::{Circuit, fixed_columns};
pub use columns::Columns;
pub use fractions::range_fractions;
pub use scenario::{MAX_SCENARIOS, ScenarioId};
pub use seal::{Nonce, Owner, seal};
pub use shape::{
    BALANCE_BITS, FIELD_BITS, MAX_K, MAX_PAGE_SIZE, MIN_K, MIN_PAGE_SIZE, Shape, ShapeError,
    TOTAL_BITS, UNUSABLE_ROWS,
};
pub use totals::{PublicInputs, PublicInputsError, Total, Totals, VALUE_OFFSET};
pub use volume::{Slot, Volume, VolumeError};
pub use witness::{
    BookWitness, Challenges, LineColumns, Phase1, Phase2, Witness, slot_column, small,
};
