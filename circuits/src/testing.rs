//! For tests: small random books, and provers who do not follow the rules.

use std::sync::{Arc, Mutex};

use ff::Field;
use halo2_proofs::{
    dev::MockProver,
    halo2curves::bn256::Fr,
    plonk::{Circuit as _, ConstraintSystem},
};
use proptest::prelude::*;

use crate::{
    Account, BookWitness, Challenges, Circuit, Columns, Instrument, InstrumentId, InstrumentTable,
    Line, Phase1, Phase2, PublicInputs, Quantity, Shape, Totals, Value, Volume, Witness,
};

/// A book of one volume with everything that is public about it.
#[derive(Clone, Debug)]
pub struct Book {
    /// The circuit's sizes.
    pub shape: Shape,
    /// The instrument table.
    pub table: InstrumentTable,
    /// The accounts of each page.
    pub pages: Vec<Vec<Account>>,
    /// The totals claimed.
    pub totals: Totals,
    /// The context word.
    pub context: Fr,
    /// What the scenarios are combined by. A verifier draws it from the rest; here it is chosen.
    pub theta: Fr,
}

impl Book {
    /// The book with its true totals.
    pub fn new(shape: Shape, table: InstrumentTable, pages: Vec<Vec<Account>>) -> Self {
        let volume = volume(&shape, &pages);
        let totals = Totals::of(&volume, table.instruments().len());
        let theta = hash_like(11);
        Self { shape, table, pages, totals, context: Fr::from(7), theta }
    }

    /// The public inputs.
    pub fn public_inputs(&self) -> PublicInputs<'_> {
        PublicInputs { context: self.context, table: &self.table, totals: &self.totals }
    }

    /// The instance columns.
    pub fn instance(&self) -> Vec<Vec<Fr>> {
        self.public_inputs().instance(self.theta)
    }

    /// The honest witness.
    pub fn witness(&self) -> BookWitness {
        BookWitness {
            table: self.table.clone(),
            volume: volume(&self.shape, &self.pages),
            seals: vec![Fr::ZERO; self.shape.lines()],
            instance: self.instance(),
        }
    }

    /// The honest circuit.
    pub fn circuit(&self) -> Circuit {
        Circuit { shape: self.shape, witness: Some(self.witness()) }
    }

    /// The circuit of a prover who changes columns.
    pub fn tampered(&self, tampering: Tampering) -> Circuit<Tampered> {
        let witness = Tampered { honest: self.witness(), tampering };
        Circuit { shape: self.shape, witness: Some(witness) }
    }

    /// The names of the constraints that the honest witness breaks.
    pub fn broken(&self) -> Vec<String> {
        broken_constraints(&self.circuit(), self.instance())
    }

    /// The names of the constraints that a tampered witness breaks.
    pub fn broken_by(&self, tampering: Tampering) -> Vec<String> {
        broken_constraints(&self.tampered(tampering), self.instance())
    }
}

/// A field element as large as a hash.
fn hash_like(seed: u64) -> Fr {
    Fr::from(seed).pow([1 << 20])
}

fn volume(shape: &Shape, pages: &[Vec<Account>]) -> Volume {
    Volume::new(shape, pages).expect("the pages fit the shape")
}

/// Changes to the honest columns of phase 1.
pub type EditPhase1 = Arc<dyn Fn(&mut Phase1) + Send + Sync>;
/// Changes to the columns of phase 2 that follow from phase 1, by a prover who knows the
/// challenges.
pub type EditPhase2 = Arc<dyn Fn(&mut Phase2, &Phase1, &Challenges) + Send + Sync>;

/// What a cheating prover changes.
#[derive(Clone)]
pub struct Tampering {
    /// Before the challenges are drawn.
    pub phase1: EditPhase1,
    /// After.
    pub phase2: EditPhase2,
}

impl Tampering {
    /// Changes phase 1 and then follows the rules, multiplicities included.
    pub fn phase1(shape: Shape, edit: impl Fn(&mut Phase1) + Send + Sync + 'static) -> Self {
        let phase1 = move |columns: &mut Phase1| {
            edit(columns);
            columns.multiplicity = columns.count(&shape);
        };
        Self { phase1: Arc::new(phase1), phase2: Arc::new(|_, _, _| {}) }
    }

