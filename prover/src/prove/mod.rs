//! Proving one volume: a prover for the one circuit there is.
//!
//! A proof is what halo2's prover writes and its verifier accepts: the transcript, the order of its
//! parts and, under the same seed, every commitment to a column are the same. What differs is how
//! much is computed, because the circuit is known: columns are committed by the classes of their
//! rows ([`commit`]), the quotient takes one move of half a row a column ([`quotient`]), and the
//! columns are opened from their values ([`openings`]). halo2's verifier is the judge, and in tests
//! halo2's prover is what the commitments are compared with.

mod columns;
mod commit;
mod constraints;
mod domain;
mod fixed;
mod openings;
mod queries;
mod quotient;
mod seed;
#[cfg(test)]
mod tests;

use halo2_proofs::{
    halo2curves::bn256::{Fr, G1, G1Affine},
    transcript::{EncodedChallenge, Transcript, TranscriptWrite, TranscriptWriterBuffer},
};
use pacioli_attestation::{encoding::point_bytes, theta, transcript::KeccakTranscript};
use pacioli_circuits::{
    Challenges, LineColumns, Phase1, Phase2, PublicInputs, Shape, Volume, range_fractions,
};

pub(crate) use commit::Bases;
pub use domain::Domain;
pub(crate) use fixed::FixedValues;
pub(crate) use queries::Queries;
pub use seed::{ProofSeed, RecordedSeed};

use columns::{Columns, TableColumns};
use commit::{ColumnClasses, affine, numbers};
use openings::{Opening, Point, Polynomials};
use queries::Opened;
use quotient::Quotient;
use seed::Blinding;

use crate::proving_key::ProvingKey;

/// The number of steps that [`prove_volume`] reports.
pub const PROOF_STEPS: u64 = 100;

/// The parts of [`prove_volume`], and the step of [`PROOF_STEPS`] that each ends with: what share
/// of the time it takes at k = 18.
pub const PROOF_PARTS: [(&str, u64); 8] = [
    ("lines, committed", 3),
    ("seals and values, committed", 11),
    ("fractions and balances", 13),
    ("the same, committed", 31),
    ("quotient", 67),
    ("the same, committed", 81),
    ("values at x", 84),
    ("openings", PROOF_STEPS),
];

/// Proves that `volume` has the totals of `public` and that its accounts balance. `seals` has one
/// seal per slot, in the order of [`Volume::slots`]; `reach` is called with the number of
/// [`PROOF_STEPS`] done, at the end of each of [`PROOF_PARTS`].
///
/// The lines are committed first, `theta` is drawn from them, and the proof then begins with the
/// same commitments. The seed is used up with that: under another theta it would open the same
/// columns a second time. A proof is a function of the seed and of what is proved.
///
/// Returns a proof even if the book does not balance; such a proof does not verify.
///
/// # Panics
/// If public inputs, volume, seals and key do not have the same shape.
pub fn prove_volume(
    key: &ProvingKey,
    public: &PublicInputs<'_>,
    volume: Volume,
    seals: Vec<Fr>,
    seed: ProofSeed,
    mut reach: impl FnMut(u64),
) -> Vec<u8> {
    let shape = &key.shape;
    let mut parts = PROOF_PARTS.into_iter();
    let mut done = || {
        if let Some((_, step)) = parts.next() {
            reach(step);
        }
    };
    let blinding = seed.blinding(shape);
    let lines = LineColumns::new(shape, &volume);
    let (commitments, classes) = commit_lines(&key.bases, shape, &lines, &blinding);
    let commitments = affine(&commitments);
    let bytes: Vec<u8> = commitments.iter().flat_map(point_bytes).collect();
    let instance = public.instance(theta(key.digest, public, &bytes));
    done();

    let mut proof = Proof(KeccakTranscript::init(Vec::new()));
    proof.absorb(key.circuit_word);
    instance.iter().flatten().for_each(|&value| proof.absorb(value));
    proof.write_points(&commitments);
    let worth = instance.last().expect("the values are the last column");
    let phase1 = Phase1::of_lines(shape, lines, public.table, worth, &volume, &seals);
    drop((volume, seals));
    let commitments = commit_rest(&key.bases, shape, &phase1, &classes, &instance, &blinding);
    proof.write_points(&affine(&commitments));
    let [eta, alpha, beta] = proof.draw();
    let challenges = Challenges { eta, alpha, beta };
    done();

    let phase2 = Phase2::new(shape, &phase1, &instance, &challenges);
    done();
    let fractions = range_fractions(shape, &challenges);
    let steps = phase1.steps(shape);
    let steps = key.bases.classes(&steps, 2 * shape.instruments());
    let commitments =
        commit_phase2(&key.bases, shape, &phase2, &classes, &steps, &fractions, &blinding);
    proof.write_points(&affine(&commitments));
    drop((classes, steps));
    done();

    // halo2 draws three challenges for arguments that this circuit does not have.
    let [_, _, _]: [Fr; 3] = proof.draw();
    let columns = Columns::new(phase1, phase2, &blinding);
    proof.write_points(&affine(&[key.bases.commit_line(&blinding.polynomial)]));
    let [y] = proof.draw();
    let table = TableColumns::new(shape, &instance, &challenges);
    let Quotient { mut low, high } =
        Quotient::new(shape, &key.domain, &key.fixed, &columns, &table, &challenges, y);
    drop(table);
    done();
    let commitments = [key.bases.commit(&low), key.bases.commit(&high)];
    proof.write_points(&affine(&commitments));
    done();

    let [x] = proof.draw();
    let point = Point::new(shape, &key.domain, x);
    let factor = point.to_the_rows();
    low.iter_mut().zip(high).for_each(|(low, high)| *low += factor * high);
    let polynomials =
        Polynomials { advice: columns.in_order(), quotient: low, random: blinding.polynomial };
    let values = point.evaluate(&key.queries, &polynomials);
    for ((opened, _), &value) in key.queries.in_order().zip(&values) {
        if opened != Opened::Quotient {
            proof.write_scalar(value);
        }
    }
    done();

    let challenges = proof.draw();
    let opening = Opening::new(point, &key.queries, &polynomials, &values, challenges);
    proof.write_points(&affine(&[key.bases.commit(&opening.first)]));
    let [u] = proof.draw();
    let second = opening.second(u);
    proof.write_points(&affine(&[key.bases.commit(&second)]));
    done();
    proof.0.finalize()
}

