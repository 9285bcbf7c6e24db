//! The columns that are committed before the circuit's challenges, from lines. Nothing here is
//! trusted: a wrong value breaks a constraint, and `tests/all/soundness` tries.

use ff::PrimeField;
use halo2_proofs::halo2curves::bn256::Fr;
use rayon::prelude::*;

use crate::{
    book::InstrumentTable,
    shape::Shape,
    totals::cap_element,
    volume::{Slot, Volume},
};

/// The columns that the lines are in, committed before `theta` is drawn; `2^k` rows each. They are
/// the first columns of phase 1.
#[derive(Clone, Debug)]
pub struct LineColumns {
    /// 1 where the line is its account's last.
    pub last: Vec<Fr>,
    /// The instrument held.
    pub instrument: Vec<Fr>,
    /// The quantity's limbs, from the lowest.
    pub limb: Vec<Vec<Fr>>,
}

/// The columns committed before the circuit's challenges; `2^k` rows each.
#[derive(Clone, Debug)]
pub struct Phase1 {
    /// The lines.
    pub lines: LineColumns,
    /// The instrument's cap.
    pub cap: Vec<Fr>,
    /// The instrument's values, combined by `theta`.
    pub worth: Vec<Fr>,
    /// The seals.
    pub seal: Vec<Fr>,
    /// How often each value of a limb is looked up.
    pub multiplicity: Vec<Fr>,
}
impl LineColumns {
    /// The columns of a volume.
    ///
    /// # Panics
    /// Where the volume is of another shape.
    pub fn new(shape: &Shape, volume: &Volume) -> Self {
        let slots = volume.slots();
        assert_eq!(slots.len(), shape.lines(), "the volume is of another shape");
        let limb_bits = shape.limb_bits();
        let mask = (1u128 << limb_bits) - 1;
        let limb = |i: usize| {
            let shift = limb_bits * i as u32;
            move |slot: &Slot| Fr::from((slot.line.quantity.units() >> shift & mask) as u64)
        };
        Self {
            last: slot_column(shape, slots, |slot| Fr::from(u64::from(slot.last))),
            instrument: slot_column(shape, slots, |slot| {
                Fr::from(slot.line.instrument.row() as u64)
            }),
            limb: (0..shape.limbs()).map(|i| slot_column(shape, slots, limb(i))).collect(),
        }
    }

    /// The columns in the order of the circuit.
    pub fn in_order(&self) -> impl Iterator<Item = &[Fr]> {
        let limbs = self.limb.iter().map(Vec::as_slice);
        [self.last.as_slice(), &self.instrument].into_iter().chain(limbs)
    }
}

impl Phase1 {
    /// The columns of a volume; `worth` is what one unit of each instrument is worth in all
    /// scenarios together, as [`InstrumentTable::combined`] gives it.
    ///
    /// # Panics
    /// Where the volume or the seals are of another shape, or a line's instrument is not in the
    /// table: the planner made both from this table.
    pub fn new(
        shape: &Shape,
        table: &InstrumentTable,
        worth: &[Fr],
        volume: &Volume,
        seals: &[Fr],
    ) -> Self {
        Self::of_lines(shape, LineColumns::new(shape, volume), table, worth, volume, seals)
    }

    /// The same, where the columns of the lines are made.
    ///
    /// # Panics
    /// As [`Self::new`].
    pub fn of_lines(
        shape: &Shape,
        lines: LineColumns,
        table: &InstrumentTable,
        worth: &[Fr],
        volume: &Volume,
        seals: &[Fr],
    ) -> Self {
        let slots = volume.slots();
        assert_eq!(seals.len(), shape.lines(), "there is one seal per slot");
        let caps: Vec<Fr> = table.instruments().iter().map(|row| cap_element(row.cap)).collect();
        let mut phase1 = Self {
            lines,
            cap: slot_column(shape, slots, |slot| caps[slot.line.instrument.row()]),
            worth: slot_column(shape, slots, |slot| worth[slot.line.instrument.row()]),
            seal: slot_column(shape, seals, |&seal| seal),
            multiplicity: Vec::new(),
        };
        phase1.multiplicity = phase1.count(shape);
        phase1
    }

    /// The columns in the order of the circuit.
    pub fn in_order(&self) -> impl Iterator<Item = &[Fr]> {
        let Self { lines, cap, worth, seal, multiplicity } = self;
        lines.in_order().chain([cap, worth, seal, multiplicity].map(Vec::as_slice))
    }

