//! What only a real proof shows: its bytes, its key, its context, and the rows that hide it.

use std::sync::OnceLock;

use ff::{Field, PrimeField};
use halo2_proofs::{
    halo2curves::bn256::{Fq, Fr, G1Affine, G2Affine},
    plonk::{self, create_proof, keygen_pk, keygen_vk, verify_proof},
    poly::{
        commitment::ParamsProver,
        kzg::{
            commitment::{KZGCommitmentScheme, ParamsKZG},
            multiopen::{ProverSHPLONK, VerifierSHPLONK},
            strategy::SingleStrategy,
        },
    },
    transcript::{TranscriptReadBuffer, TranscriptWriterBuffer},
};
use pacioli_attestation::{
    ProofError, VerifyingKey,
    encoding::value_bytes,
    proof_layout,
    setup::{Origin, Setup},
    theta,
    transcript::{KeccakChallenge, KeccakTranscript},
    verify_volume,
};
use pacioli_circuits::{
    Circuit, InstrumentTable, PublicInputs, PublicInputsError, Shape, Totals, Witness,
    testing::{Book, Tampering, constraint_system, row, small_account, small_book, small_table},
};
use rand_chacha::ChaCha20Rng;
use rand_core::{CryptoRng, RngCore, SeedableRng};

use crate::{
    draw::draw,
    soundness::{less_owed_than_is, shape},
};

/// A setup and the keys of the smallest shape.
pub struct Prover {
    setup: Setup,
    proving_key: plonk::ProvingKey<G1Affine>,
    pub verifying_key: VerifyingKey,
}

/// What hides the columns of every proof here but those that choose it.
pub fn seeded() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(2)
}

/// A setup whose tau only this test knows.
fn setup(k: u32, seed: u64) -> Setup {
    let params = ParamsKZG::setup(k, ChaCha20Rng::seed_from_u64(seed));
    let tau = Fr::random(ChaCha20Rng::seed_from_u64(seed));
    let powers = std::iter::successors(Some(tau), |power| Some(power.square())).take(10);
    let tau_powers_g2: Vec<G2Affine> =
        powers.map(|power| (G2Affine::generator() * power).into()).collect();
    assert_eq!(tau_powers_g2[0], params.s_g2());
    Setup::unchecked_from_parts(params, tau_powers_g2, Origin::Unknown)
}

