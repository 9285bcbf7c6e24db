//! Option values and greeks against mpmath, digit for digit: every row of `black.csv`, which
//! `vectors.py` beside it writes.

use num_bigint::BigInt;
use num_rational::BigRational;
use pacioli_rules::{
    Decimal,
    black76::{Black, BlackError, Side},
};

struct Row {
    black: Black,
    time: BigRational,
    decimals: u32,
    /// Call, put, their deltas, gamma and vega.
    expected: Vec<Option<BigInt>>,
    line: &'static str,
}

fn rows() -> Vec<Row> {
    let mut lines = include_str!("black.csv").lines();
    let header =
        "forward,strike,sigma,seconds,rate,decimals,call,put,call_delta,put_delta,gamma,vega";
    assert_eq!(lines.next(), Some(header));
    lines.map(row).collect()
}

fn row(line: &'static str) -> Row {
    let cells: Vec<&str> = line.split(',').collect();
    let [forward, strike, sigma, seconds, rate] = [0, 1, 2, 3, 4].map(|at| fraction(cells[at]));
    let time = seconds / BigRational::from(BigInt::from(31_536_000));
    let variance = &sigma * &sigma * &time;
    let black = Black::new(forward, strike, variance, rate * &time).unwrap();
    let expected = cells[6..].iter().map(|cell| cell.parse().ok()).collect();
    Row { black, time, decimals: cells[5].parse().unwrap(), expected, line }
}

fn fraction(text: &str) -> BigRational {
    let decimal: Decimal = text.parse().unwrap();
    BigRational::new(decimal.mantissa().into(), BigInt::from(10).pow(decimal.scale()))
}

fn computed(row: &Row) -> Result<Vec<Option<BigInt>>, BlackError> {
    let Row { black, time, decimals, .. } = row;
    Ok(vec![
        Some(black.value(Side::Call, *decimals)?),
        Some(black.value(Side::Put, *decimals)?),
        Some(black.delta(Side::Call, 12)?),
        Some(black.delta(Side::Put, 12)?),
        black.gamma(18)?,
        Some(black.vega(time, 8)?),
    ])
}

#[test]
fn every_value_is_that_of_an_independent_computation() {
    let rows = rows();
    assert!(rows.len() >= 500);
    for row in rows {
        assert_eq!(computed(&row).as_ref(), Ok(&row.expected), "{}", row.line);
    }
}

/// Both are rounded down, so their difference is that of the real numbers, `D (F - K)`, rounded
/// down or up.
#[test]
fn a_call_less_a_put_is_the_forward_to_the_unit() {
    let certain = BigRational::default();
    for row in rows() {
        let [forward, strike, _, seconds, rate] =
            [0, 1, 2, 3, 4].map(|at| fraction(row.line.split(',').nth(at).unwrap()));
        let time = seconds / BigRational::from(BigInt::from(31_536_000));
        let [call, put] =
            [Side::Call, Side::Put].map(|side| row.black.value(side, row.decimals).unwrap());
        let bare = Black::new(forward, strike, certain.clone(), rate * time).unwrap();
        let [up, down] =
            [Side::Call, Side::Put].map(|side| bare.value(side, row.decimals).unwrap());
        let gap: BigInt = (call - put) - (up - down);
        assert!(gap >= (-1).into() && gap <= 1.into(), "{gap}: {}", row.line);
    }
}

#[test]
fn values_rise_with_variance_and_follow_the_forward() {
    let value = |forward: &str, strike: &str, variance: &str, side| {
        let [forward, strike, variance] = [forward, strike, variance].map(fraction);
        Black::new(forward, strike, variance, BigRational::default())
            .unwrap()
            .value(side, 12)
            .unwrap()
    };
    let variances = ["0", "0.0001", "0.01", "0.09", "0.5", "2", "40", "256"];
    let prices = ["0", "1", "50", "90", "99.99", "100", "100.01", "130", "900"];
    for side in [Side::Call, Side::Put] {
        for other in prices {
            for pair in variances.windows(2) {
                let [before, after] =
                    [pair[0], pair[1]].map(|variance| value(other, "100", variance, side));
                assert!(before <= after, "{side:?} {other} {pair:?}");
            }
            for variance in variances {
                for pair in prices.windows(2) {
                    let [low, high] =
                        [pair[0], pair[1]].map(|price| value(price, other, variance, side));
                    assert_eq!(side == Side::Call || low == high, low <= high, "{side:?} {pair:?}");
                    let [low, high] =
                        [pair[0], pair[1]].map(|price| value(other, price, variance, side));
                    assert_eq!(side == Side::Put || low == high, low <= high, "{side:?} {pair:?}");
                }
            }
        }
    }
}

/// A few hundred options in some thirty scenarios: what a verifier computes again. Prints the time:
/// `cargo test -p pacioli-prover --test options -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stderr, reason = "the run's own figure is what one runs it for")]
fn ten_thousand_values_take_a_moment() {
    let rows: Vec<Row> = rows().into_iter().skip(267).take(400).collect();
    let begin = std::time::Instant::now();
    for row in rows.iter().cycle().take(10_000) {
        row.black.value(Side::Call, row.decimals).unwrap();
    }
    eprintln!("10,000 values: {:?}", begin.elapsed());
}
