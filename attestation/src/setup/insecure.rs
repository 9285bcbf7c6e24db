//! A setup whose tau everyone knows: for tests, demonstrations and measurements.
//!
//! There is one such tau, and it is the hash of a text, so every verifier recognises the setup by
//! its `[tau]_2`, whatever a file calls itself. And since tau is known, nobody needs the setup's
//! file to check keys made with it: a commitment is one scalar times the generator.

use ff::{Field, PrimeField};
use group::{Curve, Group, ff::BatchInvert, prime::PrimeCurveAffine};
use halo2_proofs::halo2curves::bn256::{Fr, G1, G1Affine, G2};
use rayon::prelude::*;

use super::{MAX_K, Origin, Setup, check::Points, insecure_tau::insecure_tau, page_powers};

/// Scalars that share one inversion.
const BATCH: usize = 1 << 12;

/// The insecure setup of `2^k` rows: the same points every time, those that halo2 computes from
/// [`insecure_tau`]. `None` where `k` is 0 or above [`MAX_K`].
pub fn insecure_setup(k: u32) -> Option<Setup> {
    let lagrange = insecure_lagrange(k)?;
    if k == 0 {
        return None;
    }
    Some(points(insecure_tau(), k, &lagrange).into_setup(Origin::Insecure))
}

/// `L_j(tau)` for each of the `2^k` rows: the scalars of the Lagrange basis. `None` where `k` is
/// above [`MAX_K`].
pub fn insecure_lagrange(k: u32) -> Option<Vec<Fr>> {
    (k <= MAX_K).then(|| lagrange_at(insecure_tau(), k))
}

/// The commitment to the column with these values, one per row, under the insecure setup: what
/// `commit_lagrange` returns, from field arithmetic and one multiplication. `lagrange` is
/// [`insecure_lagrange`] of the column's `k`; rows past the end of `values` hold zeros.
pub fn insecure_commitment(lagrange: &[Fr], values: &[Fr]) -> G1Affine {
    let at_tau: Fr = lagrange.par_iter().zip(values).map(|(basis, value)| basis * value).sum();
    (G1::generator() * at_tau).to_affine()
}

/// The points of the setup with this tau.
pub(super) fn points(tau: Fr, k: u32, lagrange: &[Fr]) -> Points {
    let table = FixedBase::new(k);
    let powers = table.multiply(&powers_of(tau, 1 << k));
    let squares = std::iter::successors(Some(tau), |power| Some(power.square()));
    let powers_g2 = squares.take(page_powers(k)).map(|power| (G2::generator() * power).to_affine());
    Points { k, powers, lagrange: table.multiply(lagrange), powers_g2: powers_g2.collect() }
}

/// `base^0`, `base^1`, and so on.
fn powers_of(base: Fr, count: usize) -> Vec<Fr> {
    std::iter::successors(Some(Fr::ONE), |power| Some(power * base)).take(count).collect()
}

/// `L_j(tau) = w^j (tau^n - 1) / (n (tau - w^j))` for all j, with halo2's root of unity w; `tau` is
/// no power of w.
pub(super) fn lagrange_at(tau: Fr, k: u32) -> Vec<Fr> {
    let squared = |number: Fr, times| (0..times).fold(number, |number, _| number.square());
    let roots = powers_of(squared(Fr::ROOT_OF_UNITY, MAX_K - k), 1 << k);
    let mut basis: Vec<Fr> = roots.iter().map(|root| tau - root).collect();
    basis.batch_invert();
    let factor = (squared(tau, k) - Fr::ONE) * Fr::TWO_INV.pow_vartime([u64::from(k)]);
    basis.par_iter_mut().zip(roots).for_each(|(value, root)| *value *= factor * root);
    basis
}

/// Multiples of the generator of G1: for each window of `width` bits, the generator times every
/// value of the window.
struct FixedBase {
    width: usize,
    windows: Vec<Vec<G1Affine>>,
}

impl FixedBase {
    /// A table for some `2^(k+1)` multiplications: wide windows pay when there are many of them, up
    /// to where the table leaves the cache.
    fn new(k: u32) -> Self {
        let width = (k as usize).clamp(4, 12);
        let count = (Fr::NUM_BITS as usize).div_ceil(width);
        let bases = std::iter::successors(Some(G1::generator()), |base| {
            Some((0..width).fold(*base, |base, _| base.double()))
        });
        let bases: Vec<G1> = bases.take(count).collect();
        let window = |base: &G1| {
            let multiples = std::iter::successors(Some(G1::identity()), |point| Some(point + base));
            normalise(&multiples.take(1 << width).collect::<Vec<_>>())
        };
        Self { width, windows: bases.par_iter().map(window).collect() }
    }

    /// Each scalar times the generator.
    fn multiply(&self, scalars: &[Fr]) -> Vec<G1Affine> {
        let batches = scalars.par_chunks(BATCH);
        let multiply = |batch: &[Fr]| {
            normalise(&batch.iter().map(|scalar| self.multiple(scalar)).collect::<Vec<_>>())
        };
        batches.flat_map_iter(multiply).collect()
    }