impl Prover {
    /// The one that all tests share.
    pub fn get() -> &'static Self {
        static PROVER: OnceLock<Prover> = OnceLock::new();
        PROVER.get_or_init(|| Self::new(1))
    }

    fn new(seed: u64) -> Self {
        let setup = setup(shape().k(), seed);
        let circuit = Circuit::of(shape());
        let key = keygen_vk(setup.params(), &circuit).unwrap();
        let proving_key = keygen_pk(setup.params(), key, &circuit).unwrap();
        let verifying_key = VerifyingKey::new(&setup, shape()).unwrap();
        Self { setup, proving_key, verifying_key }
    }

    /// A proof by whatever prover the circuit's witness comes from, under the theta that is drawn
    /// from that prover's lines.
    pub fn prove<W: Witness + Clone>(
        &self,
        book: &Book,
        circuit: impl Fn(&Book) -> Circuit<W>,
    ) -> Vec<u8> {
        self.prove_hidden_by(book, circuit, seeded())
    }

    fn prove_hidden_by<W: Witness + Clone>(
        &self,
        book: &Book,
        circuit: impl Fn(&Book) -> Circuit<W>,
        rng: impl RngCore + Clone,
    ) -> Vec<u8> {
        let drawn = self.draw(book, &circuit(book), rng.clone());
        let book = Book { theta: drawn, ..book.clone() };
        self.prove_under(&book, &circuit(&book), rng)
    }

    /// The theta that is drawn from the lines of the circuit's witness.
    pub fn draw<W: Witness>(&self, book: &Book, circuit: &Circuit<W>, rng: impl RngCore) -> Fr {
        let witness = circuit.witness.as_ref().expect("a prover has a witness");
        let lines = witness.phase1(&book.shape).lines;
        let key = self.verifying_key.digest();
        draw(self.setup.params(), key, &book.public_inputs(), &lines, rng)
    }

    /// A proof under the book's theta, wherever that comes from.
    pub fn prove_under<W: Witness + Clone>(
        &self,
        book: &Book,
        circuit: &Circuit<W>,
        rng: impl RngCore,
    ) -> Vec<u8> {
        let instance = book.instance();
        let columns: Vec<&[_]> = instance.iter().map(Vec::as_slice).collect();
        let mut transcript =
            <KeccakTranscript<_> as TranscriptWriterBuffer<_, G1Affine, _>>::init(Vec::new());
        create_proof::<KZGCommitmentScheme<_>, ProverSHPLONK<'_, _>, KeccakChallenge, _, _, _>(
            self.setup.params(),
            &self.proving_key,
            std::slice::from_ref(circuit),
            &[&columns],
            rng,
            &mut transcript,
        )
        .unwrap();
        TranscriptWriterBuffer::<_, G1Affine, _>::finalize(transcript)
    }

    pub fn verifies(&self, book: &Book, proof: &[u8]) -> bool {
        verify_volume(&self.verifying_key, &book.public_inputs(), proof).is_ok()
    }

    /// Whether a proof is refused, and not because another theta is drawn from its lines alone: halo2
    /// refuses it under the book's theta too.
    fn refuses(&self, book: &Book, proof: &[u8]) -> bool {
        !self.verifies(book, proof) && !self.verifies_unchecked(&book.instance(), proof)
    }

    /// What halo2 alone says, without the checks of the statement and of the length.
    pub fn verifies_unchecked(&self, instance: &[Vec<Fr>], proof: &[u8]) -> bool {
        let columns: Vec<&[_]> = instance.iter().map(Vec::as_slice).collect();
        let params = self.setup.params().verifier_params();
        let mut transcript =
            <KeccakTranscript<&[u8]> as TranscriptReadBuffer<_, G1Affine, _>>::init(proof);
        verify_proof::<_, VerifierSHPLONK<'_, _>, KeccakChallenge, _, _>(
            params,
            self.proving_key.get_vk(),
            SingleStrategy::new(params),
            &[&columns],
            &mut transcript,
        )
        .is_ok()
    }
}

/// An honest book and its proof.
fn honest() -> (Book, Vec<u8>) {
    static PROOF: OnceLock<Vec<u8>> = OnceLock::new();
    let book = small_book();
    let proof = PROOF.get_or_init(|| Prover::get().prove(&book, Book::circuit)).clone();
    let lines = &proof[..proof_layout(&book.shape).lines];
    let theta = theta(Prover::get().verifying_key.digest(), &book.public_inputs(), lines);
    (Book { theta, ..book }, proof)
}

fn word(proof: &mut [u8], index: usize) -> &mut [u8] {
    &mut proof[32 * index..][..32]
}

#[test]
fn a_proof_in_which_any_word_is_changed_is_refused() {
    let (prover, (book, proof)) = (Prover::get(), honest());
    assert!(prover.verifies(&book, &proof));
    for index in 0..proof.len() / 32 {
        let changes: [fn(&mut [u8]); 5] = [
            |word| word[31] ^= 1,
            |word| word[0] ^= 0x80,
            |word| word.fill(0),
            |word| word.fill(0xff),
            |word| word[15] = word[15].wrapping_add(1),
        ];
        for (which, change) in changes.iter().enumerate() {
            let mut changed = proof.clone();
            change(word(&mut changed, index));
            assert!(prover.refuses(&book, &changed), "word {index}, change {which}");
        }
    }
}

