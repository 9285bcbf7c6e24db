//! All pages at once, by the method of Feist and Khovratovich: "Fast amortized KZG proofs", 2020,
//! <https://eprint.iacr.org/2023/033>, in its form for cosets.
//!
//! **What is to be computed.** Write `P` for the page size, `m` for the number of pages, and cut
//! the polynomial and the setup into `P` columns: `f = sum_j X^j F_j(X^P)`, where `F_j[t]` is
//! coefficient `tP + j`, and `S_j[a] = [tau^(aP + j)]_1`. Dividing by `X^P - c` gives
//! `pi = sum_i c^i h_i` with `h_i = sum_j sum_a F_j[a + i + 1] S_j[a]`. So `h_i`, for `i` from 0,
//! are the coefficients of the non-negative powers in the Laurent polynomial
//! `W(Y) = sum_j F_j(Y) R_j(Y)`, where `R_j(Y) = sum_a S_j[a] Y^(-a-1)`, whose powers are from
//! `-m` to `m - 2`.
//!
//! **How.** The paper embeds these Toeplitz products in circulants of size `2m`, that is, it takes
//! `W` at the roots of `Y^(2m) = 1`. These fall in two halves, `Y^m = 1` and `Y^m = -1`. Any other
//! `m` points with `Y^m = g` do for the second half. Where `Y^m = 1`, the values of `W` are those
//! of `h + r`, where `Y^m = g` those of `h + r/g`, `r` being what the negative powers leave. As
//! polynomials of degree below `m`, `h` is the first over `1 - g` plus `g/(g - 1)` of the second.
//!
//! The pages' constants `c` are the roots of `Y^m = 1`, so there the first half needs no transform
//! in the group. And `sum_j F_j(c) R_j(c)` is, after a change of basis within the page, nothing
//! but `m/c` times the page's own part of the commitment, `sum of f(row) [L_row(tau)]_1`, in the
//! setup's Lagrange basis `L`.
//!
//! Only the other half needs points made for it, by one transform in the group of `m` rows of `P`
//! points. They are for `Y = lambda c`, where `lambda` is the cube root of unity that the curve's
//! endomorphism multiplies by: powers of it cost next to nothing, and what is left, a transform to
//! the roots of unity, costs a sixth less than one to the roots of `Y^m = -1`. The points depend on
//! nothing but the setup and the page size, and are what a [`PageOpener`] holds and can keep in a
//! file.
//!
//! **Cost** of all openings: `2n` terms in sums of `P`, and two transforms of `m` points in the
//! group. The opener itself costs a transform of `n` points, once.

use ff::{Field, PrimeField, WithSmallOrderMulGroup};
use halo2_proofs::{
    SerdeFormat,
    halo2curves::{
        bn256::{Bn256, Fr, G1Affine},
        fft::best_fft,
        serde::SerdeObject,
    },
    poly::{commitment::ParamsProver, kzg::commitment::ParamsKZG},
};
use pacioli_attestation::opening::{OpeningError, Pages};

use super::{
    affine::Adder,
    batch,
    butterfly::{evaluate_in_group, turn_in_group},
    page::{require_coefficients, require_setup},
    transform::{evaluate, reversed, turn},
};

/// Opens all pages of polynomials over one setup. Made once, it serves every volume.
#[derive(Clone, Debug)]
pub struct PageOpener {
    pub(super) pages: Pages,
    /// The setup's Lagrange basis, in the order of the rows.
    lagrange: Vec<G1Affine>,
    /// `g R_j(Y)` for `Y = lambda c`: rows of `P` points, in bit-reversed order.
    pub(super) turned: Vec<G1Affine>,
}

impl PageOpener {
    /// The opener of `pages` over a setup: a transform of `2^k` points.
    ///
    /// # Errors
    /// If the setup is not for `2^k` rows.
    pub fn new(params: &ParamsKZG<Bn256>, pages: Pages) -> Result<Self, OpeningError> {
        require_setup(params, pages)?;
        // Where Y^m = g, g R_j(Y) = sum_a S_j[a] Y^(m-1-a): the rows of the setup, last first.
        let rows = params.get_g().chunks(pages.page_size()).rev();
        let mut turned: Vec<_> = rows.flatten().copied().collect();
        turn_in_group(&mut turned, pages.page_size(), false);
        evaluate_in_group(&mut turned, pages.page_size());
        Ok(Self::from_points(params, pages, turned))
    }

