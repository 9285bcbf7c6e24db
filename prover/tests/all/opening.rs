//! Openings of pages hold for what they were made for, and for nothing else.

use ff::Field;
use group::Curve;
use halo2_proofs::{
    arithmetic::best_multiexp,
    halo2curves::{
        bn256::{Bn256, Fr, G1Affine, G2Affine},
        fft::best_fft,
    },
    poly::{commitment::ParamsProver, kzg::commitment::ParamsKZG},
};
use pacioli_attestation::{
    encoding::EncodingError,
    opening::{OpeningError, OpeningKey, Pages},
};
use pacioli_prover::opening::{open_all, open_page, page_values};
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

const K: u32 = 6;
const PAGE_SIZE: usize = 8;

/// A committed polynomial, its values in all rows and the openings of its pages.
struct Committed {
    key: OpeningKey,
    pages: Pages,
    commitment: G1Affine,
    rows: Vec<Fr>,
    openings: Vec<G1Affine>,
}

fn setup(seed: u64) -> (ParamsKZG<Bn256>, G2Affine) {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let params = ParamsKZG::setup(K, rng.clone());
    let tau = Fr::random(&mut rng);
    (params, (G2Affine::generator() * tau.pow([PAGE_SIZE as u64])).to_affine())
}

fn commit(coefficients: &[Fr]) -> Committed {
    let pages = Pages::new(K, PAGE_SIZE).unwrap();
    let (params, page_power) = setup(0);
    let mut rows = coefficients.to_vec();
    best_fft(&mut rows, pages.omega(), K);
    Committed {
        key: OpeningKey::new(pages, &params.get_g()[..=PAGE_SIZE], page_power).unwrap(),
        pages,
        commitment: best_multiexp(coefficients, params.get_g()).to_affine(),
        rows,
        openings: open_all(&params, pages, coefficients).unwrap(),
    }
}

fn random(seed: u64) -> Vec<Fr> {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    (0..1 << K).map(|_| Fr::random(&mut rng)).collect()
}

impl Committed {
    fn values(&self, page: usize) -> Vec<Fr> {
        page_values(self.pages, &self.rows, page).unwrap()
    }

    fn check(&self, page: usize, values: &[Fr]) -> Result<(), OpeningError> {
        self.key.check_page(self.commitment, page, values, self.openings[page])
    }
}

#[test]
fn every_page_checks() {
    let low_degree = [vec![Fr::from(7); PAGE_SIZE], vec![Fr::ZERO; 64 - PAGE_SIZE]].concat();
    for coefficients in [random(1), vec![Fr::ZERO; 64], low_degree] {
        let committed = commit(&coefficients);
        for page in 0..committed.pages.count() {
            assert_eq!(committed.check(page, &committed.values(page)), Ok(()));
        }
    }
}

#[test]
fn an_opening_holds_for_its_page_commitment_and_point_only() {
    let (committed, other) = (commit(&random(1)), commit(&random(2)));
    let (page, neighbour) = (3, 4);
    let values = committed.values(page);
    let (key, opening) = (&committed.key, committed.openings[page]);
    let mismatch = Err(OpeningError::Mismatch(page));
    assert_eq!(committed.check(neighbour, &values), Err(OpeningError::Mismatch(neighbour)));
    assert_eq!(committed.check(page, &committed.values(neighbour)), mismatch);
    let check = |commitment, opening| key.check_page(commitment, page, &values, opening);
    assert_eq!(check(committed.commitment, committed.openings[neighbour]), mismatch);
    assert_eq!(check(committed.commitment, -opening), mismatch);
    assert_eq!(check(committed.commitment, G1Affine::default()), mismatch);
    assert_eq!(check(other.commitment, opening), mismatch);
    assert_eq!(check(committed.commitment, opening), Ok(()));
}

#[test]
fn what_has_another_form_is_refused() {
    let committed = commit(&random(1));
    let (key, values, opening) = (&committed.key, committed.values(0), committed.openings[0]);
    let count = |got| Err(OpeningError::ValueCount { expected: PAGE_SIZE, got });
    assert_eq!(committed.check(0, &values[1..]), count(7));
    assert_eq!(committed.check(0, &[]), count(0));
    assert_eq!(committed.check(0, &[&values[..], &values].concat()), count(16));
    for page in [8, usize::MAX] {
        let refused = key.check_page(committed.commitment, page, &values, opening);
        assert_eq!(refused, Err(OpeningError::Page { page, count: 8 }));
    }
    let off_curve = G1Affine { x: opening.x, y: opening.x };
    let point = Err(EncodingError::Point.into());
    assert_eq!(key.check_page(off_curve, 0, &values, opening), point);
    assert_eq!(key.check_page(committed.commitment, 0, &values, off_curve), point);
}

#[test]
fn a_key_for_another_page_size_refuses_the_page() {
    let (params, _) = setup(0);
    let committed = commit(&random(1));
    let four = Pages::new(K, 4).unwrap();
    let tau = Fr::random(ChaCha20Rng::seed_from_u64(0));
    let power = (G2Affine::generator() * tau.pow([4])).to_affine();
    let key = OpeningKey::new(four, &params.get_g()[..=4], power).unwrap();
    let values = page_values(four, &committed.rows, 0).unwrap();
    let check = |opening| key.check_page(committed.commitment, 0, &values, opening);
    assert_eq!(check(committed.openings[0]), Err(OpeningError::Mismatch(0)));
    let mut coefficients = random(1);
    assert_eq!(check(open_page(&params, four, &coefficients, 0).unwrap()), Ok(()));
    coefficients.rotate_left(1);
    assert_ne!(check(open_page(&params, four, &coefficients, 0).unwrap()), Ok(()));
}

#[test]
fn a_key_is_bound_to_one_tau() {
    let pages = Pages::new(K, PAGE_SIZE).unwrap();
    let ((params, power), (_, other)) = (setup(0), setup(1));
    let powers = &params.get_g()[..=PAGE_SIZE];
    let error = |powers, power| OpeningKey::new(pages, powers, power).unwrap_err();
    assert_eq!(error(powers, other), OpeningError::PagePower);
    assert_eq!(error(powers, params.s_g2()), OpeningError::PagePower);
    assert_eq!(error(powers, G2Affine::default()), OpeningError::PagePower);
    let count = OpeningError::PowerCount { page_size: PAGE_SIZE, got: PAGE_SIZE };
    assert_eq!(error(&powers[1..], power), count);
    assert_eq!(error(&params.get_g()[1..PAGE_SIZE + 2], power), OpeningError::Powers);
    let mut off_curve = powers.to_vec();
    off_curve[3] = G1Affine { x: powers[3].y, y: powers[3].x };
    assert_eq!(error(&off_curve, power), OpeningError::Powers);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn changed_or_swapped_values_do_not_hold(
        seed in any::<u64>(),
        page in 0..8usize,
        slot in 0..PAGE_SIZE,
        distance in 1..PAGE_SIZE,
        change in 1..u64::MAX,
    ) {
        let committed = commit(&random(seed));
        let values = committed.values(page);
        prop_assert_eq!(committed.check(page, &values), Ok(()));
        for change in [Fr::ONE, -Fr::ONE, Fr::from(change)] {
            let mut changed = values.clone();
            changed[slot] += change;
            prop_assert_eq!(committed.check(page, &changed), Err(OpeningError::Mismatch(page)));
        }
        let mut swapped = values.clone();
        swapped.swap(slot, (slot + distance) % PAGE_SIZE);
        prop_assert_eq!(committed.check(page, &swapped), Err(OpeningError::Mismatch(page)));
    }
}