#[test]
fn a_word_that_is_not_canonical_is_refused() {
    let (prover, (book, proof)) = (Prover::get(), honest());
    // The same element again, written as the integer that is one modulus larger.
    for index in 0..proof.len() / 32 {
        for modulus in [Fq::MODULUS, Fr::MODULUS] {
            let mut changed = proof.clone();
            if add(word(&mut changed, index), modulus) {
                assert!(prover.refuses(&book, &changed), "word {index}");
            }
        }
    }
}

/// Adds a modulus in hexadecimal to a big-endian word; says whether it fits.
fn add(word: &mut [u8], modulus: &str) -> bool {
    let digits = modulus.trim_start_matches("0x");
    let byte = |i: usize| u16::from_str_radix(&digits[2 * i..][..2], 16).unwrap();
    let carry = (0..32).rev().fold(0, |carry, i| {
        let sum = u16::from(word[i]) + byte(i) + carry;
        word[i] = sum as u8;
        sum >> 8
    });
    carry == 0
}

#[test]
fn a_point_turned_around_or_two_swapped_are_refused() {
    let (prover, (book, proof)) = (Prover::get(), honest());
    let (_, system) = constraint_system(shape());
    // The advice columns, the random polynomial, and the quotient's two parts.
    let points = system.num_advice_columns() + 3;
    for point in 0..points {
        let mut negated = proof.clone();
        let y = word(&mut negated, 2 * point + 1);
        let mut bytes: [u8; 32] = y.try_into().unwrap();
        bytes.reverse();
        let minus = -Fq::from_repr(bytes).unwrap();
        y.copy_from_slice(&value_bytes(&minus));
        assert!(prover.refuses(&book, &negated), "point {point}");
        let mut swapped = proof.clone();
        swapped[64 * (point.max(1) - 1)..][..128].rotate_left(64);
        assert!(prover.refuses(&book, &swapped), "point {point} and the one before");
    }
}

#[test]
fn a_proof_of_another_length_is_refused() {
    let (prover, (book, proof)) = (Prover::get(), honest());
    assert_eq!(proof.len(), proof_layout(&book.shape).length);
    let longer = [&proof[..], &[0]].concat();
    let twice = [&proof[..], &proof[..]].concat();
    for proof in [&proof[..0], &proof[..31], &proof[..proof.len() - 1], &longer, &twice] {
        let verdict = verify_volume(&prover.verifying_key, &book.public_inputs(), proof);
        assert!(matches!(verdict, Err(ProofError::Length { got, .. }) if got == proof.len()));
    }
}

#[test]
fn a_proof_holds_for_its_own_public_inputs_alone() {
    let (prover, (book, proof)) = (Prover::get(), honest());
    let context = Book { context: book.context + Fr::one(), ..book.clone() };
    assert!(!prover.verifies(&context, &proof));
    let lowered = less_owed_than_is();
    assert!(!prover.verifies(&lowered, &proof));
    assert!(!prover.verifies(&lowered, &prover.prove(&lowered, Book::circuit)));

    let mut rows = book.table.instruments().to_vec();
    rows[row::LONG].values = rows[row::TIER_2].values.clone();
    let table = InstrumentTable::new(2, rows).unwrap();
    assert!(!prover.verifies(&Book { table, ..book.clone() }, &proof));

    let mut rows = book.table.instruments().to_vec();
    rows[row::TIER_1].cap = None;
    let table = InstrumentTable::new(2, rows).unwrap();
    assert!(!prover.verifies(&Book { table, ..book.clone() }, &proof));

    // One more instrument that nobody holds.
    let mut rows = book.table.instruments().to_vec();
    rows.push(rows[0].clone());
    let table = InstrumentTable::new(2, rows).unwrap();
    let totals = Totals([&book.totals.0[..], &[Default::default()]].concat());
    let longer = Book { table, totals, ..book };
    assert_eq!(longer.public_inputs().check(&longer.shape), Ok(()));
    assert!(!prover.verifies(&longer, &proof));
}

