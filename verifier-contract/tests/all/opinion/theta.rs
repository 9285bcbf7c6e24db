//! Inner proofs that hold, under a theta that is not the one drawn. The other verifier is told which
//! theta to combine the values with, and accepts them all; ours and the native one draw it themselves.

use alloy_primitives::U256;
use ff::Field;
use halo2_proofs::{
    halo2curves::bn256::{Bn256, Fr, G1Affine},
    plonk::{ProvingKey, create_proof, keygen_pk},
    poly::kzg::{commitment::KZGCommitmentScheme, multiopen::ProverSHPLONK},
    transcript::TranscriptWriterBuffer,
};
use pacioli_attestation::{
    encoding::value_bytes,
    proof_layout,
    setup::insecure_setup,
    theta,
    transcript::{KeccakChallenge, KeccakTranscript},
};
use pacioli_circuits::{
    Account, BookWitness, Circuit, Instrument, InstrumentId, InstrumentTable, Line, PublicInputs,
    Quantity, Totals, Value, Volume,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::opinion::{
    fixture::{self, Contract, Keys, Proved, SCENARIOS, VolumeVerifier as V, named, native, shape},
    second::{self, INSTRUMENTS},
};

/// A book, and what its prover claims of it.
#[derive(Clone)]
struct Claim {
    table: InstrumentTable,
    pages: Vec<Vec<Account>>,
    context: Fr,
    key: ProvingKey<G1Affine>,
}

impl Claim {
    /// Accounts that each hold these rows, one unit of each, on the first pages.
    fn new(rows: Vec<[i128; SCENARIOS]>, accounts: &[&[usize]]) -> Self {
        let instrument = |values: [i128; SCENARIOS]| Instrument {
            cap: None,
            values: values.map(|value| Value::new(value).unwrap()).into_iter().collect(),
        };
        let mut rows: Vec<_> = rows.into_iter().map(instrument).collect();
        rows.resize(INSTRUMENTS, instrument([0; SCENARIOS]));
        let one = Quantity::new(1).unwrap();
        let line =
            |&row: &usize| Line { instrument: InstrumentId::new(row).unwrap(), quantity: one };
        let account = |rows: &&[usize]| Account { lines: rows.iter().map(line).collect() };
        let setup = insecure_setup(shape().k()).unwrap();
        let key = Keys::shared().verifying.plonk().clone();
        Self {
            table: InstrumentTable::new(SCENARIOS, rows).unwrap(),
            pages: accounts.iter().map(|rows| vec![account(rows)]).collect(),
            context: Fr::from(5),
            key: keygen_pk(setup.params(), key, &Circuit::of(shape())).unwrap(),
        }
    }

    fn volume(&self) -> Volume {
        Volume::new(&shape(), &self.pages).unwrap()
    }

    fn totals(&self) -> Totals {
        Totals::of(&self.volume(), INSTRUMENTS)
    }

    /// The proof of halo2's prover under any theta.
    fn prove(&self, theta: Fr) -> Proved {
        let (table, totals) = (self.table.clone(), self.totals());
        let public = PublicInputs { context: self.context, table: &table, totals: &totals };
        let instance = public.instance(theta);
        let seals = vec![Fr::ZERO; shape().lines()];
        let (witness_table, volume) = (table.clone(), self.volume());
        let witness =
            BookWitness { table: witness_table, volume, seals, instance: instance.clone() };
        let circuit = Circuit { shape: shape(), witness: Some(witness) };
        let columns: Vec<&[_]> = instance.iter().map(Vec::as_slice).collect();
        let setup = insecure_setup(shape().k()).unwrap();
        let mut transcript = KeccakTranscript::init(Vec::new());
        type Scheme = KZGCommitmentScheme<Bn256>;
        create_proof::<Scheme, ProverSHPLONK<'_, Bn256>, KeccakChallenge, _, _, _>(
            setup.params(),
            &self.key,
            &[circuit],
            &[&columns],
            ChaCha20Rng::from_seed([7; 32]),
            &mut transcript,
        )
        .unwrap();
        Proved { context: self.context, table, totals, proof: transcript.finalize() }
    }

    /// Theta for these lines.
    fn drawn(&self, lines: &[u8]) -> Fr {
        let totals = self.totals();
        let public = PublicInputs { context: self.context, table: &self.table, totals: &totals };
        theta(Keys::shared().verifying.digest(), &public, lines)
    }
}

fn lines(proved: &Proved) -> &[u8] {
    &proved.proof[..proof_layout(&shape()).lines]
}

/// Only the verifier that is told theta accepts.
#[track_caller]
fn accepted_by_who_is_told(proved: &Proved, theta: Fr) {
    let (instance, proof) = (proved.instance(), &proved.proof);
    let theta = U256::from_be_bytes(value_bytes(&theta));
    let told = second::calldata_under(theta, &instance, proof);
    assert!(second::contract().ask(&told).is_ok(), "the inner proof holds");
    assert!(second::contract().ask(&second::calldata(&instance, proof)).is_err());
    assert!(!matches!(native(&instance, proof), Some(Ok(()))));
    let refused = Contract::new().ask(&fixture::calldata(&instance, proof)).unwrap_err();
    assert_eq!(fixture::error(&refused), named(V::DoesNotHold {}));
}

