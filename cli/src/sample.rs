//! The demo's venue: a few hundred made-up accounts that trade with each other.

use std::{collections::BTreeMap, fmt::Write};

/// Accounts of the sample.
pub const ACCOUNTS: usize = 240;

/// The rules, prices and reserves of the sample.
pub const RULES: &str = include_str!("../sample/rules.toml");
/// Its prices.
pub const PRICES: &str = include_str!("../sample/prices.json");
/// Its reserves.
pub const RESERVES: &str = include_str!("../sample/reserves.json");

/// Markets with the whole-dollar price around which they trade, and the largest trade in thousandths.
const MARKETS: [(&str, i128, u64); 2] = [("BTC-PERP", 91_250, 1_700), ("ETH-PERP", 3_120, 38_000)];

/// What one account of the sample holds.
#[derive(Clone, Default)]
struct Trader {
    /// Cents of USDC; negative is a borrow.
    usdc: i128,
    /// Thousandths of BTC and of ETH deposited.
    coins: [u64; 2],
    /// Thousandths of each market; below zero is short.
    positions: [i128; 2],
    /// Thousandths of a dollar owed to the account for its entries; below zero is owed by it.
    entries: i128,
}

/// The snapshot, in the form `account,instrument,quantity`. The same every time.
pub fn snapshot() -> String {
    let mut dice = Dice(1494);
    let mut traders = vec![Trader::default(); ACCOUNTS];
    for trader in &mut traders {
        trader.usdc = i128::from(600_000 + dice.roll(9_000_000));
        if dice.roll(3) == 0 {
            trader.coins = [dice.roll(7_000), dice.roll(80_000)];
            // Half of the depositors of coins have borrowed dollars against them.
            if dice.roll(2) == 0 {
                let worth = trader.coins[0] * 91 + trader.coins[1] * 3;
                trader.usdc = -i128::from(worth * (15 + dice.roll(30)));
            }
        }
    }
    // Every trade has a long and a short at one price: open interest matches by itself.
    for _ in 0..2 * ACCOUNTS {
        let (buyer, seller) = (dice.roll(ACCOUNTS as u64), dice.roll(ACCOUNTS as u64));
        if buyer == seller {
            continue;
        }
        let market = dice.roll(2) as usize;
        let (_, price, largest) = MARKETS[market];
        let size = i128::from(1 + dice.roll(largest));
        let price = price * i128::from(97 + dice.roll(7)) / 100;
        for (trader, side) in [(buyer, 1), (seller, -1)] {
            let trader = &mut traders[trader as usize];
            trader.positions[market] += side * size;
            trader.entries -= side * size * price;
        }
    }
    rows(&traders)
}

fn rows(traders: &[Trader]) -> String {
    let mut csv = String::from("account,instrument,quantity\n");
    for (index, trader) in traders.iter().enumerate() {
        let mut held = BTreeMap::new();
        let side = |amount: i128, up: &str, down: &str| {
            if amount < 0 { down.to_owned() } else { up.to_owned() }
        };
        let usdc = side(trader.usdc, "deposit USDC", "borrow USDC");
        held.insert(usdc, decimal(trader.usdc, 2));
        for (coin, amount) in ["BTC", "ETH"].into_iter().zip(trader.coins) {
            held.insert(format!("deposit {coin}"), decimal(amount.into(), 3));
        }
        for ((market, ..), amount) in MARKETS.into_iter().zip(trader.positions) {
            held.insert(side(amount, "long ", "short ") + market, decimal(amount, 3));
        }
        held.insert(
            side(trader.entries, "quote credit", "quote debit"),
            decimal(trader.entries, 3),
        );
        for (instrument, quantity) in held.into_iter().filter(|(_, quantity)| quantity != "0") {
            writeln!(csv, "trader-{:04},{instrument},{quantity}", index + 1)
                .expect("a string takes all");
        }
    }
    csv
}

/// The size of `amount / 10^decimals`.
fn decimal(amount: i128, decimals: u32) -> String {
    let unit = 10u128.pow(decimals);
    let (whole, fraction) = (amount.unsigned_abs() / unit, amount.unsigned_abs() % unit);
    if fraction == 0 {
        return whole.to_string();
    }
    format!("{whole}.{fraction:0width$}", width = decimals as usize)
}

/// Numbers that look thrown: Knuth's MMIX generator. Nothing secret depends on them.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(self.0) * u128::from(sides)) >> 64) as u64
    }
}
