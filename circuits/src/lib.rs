//! What is proved.

mod book;

pub use book::{
    Account, Instrument, InstrumentId, InstrumentTable, Line, MAX_INSTRUMENTS, QUANTITY_BITS,
    Quantity, TableError, VALUE_BITS, Value,
};