    /// The opener whose points `turned` are known already.
    pub(super) fn from_points(
        params: &ParamsKZG<Bn256>,
        pages: Pages,
        turned: Vec<G1Affine>,
    ) -> Self {
        Self { pages, lagrange: lagrange_basis(params), turned }
    }

    /// The pages that this opens.
    pub fn pages(&self) -> Pages {
        self.pages
    }

    /// The openings of all pages of the polynomial with these coefficients, lowest first.
    ///
    /// # Errors
    /// If there is not one coefficient for each row.
    pub fn open_all(&self, coefficients: &[Fr]) -> Result<Vec<G1Affine>, OpeningError> {
        require_coefficients(coefficients, self.pages)?;
        let mut openings = self.part_at_roots(coefficients);
        let mut adder = Adder::default();
        for (page, part) in self.part_turned(coefficients).into_iter().enumerate() {
            adder.push(&mut openings, page, part);
        }
        adder.apply(&mut openings);
        Ok(openings)
    }

    /// `(h + r)/(1 - g)` for every page, in order.
    fn part_at_roots(&self, coefficients: &[Fr]) -> Vec<G1Affine> {
        let (pages, count) = (self.pages, self.pages.count());
        let mut values = coefficients.to_vec();
        best_fft(&mut values, pages.omega(), pages.k());
        let factor = -Fr::from(count as u64) * self.inverse();
        let inverse = |page| pages.constant((count - page) % count);
        let weights: Vec<_> = (0..count).map(|page| factor * inverse(page)).collect();
        batch::sums(count, pages.page_size(), |term| {
            let (page, slot) = (term / pages.page_size(), term % pages.page_size());
            let row = pages.row(page, slot);
            (values[row] * weights[page], self.lagrange[row])
        })
    }

    /// `(h + r/g) g/(g - 1)` for every page, in order.
    fn part_turned(&self, coefficients: &[Fr]) -> Vec<G1Affine> {
        let (count, page_size) = (self.pages.count(), self.pages.page_size());
        let mut columns = coefficients.to_vec();
        turn(&mut columns, page_size);
        evaluate(&mut columns, page_size);
        // The points are those of g R_j, and what follows leaves a factor m.
        let weight = inverse_of(count) * self.inverse();
        let products =
            batch::sums(count, page_size, |term| (columns[term] * weight, self.turned[term]));
        // With v of order m, sum_a c_a Y^a is sum_a (c_a lambda^a) v^(ai) at Y = lambda v^i.
        // A transform over i leaves m c_a lambda^a, but for -a.
        let reversed = |i: usize| reversed(i % count, count);
        let mut powers: Vec<_> = (0..count).map(|i| products[reversed(i)]).collect();
        evaluate_in_group(&mut powers, 1);
        let mut powers: Vec<_> = (0..count).map(|a| powers[reversed(count - a)]).collect();
        turn_in_group(&mut powers, 1, true);
        evaluate_in_group(&mut powers, 1);
        (0..count).map(|page| powers[reversed(page)]).collect()
    }

    /// `1/(g - 1)` for `g = lambda^m`.
    fn inverse(&self) -> Fr {
        let g = Fr::ZETA.pow_vartime([self.pages.count() as u64]);
        Option::from((g - Fr::ONE).invert()).expect("three does not divide a power of two")
    }
}

/// The openings of all pages of one polynomial. For several, keep a [`PageOpener`].
///
/// # Errors
/// If the setup or the coefficients are not for `2^k` rows.
pub fn open_all(
    params: &ParamsKZG<Bn256>,
    pages: Pages,
    coefficients: &[Fr],
) -> Result<Vec<G1Affine>, OpeningError> {
    PageOpener::new(params, pages)?.open_all(coefficients)
}

fn inverse_of(power_of_two: usize) -> Fr {
    Fr::TWO_INV.pow_vartime([u64::from(power_of_two.ilog2())])
}