    fn multiple(&self, scalar: &Fr) -> G1 {
        let bytes = scalar.to_repr();
        let digit = |index: usize| {
            let (byte, shift) = (index * self.width / 8, index * self.width % 8);
            let next = |i: usize| usize::from(bytes.get(byte + i).copied().unwrap_or_default());
            (next(0) | next(1) << 8 | next(2) << 16) >> shift & ((1 << self.width) - 1)
        };
        let terms = self.windows.iter().enumerate().map(|(index, window)| window[digit(index)]);
        terms.fold(G1::identity(), |sum, term| sum + term)
    }
}

/// Affine coordinates of many points by one inversion.
fn normalise(points: &[G1]) -> Vec<G1Affine> {
    let mut affine = vec![G1Affine::identity(); points.len()];
    G1::batch_normalize(points, &mut affine);
    affine
}

#[cfg(test)]
mod tests {
    use halo2_proofs::{
        SerdeFormat,
        halo2curves::bn256::{Bn256, G2Affine},
        poly::{
            EvaluationDomain,
            commitment::{Blind, Params},
            kzg::commitment::ParamsKZG,
        },
    };
    use rand_core::RngCore;

    use super::*;

    /// A generator from which `Fr::random`, which reduces 512 bits, draws this number.
    struct Draws(Vec<u64>);

    impl Draws {
        fn only(number: Fr) -> Self {
            let bytes = number.to_repr();
            let low = bytes.chunks(8).map(|limb| u64::from_le_bytes(limb.try_into().unwrap()));
            Self([0; 4].into_iter().chain(low.collect::<Vec<_>>().into_iter().rev()).collect())
        }
    }

    impl RngCore for Draws {
        fn next_u32(&mut self) -> u32 {
            unreachable!("a field element is drawn in halves of 128 bits")
        }
        fn next_u64(&mut self) -> u64 {
            self.0.pop().expect("one number is drawn")
        }
        fn fill_bytes(&mut self, _: &mut [u8]) {
            unreachable!("a field element is drawn in words")
        }
        fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), rand_core::Error> {
            unreachable!("a field element is drawn in words")
        }
    }

    #[test]
    fn the_insecure_setup_is_what_halo2_computes_from_the_same_tau() {
        for k in [1, 2, 5, 9] {
            let ours = insecure_setup(k).unwrap();
            let theirs = ParamsKZG::<Bn256>::setup(k, Draws::only(insecure_tau()));
            let bytes = |params: &ParamsKZG<Bn256>| {
                let mut bytes = Vec::new();
                params.write_custom(&mut bytes, SerdeFormat::RawBytesUnchecked).unwrap();
                bytes
            };
            assert!(bytes(&ours.params) == bytes(&theirs), "k = {k}");
        }
    }

    #[test]
    fn the_powers_in_g2_serve_pages_up_to_half_of_the_rows() {
        for (k, largest) in [(1, 1), (4, 8), (10, 512), (11, 512)] {
            let setup = insecure_setup(k).unwrap();
            for slots in (0..=10).map(|power| 1 << power) {
                let power = insecure_tau().pow_vartime([slots as u64]);
                let expected: G2Affine = (G2::generator() * power).to_affine();
                let found = setup.page_power(slots);
                assert_eq!(found, (slots <= largest).then_some(expected), "k = {k}, {slots} slots");
            }
            assert_eq!(setup.page_power(0), None);
            assert_eq!(setup.page_power(3), None);
        }
    }

    #[test]
    fn a_multiple_of_the_generator_is_what_the_curve_says() {
        let numbers = [Fr::ZERO, Fr::ONE, -Fr::ONE, Fr::from(1 << 12), -Fr::from(7), Fr::DELTA];
        for k in [0, 7, 9, 20] {
            let expected = numbers.map(|number| (G1::generator() * number).to_affine());
            assert_eq!(FixedBase::new(k).multiply(&numbers), expected, "k = {k}");
        }
    }

    #[test]
    fn a_commitment_needs_no_points() {
        let k = 5;
        let values: Vec<Fr> = (0..1 << k).map(|row| Fr::from(row * row + 3)).collect();
        let column = EvaluationDomain::new(1, k).lagrange_from_vec(values.clone());
        let expected = insecure_setup(k).unwrap().params.commit_lagrange(&column, Blind::default());
        let lagrange = insecure_lagrange(k).unwrap();
        assert_eq!(insecure_commitment(&lagrange, &values), expected.to_affine());
    }

    #[test]
    fn a_size_no_field_element_has_roots_for_is_refused() {
        assert!(insecure_setup(0).is_none());
        assert!(insecure_setup(MAX_K + 1).is_none());
        assert!(insecure_lagrange(u32::MAX).is_none());
    }
}
