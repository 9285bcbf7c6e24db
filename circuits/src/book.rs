//! The book as the circuit sees it: instruments, lines and accounts, in plain integers.
//!
//! Names, prices and rules live elsewhere; here an instrument is a row of public integers and an
//! account is a list of lines. Signs never appear in a line: a direction is an instrument of its
//! own (`deposit` and `borrow`, `long` and `short`).

use std::ops::{Index, IndexMut};

use thiserror::Error;

use crate::scenario::{MAX_SCENARIOS, ScenarioId};

/// Instruments a table can have: table rows reserved for them in every shape.
pub const MAX_INSTRUMENTS: usize = 2048;

/// Bits of a quantity: quantities are in `[0, 2^90)`.
pub const QUANTITY_BITS: u32 = 90;

/// Bits of the size of a value: values are in `(-2^64, 2^64)`.
pub const VALUE_BITS: u32 = 64;

/// A non-negative amount of one instrument, in its smallest unit, below `2^90`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(u128);

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest quantity, `2^90 - 1`.
    pub const MAX: Self = Self((1 << QUANTITY_BITS) - 1);

    /// The quantity `units`, or `None` where it does not fit in 90 bits.
    pub const fn new(units: u128) -> Option<Self> {
        if units <= Self::MAX.0 { Some(Self(units)) } else { None }
    }

    /// The quantity in the instrument's smallest unit.
    pub const fn units(self) -> u128 {
        self.0
    }
}

/// What one unit of an instrument is worth in one scenario, in the book's value unit:
/// a signed integer with `|value| < 2^64`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value(i128);

impl Value {
    /// Worth nothing.
    pub const ZERO: Self = Self(0);
    /// The largest value, `2^64 - 1`.
    pub const MAX: Self = Self((1 << VALUE_BITS) - 1);
    /// The smallest value, `-(2^64 - 1)`.
    pub const MIN: Self = Self(-Self::MAX.0);

    /// The value `units`, or `None` where `|units| >= 2^64`.
    pub const fn new(units: i128) -> Option<Self> {
        if units >= Self::MIN.0 && units <= Self::MAX.0 { Some(Self(units)) } else { None }
    }

    /// The value in the book's value unit.
    pub const fn units(self) -> i128 {
        self.0
    }
}

/// What one unit of an instrument is worth, one value per scenario and each found by its scenario
/// alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(Vec<Value>);

impl Values {
    /// The value in one scenario, or `None` past the last.
    pub fn get(&self, scenario: ScenarioId) -> Option<Value> {
        self.0.get(scenario.index()).copied()
    }

    /// The values in the order of the scenarios.
    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.0.iter()
    }

    /// Adds the value in the next scenario.
    pub fn push(&mut self, value: Value) {
        self.0.push(value);
    }
}

impl From<Vec<Value>> for Values {
    fn from(in_order: Vec<Value>) -> Self {
        Self(in_order)
    }
}

impl FromIterator<Value> for Values {
    fn from_iter<I: IntoIterator<Item = Value>>(in_order: I) -> Self {
        Self(in_order.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a Values {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Index<ScenarioId> for Values {
    type Output = Value;

    fn index(&self, scenario: ScenarioId) -> &Value {
        &self.0[scenario.index()]
    }
}

impl IndexMut<ScenarioId> for Values {
    fn index_mut(&mut self, scenario: ScenarioId) -> &mut Value {
        &mut self.0[scenario.index()]
    }
}

/// An instrument's row in the table, below [`MAX_INSTRUMENTS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstrumentId(u16);

impl InstrumentId {
    /// The instrument of every slot that holds no line of an account: worth nothing, held in
    /// quantity zero.
    pub const EMPTY: Self = Self(0);

    /// The instrument in row `row`, or `None` past the last row a table can have.
    pub const fn new(row: usize) -> Option<Self> {
        if row < MAX_INSTRUMENTS { Some(Self(row as u16)) } else { None }
    }

    /// The row of the table.
    pub const fn row(self) -> usize {
        self.0 as usize
    }
}

/// One row of the public instrument table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// The largest quantity one line may hold; `None` for no limit. Never zero.
    pub cap: Option<Quantity>,
    /// What one unit is worth, one value per scenario.
    pub values: Values,
}

/// The public instrument table: row 0 is [`InstrumentId::EMPTY`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstrumentTable {
    scenarios: usize,
    instruments: Vec<Instrument>,
}

/// Why a list of instruments is not a table.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TableError {
    /// There has to be row 0, and no more than [`MAX_INSTRUMENTS`] rows.
    #[error("a table has 1 to {MAX_INSTRUMENTS} instruments, not {0}")]
    Instruments(usize),
    /// Without a scenario every account would balance.
    #[error("a table has 1 to {MAX_SCENARIOS} scenarios, not {0}")]
    ScenarioCount(usize),
    /// Row 0 has to be worth nothing, without a cap.
    #[error("instrument 0 is the empty slot: it has no cap and is worth 0 in every scenario")]
    Empty,
    /// Every instrument has one value per scenario.
    #[error("instrument {instrument} has {got} values, but there are {expected} scenarios")]
    Scenarios {
        /// The row of the table.
        instrument: usize,
        /// The table's scenarios.
        expected: usize,
        /// The values found.
        got: usize,
    },
    /// A cap of zero would read as no cap.
    #[error("instrument {0} has a cap of 0, which would mean no cap at all")]
    ZeroCap(usize),
}

impl InstrumentTable {
    /// A table of `scenarios` values per instrument.
    ///
    /// # Errors
    /// If the list is empty or too long, there is no scenario or more than [`MAX_SCENARIOS`], row 0 is not the empty
    /// slot, a row has another number of values, or a cap is zero.
    pub fn new(scenarios: usize, instruments: Vec<Instrument>) -> Result<Self, TableError> {
        if instruments.is_empty() || instruments.len() > MAX_INSTRUMENTS {
            return Err(TableError::Instruments(instruments.len()));
        }
        if !(1..=MAX_SCENARIOS).contains(&scenarios) {
            return Err(TableError::ScenarioCount(scenarios));
        }
        for (row, instrument) in instruments.iter().enumerate() {
            let got = instrument.values.iter().len();
            if got != scenarios {
                return Err(TableError::Scenarios { instrument: row, expected: scenarios, got });
            }
            if instrument.cap == Some(Quantity::ZERO) {
                return Err(TableError::ZeroCap(row));
            }
        }
        let empty = &instruments[InstrumentId::EMPTY.row()];
        if empty.cap.is_some() || empty.values.iter().any(|&value| value != Value::ZERO) {
            return Err(TableError::Empty);
        }
        Ok(Self { scenarios, instruments })
    }

    /// How many scenarios every instrument is valued in.
    pub fn scenarios(&self) -> usize {
        self.scenarios
    }

    /// The scenarios in order.
    pub fn scenario_ids(&self) -> impl Iterator<Item = ScenarioId> + Clone + use<> {
        ScenarioId::all(self.scenarios)
    }

    /// The rows in order.
    pub fn instruments(&self) -> &[Instrument] {
        &self.instruments
    }

    /// One row, or `None` where the table is shorter.
    pub fn get(&self, id: InstrumentId) -> Option<&Instrument> {
        self.instruments.get(id.row())
    }
}

/// One instrument held in one quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is held.
    pub instrument: InstrumentId,
    /// How much of it.
    pub quantity: Quantity,
}

/// The lines of one account, closing lines included: instruments strictly increase and the values
/// sum to zero in every scenario. [`crate::reference`] checks both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The lines in order of their instruments.
    pub lines: Vec<Line>,
}
