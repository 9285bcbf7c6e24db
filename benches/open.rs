//! Opening pages of a volume, all together and one alone, and checking one.

#![expect(missing_docs, reason = "criterion's macro makes an undocumented function")]

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use ff::Field;
use group::Curve;
use halo2_proofs::{
    halo2curves::bn256::Fr,
    poly::{
        EvaluationDomain,
        commitment::{Blind, Params},
    },
};
use pacioli_attestation::{VerifyingKey, opening::Pages, setup::insecure_setup};
use pacioli_circuits::Shape;
use pacioli_prover::opening::{PageOpener, open_page, page_values};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

const PAGE_SIZE: usize = 64;
const PAGE: usize = 3;

fn open(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("open");
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(100));
    group.measurement_time(Duration::from_secs(1));
    for k in [12, 14] {
        let pages = Pages::new(k, PAGE_SIZE).expect("a size that is");
        let setup = insecure_setup(k).expect("a circuit's size is a setup's");
        let params = setup.params();
        // The combined column is full of seals: random values are like it.
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let rows: Vec<Fr> = (0..pages.rows()).map(|_| Fr::random(&mut rng)).collect();
        let domain = EvaluationDomain::new(1, k);
        let column = domain.lagrange_from_vec(rows.clone());
        let commitment = params.commit_lagrange(&column, Blind::default()).to_affine();
        let coefficients = domain.lagrange_to_coeff(column);
        let values = page_values(pages, &rows, PAGE).expect("there is such a page");

        group.bench_function(BenchmarkId::new("prepare", k), |bencher| {
            bencher.iter(|| PageOpener::new(params, pages));
        });
        let opener = PageOpener::new(params, pages).expect("setup and pages are of one size");
        group.bench_function(BenchmarkId::new("all_pages", k), |bencher| {
            bencher.iter(|| opener.open_all(&coefficients));
        });
        group.bench_function(BenchmarkId::new("one_page", k), |bencher| {
            bencher.iter(|| open_page(params, pages, &coefficients, PAGE));
        });
        let opening = open_page(params, pages, &coefficients, PAGE).expect("there is such a page");
        let shape = Shape::new(k, PAGE_SIZE).expect("a size that is");
        let key = VerifyingKey::new(&setup, shape).expect("they are of one size").opening().clone();
        group.bench_function(BenchmarkId::new("check_page", k), |bencher| {
            bencher.iter(|| {
                key.check_page(commitment, PAGE, &values, opening).expect("the page holds these");
            });
        });
    }
    group.finish();
}

criterion_group!(benches, open);
criterion_main!(benches);
