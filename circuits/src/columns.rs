//! Every column of the circuit, named: the row picture in code.

use halo2_proofs::{
    halo2curves::bn256::Fr,
    plonk::{
        Advice, Challenge, Column, ConstraintSystem, Expression, FirstPhase, Fixed, Instance,
        SecondPhase, VirtualCells,
    },
    poly::Rotation,
};

use crate::shape::Shape;

/// The columns and challenges, made in one place and in this order.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Fixed: 1 on every row of a switched-on page.
    pub line_on: Column<Fixed>,
    /// Fixed: 1 on every row before the last usable one.
    pub row_on: Column<Fixed>,
    /// Fixed: 1 on the first and the last usable row.
    pub is_end: Column<Fixed>,
    /// Fixed: the table's first entry. An instrument's number, then every value of a limb.
    pub table_entry: Column<Fixed>,
    /// Fixed: 1 on the table rows of instruments.
    pub is_instrument: Column<Fixed>,

    /// Instance: what the proof is bound to besides.
    pub context: Column<Instance>,
    /// Instance: how many lines hold the instrument.
    pub total_count: Column<Instance>,
    /// Instance: the sum of their quantities.
    pub total_quantity: Column<Instance>,
    /// Instance: the instrument's cap, 0 for none.
    pub table_cap: Column<Instance>,
    /// Instance: the instrument's values, all scenarios combined by `theta`.
    pub table_worth: Column<Instance>,

    /// Phase 1: 1 where the line is its account's last.
    pub last: Column<Advice>,
    /// Phase 1: the instrument held.
    pub instrument: Column<Advice>,
    /// Phase 1: the quantity, in limbs from the lowest.
    pub limb: Vec<Column<Advice>>,
    /// Phase 1: the instrument's cap, 0 for none.
    pub cap: Column<Advice>,
    /// Phase 1: the instrument's values, all scenarios combined by `theta`.
    pub worth: Column<Advice>,
    /// Phase 1: the seal of the line. No constraint touches it.
    pub seal: Column<Advice>,
    /// Phase 1, on the table rows of limbs: how many limbs and steps have this value.
    pub multiplicity: Column<Advice>,

    /// Phase 2: the account's balance before this line, in all scenarios combined.
    pub balance: Column<Advice>,
    /// Phase 2: `limb / (beta - limb)`, one column per limb.
    pub limb_term: Vec<Column<Advice>>,
    /// Phase 2: `step / (beta - step)`.
    pub step_term: Column<Advice>,
    /// Phase 2: what the table row offers, over `beta -` its entry.
    pub table_term: Column<Advice>,
    /// Phase 2: the lookup's running sum up to this row.
    pub sum: Column<Advice>,

    /// Combines the entries of a table row.
    pub eta: Challenge,
    /// Combines a count with a sum of quantities.
    pub alpha: Challenge,
    /// The point at which the lookup's sum of fractions is evaluated.
    pub beta: Challenge,

    /// From a line to the next one of its page.
    pub next_line: Rotation,
    /// Bits of a limb.
    pub limb_bits: u32,
    /// Table rows reserved for instruments.
    pub instruments: u64,
}

impl Columns {
    /// Makes the columns of a circuit.
    pub fn new(meta: &mut ConstraintSystem<Fr>, shape: &Shape) -> Self {
        let line_on = meta.fixed_column();
        let row_on = meta.fixed_column();
        let is_end = meta.fixed_column();
        let table_entry = meta.fixed_column();
        let is_instrument = meta.fixed_column();

        let context = meta.instance_column();
        let total_count = meta.instance_column();
        let total_quantity = meta.instance_column();
        let table_cap = meta.instance_column();
        let table_worth = meta.instance_column();

        let mut phase1 = || meta.advice_column_in(FirstPhase);
        let last = phase1();
        let instrument = phase1();
        let limb = (0..shape.limbs()).map(|_| phase1()).collect();
        let cap = phase1();
        let worth = phase1();
        let seal = phase1();
        let multiplicity = phase1();

        let eta = meta.challenge_usable_after(FirstPhase);
        let alpha = meta.challenge_usable_after(FirstPhase);
        let beta = meta.challenge_usable_after(FirstPhase);

        let mut phase2 = || meta.advice_column_in(SecondPhase);
        let balance = phase2();
        let limb_term = (0..shape.limbs()).map(|_| phase2()).collect();
        let step_term = phase2();
        let table_term = phase2();
        let sum = phase2();

        Self {
            line_on,
            row_on,
            is_end,
            table_entry,
            is_instrument,
            context,
            total_count,
            total_quantity,
            table_cap,
            table_worth,
            last,
            instrument,
            limb,
            cap,
            worth,
            seal,
            multiplicity,
            balance,
            limb_term,
            step_term,
            table_term,
            sum,
            eta,
            alpha,
            beta,
            next_line: Rotation(shape.stride() as i32),
            limb_bits: shape.limb_bits(),
            instruments: shape.instruments() as u64,
        }
    }

    /// The quantity of the line `at` a rotation: `sum limb[i] 2^(limb_bits i)`.
    pub fn quantity(&self, cells: &mut VirtualCells<'_, Fr>, at: Rotation) -> Expression<Fr> {
        let base = Fr::from(1 << self.limb_bits);
        let mut limbs = self.limb.iter().rev().map(|&limb| cells.query_advice(limb, at));
        let highest = limbs.next().expect("a shape has limbs");
        limbs.fold(highest, |quantity, limb| quantity * base + limb)
    }

    /// From this line's instrument to the next line's: `next - this - 1 + instruments * last`. Not
    /// negative where the instruments of an account increase, and never where the account ends.
    pub fn step(&self, cells: &mut VirtualCells<'_, Fr>) -> Expression<Fr> {
        let this = cells.query_advice(self.instrument, Rotation::cur());
        let next = cells.query_advice(self.instrument, self.next_line);
        let last = cells.query_advice(self.last, Rotation::cur());
        next - this - Expression::Constant(Fr::one()) + last * Fr::from(self.instruments)
    }
}
