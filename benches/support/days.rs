//! Days to look at a book on: everything moves alike, or the majors apart from the rest, and the
//! rest apart from each other.

use num_bigint::BigInt;
use pacioli_rules::{Compiled, Decimal, Prices, Rules};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

/// The moves of a day, in thousandths.
pub struct Day {
    pub name: &'static str,
    btc: i32,
    eth: i32,
    rest: i32,
    /// How far the moves of the rest lie from that, at most, either way, each by itself.
    apart: i32,
}

const fn day(name: &'static str, [btc, eth, rest, apart]: [i32; 4]) -> Day {
    Day { name, btc, eth, rest, apart }
}

/// Days that are shown one by one.
pub const DAYS: [Day; 14] = [
    day("all -1 %", [-10, -10, -10, 0]),
    day("all -2 %", [-20, -20, -20, 0]),
    day("all -3 %", [-30, -30, -30, 0]),
    day("all -5 %", [-50, -50, -50, 0]),
    day("all -7 %", [-70, -70, -70, 0]),
    day("all -10 %", [-100, -100, -100, 0]),
    day("all +5 %", [50, 50, 50, 0]),
    day("all +10 %", [100, 100, 100, 0]),
    day("BTC -2, ETH -4, rest -6", [-20, -40, -60, 0]),
    day("BTC -2, ETH -4, rest -8 to -4", [-20, -40, -60, 20]),
    day("BTC -6, ETH -9, rest -16 to -8", [-60, -90, -120, 40]),
    day("BTC +3, ETH +1, rest -3 to +1", [30, 10, -10, 20]),
    day("BTC -1, ETH +2, rest -3 to +3", [-10, 20, 0, 30]),
    day("BTC +2, ETH +4, rest +4 to +8", [20, 40, 60, 20]),
];

/// Days drawn by chance, the same every time: the market moves by a normal of so many thousandths,
/// ETH by 1.3 times that and the rest by 1.5 times; then BTC by a normal of a fifth of it by
/// itself, ETH and the rest of two fifths, and the others from each other by at most seven tenths.
pub fn drawn(size: i32) -> Vec<Day> {
    let mut dice = ChaCha20Rng::seed_from_u64(4);
    // Normal, by twelve evens.
    let mut normal = || {
        let sum: f64 = (0..12).map(|_| f64::from(dice.next_u32()) / f64::from(u32::MAX)).sum();
        f64::from(size) * (sum - 6.0)
    };
    let drawn = (0..50).map(|_| {
        let market = normal();
        let mut by = |times: f64, own: f64| (times * market + own * normal()).round() as i32;
        day("drawn", [by(1.0, 0.2), by(1.3, 0.4), by(1.5, 0.4), size * 7 / 10])
    });
    drawn.collect()
}

impl Day {
    /// The prices of that day.
    pub fn prices(&self, before: &Prices, rules: &Rules, table: &Compiled) -> Prices {
        let mut prices = before.clone();
        let still = |name: &str| {
            let mut named = rules.assets.iter();
            let also = |also: &Vec<String>| also.iter().any(|also| also == name);
            name == before.quote
                || named.any(|(own, rule)| !rule.shocked && (own == name || also(&rule.also)))
        };
        for (name, price) in prices.prices.iter_mut().filter(|(name, _)| !still(name)) {
            let by = match name.as_str() {
                "BTC" => self.btc,
                "ETH" => self.eth,
                _ => self.rest + spread(name) * self.apart / 100,
            };
            let decimals = table.assets.get(name).map_or(8, |asset| asset.decimals);
            *price = moved(*price, by, table.value_decimals - decimals);
        }
        prices
    }
}

/// A number from -100 to 100 that goes with a name: FNV-1a.
fn spread(name: &str) -> i32 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    ((hash >> 16) % 201) as i32 - 100
}

/// The price after a move by so many thousandths, truncated to the decimals that a price may have.
fn moved(price: Decimal, by: i32, most: u32) -> Decimal {
    let scale = price.scale() + 3;
    let cut = scale.saturating_sub(most);
    let product: BigInt = BigInt::from(price.mantissa()) * (1000 + by);
    let mantissa = i128::try_from(product / BigInt::from(10).pow(cut)).expect("a price is small");
    Decimal::new(mantissa, scale - cut)
}
