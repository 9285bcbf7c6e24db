//! Options, which a verifier values again: one option by the model, and a venue's options as part of
//! the instrument table.

#![expect(missing_docs, reason = "criterion's macro makes an undocumented function")]

use std::{fmt::Write, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use num_bigint::BigInt;
use num_rational::BigRational;
use pacioli_rules::{
    Decimal, Prices, Rules,
    black76::{Black, Side},
    compile,
};

const RULES: &str = include_str!("../rules/tests/books/options/rules.toml");
const PRICES: &str = include_str!("../rules/tests/books/options/prices.json");

/// Forward, strike, sigma, seconds, rate, decimals and expected values of options, by `vectors.py`.
const VALUES: &str = include_str!("../prover/tests/all/options/black.csv");

fn fraction(text: &str) -> BigRational {
    let decimal: Decimal = text.parse().expect("the file has decimals");
    BigRational::new(decimal.mantissa().into(), BigInt::from(10).pow(decimal.scale()))
}

fn option(line: &str) -> (Black, u32) {
    let cells: Vec<&str> = line.split(',').collect();
    let [forward, strike, sigma, seconds, rate] = [0, 1, 2, 3, 4].map(|at| fraction(cells[at]));
    let time = seconds / BigRational::from(BigInt::from(31_536_000));
    let variance = &sigma * &sigma * &time;
    let black = Black::new(forward, strike, variance, rate * &time).expect("an option of the file");
    (black, cells[5].parse().expect("a number of decimals"))
}

/// The rules with 27 stress scenarios and 300 options.
fn rules() -> Result<String, std::fmt::Error> {
    let (head, rest) = RULES.split_once("[options.BTC-JUN-110-P]").expect("the rules have options");
    let (_, tail) = rest.split_once("[option_margins").expect("and margins of options");
    let (before, assets) = head.split_once("[assets").expect("and assets");
    let mut rules = before.to_owned();
    for n in 0..27 {
        let (by, vol) = (n * 5, n % 3);
        write!(rules, "[[scenarios]]\nname = \"s{n}\"\nkind = \"stress\"\n")?;
        write!(rules, "default_move = \"{}.{by:03}\"\nvol_move = \"0.{vol}\"\n", n % 2)?;
    }
    write!(rules, "[assets{assets}")?;
    for n in 0..300 {
        let (strike, month) = (80 + n % 41, 5 + n % 7);
        let side = if n % 2 == 0 { "call" } else { "put" };
        write!(rules, "[options.BTC-{n}]\nunderlying = \"BTC\"\nstrike = \"{strike}\"\n")?;
        writeln!(rules, "expiry = \"2026-{month:02}-17T08:00:00Z\"")?;
        write!(rules, "side = \"{side}\"\ndecimals = 2\n")?;
    }
    write!(rules, "[option_margins{tail}")?;
    Ok(rules)
}

fn options(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("options");
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(2));
    let values: Vec<_> = VALUES.lines().skip(1 + 267).take(400).map(option).collect();
    group.bench_function("10,000 values", |bencher| {
        bencher.iter(|| {
            for (black, decimals) in values.iter().cycle().take(10_000) {
                black.value(Side::Call, *decimals).expect("the option has a value");
            }
        });
    });
    let rules = Rules::parse(&rules().expect("a string takes all")).expect("the rules are sound");
    let prices = Prices::parse(PRICES).expect("the prices are sound");
    let compiled = compile(&rules, &prices).expect("the rules compile");
    assert_eq!((compiled.options.len(), compiled.scenarios.len()), (300, 30));
    group.bench_function("300 options in 30 scenarios", |bencher| {
        bencher.iter(|| compile(&rules, &prices).expect("the rules compile"));
    });
    group.finish();
}

criterion_group!(benches, options);
criterion_main!(benches);
