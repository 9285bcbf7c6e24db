//! The randomness of one proof.

use std::fmt;

use ff::Field;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::proof_layout;
use pacioli_circuits::{Shape, UNUSABLE_ROWS};
use rand_chacha::ChaCha20Rng;
use rand_core::{OsRng, RngCore, SeedableRng};
use zeroize::Zeroizing;

/// Streams of a seed's generator beside that of the columns' rows, which is 0.
const EMPTY_SEALS: u64 = 1;
const RANDOM_POLYNOMIAL: u64 = 2;

/// The randomness that blinds one proof's columns. Derived from an attempt's fresh bytes
/// (`derive.rs`), consumed by the proof and overwritten: if two proofs shared it, the same rows, opened at more points, would soon
/// be known.
pub struct ProofSeed(Zeroizing<[u8; 32]>);

impl ProofSeed {
    /// A fresh seed.
    pub fn fresh() -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        OsRng.fill_bytes(seed.as_mut_slice());
        Self(seed)
    }

    /// The seed that was derived for one proof.
    pub(crate) fn of(derived: RecordedSeed) -> Self {
        Self(derived.0)
    }

    /// The seed of these bytes, for tests that make a proof twice.
    #[cfg(test)]
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The record of the seed that the venue keeps, to open pages of the proof later.
    pub fn record(&self) -> RecordedSeed {
        RecordedSeed(self.0.clone())
    }

    /// What hides the columns of a proof of this shape. The seed is used up.
    pub(super) fn blinding(self, shape: &Shape) -> Blinding {
        // A commitment has 64 bytes.
        let layout = proof_layout(shape);
        let (phase1, phase2) = (layout.phase1 / 64, layout.phase2 / 64);
        let mut rng = generator(&self.0, 0);
        let rows1 = draw_rows(&mut rng, phase1);
        // halo2 draws a factor for each commitment behind them, and ignores it: KZG has no such
        // term.
        for _ in 0..phase1 {
            let _ = Fr::random(&mut rng);
        }
        let rows2 = draw_rows(&mut rng, phase2);
        let mut rng = generator(&self.0, RANDOM_POLYNOMIAL);
        let polynomial = std::array::from_fn(|_| Fr::random(&mut rng));
        Blinding { phase1: rows1, phase2: rows2, polynomial }
    }
}

impl fmt::Debug for ProofSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProofSeed(..)")
    }
}

/// The last rows of a column: whatever they hold, no constraint looks at them.
pub(super) type BlindingRows = [Fr; UNUSABLE_ROWS];

/// What hides the columns of one proof.
pub(super) struct Blinding {
    /// The last rows of the columns of phase 1.
    pub(super) phase1: Vec<BlindingRows>,
    /// The last rows of the columns of phase 2.
    pub(super) phase2: Vec<BlindingRows>,
    /// The random polynomial of the vanishing argument, lowest coefficient first: a line, where
    /// halo2 has n random coefficients.
    ///
    /// Both tell the same. A proof shows the polynomial's value at tau, in the exponent, its value
    /// at x, and two commitments of the multi-opening, which follow from all values and commitments
    /// and from tau. And the values of a random line at two points are as random, and as
    /// independent of each other, as those of a polynomial with any number of random coefficients.
    pub(super) polynomial: [Fr; 2],
}

/// The seed of a finished proof. No other proof can be made with it.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedSeed(Zeroizing<[u8; 32]>);

impl RecordedSeed {
    /// The seed from its bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The seed's bytes, which are secret: whoever has them can read the proof's columns.
    pub fn secret_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The blinding rows of the first `columns` columns: those of phase 1 are drawn first, column
    /// by column.
    pub fn blinding_rows(&self, columns: usize) -> Vec<[Fr; UNUSABLE_ROWS]> {
        draw_rows(&mut generator(&self.0, 0), columns)
    }

    /// The seals of empty slots: a separate stream of the same generator.
    pub fn empty_seals(&self) -> impl FnMut() -> Fr + use<> {
        let mut rng = generator(&self.0, EMPTY_SEALS);
        move || Fr::random(&mut rng)
    }
}

impl fmt::Debug for RecordedSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordedSeed(..)")
    }
}

fn generator(seed: &[u8; 32], stream: u64) -> ChaCha20Rng {
    let mut rng = ChaCha20Rng::from_seed(*seed);
    rng.set_stream(stream);
    rng
}

fn draw_rows(rng: &mut ChaCha20Rng, columns: usize) -> Vec<BlindingRows> {
    (0..columns).map(|_| std::array::from_fn(|_| Fr::random(&mut *rng))).collect()
}
