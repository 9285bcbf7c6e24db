//! A page's polynomial, shown to a checker who cannot commit to it: on a chain, P scalar
//! multiplications cost more than all the rest of a statement's check.
//!
//! With I the polynomial that takes the page's values, `D = [I(tau)]_1` is given, and at a point z
//! drawn after it `W = [(I - I(z))/(X - z)]_1`. The checker computes I(z) from the values and
//! checks `e(D - I(z) G1 + z W, G2) = e(W, [tau]_2)`.

use group::Curve;
use halo2_proofs::{
    arithmetic::best_multiexp,
    halo2curves::bn256::{Fr, G1Affine},
};

/// The polynomial of degree below the page size that takes a page's values.
#[derive(Clone, Debug)]
pub struct Interpolation<'a> {
    /// Lowest first.
    coefficients: Vec<Fr>,
    powers: &'a [G1Affine],
    commitment: G1Affine,
}

impl<'a> Interpolation<'a> {
    pub(super) fn new(coefficients: Vec<Fr>, powers: &'a [G1Affine]) -> Self {
        let commitment = best_multiexp(&coefficients, powers).to_affine();
        Self { coefficients, powers, commitment }
    }

    /// D, the commitment to it.
    pub fn commitment(&self) -> G1Affine {
        self.commitment
    }

    /// Its value at a point, and W, what shows that.
    pub fn open(&self, point: Fr) -> (Fr, G1Affine) {
        // Horner's rule: what it has after each step are the coefficients of the quotient.
        let mut quotient = self.coefficients.clone();
        let mut carried = Fr::zero();
        for coefficient in quotient.iter_mut().rev() {
            let value = carried * point + *coefficient;
            *coefficient = carried;
            carried = value;
        }
        (carried, best_multiexp(&quotient, self.powers).to_affine())
    }
}

#[cfg(test)]
mod tests {
    use ff::Field;
    use halo2_proofs::{
        halo2curves::{
            bn256::{Bn256, G2Affine},
            pairing::Engine,
        },
        poly::{commitment::ParamsProver, kzg::commitment::ParamsKZG},
    };
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;
    use crate::opening::{OpeningKey, Pages};

    const PAGE_SIZE: usize = 8;

    #[test]
    fn it_has_the_pages_values_and_shows_any_other() {
        let mut rng = ChaCha20Rng::seed_from_u64(0);
        let params = ParamsKZG::<Bn256>::setup(6, rng.clone());
        let tau = Fr::random(&mut rng);
        let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
        let pages = Pages::new(6, PAGE_SIZE).unwrap();
        let page_power = (g2 * tau.pow([PAGE_SIZE as u64])).to_affine();
        let key = OpeningKey::new(pages, &params.get_g()[..=PAGE_SIZE], page_power).unwrap();
        let values: Vec<Fr> = (0..PAGE_SIZE).map(|_| Fr::random(&mut rng)).collect();
        let interpolation = key.interpolate(5, &values).unwrap();
        let holds = |point: Fr, value: Fr, shown: G1Affine| {
            let left = (interpolation.commitment() - g1 * value + shown * point).to_affine();
            Bn256::pairing(&left, &g2) == Bn256::pairing(&shown, &params.s_g2())
        };
        for (slot, value) in values.iter().enumerate() {
            let point = pages.omega().pow([pages.row(5, slot) as u64]);
            let (got, shown) = interpolation.open(point);
            assert_eq!(got, *value);
            assert!(holds(point, got, shown));
        }
        let point = Fr::random(&mut rng);
        let (value, shown) = interpolation.open(point);
        assert!(holds(point, value, shown));
        assert!(!holds(point, value + Fr::one(), shown));
        assert!(!holds(point + Fr::one(), value, shown));
    }
}
