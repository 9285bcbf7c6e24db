//! The public inputs: what a proof is about, in one order.

use std::borrow::Borrow;

use ff::PrimeField;
use halo2_proofs::halo2curves::bn256::Fr;
use thiserror::Error;

use crate::{
    book::{InstrumentTable, Line, Quantity, VALUE_BITS, Value},
    shape::{Shape, TOTAL_BITS},
    volume::Volume,
};

/// Added to every value where it is a word, so that no word stands for a negative number: `V + 2^64`
/// is in `(0, 2^65)`.
pub const VALUE_OFFSET: i128 = 1 << VALUE_BITS;

/// What the book holds of one instrument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// How many lines hold it.
    pub count: u64,
    /// The sum of their quantities, below 2^114.
    pub quantity: u128,
}

/// The totals of one volume, one per instrument of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(pub Vec<Total>);

impl Totals {
    /// The totals of a volume, over a table of `instruments` rows. Lines of other instruments are
    /// left out; the circuit rejects them.
    pub fn of(volume: &Volume, instruments: usize) -> Self {
        Self::of_lines(volume.slots().iter().map(|slot| &slot.line), instruments)
    }

    /// The totals of any lines, fewer than 2^38, likewise.
    pub fn of_lines(lines: impl IntoIterator<Item: Borrow<Line>>, instruments: usize) -> Self {
        let mut totals = vec![Total::default(); instruments];
        for line in lines {
            let line = line.borrow();
            if let Some(total) = totals.get_mut(line.instrument.row()) {
                total.count += 1;
                total.quantity += line.quantity.units();
            }
        }
        Self(totals)
    }

    /// Adds another volume's totals over the same table, or gives `None` where a sum overflows.
    pub fn add(&mut self, other: &Self) -> Option<()> {
        for (sum, total) in self.0.iter_mut().zip(&other.0) {
            sum.count = sum.count.checked_add(total.count)?;
            sum.quantity = sum.quantity.checked_add(total.quantity)?;
        }
        Some(())
    }
}

/// The public inputs of one volume's proof.
#[derive(Clone, Debug)]
pub struct PublicInputs<'a> {
    /// What the proof is bound to besides: header, rules, prices, reserves, the volume's number.
    pub context: Fr,
    /// The instrument table.
    pub table: &'a InstrumentTable,
    /// The totals claimed.
    pub totals: &'a Totals,
}

/// Why public inputs are refused before any proof is looked at.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PublicInputsError {
    /// More instruments than the circuit has rows for.
    #[error("the table has {got} instruments, but the circuit takes at most {limit}")]
    Instruments {
        /// Table rows of the shape.
        limit: usize,
        /// Instruments of the table.
        got: usize,
    },
    /// There has to be one total per instrument.
    #[error("expected {expected} totals, one for each instrument, got {got}")]
    Totals {
        /// Instruments of the table.
        expected: usize,
        /// Totals given.
        got: usize,
    },
    /// A count that no volume of this shape has.
    #[error("instrument {instrument} is counted {count} times in {lines} lines")]
    Count {
        /// Row of the table.
        instrument: usize,
        /// The count claimed.
        count: u64,
        /// Lines of the shape.
        lines: usize,
    },
    /// A sum that its lines cannot have.
    #[error("{count} lines cannot hold {quantity} of instrument {instrument}")]
    Quantity {
        /// Row of the table.
        instrument: usize,
        /// The count claimed.
        count: u64,
        /// The sum claimed.
        quantity: u128,
    },
    /// Empty slots hold nothing.
    #[error("empty slots hold {0}, but must hold nothing")]
    EmptySlots(u128),
    /// Every slot of every page is counted once.
    #[error("the counts add up to {got} lines, but the shape has {expected}")]
    Lines {
        /// Lines of the shape.
        expected: usize,
        /// The sum of the counts.
        got: u128,
    },
}

impl PublicInputs<'_> {
    /// Checks every bound that the theorem assumes of the public inputs.
    ///
    /// # Errors
    /// If a bound does not hold: the first one.
    pub fn check(&self, shape: &Shape) -> Result<(), PublicInputsError> {
        let instruments = self.table.instruments().len();
        if instruments > shape.instruments() {
            let limit = shape.instruments();
            return Err(PublicInputsError::Instruments { limit, got: instruments });
        }
        let totals = &self.totals.0;
        if totals.len() != instruments {
            return Err(PublicInputsError::Totals { expected: instruments, got: totals.len() });
        }
        let lines = shape.lines();
        for (instrument, &Total { count, quantity }) in totals.iter().enumerate() {
            if count > lines as u64 {
                return Err(PublicInputsError::Count { instrument, count, lines });
            }
            if quantity > u128::from(count) * Quantity::MAX.units() {
                return Err(PublicInputsError::Quantity { instrument, count, quantity });
            }
        }
        if totals[0].quantity != 0 {
            return Err(PublicInputsError::EmptySlots(totals[0].quantity));
        }
        let counted: u128 = totals.iter().map(|total| u128::from(total.count)).sum();
        if counted != lines as u128 {
            return Err(PublicInputsError::Lines { expected: lines, got: counted });
        }
        Ok(())
    }

    /// All that is public, in one order: the context word alone, then one word per instrument each
    /// of the counts, the quantities, the caps (0 for none), and, per scenario, the values plus
    /// [`VALUE_OFFSET`]. `theta` is drawn from these.
    pub fn words(&self) -> Vec<Vec<Fr>> {
        let mut columns = self.columns().to_vec();
        let instruments = self.table.instruments();
        columns.extend(self.table.scenario_ids().map(|scenario| {
            instruments.iter().map(|row| value_word(row.values[scenario])).collect()
        }));
        columns
    }

    /// The instance columns in their one order: as [`Self::words`], but for the values, which are
    /// one column: [`InstrumentTable::combined`] by `theta`.
    pub fn instance(&self, theta: Fr) -> Vec<Vec<Fr>> {
        let mut columns = self.columns().to_vec();
        columns.push(self.table.combined(theta));
        columns
    }

    fn columns(&self) -> [Vec<Fr>; 4] {
        let totals = &self.totals.0;
        let instruments = self.table.instruments();
        [
            vec![self.context],
            totals.iter().map(|total| Fr::from(total.count)).collect(),
            totals.iter().map(|total| Fr::from_u128(total.quantity)).collect(),
            instruments.iter().map(|instrument| cap_element(instrument.cap)).collect(),
        ]
    }
}

impl InstrumentTable {
    /// What one unit of each instrument is worth in all scenarios together:
    /// `sum_s theta^(s+1) V[s]`.
    pub fn combined(&self, theta: Fr) -> Vec<Fr> {
        let combined = self.instruments().iter().map(|row| {
            let values = row.values.iter().rev();
            values.fold(Fr::zero(), |sum, &value| (sum + value_element(value)) * theta)
        });
        combined.collect()
    }
}

/// A cap as the circuit has it: 0 for none.
pub(crate) fn cap_element(cap: Option<Quantity>) -> Fr {
    Fr::from_u128(cap.map_or(0, Quantity::units))
}

/// A value as a field element.
fn value_element(value: Value) -> Fr {
    let size = Fr::from_u128(value.units().unsigned_abs());
    if value.units() < 0 { -size } else { size }
}

/// A value as a word: plus [`VALUE_OFFSET`], so never negative.
fn value_word(value: Value) -> Fr {
    Fr::from_u128((value.units() + VALUE_OFFSET).unsigned_abs())
}

// `count * Quantity::MAX` does not overflow for any count up to the lines of a shape.
const _: () = assert!(TOTAL_BITS <= 127);