/// Rows 1 and 2 are worth the same in the stress as they owe at mark, and the other way round.
fn traded() -> Vec<[i128; SCENARIOS]> {
    vec![[0; SCENARIOS], [9, -9, 0, 0, 0], [-9, 9, 0, 0, 0], [4, 0, 0, 0, 6], [-4, 0, 0, 0, -6]]
}

#[test]
fn the_proof_of_an_honest_prover_is_made_so_too() {
    let claim = Claim::new(traded(), &[&[1, 2], &[3, 4]]);
    // The lines' commitments do not depend on theta.
    let drawn = claim.drawn(lines(&claim.prove(Fr::ONE)));
    let proved = claim.prove(drawn);
    let (instance, proof) = (proved.instance(), &proved.proof);
    assert!(matches!(native(&instance, proof), Some(Ok(()))));
    assert!(Contract::new().ask(&fixture::calldata(&instance, proof)).is_ok());
    assert!(second::contract().ask(&second::calldata(&instance, proof)).is_ok());
}

#[test]
fn a_theta_that_was_known_in_time_closes_accounts_in_no_scenario() {
    // One account gains at mark and loses in the stress, the other the reverse: under theta = 1 each
    // balances, and so do the totals in every scenario.
    let claim = Claim::new(traded(), &[&[1], &[2]]);
    accepted_by_who_is_told(&claim.prove(Fr::ONE), Fr::ONE);
}

#[test]
fn theta_is_of_these_lines() {
    // Drawn from the commitments of other lines, and from these with one of them changed.
    let claim = Claim::new(traded(), &[&[1, 2], &[3, 4]]);
    let other = Claim { pages: claim.pages[..1].to_vec(), ..claim.clone() };
    let other = other.prove(Fr::ONE);
    let theta = claim.drawn(lines(&other));
    let proved = claim.prove(theta);
    assert_ne!(lines(&other), lines(&proved));
    accepted_by_who_is_told(&proved, theta);
    for point in 0..lines(&proved).len() / 64 {
        let mut changed = lines(&proved).to_vec();
        changed[64 * point + 63] ^= 1;
        assert_ne!(claim.drawn(&changed), claim.drawn(lines(&proved)), "commitment {point}");
    }
    let theta = claim.drawn(&lines(&proved)[64..]);
    accepted_by_who_is_told(&claim.prove(theta), theta);
}

#[test]
fn theta_is_of_these_values() {
    // Values that were changed after it was drawn: in bounds, and every account balances in them.
    let claim = Claim::new(traded(), &[&[1, 2], &[3, 4]]);
    let mut cheaper = traded();
    (cheaper[3], cheaper[4]) = ([1, 0, 0, 0, 6], [-1, 0, 0, 0, -6]);
    let before = Claim::new(cheaper, &[&[1, 2], &[3, 4]]);
    let theta = before.drawn(lines(&claim.prove(Fr::ONE)));
    accepted_by_who_is_told(&claim.prove(theta), theta);
    // A row that nobody holds is worth something else in one scenario.
    let mut more = traded();
    more.push([0, 0, 0, 1, 0]);
    let before = Claim::new(more, &[&[1, 2], &[3, 4]]);
    let theta = before.drawn(lines(&claim.prove(Fr::ONE)));
    accepted_by_who_is_told(&claim.prove(theta), theta);
}

#[test]
fn theta_is_of_this_statement() {
    // Of another context word: another volume, or another attestation.
    let claim = Claim::new(traded(), &[&[1, 2], &[3, 4]]);
    let other = Claim { context: Fr::from(6), ..claim.clone() };
    let theta = other.drawn(lines(&claim.prove(Fr::ONE)));
    accepted_by_who_is_told(&claim.prove(theta), theta);
    // Of other totals.
    let other = Claim { pages: claim.pages[..1].to_vec(), ..claim.clone() };
    let theta = other.drawn(lines(&claim.prove(Fr::ONE)));
    accepted_by_who_is_told(&claim.prove(theta), theta);
}

#[test]
fn scenarios_may_not_follow_theta_either() {
    // Drawn for the first four scenarios of the five: what the account holds is worth nothing there.
    let claim = Claim::new(traded(), &[&[1, 2], &[3, 4]]);
    let rows = claim
        .table
        .instruments()
        .iter()
        .map(|row| Instrument { cap: None, values: row.values.iter().take(4).copied().collect() });
    let table = InstrumentTable::new(4, rows.collect()).unwrap();
    let before = Claim { table, ..claim.clone() };
    let theta = before.drawn(lines(&claim.prove(Fr::ONE)));
    accepted_by_who_is_told(&claim.prove(theta), theta);
}