    /// Changes phase 1, multiplicities too, and nothing else.
    pub fn phase1_alone(edit: impl Fn(&mut Phase1) + Send + Sync + 'static) -> Self {
        Self { phase1: Arc::new(edit), phase2: Arc::new(|_, _, _| {}) }
    }

    /// Changes phase 2 as well.
    pub fn then(
        mut self,
        edit: impl Fn(&mut Phase2, &Phase1, &Challenges) + Send + Sync + 'static,
    ) -> Self {
        self.phase2 = Arc::new(edit);
        self
    }

    /// Changes phase 2 only.
    pub fn phase2(
        edit: impl Fn(&mut Phase2, &Phase1, &Challenges) + Send + Sync + 'static,
    ) -> Self {
        Self::phase1_alone(|_| {}).then(edit)
    }
}

/// Makes the running sum end at zero by lowering its rise on `row`, and returns by how much: what a
/// prover then hides in one of that row's terms.
pub fn settle(shape: &Shape, sum: &mut [Fr], row: usize) -> Fr {
    let left_over = sum[shape.last_row()];
    sum[row + 1..=shape.last_row()].iter_mut().for_each(|sum| *sum -= left_over);
    left_over
}

/// The witness of a prover who changes columns.
#[derive(Clone)]
pub struct Tampered {
    honest: BookWitness,
    tampering: Tampering,
}

impl Witness for Tampered {
    fn phase1(&self, shape: &Shape) -> Phase1 {
        let mut phase1 = self.honest.phase1(shape);
        (self.tampering.phase1)(&mut phase1);
        phase1
    }

    fn phase2(&self, shape: &Shape, challenges: &Challenges) -> Phase2 {
        let phase1 = self.phase1(shape);
        let mut phase2 = Phase2::new(shape, &phase1, &self.honest.instance, challenges);
        (self.tampering.phase2)(&mut phase2, &phase1, challenges);
        phase2
    }
}

/// The columns and constraints of a shape.
pub fn constraint_system(shape: Shape) -> (Columns, ConstraintSystem<Fr>) {
    let mut system = ConstraintSystem::default();
    let columns = Circuit::<BookWitness>::configure_with_params(&mut system, Some(shape));
    (columns, system)
}

/// The names of the constraints of a shape, in their order.
pub fn constraint_names(shape: Shape) -> Vec<String> {
    let (_, system) = constraint_system(shape);
    system.gates().iter().map(|gate| gate.name().to_owned()).collect()
}

/// The challenges that every mock run draws: known beforehand, unlike a proof's.
pub fn mock_challenges(book: &Book) -> Challenges {
    let drawn = Arc::new(Mutex::new(None));
    let cell = drawn.clone();
    let tampering = Tampering::phase2(move |_, _, challenges| {
        *cell.lock().expect("nobody panics with the lock") = Some(*challenges);
    });
    book.broken_by(tampering);
    let drawn = drawn.lock().expect("nobody panics with the lock").take();
    drawn.expect("a mock run synthesizes phase 2")
}

/// The names of the constraints that a circuit's witness breaks somewhere, each once.
pub fn broken_constraints<W: Witness>(circuit: &Circuit<W>, instance: Vec<Vec<Fr>>) -> Vec<String> {
    let mock = MockProver::run(circuit.shape.k(), circuit, instance).expect("the circuit is laid");
    let failures = mock.verify().err().unwrap_or_default();
    let mut names: Vec<String> =
        failures.iter().map(|failure| name(&failure.to_string())).collect();
    names.sort();
    names.dedup();
    names
}

/// The constraint's name in a failure's text: the first word in quotes.
fn name(failure: &str) -> String {
    failure.split('\'').nth(1).unwrap_or(failure).to_owned()
}

