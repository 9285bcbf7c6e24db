//! Commitments to columns, next to the sums that halo2 makes of its own.
//!
//! `PACIOLI_BENCH_K=18 cargo bench --bench commit` takes turns at that size and prints CPU time a
//! row; `RAYON_NUM_THREADS=1` keeps to one thread.

#![expect(missing_docs, reason = "criterion's macro makes an undocumented function")]

#[path = "support/asked.rs"]
mod asked;

use std::{hint::black_box, time::Duration};

use cpu_time::ProcessTime;
use criterion::{BenchmarkId, Criterion, criterion_group};
use ff::{Field, PrimeField};
use group::{Curve, Group, prime::PrimeCurveAffine};
use halo2_proofs::halo2curves::{
    bn256::{Fr, G1, G1Affine},
    msm::msm_best,
};
use pacioli_circuits::UNUSABLE_ROWS;
use pacioli_msm::{msm, msm_by_value};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

/// How often each sum is made; the shortest time counts.
const TURNS: usize = 5;

/// How many values the rows of a column take, and the length of each.
const COLUMNS: [(u64, u32); 6] =
    [(u64::MAX, 254), (2, 1), (1 << 15, 15), (200, 90), (200, 254), (1 << 15, 254)];

type Sum = fn(&[Fr], &[G1Affine]) -> G1;

const SUMS: [(&str, Sum); 3] =
    [("halo2curves", msm_best), ("msm", msm), ("msm_by_value", msm_by_value)];

fn points(count: usize) -> Vec<G1Affine> {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let step = G1::random(&mut rng).to_affine();
    let points = std::iter::successors(Some(G1::random(&mut rng)), |point| Some(point + step));
    let mut affine = vec![G1Affine::identity(); count];
    G1::batch_normalize(&points.take(count).collect::<Vec<_>>(), &mut affine);
    affine
}

/// A column of random values, the last rows as every committed column has them.
fn column(rows: usize, values: u64, bits: u32) -> Vec<Fr> {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let value = |class: u64| {
        if bits <= 64 {
            return Fr::from(class % (1 << bits));
        }
        let value = Fr::random(ChaCha20Rng::seed_from_u64(class));
        let low = value.to_repr().as_ref()[..16].try_into().map_or(0, u128::from_le_bytes);
        if bits <= 128 { Fr::from_u128(low >> (128 - bits)) } else { value }
    };
    let mut column: Vec<Fr> =
        (0..rows - UNUSABLE_ROWS).map(|_| value(rng.next_u64() % values)).collect();
    column.extend((0..UNUSABLE_ROWS).map(|_| Fr::random(&mut rng)));
    column
}

fn commit(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("commit");
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(2));
    let rows = 1 << 12;
    let points = points(rows);
    for (values, bits) in [(u64::MAX, 254), (200, 254)] {
        let column = column(rows, values, bits);
        for (name, sum) in SUMS {
            let id = BenchmarkId::new(name, format!("{} values", values.min(rows as u64)));
            group.bench_function(id, |bencher| bencher.iter(|| sum(&column, &points)));
        }
    }
    group.finish();
}

#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn measure(k: u32) {
    let points = points(1 << k);
    for (values, bits) in COLUMNS {
        let column = column(points.len(), values, bits);
        let mut least = [Duration::MAX; SUMS.len()];
        for _ in 0..TURNS {
            for (least, (_, sum)) in least.iter_mut().zip(SUMS) {
                let start = ProcessTime::now();
                black_box(sum(&column, &points));
                *least = start.elapsed().min(*least);
            }
        }
        let kinds = if values == u64::MAX { "any".to_owned() } else { values.to_string() };
        println!("k = {k}, {kinds} values of {bits} bits, CPU a row:");
        for ((name, _), least) in SUMS.iter().zip(least) {
            println!("  {name}: {:.3} us", least.as_secs_f64() * 1e6 / points.len() as f64);
        }
    }
}

criterion_group!(benches, commit);

fn main() {
    match asked::k() {
        Some(k) => measure(k),
        None => benches(),
    }
}