/// Commits to the columns that the lines are in. Gives the classes of the rows too: of the
/// instruments first, then of each limb.
fn commit_lines<'a>(
    bases: &'a Bases,
    shape: &Shape,
    lines: &LineColumns,
    blinding: &Blinding,
) -> (Vec<G1>, Vec<ColumnClasses<'a>>) {
    let limit = 1 << shape.limb_bits();
    let LineColumns { last, instrument, limb } = lines;
    let mut commitments = vec![bases.commit_blinded(last, &blinding.phase1[0])];
    let mut classes = vec![bases.classes(instrument, shape.instruments())];
    classes.extend(limb.iter().map(|limb| bases.classes(limb, limit)));
    let values = numbers(limit);
    let columns = lines.in_order().zip(&blinding.phase1).skip(1);
    let committed = columns
        .zip(&classes)
        .map(|((column, blinding), classes)| classes.commit(column, &values, blinding));
    commitments.extend(committed);
    (commitments, classes)
}

/// Commits to the other columns of phase 1: cap, worth, seal, multiplicity.
fn commit_rest(
    bases: &Bases,
    shape: &Shape,
    phase1: &Phase1,
    classes: &[ColumnClasses<'_>],
    instance: &[Vec<Fr>],
    blinding: &Blinding,
) -> Vec<G1> {
    let Phase1 { cap, worth, seal, multiplicity, .. } = phase1;
    let [.., caps, values] = instance else {
        panic!("the last columns of the instance are caps and values");
    };
    let [b_cap, b_worth, b_seal, b_multiplicity] = &blinding.phase1[2 + shape.limbs()..] else {
        panic!("phase 1 has four columns after the lines");
    };
    vec![
        classes[0].commit(cap, caps, b_cap),
        classes[0].commit(worth, values, b_worth),
        bases.commit_blinded(seal, b_seal),
        bases.commit_first(multiplicity, shape.table_rows(), b_multiplicity),
    ]
}

/// Commits to the columns of phase 2.
fn commit_phase2(
    bases: &Bases,
    shape: &Shape,
    phase2: &Phase2,
    classes: &[ColumnClasses<'_>],
    steps: &ColumnClasses<'_>,
    fractions: &[Fr],
    blinding: &Blinding,
) -> Vec<G1> {
    let Phase2 { balance, limb_term, step_term, table_term, sum } = phase2;
    let [b_balance, b_limbs @ .., b_step, b_table, b_sum] = blinding.phase2.as_slice() else {
        panic!("phase 2 has four columns beside the limbs'");
    };
    let mut commitments = vec![bases.commit_blinded(balance, b_balance)];
    let limbs = limb_term.iter().zip(b_limbs).zip(&classes[1..]);
    let limbs = limbs.map(|((term, blinding), limb)| limb.commit(term, fractions, blinding));
    commitments.extend(limbs);
    commitments.push(steps.commit(step_term, fractions, b_step));
    commitments.push(bases.commit_first(table_term, shape.table_rows(), b_table));
    commitments.push(bases.commit_blinded(sum, b_sum));
    commitments
}

/// A proof being written.
struct Proof(KeccakTranscript<Vec<u8>>);

impl Proof {
    fn absorb(&mut self, value: Fr) {
        self.0.common_scalar(value).expect("nothing is written that could fail");
    }

    fn write_points(&mut self, points: &[G1Affine]) {
        for point in points {
            self.0.write_point(*point).expect("every column ends in random rows");
        }
    }

    fn write_scalar(&mut self, value: Fr) {
        self.0.write_scalar(value).expect("a vector takes every byte");
    }

    fn draw<const N: usize>(&mut self) -> [Fr; N] {
        std::array::from_fn(|_| self.0.squeeze_challenge().get_scalar())
    }
}
