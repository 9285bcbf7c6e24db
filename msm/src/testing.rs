//! Scalars and points to try sums with.

use std::sync::LazyLock;

use ff::{Field, PrimeField};
use group::{Curve, Group, prime::PrimeCurveAffine};
use halo2curves::bn256::{Fr, G1, G1Affine};
use proptest::{collection::vec, prelude::*};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// Scalars without any order.
pub(crate) fn scalars(count: usize) -> Vec<Fr> {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    (0..count).map(|_| Fr::random(&mut rng)).collect()
}

/// Points that all differ.
pub(crate) fn points(count: usize) -> Vec<G1Affine> {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let step = G1::random(&mut rng).to_affine();
    let points = std::iter::successors(Some(G1::random(&mut rng)), |point| Some(point + step));
    let mut affine = vec![G1Affine::identity(); count];
    G1::batch_normalize(&points.take(count).collect::<Vec<_>>(), &mut affine);
    affine
}

/// Scalars of all lengths, and such below r.
pub(crate) fn scalar() -> impl Strategy<Value = Fr> {
    let long = any::<[u64; 4]>().prop_map(Fr::from_raw);
    let short = (any::<u128>(), 0..128).prop_map(|(number, bits)| Fr::from_u128(number >> bits));
    prop_oneof![long, short.clone(), short.prop_map(|number| -number)]
}

/// Multiples of the generator: often small ones, which repeat, cancel and are the identity.
fn multiple() -> impl Strategy<Value = i8> {
    prop_oneof![-2i8..=2, any::<i8>()]
}

/// The terms of a sum, and what it is.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) scalars: Vec<Fr>,
    pub(crate) points: Vec<G1Affine>,
    multiples: Vec<i8>,
}

impl Terms {
    fn new(terms: Vec<(Fr, i8)>) -> Self {
        let (scalars, multiples): (_, Vec<_>) = terms.into_iter().unzip();
        Self {
            scalars,
            points: multiples.iter().map(|multiple| point(*multiple)).collect(),
            multiples,
        }
    }

    /// The sum of the terms.
    pub(crate) fn sum(&self) -> G1 {
        self.sum_with(&self.scalars)
    }

    /// The sum with other scalars.
    pub(crate) fn sum_with(&self, scalars: &[Fr]) -> G1 {
        let products = scalars.iter().zip(&self.multiples);
        G1::generator() * products.map(|(scalar, multiple)| scalar * signed(*multiple)).sum::<Fr>()
    }
}

/// Any terms; some of small scalars; some of one scalar; one term many times.
pub(crate) fn terms() -> impl Strategy<Value = Terms> {
    let term = || (scalar(), multiple());
    let small = (multiple().prop_map(signed), multiple());
    let of_one = (scalar(), vec(multiple(), 0..300)).prop_map(|(scalar, multiples)| {
        multiples.into_iter().map(|multiple| (scalar, multiple)).collect()
    });
    let alike = (term(), 0..3000usize).prop_map(|(term, count)| vec![term; count]);
    prop_oneof![vec(term(), 0..300), vec(small, 0..3000), of_one, alike].prop_map(Terms::new)
}

/// A multiple of the generator.
fn point(multiple: i8) -> G1Affine {
    static MULTIPLES: LazyLock<Vec<G1Affine>> = LazyLock::new(|| {
        let multiples = (0..=u8::MAX).map(|number| G1::generator() * signed(number as i8));
        multiples.map(|point| point.to_affine()).collect()
    });
    MULTIPLES[usize::from(multiple as u8)]
}

fn signed(number: i8) -> Fr {
    let size = Fr::from(u64::from(number.unsigned_abs()));
    if number < 0 { -size } else { size }
}
