//! The two passes that turn a volume into the columns of a proof.
//!
//! `PACIOLI_BENCH_K=20 cargo bench --bench witness` measures that size once.

#![expect(missing_docs, reason = "criterion's macro makes an undocumented function")]

#[path = "support/asked.rs"]
mod asked;
#[path = "support/book.rs"]
mod book;
#[path = "support/meter.rs"]
mod meter;

use std::time::Duration;

use book::Sample;
use criterion::{BenchmarkId, Criterion, criterion_group};
use ff::Field;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{Challenges, Phase1, Phase2};

fn challenges() -> Challenges {
    let [eta, alpha, beta] = [3, 5, 7].map(random_looking);
    Challenges { eta, alpha, beta }
}

fn random_looking(seed: u64) -> Fr {
    Fr::from(seed).pow_vartime([1 << 20])
}

fn instance(sample: &Sample) -> Vec<Vec<Fr>> {
    sample.public_inputs().instance(random_looking(11))
}

fn phase1(sample: &Sample) -> Phase1 {
    let Sample { shape, table, volume, seals, .. } = sample;
    Phase1::new(shape, table, &table.combined(random_looking(11)), volume, seals)
}

fn witness(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("witness");
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(3));
    for k in [14, 16] {
        let sample = Sample::new(k, book::SCENARIOS);
        group.bench_with_input(BenchmarkId::new("phase1", k), &sample, |bencher, sample| {
            bencher.iter(|| phase1(sample));
        });
        let (first, instance) = (phase1(&sample), instance(&sample));
        group.bench_with_input(BenchmarkId::new("phase2", k), &sample, |bencher, sample| {
            bencher.iter(|| Phase2::new(&sample.shape, &first, &instance, &challenges()));
        });
    }
    group.finish();
}

fn measure(k: u32) {
    let sample = Sample::new(k, book::SCENARIOS);
    let instance = instance(&sample);
    let (first, _) = meter::measured("phase 1", || phase1(&sample));
    meter::measured("phase 2", || Phase2::new(&sample.shape, &first, &instance, &challenges()));
    meter::print_peak_memory();
}

criterion_group!(benches, witness);

fn main() {
    match asked::k() {
        Some(k) => measure(k),
        None => benches(),
    }
}
