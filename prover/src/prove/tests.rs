use ff::Field;
use halo2_proofs::{
    halo2curves::bn256::Bn256,
    plonk::{create_proof, keygen_pk},
    poly::kzg::{commitment::KZGCommitmentScheme, multiopen::ProverSHPLONK},
};
use pacioli_attestation::{
    ProofError, VerifyingKey, proof_layout,
    setup::{Setup, insecure_setup},
    transcript::KeccakChallenge,
    verify_volume,
};
use pacioli_circuits::{
    Account, BookWitness, Circuit, Instrument, InstrumentId, InstrumentTable, Line, Quantity,
    Totals, Value,
};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

use super::*;

/// A book, and what is public of it.
struct Sample {
    table: InstrumentTable,
    volume: Volume,
    totals: Totals,
    seals: Vec<Fr>,
}

/// Row 1 is worth 3 and 5, row 2 is worth -1 and 0, row 3 is worth 0 and -1; row 4 is worth 1 and 1
/// and capped, and row 5 is its headroom.
fn table() -> InstrumentTable {
    let row = |cap: Option<u128>, values: [i128; 2]| Instrument {
        cap: cap.map(|cap| Quantity::new(cap).unwrap()),
        values: values.map(|value| Value::new(value).unwrap()).into_iter().collect(),
    };
    let capped = row(Some(1 << 80), [1, 1]);
    let rows = [[0, 0], [3, 5], [-1, 0], [0, -1]].map(|values| row(None, values));
    let rows = rows.into_iter().chain([capped, row(None, [0, 0])]).collect();
    InstrumentTable::new(2, rows).unwrap()
}

fn line(instrument: usize, quantity: u128) -> Line {
    let quantity = Quantity::new(quantity).unwrap();
    Line { instrument: InstrumentId::new(instrument).unwrap(), quantity }
}

impl Sample {
    fn new(shape: &Shape, pages: &[Vec<Account>], table: InstrumentTable) -> Self {
        let volume = Volume::new(shape, pages).unwrap();
        let totals = Totals::of(&volume, table.instruments().len());
        let mut rng = ChaCha20Rng::seed_from_u64(9);
        let seals = (0..shape.lines()).map(|_| Fr::random(&mut rng)).collect();
        Self { table, volume, totals, seals }
    }

    fn empty(shape: &Shape) -> Self {
        let values = [0].map(|value| Value::new(value).unwrap()).into_iter().collect();
        let table = InstrumentTable::new(1, vec![Instrument { cap: None, values }]).unwrap();
        Self::new(shape, &[], table)
    }

    fn ordinary(shape: &Shape) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let mut quantity = || u128::from(rng.next_u64()) << (rng.next_u32() % 22);
        let pages = (0..shape.pages()).map(|page| {
            let (held, capped) = (quantity(), quantity() % (1 << 80));
            let first = [line(1, held), line(2, 3 * held), line(3, 5 * held)];
            let short = [line(2, capped), line(3, capped)];
            let second = short.into_iter().chain([line(4, capped), line(5, (1 << 80) - capped)]);
            match page % 5 {
                0 => vec![],
                _ => vec![Account { lines: first.to_vec() }, Account { lines: second.collect() }],
            }
        });
        Self::new(shape, &pages.collect::<Vec<_>>(), table())
    }

    fn public(&self) -> PublicInputs<'_> {
        PublicInputs { context: Fr::from(3), table: &self.table, totals: &self.totals }
    }

    fn prove(&self, key: &ProvingKey, seed: u8) -> Vec<u8> {
        let (volume, seals) = (self.volume.clone(), self.seals.clone());
        prove_volume(key, &self.public(), volume, seals, seed_of(seed), |_| {})
    }
}

fn seed_of(byte: u8) -> ProofSeed {
    ProofSeed::from_bytes([byte; 32])
}

