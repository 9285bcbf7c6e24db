//! What the environment asks a bench for.

use std::env;

/// The size asked for by `PACIOLI_BENCH_K`, where a bench is to measure that one in place of its
/// defaults.
pub fn k() -> Option<u32> {
    let k = env::var("PACIOLI_BENCH_K").ok()?;
    Some(k.parse().expect("PACIOLI_BENCH_K is a number such as 18"))
}
