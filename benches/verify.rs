//! What a verifier does for one volume: make the key's own part from the setup, check the proof.

#![expect(missing_docs, reason = "criterion's macro makes an undocumented function")]

#[path = "support/book.rs"]
mod book;

use std::time::Duration;

use book::Sample;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use pacioli_attestation::{VerifyingKey, setup::insecure_setup, verify_volume};
use pacioli_prover::{ProofSeed, ProvingKey, prove_volume};

fn verify(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verify");
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(2));
    let k = 12;
    let sample = Sample::new(k, book::SCENARIOS);
    let public = sample.public_inputs();
    let setup = insecure_setup(k).expect("a circuit's size is a setup's");
    let key = ProvingKey::new(&setup, sample.shape).expect("setup and circuit are of one size");
    let (volume, seals) = (sample.volume.clone(), sample.seals.clone());
    let proof = prove_volume(&key, &public, volume, seals, ProofSeed::fresh(), |_| {});
    let key = VerifyingKey::new(&setup, sample.shape).expect("the setup is of the shape's size");
    group.bench_function(BenchmarkId::new("proof", k), |bencher| {
        bencher.iter(|| verify_volume(&key, &public, &proof).expect("the book holds"));
    });
    group.bench_function(BenchmarkId::new("key", k), |bencher| {
        bencher.iter(|| VerifyingKey::new(&setup, sample.shape).expect("they are of one size"));
    });
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);
