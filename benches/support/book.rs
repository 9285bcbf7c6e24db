//! A made-up volume of a realistic book, the same every time: accounts of one to four positions over
//! some 500 instruments, three quarters of them deposits or longs, closed in every scenario.

use ff::Field;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{
    Account, Instrument, InstrumentId, InstrumentTable, Line, PublicInputs, Quantity, ScenarioId,
    Shape, Totals, Value, Volume,
};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

/// Scenarios where a bench asks for no other number.
pub const SCENARIOS: usize = 4;
/// Slots of a page, unless a closed account has more lines than half of it.
const PAGE_SIZE: usize = 64;
/// Most positions of an account.
const POSITIONS: usize = 4;

/// Instruments worth something positive: deposits and longs. Row 0 is the empty slot's.
const ASSETS: usize = 246;
/// Instruments worth something negative: borrows and shorts.
const DEBTS: usize = 245;
/// The first closing instrument: `equity` and `shortfall` of each scenario in turn.
const CLOSING: usize = 1 + ASSETS + DEBTS;

/// A volume whose pages are all full, and what is public of it.
pub struct Sample {
    pub shape: Shape,
    pub table: InstrumentTable,
    pub volume: Volume,
    pub totals: Totals,
    pub seals: Vec<Fr>,
}

impl Sample {
    /// The volume of `2^k` rows, its instruments valued in so many scenarios.
    pub fn new(k: u32, scenarios: usize) -> Self {
        let page_size = PAGE_SIZE.max((scenarios + POSITIONS).next_power_of_two());
        let shape = Shape::new(k, page_size).expect("the benches ask for sizes that are");
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let instruments = CLOSING + 2 * scenarios;
        let rows = (0..instruments).map(|row| instrument(row, scenarios, &mut rng)).collect();
        let table = InstrumentTable::new(scenarios, rows).expect("the table is within its bounds");
        let pages: Vec<_> = (0..shape.pages()).map(|_| page(&table, page_size, &mut rng)).collect();
        let volume = Volume::new(&shape, &pages).expect("the pages fit");
        let totals = Totals::of(&volume, instruments);
        let seals = (0..shape.lines()).map(|_| Fr::random(&mut rng)).collect();
        Self { shape, table, volume, totals, seals }
    }

    /// What a proof of it states.
    pub fn public_inputs(&self) -> PublicInputs<'_> {
        PublicInputs { context: Fr::from(7), table: &self.table, totals: &self.totals }
    }
}

fn instrument(row: usize, scenarios: usize, rng: &mut ChaCha20Rng) -> Instrument {
    let values = (0..scenarios).map(|scenario| {
        // 20 to 54 bits: cheap coins of many decimals next to dear ones of few.
        let size = 1 + i128::from(rng.next_u64() >> (10 + row % 34));
        Value::new(match row {
            0 => 0,
            1..=ASSETS => size,
            _ if row < CLOSING => -size,
            _ if (row - CLOSING) / 2 != scenario => 0,
            _ if (row - CLOSING).is_multiple_of(2) => -1,
            _ => 1,
        })
        .expect("a value has at most 54 bits")
    });
    Instrument { cap: None, values: values.collect() }
}

/// Accounts until the next one might not fit.
fn page(table: &InstrumentTable, page_size: usize, rng: &mut ChaCha20Rng) -> Vec<Account> {
    let (mut accounts, mut used) = (Vec::new(), 0);
    loop {
        let positions = 1 + below(POSITIONS, rng);
        if used + positions + table.scenarios() > page_size {
            return accounts;
        }
        let account = account(positions, table, rng);
        used += account.lines.len();
        accounts.push(account);
    }
}

/// An account of so many positions, or fewer where two fall on one instrument.
fn account(positions: usize, table: &InstrumentTable, rng: &mut ChaCha20Rng) -> Account {
    let mut held: Vec<usize> = (0..positions)
        .map(|_| match below(4, rng) {
            0 => 1 + ASSETS + below(DEBTS, rng),
            _ => 1 + below(ASSETS, rng),
        })
        .collect();
    held.sort_unstable();
    held.dedup();
    let mut sums = vec![0; table.scenarios()];
    let mut lines = Vec::new();
    for row in held {
        let values = &table.instruments()[row].values;
        let worth = u128::from(rng.next_u64() >> below(20, rng));
        let quantity = (worth / values[ScenarioId::MARK].units().unsigned_abs()).max(1);
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += quantity as i128 * value.units();
        }
        lines.push(line(row, quantity));
    }
    for (scenario, sum) in sums.into_iter().enumerate().filter(|(_, sum)| *sum != 0) {
        lines.push(line(CLOSING + 2 * scenario + usize::from(sum < 0), sum.unsigned_abs()));
    }
    Account { lines }
}

fn line(row: usize, quantity: u128) -> Line {
    Line {
        instrument: InstrumentId::new(row).expect("the table has at most 2,048 rows"),
        quantity: Quantity::new(quantity).expect("a worth has few more than 64 bits"),
    }
}

fn below(bound: usize, rng: &mut ChaCha20Rng) -> usize {
    rng.next_u32() as usize % bound
}
