//! A statement over any table, without a proof: the columns of phase 1 are committed as a proof
//! commits them, and the rest is what a venue does. The same bytes every time.

use alloy_primitives::{B256, U256, keccak256};
use ff::Field;
use halo2_proofs::{
    halo2curves::bn256::{Fr, G1Affine},
    poly::{
        EvaluationDomain,
        commitment::{Blind, Params},
    },
};
use pacioli_attestation::{
    VerifyingKey,
    encoding::{point_bytes, value_bytes},
    opening::Opened,
    proof_layout,
};
use pacioli_circuits::{
    Account, Instrument, InstrumentId, InstrumentTable, Line, Nonce, Owner, Phase1, Quantity,
    Shape, Value, Volume, seal,
};
use pacioli_prover::{
    RecordedSeed, SealedVolume,
    opening::{open_page, page_values},
};
use pacioli_verifier_contract::statement::{
    AppendedVolume, OnChain, Statement, show_page, table_hash, table_words,
};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

use crate::statement::{
    cases::encoded_lines,
    fixture::{ALICE, Chain, VENUE_ID, id, record, setup},
};

pub const SCENARIOS: usize = 5;

/// A statement, and the volume that the registry has to know.
#[derive(Clone)]
pub struct Made {
    pub key: VerifyingKey,
    pub encoded: OnChain,
    word: Fr,
}

impl Made {
    /// A chain that knows the volume.
    pub fn chain(&self) -> Chain {
        let mut chain = Chain::empty(&self.key);
        chain.append(0, self.encoded.volume.record.clone(), vec![self.word()]);
        chain
    }

    /// The volume's word.
    pub fn word(&self) -> B256 {
        value_bytes(&self.word).into()
    }

    /// As if the registry had this table: the hash in its record.
    pub fn reread(&mut self) {
        let AppendedVolume { table, forms, record, .. } = &mut self.encoded.volume;
        record.table = table_hash(table, forms);
    }

    /// The statement of [`ALICE`], who holds these lines in the book's page 7 from slot 3.
    pub fn new(table: &InstrumentTable, lines: Vec<Line>) -> Self {
        Self::of_forms(table, &[], lines)
    }

    /// The same over a table with plain and covered rows before its closing rows: the row that each
    /// stands for.
    pub fn of_forms(table: &InstrumentTable, held: &[u16], lines: Vec<Line>) -> Self {
        let shape = Shape::new(12, 64).unwrap();
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        let (word, nonce) = (Fr::random(&mut rng), Nonce::new([5; 32]));
        let seed = RecordedSeed::from_bytes([6; 32]);
        let (page, slot) = (7, 3);
        let empty = Account { lines: vec![line(0, 0)] };
        let account = Account { lines };
        let mut pages: Vec<Vec<&Account>> = vec![Vec::new(); shape.pages()];
        pages[page] = vec![&empty; slot];
        pages[page].push(&account);
        let volume = Volume::new(&shape, pages).unwrap();
        let mut seals: Vec<Fr> = (0..shape.lines()).map(|_| Fr::random(&mut rng)).collect();
        let owner = Owner::new(&id(ALICE));
        for (index, line) in account.lines.iter().enumerate() {
            let seal = seal(&value_bytes(&word), &owner, &nonce, index as u16, *line);
            seals[(slot + index) * shape.pages() + page] = seal;
        }

        // No statement depends on theta.
        let worth = table.combined(Fr::from(7));
        let phase1 = Phase1::new(&shape, table, &worth, &volume, &seals);
        let mut proof = commitments(&shape, &phase1, &seed);
        let phase1 = proof.clone();
        proof.resize(proof_layout(&shape).length, 0);
        let opened = Opened::of(&shape, word, &proof).unwrap();
        let params = setup().params();
        let column = SealedVolume::new(params, &shape, &volume, &seals, &seed, &opened);
        let column = column.unwrap();
        let key = VerifyingKey::insecure(shape);
        let pages = key.opening().pages();
        let opening = open_page(params, pages, &column.coefficients(), page).unwrap();
        let opening = point_bytes(&opening);
        let values = page_values(pages, &column.rows, page).unwrap();
        let mut statement = Statement {
            id: id(ALICE),
            page: U256::from(page),
            slot: U256::from(slot),
            nonce: nonce.reveal().into(),
            lines: encoded_lines(&account.lines),
            pageValues: values
                .iter()
                .map(|value| U256::from_be_bytes(value_bytes(value)))
                .collect(),
            opening: [&opening[..32], &opening[32..]].map(U256::from_be_slice),
            interpolation: Default::default(),
            evaluation: Default::default(),
        };
        show_page(&mut statement, &key, opened.gamma).unwrap();
        let (table, hashes) = (table_words(table), vec![keccak256(&phase1)]);
        let forms: Vec<u8> = held.iter().flat_map(|row| row.to_be_bytes()).collect();
        let volume = AppendedVolume {
            venue: VENUE_ID,
            round: 0,
            record: record(table_hash(&table, &forms), &hashes),
            phase1: hashes,
            volume: U256::ZERO,
            commitments: phase1.into(),
            table,
            forms: forms.into(),
        };
        Self { key, encoded: OnChain { volume, statement }, word }
    }
}

