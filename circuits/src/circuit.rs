//! The circuit: columns, chips, and the one region they fill. One block per sentence of the
//! theorem.

use halo2_proofs::{
    circuit::{Layouter, Region, SimpleFloorPlanner, Value},
    halo2curves::bn256::Fr,
    plonk::{self, Advice, Column, ConstraintSystem, Error},
};

use crate::{
    challenges::Challenges,
    chip::{account, balance, cap, lookup},
    columns::Columns,
    fixed::fixed_columns,
    phase1::{LineColumns, Phase1},
    shape::{Shape, UNUSABLE_ROWS},
    witness::{BookWitness, Phase2, Witness},
};

/// The circuit of one volume.
#[derive(Clone, Debug)]
pub struct Circuit<W = BookWitness> {
    /// The sizes.
    pub shape: Shape,
    /// The advice columns' values; `None` where only the keys are made.
    pub witness: Option<W>,
}

impl Circuit {
    /// The circuit without a witness, for making keys.
    pub fn of(shape: Shape) -> Self {
        Self { shape, witness: None }
    }
}

impl<W: Witness> plonk::Circuit<Fr> for Circuit<W> {
    type Config = Columns;
    type FloorPlanner = SimpleFloorPlanner;
    type Params = Option<Shape>;

    fn params(&self) -> Self::Params {
        Some(self.shape)
    }

    fn without_witnesses(&self) -> Self {
        Self { shape: self.shape, witness: None }
    }

    fn configure(_: &mut ConstraintSystem<Fr>) -> Columns {
        unreachable!("halo2 is built with `circuit-params` and configures with the shape")
    }

    fn configure_with_params(meta: &mut ConstraintSystem<Fr>, shape: Option<Shape>) -> Columns {
        let shape = shape.expect("the shape is in every circuit's parameters");
        let columns = Columns::new(meta, &shape);
        // A line is a row of the instrument table, its quantity and steps are in range, and the
        // totals are those of the lines.
        lookup::configure(meta, &columns);
        // Accounts end somewhere.
        account::configure(meta, &columns);
        // A capped line holds no more than its cap.
        cap::configure(meta, &columns);
        // Every account balances in every scenario.
        balance::configure(meta, &columns);

        assert_eq!(meta.blinding_factors() + 1, UNUSABLE_ROWS, "rows that hide the columns");
        assert_eq!(meta.degree(), 3, "the quotient has two parts");
        columns
    }

    fn synthesize(&self, columns: Columns, mut layouter: impl Layouter<Fr>) -> Result<(), Error> {
        let mut challenges = None;
        let drawn = layouter.get_challenge(columns.eta);
        let drawn = drawn.zip(layouter.get_challenge(columns.alpha));
        drawn.zip(layouter.get_challenge(columns.beta)).map(|((eta, alpha), beta)| {
            challenges = Some(Challenges { eta, alpha, beta });
        });
        // One region with absolute rows: the simple floor planner would place each at row 0.
        layouter.assign_region(
            || "book",
            |mut region| {
                match (&self.witness, &challenges) {
                    (None, _) => fill_fixed(&self.shape, &columns, &mut region),
                    (Some(witness), None) => {
                        fill_fixed(&self.shape, &columns, &mut region);
                        let phase1 = witness.phase1(&self.shape);
                        fill_phase1(&self.shape, &columns, &phase1, &mut region);
                    }
                    (Some(witness), Some(challenges)) => {
                        let phase2 = witness.phase2(&self.shape, challenges);
                        fill_phase2(&self.shape, &columns, &phase2, &mut region);
                    }
                }
                Ok(())
            },
        )
    }
}

fn fill_fixed(shape: &Shape, columns: &Columns, region: &mut Region<'_, Fr>) {
    let Columns { line_on, row_on, is_end, table_entry, is_instrument, .. } = columns;
    let order = [line_on, row_on, is_end, table_entry, is_instrument];
    for (&column, values) in order.into_iter().zip(fixed_columns(shape)) {
        for (row, value) in values.into_iter().enumerate().take(shape.last_row() + 1) {
            region.assign_fixed(column, row, value);
        }
    }
}

fn fill_phase1(shape: &Shape, columns: &Columns, phase1: &Phase1, region: &mut Region<'_, Fr>) {
    let mut fill = |column, values: &[Fr]| fill(shape, column, values, region);
    let LineColumns { last, instrument, limb } = &phase1.lines;
    fill(columns.last, last);
    fill(columns.instrument, instrument);
    columns.limb.iter().zip(limb).for_each(|(&column, limb)| fill(column, limb));
    fill(columns.cap, &phase1.cap);
    fill(columns.worth, &phase1.worth);
    fill(columns.seal, &phase1.seal);
    fill(columns.multiplicity, &phase1.multiplicity);
}

fn fill_phase2(shape: &Shape, columns: &Columns, phase2: &Phase2, region: &mut Region<'_, Fr>) {
    let mut fill = |column, values: &[Fr]| fill(shape, column, values, region);
    fill(columns.balance, &phase2.balance);
    columns.limb_term.iter().zip(&phase2.limb_term).for_each(|(&column, term)| fill(column, term));
    fill(columns.step_term, &phase2.step_term);
    fill(columns.table_term, &phase2.table_term);
    fill(columns.sum, &phase2.sum);
}

/// Fills a column up to the last usable row; halo2 overwrites the rows behind it in silence.
fn fill(shape: &Shape, column: Column<Advice>, values: &[Fr], region: &mut Region<'_, Fr>) {
    for (row, &value) in values.iter().enumerate().take(shape.last_row() + 1) {
        region.assign_advice(column, row, Value::known(value));
    }
}
