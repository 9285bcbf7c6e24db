//! A made-up venue of any size, the same every time, that takes no memory to make: an account
//! follows from its number.
//!
//! - Ids are of 9 to 40 bytes: numbers, UUIDs, and hexadecimal digits of two lengths.
//! - Nine accounts of ten hold one to four assets. Of the others some have borrowed coins against
//!   dollars, and six of a hundred have one position, long or short.
//! - What an account has is worth 16 cents to 160,000 dollars, evenly by its logarithm.
//! - Unsorted, the lines of an account lie far from one another, and accounts in no order.

use std::fmt::{self, Write};

/// Its rules: seven scenarios, so that an account that is closed has up to eleven lines.
pub const RULES: &str = include_str!("large.rules.toml");

/// Its prices.
pub const PRICES: &str = r#"{ "as_of": "2026-11-21T00:00:00Z", "quote": "USD", "method": "made up",
    "prices": { "USDC": "1", "BTC": "91250.5", "ETH": "3120.25", "SOL": "142.4", "BNB": "905.1",
    "XRP": "2.21", "DOGE": "0.1534", "LINK": "13.07" } }"#;

/// Decimals of every quantity as written.
pub const DECIMALS: u32 = 8;

/// Every asset, its price in cents, and its decimals.
const ASSETS: [(&str, u64, u32); 8] = [
    ("USDC", 100, 6),
    ("BTC", 9_125_050, 8),
    ("ETH", 312_025, 8),
    ("SOL", 14_240, 8),
    ("BNB", 90_510, 8),
    ("XRP", 221, 6),
    ("DOGE", 15, 8),
    ("LINK", 1_307, 8),
];

/// Most lines of an account.
const LINES: u64 = 4;

/// The venue.
#[derive(Clone, Copy)]
pub struct Venue {
    /// Its accounts.
    pub accounts: u64,
    /// Whether lines come one account after another.
    pub sorted: bool,
}

impl Venue {
    /// Gives every line to `take`: the account's id, the instrument, and its quantity in units of
    /// `10^-DECIMALS`.
    pub fn lines(&self, mut take: impl FnMut(&str, &str, u64)) {
        let mut holding = Holdings::default();
        if self.sorted {
            for account in 0..self.accounts {
                holding.draw(account);
                for (instrument, units) in &holding.lines {
                    take(&holding.id, instrument, *units);
                }
            }
            return;
        }
        // A prime above any number of accounts: every account once a round.
        const STEP: u64 = 2_654_435_761;
        for round in 0..LINES as usize {
            for step in 0..self.accounts {
                holding.draw(step * STEP % self.accounts);
                if let Some((instrument, units)) = holding.lines.get(round) {
                    take(&holding.id, instrument, *units);
                }
            }
        }
    }
}

/// A quantity as text, of so many units.
pub struct Decimal(pub u64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = 10u64.pow(DECIMALS);
        write!(f, "{}.{:0width$}", self.0 / one, self.0 % one, width = DECIMALS as usize)
    }
}

/// One account.
#[derive(Default)]
struct Holdings {
    id: String,
    lines: Vec<(String, u64)>,
}

impl Holdings {
    fn draw(&mut self, account: u64) {
        let mut dice = Dice(account.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5eed);
        self.id.clear();
        let written = match dice.below(10) {
            // Nine or ten digits: each number once, since the step has no divisor of the modulus.
            0..4 => write!(self.id, "{}", 100_000_000 + account * 2_654_435_761 % 8_999_999_999),
            4..7 => {
                let [a, b] = [dice.next(), dice.next()];
                let [c, d, e] = [a as u16, b as u16, (b >> 16) as u16];
                write!(self.id, "{:08x}-{c:04x}-{d:04x}-{e:04x}-{account:012x}", a >> 32)
            }
            7..9 => write!(self.id, "{:016x}{account:08x}", dice.next()),
            _ => write!(self.id, "{:016x}{:016x}{account:08x}", dice.next(), dice.next()),
        };
        written.expect("a string takes all");
        self.lines.clear();
        // Cents.
        let value = 16u64 << dice.below(20);
        let value = value + dice.next() % value;
        let kind = dice.below(100);
        if kind < 6 {
            self.position(value, &mut dice);
        } else if kind < 10 {
            self.hold("deposit", 0, value);
            let coin = 1 + dice.below(ASSETS.len() as u64 - 1) as usize;
            self.hold("borrow", coin, value * (20 + dice.below(40)) / 100);
        } else {
            let count = [1, 1, 1, 1, 2, 2, 2, 3, 3, 4][dice.below(10) as usize];
            let first = dice.below(ASSETS.len() as u64) as usize;
            for step in 0..count {
                self.hold("deposit", (first + step * 3) % ASSETS.len(), value / count as u64);
            }
        }
    }

    /// Collateral, a position of up to five times as much, and what it was entered for.
    fn position(&mut self, value: u64, dice: &mut Dice) {
        self.hold("deposit", 0, value);
        let (asset, price, _) = ASSETS[1 + dice.below(3) as usize];
        let (side, cash) =
            if dice.below(2) == 0 { ("long", "quote debit") } else { ("short", "quote credit") };
        // Markets have four decimals.
        let units = value * (1 + dice.below(5)) * 10_000 / price;
        self.lines.push((format!("{side} {asset}-PERP"), units * 10_000));
        // Entered at 97 to 103 in 100 of the price.
        let paid = units * price / 10_000 * (97 + dice.below(7)) / 100;
        self.lines.push((cash.to_owned(), paid * 10u64.pow(DECIMALS - 2)));
    }

    fn hold(&mut self, word: &str, asset: usize, value: u64) {
        let (name, price, decimals) = ASSETS[asset];
        let units = u128::from(value) * 10u128.pow(decimals) / u128::from(price);
        let units = u64::try_from(units).expect("a value of so many cents");
        self.lines.push((format!("{word} {name}"), units * 10u64.pow(DECIMALS - decimals)));
    }
}

/// `SplitMix64`: as good as dice have to be here.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 11) % bound
    }
}