#[test]
fn a_proof_holds_under_its_own_key_alone() {
    let (prover, (book, proof)) = (Prover::get(), honest());
    let other_setup = Prover::new(9);
    assert!(!other_setup.verifies(&book, &proof));
    assert_ne!(prover.verifying_key.digest(), other_setup.verifying_key.digest());
    // The same sizes but for the pages: other selectors, the same length.
    let other = Shape::new(11, 32).unwrap();
    let key = VerifyingKey::new(&prover.setup, other).unwrap();
    assert_ne!(key.digest(), prover.verifying_key.digest());
    assert_eq!(proof_layout(&other).length, proof.len());
    let mut totals = book.totals.clone();
    totals.0[0].count += other.lines() as u64 - book.shape.lines() as u64;
    let public = PublicInputs { totals: &totals, ..book.public_inputs() };
    let verdict = verify_volume(&key, &public, &proof);
    assert!(matches!(verdict, Err(ProofError::DoesNotHold)));
}

#[test]
fn instance_columns_of_unequal_lengths_are_the_statements_to_refuse() {
    let (prover, (book, proof)) = (Prover::get(), honest());
    let instance = book.instance();
    assert!(prover.verifies_unchecked(&instance, &proof));
    // Columns are absorbed without their lengths: cut elsewhere, they give the same challenges.
    let mut cut = instance.clone();
    let moved = cut[1].pop().unwrap();
    cut[2].insert(0, moved);
    assert!(!prover.verifies_unchecked(&cut, &proof));
    // A zero more is the same column, but not the same transcript.
    let mut padded = instance.clone();
    padded[1].push(Fr::zero());
    assert!(!prover.verifies_unchecked(&padded, &proof));
    let mut missing = instance.clone();
    missing.pop();
    assert!(!prover.verifies_unchecked(&missing, &proof));
    let mut longest = instance;
    longest[1].resize(3 * book.shape.rows(), Fr::one());
    assert!(!prover.verifies_unchecked(&longest, &proof));
    // No statement makes such columns: it has one total per instrument, or is refused.
    let totals = Totals(book.totals.0[..5].to_vec());
    let public = PublicInputs { totals: &totals, ..book.public_inputs() };
    assert_eq!(public.check(&book.shape), Err(PublicInputsError::Totals { expected: 11, got: 5 }));
}

/// Random values chosen by the prover: whatever suits, in the rows that hide the columns.
#[derive(Clone)]
struct Chosen(u64);

impl RngCore for Chosen {
    fn next_u32(&mut self) -> u32 {
        self.0 as u32
    }

    fn next_u64(&mut self) -> u64 {
        self.0
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        let chosen = self.0.to_le_bytes();
        bytes.iter_mut().zip(chosen).for_each(|(byte, chosen)| *byte = chosen);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Chosen {}

#[test]
fn the_rows_that_hide_the_columns_count_nothing_whatever_stands_in_them() {
    let (prover, book) = (Prover::get(), small_book());
    // Zero would make the column of zero seals the point at infinity, which no proof may hold.
    for chosen in [1, 7, u64::MAX] {
        let proof = prover.prove_hidden_by(&book, Book::circuit, Chosen(chosen));
        assert!(prover.verifies(&book, &proof), "{chosen} in every hidden row");
        let lowered = less_owed_than_is();
        let proof = prover.prove_hidden_by(&lowered, Book::circuit, Chosen(chosen));
        assert!(!prover.verifies(&lowered, &proof), "{chosen} in every hidden row");
    }
}

#[test]
fn an_account_that_does_not_balance_is_refused_by_the_proof_as_by_the_mock() {
    let prover = Prover::get();
    let mut pages = small_book().pages;
    pages[1].push(small_account(1, 0, 0, 0));
    pages[1].last_mut().unwrap().lines.pop();
    let book = Book::new(shape(), small_table(), pages);
    assert!(!prover.verifies(&book, &prover.prove(&book, Book::circuit)));
    let forged = Tampering::phase2(|columns, _, _| columns.balance.fill(Fr::ZERO));
    assert!(!prover.verifies(&book, &prover.prove(&book, |book| book.tampered(forged.clone()))));
}
