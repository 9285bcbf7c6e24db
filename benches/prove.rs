//! One volume's proof.
//!
//! `PACIOLI_BENCH_K=18 cargo bench --bench prove` measures that size once, with CPU time and
//! memory, and each part of the proof; with `PACIOLI_BENCH_S=97` in so many scenarios. With
//! `PACIOLI_BENCH_HALO2=3` it makes so many proofs in turn with halo2's own prover and with ours.

#![expect(missing_docs, reason = "criterion's macro makes an undocumented function")]

#[path = "support/asked.rs"]
mod asked;
#[path = "support/book.rs"]
mod book;
#[path = "support/floor.rs"]
mod floor;
#[path = "support/halo2.rs"]
mod halo2;
#[path = "support/meter.rs"]
mod meter;

use std::{env, time::Duration};

use book::Sample;
use cpu_time::ProcessTime;
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group};
use pacioli_attestation::{
    VerifyingKey,
    setup::{Setup, insecure_setup},
    verify_volume,
};
use pacioli_circuits::InstrumentId;
use pacioli_prover::{PROOF_PARTS, ProofSeed, ProvingKey, prove_volume};

fn setup(k: u32) -> Setup {
    insecure_setup(k).expect("a circuit's size is a setup's")
}

fn key(setup: &Setup, sample: &Sample) -> ProvingKey {
    ProvingKey::new(setup, sample.shape).expect("setup and circuit are of one size")
}

fn prove(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("prove");
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(10));
    let k = 12;
    let (sample, setup) = (Sample::new(k, book::SCENARIOS), setup(k));
    let key = key(&setup, &sample);
    let public = sample.public_inputs();
    group.bench_function(BenchmarkId::new("volume", k), |bencher| {
        bencher.iter_batched(
            || (sample.volume.clone(), sample.seals.clone(), ProofSeed::fresh()),
            |(volume, seals, seed)| prove_volume(&key, &public, volume, seals, seed, |_| {}),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// The number of scenarios asked for by `PACIOLI_BENCH_S`.
fn asked_scenarios() -> usize {
    let asked = env::var("PACIOLI_BENCH_S").ok();
    let asked = asked.map(|count| count.parse().expect("PACIOLI_BENCH_S is a number such as 16"));
    asked.unwrap_or(book::SCENARIOS)
}

#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn measure(k: u32) {
    let scenarios = asked_scenarios();
    let sample = Sample::new(k, scenarios);
    let slots = sample.volume.slots();
    let lines = slots.iter().filter(|slot| slot.line.instrument != InstrumentId::EMPTY).count();
    let ends = slots.iter().filter(|slot| slot.last).count();
    let accounts = ends - (slots.len() - lines);
    println!(
        "k = {k}, {scenarios} scenarios: {accounts} accounts, {lines} lines in {} slots",
        slots.len()
    );

    let (setup, _) = meter::measured("insecure setup", || setup(k));
    let (key, _) = meter::measured("proving key", || key(&setup, &sample));
    meter::print_peak_memory();
    let (proof, cost) = meter::measured("proof", || prove_in_parts(&sample, &key));
    let per = |what: &str, count: usize| {
        let [cpu, wall] = [cost.cpu, cost.wall].map(|time| time / count as u32);
        println!("  per {what}: {cpu:.1?} CPU, {wall:.1?} wall");
    };
    per("row", sample.shape.rows());
    per("account", accounts);
    floor::print(&setup, &sample.shape, cost.cpu);
    println!("  {} bytes", proof.len());
    meter::print_peak_memory();

    let public = sample.public_inputs();
    let verifying =
        VerifyingKey::new(&setup, sample.shape).expect("the setup is of the shape's size");
    let (verdict, _) =
        meter::measured("verification", || verify_volume(&verifying, &public, &proof));
    verdict.expect("the book holds");
    if let Some(times) = env::var("PACIOLI_BENCH_HALO2").ok().and_then(|n| n.parse().ok()) {
        halo2::compare(&setup, &sample, &key, times);
    }
}

/// Proves, and prints the CPU time of each part.
#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn prove_in_parts(sample: &Sample, key: &ProvingKey) -> Vec<u8> {
    let (volume, seals) = (sample.volume.clone(), sample.seals.clone());
    let mut clock = ProcessTime::now();
    let reach = |step| {
        let (part, _) = PROOF_PARTS.iter().find(|(_, end)| *end == step).expect("a part's end");
        let per_row = clock.elapsed() / sample.shape.rows() as u32;
        println!("  {per_row:>7.1?} CPU a row: {part}");
        clock = ProcessTime::now();
    };
    prove_volume(key, &sample.public_inputs(), volume, seals, ProofSeed::fresh(), reach)
}

criterion_group!(benches, prove);

fn main() {
    match asked::k() {
        Some(k) => measure(k),
        None => benches(),
    }
}