/// What halo2's prover makes of the same instance.
fn prove_with_halo2(
    setup: &Setup,
    key: &ProvingKey,
    sample: &Sample,
    seed: u8,
    proof: &[u8],
) -> Vec<u8> {
    let verifying = VerifyingKey::new(setup, key.shape).unwrap();
    let plonk = keygen_pk(setup.params(), verifying.plonk().clone(), &Circuit::of(key.shape));
    let lines = &proof[..proof_layout(&key.shape).lines];
    let instance = sample.public().instance(theta(key.digest, &sample.public(), lines));
    let witness = BookWitness {
        table: sample.table.clone(),
        volume: sample.volume.clone(),
        seals: sample.seals.clone(),
        instance: instance.clone(),
    };
    let circuit = Circuit { shape: key.shape, witness: Some(witness) };
    let columns: Vec<&[_]> = instance.iter().map(Vec::as_slice).collect();
    let mut transcript = KeccakTranscript::init(Vec::new());
    create_proof::<KZGCommitmentScheme<Bn256>, ProverSHPLONK<'_, Bn256>, KeccakChallenge, _, _, _>(
        setup.params(),
        &plonk.unwrap(),
        &[circuit],
        &[&columns],
        ChaCha20Rng::from_seed([seed; 32]),
        &mut transcript,
    )
    .unwrap();
    transcript.finalize()
}

/// Our proof verifies, and begins with the commitments that halo2's prover makes of the columns.
fn compare(shape: Shape, sample: &Sample) {
    let setup = insecure_setup(shape.k()).unwrap();
    let key = ProvingKey::new(&setup, shape).unwrap();
    let verifying = VerifyingKey::new(&setup, shape).unwrap();
    let ours = sample.prove(&key, 1);
    let halo2s = prove_with_halo2(&setup, &key, sample, 1, &ours);
    let layout = proof_layout(&shape);
    assert_eq!((ours.len(), halo2s.len()), (layout.length, layout.length));
    for place in (0..layout.phase1 + layout.phase2).step_by(64) {
        assert_eq!(ours[place..][..64], halo2s[place..][..64], "commitment {}", place / 64);
    }
    verify_volume(&verifying, &sample.public(), &halo2s).unwrap();
    verify_volume(&verifying, &sample.public(), &ours).unwrap();
}

#[test]
fn an_empty_book_is_committed_as_halo2_does_and_proved() {
    let shape = Shape::new(11, 64).unwrap();
    compare(shape, &Sample::empty(&shape));
}

#[test]
fn an_ordinary_book_is_committed_as_halo2_does_and_proved() {
    for (k, page) in [(11, 16), (12, 64)] {
        let shape = Shape::new(k, page).unwrap();
        compare(shape, &Sample::ordinary(&shape));
    }
}

#[test]
#[ignore = "takes half a minute"]
fn a_larger_book_is_committed_as_halo2_does_and_proved() {
    let shape = Shape::new(16, 64).unwrap();
    compare(shape, &Sample::ordinary(&shape));
}

#[test]
fn a_proof_is_a_function_of_its_seed() {
    let shape = Shape::new(11, 16).unwrap();
    let key = ProvingKey::new(&insecure_setup(11).unwrap(), shape).unwrap();
    let sample = Sample::ordinary(&shape);
    assert_eq!(sample.prove(&key, 1), sample.prove(&key, 1));
    assert_ne!(sample.prove(&key, 1), sample.prove(&key, 2));
}

/// Books that break a rule, each in another part of the circuit.
#[test]
fn a_book_that_breaks_a_rule_gives_a_proof_that_does_not_verify() {
    let shape = Shape::new(11, 16).unwrap();
    let setup = insecure_setup(11).unwrap();
    let key = ProvingKey::new(&setup, shape).unwrap();
    let verifying = VerifyingKey::new(&setup, shape).unwrap();
    let books = [
        ("unbalanced", vec![line(1, 2), line(2, 6), line(3, 9)]),
        ("out of order", vec![line(3, 10), line(2, 6), line(1, 2)]),
        ("above its cap", vec![line(2, 1 << 81), line(3, 1 << 81), line(4, 1 << 81), line(5, 0)]),
    ];
    for (what, lines) in books {
        let sample = Sample::new(&shape, &[vec![Account { lines }]], table());
        let proof = sample.prove(&key, 1);
        assert_eq!(proof.len(), proof_layout(&shape).length);
        let refused = verify_volume(&verifying, &sample.public(), &proof);
        assert!(matches!(refused, Err(ProofError::DoesNotHold)), "{what}: {refused:?}");
    }
}

#[test]
fn a_proof_reports_every_part() {
    let shape = Shape::new(11, 16).unwrap();
    let key = ProvingKey::new(&insecure_setup(11).unwrap(), shape).unwrap();
    let sample = Sample::ordinary(&shape);
    let (volume, seals) = (sample.volume.clone(), sample.seals.clone());
    let mut steps = Vec::new();
    prove_volume(&key, &sample.public(), volume, seals, ProofSeed::fresh(), |step| {
        steps.push(step)
    });
    assert_eq!(steps, PROOF_PARTS.map(|(_, step)| step));
}