    /// The columns in the order of the circuit.
    pub fn in_order_mut(&mut self) -> impl Iterator<Item = &mut [Fr]> {
        let Self { lines, cap, worth, seal, multiplicity } = self;
        let LineColumns { last, instrument, limb } = lines;
        let columns = [last, instrument].into_iter().chain(limb);
        columns.chain([cap, worth, seal, multiplicity]).map(Vec::as_mut_slice)
    }

    /// The multiplicities of the limbs and steps that are in the columns. Values that are not a limb
    /// are not counted: nothing in the table offers them.
    pub fn count(&self, shape: &Shape) -> Vec<Fr> {
        let limit = 1usize << shape.limb_bits();
        let steps = self.steps(shape);
        let limbs = self.lines.limb.iter();
        let columns: Vec<&[Fr]> = limbs.chain([&steps]).map(Vec::as_slice).collect();
        let counts = columns.par_iter().map(|column| {
            let mut counts = vec![0u64; limit];
            for value in on_rows(shape).filter_map(|row| small(&column[row], limit)) {
                counts[value] += 1;
            }
            counts
        });
        let counts = counts.reduce(
            || vec![0; limit],
            |left, right| left.iter().zip(&right).map(|(l, r)| l + r).collect(),
        );
        let mut multiplicity = vec![Fr::zero(); shape.rows()];
        let rows = &mut multiplicity[shape.instruments()..shape.table_rows()];
        rows.iter_mut().zip(counts).for_each(|(cell, count)| *cell = Fr::from(count));
        multiplicity
    }

    /// The step from every line to the next; zero outside the switched-on pages.
    pub fn steps(&self, shape: &Shape) -> Vec<Fr> {
        let instruments = Fr::from(shape.instruments() as u64);
        let step = |row: usize| {
            let next = (row + shape.stride()) % shape.rows();
            let LineColumns { last, instrument, .. } = &self.lines;
            let rise = instrument[next] - instrument[row] - Fr::one();
            rise + last[row] * instruments
        };
        on_row_values(shape, step)
    }

    /// The quantity of every line, from its limbs.
    pub(crate) fn quantities(&self, shape: &Shape) -> Vec<Fr> {
        let base = Fr::from(1 << shape.limb_bits());
        on_row_values(shape, |row| {
            let limbs = self.lines.limb.iter().rev();
            limbs.fold(Fr::zero(), |quantity, limb| quantity * base + limb[row])
        })
    }
}
/// A column with `value(items[slot])` in the row of each switched-on slot and zero elsewhere.
pub fn slot_column<T: Sync>(
    shape: &Shape,
    items: &[T],
    value: impl Fn(&T) -> Fr + Sync,
) -> Vec<Fr> {
    let mut column = vec![Fr::zero(); shape.rows()];
    let rows = column.par_chunks_mut(shape.stride());
    rows.zip(items.par_chunks(shape.pages())).for_each(|(rows, items)| {
        rows.iter_mut().zip(items).for_each(|(cell, item)| *cell = value(item));
    });
    column
}

/// A column with `value(row)` in every row of a switched-on page and zero elsewhere.
pub(crate) fn on_row_values(shape: &Shape, value: impl Fn(usize) -> Fr + Sync) -> Vec<Fr> {
    let mut column = vec![Fr::zero(); shape.rows()];
    column.par_chunks_mut(shape.stride()).enumerate().for_each(|(slot, rows)| {
        let rows = rows.iter_mut().take(shape.pages()).enumerate();
        rows.for_each(|(page, cell)| *cell = value(shape.row(page, slot)));
    });
    column
}

fn on_rows(shape: &Shape) -> impl Iterator<Item = usize> + '_ {
    let slots = 0..shape.page_size();
    slots.flat_map(move |slot| (0..shape.pages()).map(move |page| shape.row(page, slot)))
}

/// The integer that a field element stands for, where it is below `limit`.
pub fn small(value: &Fr, limit: usize) -> Option<usize> {
    let bytes = value.to_repr();
    let (low, high) = bytes.as_ref().split_at(8);
    let low = u64::from_le_bytes(low.try_into().expect("eight bytes")) as usize;
    (low < limit && high.iter().all(|&byte| byte == 0)).then_some(low)
}