/// The Lagrange basis of a setup. Halo2 does not hand it out, but writes it: `k` in 4 bytes, then
/// the powers of tau, then the basis.
fn lagrange_basis(params: &ParamsKZG<Bn256>) -> Vec<G1Affine> {
    const POINT: usize = size_of::<G1Affine>();
    let mut bytes = Vec::new();
    params
        .write_custom(&mut bytes, SerdeFormat::RawBytesUnchecked)
        .expect("memory takes what is written to it");
    let points = params.get_g().len() * POINT;
    bytes[4 + points..4 + 2 * points]
        .chunks(POINT)
        .map(G1Affine::from_raw_bytes_unchecked)
        .collect()
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::{RngCore, SeedableRng};

    use super::*;
    use crate::opening::open_page;

    fn setup(k: u32) -> (ParamsKZG<Bn256>, ChaCha20Rng) {
        let mut rng = ChaCha20Rng::seed_from_u64(k.into());
        (ParamsKZG::setup(k, &mut rng), rng)
    }

    fn assert_opens_every_page(params: &ParamsKZG<Bn256>, opener: &PageOpener, f: &[Fr]) {
        let openings = opener.open_all(f).unwrap();
        assert_eq!(openings.len(), opener.pages().count());
        for (page, opening) in openings.into_iter().enumerate() {
            assert_eq!(Ok(opening), open_page(params, opener.pages(), f, page), "page {page}");
        }
    }

    #[test]
    fn all_openings_are_those_of_the_single_pages() {
        for k in 6..=9 {
            let (params, mut rng) = setup(k);
            for page_size in [2, 4, 8, 64] {
                let opener = PageOpener::new(&params, Pages::new(k, page_size).unwrap()).unwrap();
                for _ in 0..2 {
                    let f: Vec<_> = (0..1 << k).map(|_| Fr::random(&mut rng)).collect();
                    assert_opens_every_page(&params, &opener, &f);
                }
            }
        }
    }

    #[test]
    #[ignore = "a large setup"]
    fn random_pages_of_a_large_volume_open_as_single_pages_do() {
        let k = 15;
        let (params, mut rng) = setup(k);
        for page_size in [64, 512] {
            let pages = Pages::new(k, page_size).unwrap();
            let f: Vec<_> = (0..1 << k).map(|_| Fr::random(&mut rng)).collect();
            let openings = open_all(&params, pages, &f).unwrap();
            for _ in 0..8 {
                let page = rng.next_u32() as usize % pages.count();
                assert_eq!(Ok(openings[page]), open_page(&params, pages, &f, page), "page {page}");
            }
        }
    }

    #[test]
    fn degenerate_polynomials_open_too() {
        let k = 7;
        let n = 1 << k;
        let (params, mut rng) = setup(k);
        let term = |degree: usize, scalar| {
            let mut f = vec![Fr::ZERO; n];
            f[degree] = scalar;
            f
        };
        for page_size in [2, 8, 128] {
            let pages = Pages::new(k, page_size).unwrap();
            let opener = PageOpener::new(&params, pages).unwrap();
            for f in
                [vec![Fr::ZERO; n], term(0, Fr::from(5)), term(n - 1, -Fr::ONE), vec![Fr::ONE; n]]
            {
                assert_opens_every_page(&params, &opener, &f);
            }
            let mut on_one_page = vec![Fr::ZERO; n];
            for slot in 0..page_size {
                on_one_page[pages.row(pages.count() / 2, slot)] = Fr::random(&mut rng);
            }
            best_fft(&mut on_one_page, pages.omega().invert().unwrap(), k);
            assert_opens_every_page(&params, &opener, &on_one_page);
        }
    }

    #[test]
    fn what_is_not_of_the_setups_size_is_refused() {
        let (params, _) = setup(6);
        let wrong = Pages::new(7, 8).unwrap();
        let size = OpeningError::SetupSize { setup: 6, pages: 7 };
        assert_eq!(PageOpener::new(&params, wrong).unwrap_err(), size);
        assert_eq!(open_page(&params, wrong, &[Fr::ONE; 128], 0), Err(size));
        let pages = Pages::new(6, 8).unwrap();
        let count = OpeningError::CoefficientCount { expected: 64, got: 63 };
        assert_eq!(open_all(&params, pages, &[Fr::ONE; 63]), Err(count.clone()));
        assert_eq!(open_page(&params, pages, &[Fr::ONE; 63], 0), Err(count));
        let page = OpeningError::Page { page: 8, count: 8 };
        assert_eq!(open_page(&params, pages, &[Fr::ONE; 64], 8), Err(page));
    }
}