/// Commitments to the columns with their blinding rows, in the order of a proof.
fn commitments(shape: &Shape, phase1: &Phase1, seed: &RecordedSeed) -> Vec<u8> {
    let Phase1 { lines, cap, worth, seal, multiplicity } = phase1;
    let others = [cap, worth, seal, multiplicity].map(Vec::as_slice);
    let columns: Vec<&[Fr]> = lines.in_order().chain(others).collect();
    let domain = EvaluationDomain::new(1, shape.k());
    let blinding = seed.blinding_rows(columns.len());
    let bytes = columns.iter().zip(blinding).flat_map(|(column, hidden)| {
        let mut rows = column.to_vec();
        let usable = shape.rows() - hidden.len();
        rows.resize(shape.rows(), Fr::ZERO);
        rows[usable..].copy_from_slice(&hidden);
        let column = domain.lagrange_from_vec(rows);
        let point: G1Affine = setup().params().commit_lagrange(&column, Blind::default()).into();
        point_bytes(&point)
    });
    bytes.collect()
}

/// A row that is worth this much in each scenario.
pub fn row(values: [i128; SCENARIOS]) -> Instrument {
    let values = values.map(|value| Value::new(value).unwrap()).into_iter().collect();
    Instrument { cap: None, values }
}

/// So much of the instrument in a row.
pub fn line(row: usize, units: u128) -> Line {
    Line { instrument: InstrumentId::new(row).unwrap(), quantity: Quantity::new(units).unwrap() }
}

/// A table of so many rows, and an account of five lines: a deposit in row 1, closed in every scenario
/// but the cover, which is the last.
pub fn book_of(instruments: usize) -> (InstrumentTable, Vec<Line>) {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let closing = instruments - 2 * SCENARIOS + 1;
    let rows: Vec<Instrument> = (0..instruments)
        .map(|number| match number {
            0 => row([0; SCENARIOS]),
            _ if number < closing => {
                let sign = if number % 4 == 3 { -1 } else { 1 };
                let mut dice = || sign * i128::from(1 + (rng.next_u64() >> 10));
                let mut instrument = row([dice(), dice(), dice(), dice(), 0]);
                // Every other row is a tier with a cap.
                instrument.cap = Quantity::new(1 << 60).filter(|_| number % 2 == 0);
                instrument
            }
            _ => {
                let (scenario, side) = ((number - closing) / 2, (number - closing) % 2);
                let mut values = [0; SCENARIOS];
                values[scenario] = if side == 0 { -1 } else { 1 };
                row(values)
            }
        })
        .collect();
    let quantity = 1_000_003;
    let mut lines = vec![line(1, quantity)];
    for (scenario, value) in rows[1].values.iter().enumerate().take(SCENARIOS - 1) {
        let equity = quantity * value.units().unsigned_abs();
        lines.push(line(closing + 2 * scenario, equity));
    }
    (InstrumentTable::new(SCENARIOS, rows).unwrap(), lines)
}
