//! What is proved.

mod book;
mod seal;

pub use book::{
    Account, Instrument, InstrumentId, InstrumentTable, Line, MAX_INSTRUMENTS, QUANTITY_BITS,
    Quantity, TableError, VALUE_BITS, Value,
};
pub use seal::{Nonce, Owner, seal};