/// Instrument rows of [`small_table`], in scenarios `mark` and `stress`.
pub mod row {
    /// Worth 100, and 60 in the stress; no more than 50 of it in one line.
    pub const TIER_1: usize = 1;
    /// Headroom of the tier.
    pub const HEADROOM: usize = 2;
    /// As tier 1, without a cap.
    pub const TIER_2: usize = 3;
    /// Worth -1.
    pub const BORROW: usize = 4;
    /// Worth 7, and 9.
    pub const LONG: usize = 5;
    /// Worth -7, and -9.
    pub const SHORT: usize = 6;
    /// Worth -1 at mark.
    pub const EQUITY_MARK: usize = 7;
    /// Worth 1 at mark.
    pub const SHORTFALL_MARK: usize = 8;
    /// Worth -1 in the stress.
    pub const EQUITY_STRESS: usize = 9;
    /// Worth 1 in the stress.
    pub const SHORTFALL_STRESS: usize = 10;
}

/// The cap of [`row::TIER_1`].
pub const SMALL_CAP: u128 = 50;

/// A table with a tier, a borrow, a long and a short, in two scenarios.
pub fn small_table() -> InstrumentTable {
    let values = [
        (0, 0),
        (100, 60),
        (0, 0),
        (100, 60),
        (-1, -1),
        (7, 9),
        (-7, -9),
        (-1, 0),
        (1, 0),
        (0, -1),
        (0, 1),
    ];
    let instruments = values.iter().enumerate().map(|(row, &(mark, stress))| Instrument {
        cap: (row == row::TIER_1).then(|| quantity(SMALL_CAP)),
        values: vec![value(mark), value(stress)].into(),
    });
    InstrumentTable::new(2, instruments.collect()).expect("the table is well formed")
}

/// The account that holds these instruments of [`small_table`], tiers filled and scenarios closed.
pub fn small_account(deposit: u128, borrow: u128, long: u128, short: u128) -> Account {
    let tier_1 = deposit.min(SMALL_CAP);
    let mark = 100 * deposit as i128 - borrow as i128 + 7 * (long as i128 - short as i128);
    let stress = 60 * deposit as i128 - borrow as i128 + 9 * (long as i128 - short as i128);
    let side = |sum: i128, equity: bool| if equity == (sum > 0) { sum.unsigned_abs() } else { 0 };
    let mut lines = Vec::new();
    if deposit > 0 {
        lines.push(line(row::TIER_1, tier_1));
        lines.push(line(row::HEADROOM, SMALL_CAP - tier_1));
    }
    let rest = [
        (row::TIER_2, deposit - tier_1),
        (row::BORROW, borrow),
        (row::LONG, long),
        (row::SHORT, short),
        (row::EQUITY_MARK, side(mark, true)),
        (row::SHORTFALL_MARK, side(mark, false)),
        (row::EQUITY_STRESS, side(stress, true)),
        (row::SHORTFALL_STRESS, side(stress, false)),
    ];
    let held = rest.iter().filter(|(_, quantity)| *quantity > 0);
    lines.extend(held.map(|&(row, quantity)| line(row, quantity)));
    Account { lines }
}

/// A book of a few accounts of [`small_table`] in the smallest circuit: page 0 holds a tiered
/// depositor with a borrow, a long and a short that is under water in the stress.
pub fn small_book() -> Book {
    let shape = Shape::new(11, 64).expect("the smallest shape");
    let pages = vec![
        vec![small_account(70, 500, 3, 0), small_account(10, 100, 0, 5)],
        vec![small_account(5, 400, 0, 0)],
    ];
    Book::new(shape, small_table(), pages)
}

/// Small random accounts of [`small_table`], one to four on each of a few pages.
pub fn pages() -> impl Strategy<Value = Vec<Vec<Account>>> {
    let account = (0u128..200, 0u128..20_000, 0u128..1 << 80, 0u128..1 << 80);
    let account = account.prop_map(|(deposit, borrow, long, short)| {
        // Longs and shorts near each other, so that neither side's closing line is too large.
        small_account(deposit, borrow, long, (long ^ (short & 0xffff)) & !1)
    });
    prop::collection::vec(prop::collection::vec(account, 1..5), 1..6)
}

/// A line of the table's row `row`.
pub fn line(row: usize, units: u128) -> Line {
    Line { instrument: InstrumentId::new(row).expect("a row"), quantity: quantity(units) }
}

/// A quantity that fits.
pub fn quantity(units: u128) -> Quantity {
    Quantity::new(units).expect("below 2^90")
}

/// A value that fits.
pub fn value(units: i128) -> Value {
    Value::new(units).expect("below 2^64 in size")
}
